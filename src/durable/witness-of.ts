import { fingerprint } from '../core/fingerprint.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { Witness } from '../core/witnesses.ts';

/** Who was kept from handing a message over, and to whom: enough to count them, not to name them. */
export function witnessOf({ reversePath, recipient }: Pick<NewEntry, 'reversePath' | 'recipient'>): Witness {
  return { sender: fingerprint(reversePath.toLowerCase()), recipient: fingerprint(recipient.key) };
}
