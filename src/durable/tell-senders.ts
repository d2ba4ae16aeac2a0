/** Word to the senders of what is delayed, or has gone back: the bytes first, then one commit for the row and for its having been said. */
import { inWords } from '../core/expiry.ts';
import { type LedgerEntry, type Word, wordDue } from '../core/ledger.ts';
import { returnOf } from '../pipeline/returns.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';

/** Throws when bytes cannot be kept; the caller comes back, and what was said is not said again. */
export async function tellSenders(state: ClientState, needs: ErrandNeeds): Promise<void> {
  const { returns, snapshot } = state;
  for (let row = returns.next(); row !== undefined; row = returns.next()) {
    const word = wordFor(row, state);
    if (word === 'nothing') {
      returns.forget(row.seq);
      continue;
    }
    const entry = await returnOf(row, word, snapshot, needs);
    // While the bytes were written it may have been delivered, or an outage may have made it its own.
    if (wordFor(state.ledger.asItStands(row), state) !== word) continue;
    const now = needs.now();
    returns.say(row, entry, word === 'failed' ? 'returned' : 'delay', now);
    needs.log({ kind: 'returned', clientId: snapshot.clientId, id: row.id, word });
    if (word === 'failed') noteLine(state, now);
  }
}

function wordFor(row: Pick<LedgerEntry, 'state' | 'outageId'>, state: ClientState): Word {
  return wordDue(row, { areMailboxesOpen: state.outages.current() !== undefined });
}

// A mailbox that is full for a week gives one back for each message that came: a line a day says so, the list has the rest.
const LINE_MS = 86_400_000;

function noteLine({ meta, timeline, snapshot }: ClientState, at: number): void {
  if (at - (meta.get('returnedToldAt') ?? 0) < LINE_MS) return;
  meta.set('returnedToldAt', at);
  const words = `what could not be delivered for ${inWords(snapshot.expiry.afterMs)} goes back to its sender: see the list of returned messages`;
  timeline.note({ at, kind: 'returned', words });
}
