/**
 * Addresses by which a client says that its server has failed or is repaired (R11): a local part with a token, at any of the
 * client's own domains. Who knows the token may say so; whether it is the right one is for pipeline/system-message.ts. Pure.
 */
import type { Address } from './address.ts';

export type SystemMeaning = 'failure' | 'repair';

export type SystemAddress = { readonly kind: SystemMeaning; readonly token: string };

// 26 letters and digits are 130 bits and more: not to be guessed by writing mail, and within the 64 octets of a local part.
export const SYSTEM_TOKEN_LENGTH = 26;
const LOCAL = new RegExp(`^breakwater-(?<kind>failure|repair)-(?<token>[a-z0-9]{${SYSTEM_TOKEN_LENGTH}})$`);

export function systemAddress({ kind, token }: SystemAddress, domain: string): string {
  return `breakwater-${kind}-${token}@${domain}`;
}

/** Undefined for every ordinary address. In upper or lower case: people type, and address books have their own ideas. */
export function readSystemAddress({ key, domain }: Pick<Address, 'key' | 'domain'>): SystemAddress | undefined {
  const groups = LOCAL.exec(key.slice(0, -domain.length - 1))?.groups;
  const token = groups?.['token'];
  if (token === undefined) return undefined;
  return { kind: groups?.['kind'] === 'repair' ? 'repair' : 'failure', token };
}
