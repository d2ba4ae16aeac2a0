/** Address and host patterns as people write them in rules and lists. Domains compare as they are read: punycode is decoded on both sides. */
import { unicodeHost } from '../punycode.ts';
import type { AddressPattern } from './rule.ts';

/** The null reverse path of bounces. */
const NULL_SENDER = '<>';
/** Any address at one of the client's own domains. */
export const OWN = '<own>';

export function matchesAddress(pattern: AddressPattern, address: string, ownDomains: readonly string[]): boolean {
  if (pattern === NULL_SENDER) return address === '';
  if (address === '') return false;
  if (pattern === OWN) return isOwn(address, ownDomains);
  const at = pattern.lastIndexOf('@');
  const [local, host] = [pattern.slice(0, at).toLowerCase(), pattern.slice(at + 1)];
  if (local !== '' && local !== localOf(address)) return false;
  return matchesHost(host, domainOf(address));
}

/** `b.example` is that host alone, `*.b.example` what lies below it. */
export function matchesHost(pattern: string, host: string): boolean {
  const plain = unicodeHost(host);
  if (!pattern.startsWith('*.')) return plain !== '' && plain === unicodeHost(pattern);
  return plain.endsWith(`.${unicodeHost(pattern.slice(2))}`);
}

/** At one of the domains itself: what lies below may belong to others. */
export function isOwn(address: string, ownDomains: readonly string[]): boolean {
  const domain = domainOf(address);
  return domain !== '' && ownDomains.some((own) => unicodeHost(own) === domain);
}

/** `''` when there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? '' : unicodeHost(address.slice(at + 1));
}

function localOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();
}
