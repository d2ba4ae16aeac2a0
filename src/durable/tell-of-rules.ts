/** The errand of rules that want somebody to hear of them. */
import { parseAddress } from '../core/address.ts';
import { personWords } from '../core/rule-notices.ts';
import { ruleLetter } from '../pipeline/rule-letter.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';

/** Throws when bytes cannot be kept; the caller comes back, and nobody is told twice. */
export async function tellOfRules(state: ClientState, needs: ErrandNeeds): Promise<void> {
  const { ruleNotices, recipients, snapshot, ledger } = state;
  const now = needs.now();
  ruleNotices.tellAdmins(now);
  for (const one of ruleNotices.people(now)) {
    const recipient = parseAddress(one.recipient);
    // A letter to somebody who is nobody would come back: strangers write to addresses that they guess.
    if (recipient !== undefined && recipients.knows(recipient.key) && snapshot.domains.includes(recipient.domain)) {
      const letter = {
        clientId: snapshot.clientId,
        recipient,
        words: personWords(one.waiting),
        now,
      };
      const entry = await ruleLetter(letter, needs);
      // In one turn with what says that it was told: neither is ever without the other.
      ledger.add(entry, { kind: 'waiting' }, { now, dueAt: now, outageId: state.openOutage()?.id });
    }
    ruleNotices.told(one, now);
  }
}
