/** The bytes of what an admin has deleted leave the store; the rows that speak of it stay (P5). */
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';

// A run stays short: others of this client's errands wait for nothing, but the alarm's turn is 15 minutes.
const BATCH = 100;

/** Throws when the store cannot be reached; the caller comes back. */
export async function forgetBytes(
  { quarantine }: ClientState,
  { contents }: Pick<ErrandNeeds, 'contents'>,
): Promise<void> {
  for (const { seq, contentKey } of quarantine.bytesToForget(BATCH)) {
    await contents.delete(contentKey);
    quarantine.bytesGone(seq);
  }
}
