/** A list that rules look things up in, as people keep it: a line for each entry, or the first column of a CSV. Pure. */
import { parseAddress, parseDomain } from './address.ts';
import { unicodeHost } from './punycode.ts';

export type ParsedList =
  /** each once, in the order of the lines, in the form in which facts are compared with them */
  | { readonly kind: 'parsed'; readonly entries: readonly string[] }
  | { readonly kind: 'invalid'; readonly line: number; readonly problem: string };

// The name of a column, as a spreadsheet writes it above the first entry.
const COLUMN =
  /^(entry|entries|address|e-?mail|sender|recipient|domain|host|hostname|ip|ip[ _-]address|sha-?256|hash)$/i;

export function parseList(text: string): ParsedList {
  const entries = new Set<string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    const cell = firstCell(line);
    if (cell === '' || (entries.size === 0 && COLUMN.test(cell))) continue;
    const entry = entryOf(cell);
    if (entry === undefined) return { kind: 'invalid', line: index + 1, problem: problemWith(cell) };
    entries.add(entry);
  }
  return { kind: 'parsed', entries: [...entries] };
}

/** Without the remark that lists of others have behind `#`: a local part may hold one, but not behind a space. */
function firstCell(line: string): string {
  const plain = line.replace(/(^|\s)#.*$/, '').trim();
  const quoted = /^"((?:[^"]|"")*)"/.exec(plain);
  return quoted === null ? (plain.split(/[,;\t]/, 1)[0] ?? '').trim() : (quoted[1] ?? '').trim();
}

function entryOf(cell: string): string | undefined {
  const text = cell.toLowerCase();
  if (SHA256.test(text) || text === NULL_SENDER) return text;
  if (text.includes('/')) return network(text);
  if (text.includes(':')) return ipv6(text);
  if (text.startsWith('@')) return host(text.slice(1));
  if (text.includes('@')) return parseAddress(text)?.key;
  return host(text);
}

// The reverse path of bounces, as rules write it.
const NULL_SENDER = '<>';
const SHA256 = /^[0-9a-f]{64}$/;
const DIGITS_AND_DOTS = /^[\d.]+$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

function host(text: string): string | undefined {
  if (DIGITS_AND_DOTS.test(text)) return IPV4.test(text) ? text : undefined;
  // A single word is nobody's domain: a sentence pasted by mistake must not become a list.
  const domain = text.includes('.') ? parseDomain(text) : undefined;
  return domain === undefined ? undefined : unicodeHost(domain);
}

/** From its first address, as it is looked up: `192.0.2.0/24` for `192.0.2.7/24`. */
function network(text: string): string | undefined {
  const [base = '', length = '', ...rest] = text.split('/');
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : 0;
  if (rest.length > 0 || !IPV4.test(base) || bits < 8 || bits > 32) return undefined;
  const value = base.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = value - (value % 2 ** (32 - bits));
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}

/** In the one form of RFC 5952, or the same address would be two entries. */
function ipv6(text: string): string | undefined {
  const url = /^[0-9a-f:.]+$/.test(text) ? URL.parse(`http://[${text}]`) : null;
  return url === null ? undefined : url.hostname.slice(1, -1);
}

function problemWith(cell: string): string {
  const shown = `"${cell.slice(0, 80)}"`;
  if (/^[0-9a-f]{32}$/i.test(cell) || /^[0-9a-f]{40}$/i.test(cell))
    return `${shown} is an MD5 or SHA-1: give the SHA-256, 64 hexadecimal digits`;
  if (/^[0-9a-f.:]+\/\d+$/i.test(cell))
    return `${shown} is no network of IPv4 with 8 to 32 bits, as 192.0.2.0/24; of IPv6, single addresses are looked up`;
  if (cell.includes('://')) return `${shown} is a URL: give its host alone`;
  if (cell.includes('*'))
    return `${shown} is a pattern: a list holds whole addresses and hosts; a rule can have patterns`;
  return `${shown} is no address, domain, host, IP address or SHA-256`;
}
