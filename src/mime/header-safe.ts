/** Whether a value may stand in a header that we write. */

// CR and LF begin a header or a body of the writer's choice (header injection); NUL cuts the line short in servers written in C;
// no other control character has any business there (RFC 5322 §2.2).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const UNSAFE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

export function isHeaderSafe(value: string): boolean {
  return !UNSAFE.test(value);
}
