/**
 * Digests of the quarantine as rows to spool. A person's goes to the person's own mailbox and nowhere else: it is filed and delivered like
 * mail that came for them. An administrator's, with counts only, is a notice like any other, to addresses outside (P9).
 */
import type { Address } from '../core/address.ts';
import type { ClientId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { NoticeWords } from '../core/notice-words.ts';
import { NOTICE_PREFIX } from './notify.ts';
import { type OwnLetterNeeds, ownLetter } from './own-letter.ts';

export type Digest = {
  readonly clientId: ClientId;
  readonly whose: 'person' | 'admin';
  readonly recipient: Address;
  readonly words: NoticeWords;
  /** of the last message it speaks of: one written again after a restart is the same one */
  readonly upTo: number;
  readonly now: number;
};

/** Its bytes are in the store. Throws when they cannot be kept. */
export function digestEntry(digest: Digest, needs: OwnLetterNeeds): Promise<NewEntry> {
  const { clientId, whose, recipient, words, upTo, now } = digest;
  const name = `digest ${upTo} ${recipient.key}`;
  switch (whose) {
    case 'person':
      return ownLetter({ clientId, kind: 'inbound', retryKey: name, recipient, words, now }, needs);
    case 'admin':
      return ownLetter(
        { clientId, kind: 'outbound', retryKey: `${NOTICE_PREFIX}${name}`, recipient, words, now },
        needs,
      );
  }
}
