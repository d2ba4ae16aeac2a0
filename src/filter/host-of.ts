/** The host a link leads to, as a browser would understand it (WHATWG URL): `HTTP:\\0x7f.1`, `//b.example` and percent signs included. */
import { unicodeHost } from '../core/punycode.ts';

const WITH_HOST: ReadonlySet<string> = new Set(['http:', 'https:', 'ftp:']);

// RFC 1035 §2.3.4. What is longer leads nowhere, and every reader of facts looks at each end of a host: of a thousand labels and three
// hundred links that is seconds.
const MAX_HOST_LENGTH = 255;

/** Lower case, in Unicode; `''` for what leads to no host. `base`: what a relative link is relative to. */
export function hostOf(url: string, base?: string): string {
  const parsed = parse(url.startsWith('//') ? `http:${url}` : url, base);
  if (parsed === undefined || !WITH_HOST.has(parsed.protocol)) return '';
  return parsed.hostname.length > MAX_HOST_LENGTH ? '' : unicodeHost(parsed.hostname);
}

function parse(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}
