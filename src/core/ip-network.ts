/**
 * Addresses of machines and networks of them, in the one form in which lists hold them and senders are looked up: RFC 5952, a network from
 * its first address. An IPv4 address in the clothes of IPv6 (`::ffff:192.0.2.7`) is the IPv4 address. Pure.
 */

type Ip = { readonly bits: 32 | 128; readonly value: bigint };

// The most that anybody is given. A slip of the hand must not list half of the world.
const SHORTEST: Readonly<Record<Ip['bits'], number>> = { 32: 8, 128: 16 };

export function ipAddress(text: string): string | undefined {
  const ip = read(text);
  return ip && written(ip);
}

/** `192.0.2.0/24` for `192.0.2.7/24`; of IPv4 8 to 32 bits, of IPv6 16 to 128. */
export function ipNetwork(text: string): string | undefined {
  const [base = '', length = '', ...rest] = text.split('/');
  const ip = rest.length === 0 ? read(base) : undefined;
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : 0;
  if (ip === undefined || bits < SHORTEST[ip.bits] || bits > ip.bits) return undefined;
  return around(ip, bits);
}

/** What a list may hold that means this address: itself, and every network that it lies in. */
export function entriesFor(text: string): readonly string[] {
  const ip = read(text);
  if (ip === undefined) return [];
  const lengths = Array.from({ length: ip.bits - SHORTEST[ip.bits] + 1 }, (_, index) => ip.bits - index);
  return [written(ip), ...lengths.map((bits) => around(ip, bits))];
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^[0-9a-f:.]{2,45}$/i;
const IPV4_WITHIN = 0xffffn;

function read(text: string): Ip | undefined {
  if (IPV4.test(text)) return { bits: 32, value: joined(text.split('.').map(Number), 8n) };
  const url = IPV6.test(text) && text.includes(':') ? URL.parse(`http://[${text}]`) : null;
  if (url === null) return undefined;
  const [head = '', tail] = url.hostname.slice(1, -1).split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const value = joined([...before, ...Array.from({ length: gap }, () => 0), ...after], 16n);
  return value >> 32n === IPV4_WITHIN ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}

function groupsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function joined(groups: readonly number[], width: bigint): bigint {
  return groups.reduce((value, group) => (value << width) | BigInt(group), 0n);
}

function around({ bits, value }: Ip, length: number): string {
  const free = BigInt(bits - length);
  return `${written({ bits, value: (value >> free) << free })}/${length}`;
}

function written({ bits, value }: Ip): string {
  const part = (at: number, width: number) => (value >> BigInt(at * width)) & ((1n << BigInt(width)) - 1n);
  if (bits === 32) return [3, 2, 1, 0].map((at) => part(at, 8)).join('.');
  const groups = [7, 6, 5, 4, 3, 2, 1, 0].map((at) => part(at, 16).toString(16));
  return URL.parse(`http://[${groups.join(':')}]`)?.hostname.slice(1, -1) ?? groups.join(':');
}
