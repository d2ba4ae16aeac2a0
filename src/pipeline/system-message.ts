/** Is a message one by which the client itself says what has happened (R11)? Only the hash of the token is known here. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Address } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import { readSystemAddress, type SystemMeaning } from '../core/system-address.ts';

export function systemTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Undefined for ordinary mail, and that is what a wrong token is: the gateway says that it knows no such person. */
export function systemMeaning(recipient: Address, snapshot: ClientSnapshot): SystemMeaning | undefined {
  const named = readSystemAddress(recipient);
  if (named === undefined || snapshot.systemTokenHash === undefined) return undefined;
  return isSame(systemTokenHash(named.token), snapshot.systemTokenHash) ? named.kind : undefined;
}

/** In constant time: how long a comparison takes must not tell how much of the token was right. */
function isSame(given: string, kept: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(kept)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
