/** What a rule has to say to one of a client's people, as a row to spool: into the own mailbox, filed and delivered like mail that came. */
import type { Address } from '../core/address.ts';
import type { ClientId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { NoticeWords } from '../core/notice-words.ts';
import { type OwnLetterNeeds, ownLetter } from './own-letter.ts';

export type RuleLetter = {
  readonly clientId: ClientId;
  readonly recipient: Address;
  readonly words: NoticeWords;
  readonly now: number;
};

/** Its bytes are in the store. Throws when they cannot be kept. */
export function ruleLetter({ clientId, recipient, words, now }: RuleLetter, needs: OwnLetterNeeds): Promise<NewEntry> {
  const retryKey = `rule ${now} ${recipient.key}`;
  return ownLetter({ clientId, kind: 'inbound', retryKey, recipient, words, now }, needs);
}
