/** A list that rules look things up in, as people keep it: a line for each entry, or the first column of a CSV. Pure. */
import { parseAddress, parseDomain } from './address.ts';
import { ipAddress, ipNetwork } from './ip-network.ts';
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
  if (text.includes('/')) return ipNetwork(text);
  if (text.includes(':')) return ipAddress(text);
  if (text.startsWith('@')) return host(text.slice(1));
  if (text.includes('@')) return parseAddress(text)?.key;
  return host(text);
}

// The reverse path of bounces, as rules write it.
const NULL_SENDER = '<>';
const SHA256 = /^[0-9a-f]{64}$/;
const DIGITS_AND_DOTS = /^[\d.]+$/;

function host(text: string): string | undefined {
  if (DIGITS_AND_DOTS.test(text)) return ipAddress(text);
  // A single word is nobody's domain: a sentence pasted by mistake must not become a list.
  const domain = text.includes('.') ? parseDomain(text) : undefined;
  return domain === undefined ? undefined : unicodeHost(domain);
}

function problemWith(cell: string): string {
  const shown = `"${cell.slice(0, 80)}"`;
  if (/^[0-9a-f]{32}$/i.test(cell) || /^[0-9a-f]{40}$/i.test(cell))
    return `${shown} is an MD5 or SHA-1: give the SHA-256, 64 hexadecimal digits`;
  if (/^[0-9a-f.:]+\/\d+$/i.test(cell))
    return `${shown} is no network: of IPv4 it has 8 to 32 bits, as 192.0.2.0/24, of IPv6 16 to 128`;
  if (cell.includes('://')) return `${shown} is a URL: give its host alone`;
  if (cell.includes('*'))
    return `${shown} is a pattern: a list holds whole addresses and hosts; a rule can have patterns`;
  return `${shown} is no address, domain, host, IP address or SHA-256`;
}
