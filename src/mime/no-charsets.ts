/**
 * Stands in for iconv-lite and encoding-japanese under libmime (wrangler.toml, `[alias]`), which mailauth needs for folding lines only:
 * their tables would make the bundle half as large again.
 */

export function decode(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(bytes);
}
