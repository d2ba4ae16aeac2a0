/** Envelope addresses (RFC 5321 §4.1.2, RFC 6531 for UTF-8 local parts). Headers never pass through here. */

/** `text` goes on the wire unchanged; `key` is what we compare and look up by. */
export type Address = {
  readonly text: string;
  readonly local: string;
  readonly domain: string;
  readonly key: string;
};

/** The envelope's sender as it came; `''` is the null reverse path of bounces (RFC 5321 §4.5.5). */
export type ReversePath = string & { readonly brand: 'ReversePath' };

// RFC 5321 §4.5.3.1.1-3: 64 octets of local part, 255 of domain. Longer ones are used to overrun other people's buffers.
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 255;
const MAX_PATH_LENGTH = 320;
// Anything that could end the command line or the path: header and command injection.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const UNSAFE = /[\u0000-\u0020\u007f<>]/;
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

export function parseAddress(text: string): Address | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || UNSAFE.test(text)) return undefined;
  const local = text.slice(0, at);
  const domain = parseDomain(text.slice(at + 1));
  if (domain === undefined || local.length > MAX_LOCAL_LENGTH) return undefined;
  return { text: `${local}@${domain}`, local, domain, key: `${local.toLowerCase()}@${domain}` };
}

export function parseDomain(text: string): string | undefined {
  const domain = text.toLowerCase().replace(/\.$/, '');
  return domain.length <= MAX_DOMAIN_LENGTH && DOMAIN.test(domain) ? domain : undefined;
}

/** Odd senders are still senders: only what would break the SMTP command is refused. */
export function parseReversePath(text: string): ReversePath | undefined {
  const bare = text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
  return UNSAFE.test(bare) || bare.length > MAX_PATH_LENGTH ? undefined : (bare as ReversePath);
}

/** The null reverse path `<>`: nothing may ever bounce to it. */
export const NULL_REVERSE_PATH = '' as ReversePath;

export function reversePathOf(address: Address): ReversePath {
  return address.text as ReversePath;
}

/** Where mail for `address` may be filed, best first: itself, then without its sub-address (RFC 5233). */
export function mailboxCandidates(address: Address): readonly string[] {
  const plus = address.key.indexOf('+');
  const at = address.key.lastIndexOf('@');
  if (plus < 1 || plus > at) return [address.key];
  return [address.key, address.key.slice(0, plus) + address.key.slice(at)];
}
