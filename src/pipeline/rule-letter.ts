/** What a rule has to say to one of a client's people, as a row to spool: into the own mailbox, filed and delivered like mail that came. */
import { type Address, NULL_REVERSE_PATH } from '../core/address.ts';
import type { ClientId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { NoticeWords } from '../core/notice-words.ts';
import { createWalker } from '../mime/walker.ts';
import { contentKey } from './contents.ts';
import { type NotifyNeeds, noticeBytes } from './notify.ts';
import { summarise } from './summary.ts';

export type RuleLetter = {
  readonly clientId: ClientId;
  readonly recipient: Address;
  readonly words: NoticeWords;
  readonly now: number;
};

/** Its bytes are in the store. Throws when they cannot be kept. */
export async function ruleLetter(
  { clientId, recipient, words, now }: RuleLetter,
  needs: Pick<NotifyNeeds, 'contents' | 'serviceHost' | 'newMessageId'>,
): Promise<NewEntry> {
  const { serviceHost } = needs;
  const id = needs.newMessageId();
  const content = noticeBytes(words, recipient, { id, at: now, serviceHost });
  const key = contentKey(clientId, id);
  await needs.contents.put(key, content, content.byteLength);
  const walker = createWalker();
  walker.write(content);
  const facts = walker.end();
  return {
    id,
    clientId,
    kind: 'inbound',
    retryKey: `rule ${now} ${recipient.key}`,
    // RFC 3834 §3: what a machine writes must not be bounced at.
    reversePath: NULL_REVERSE_PATH,
    recipient,
    contentKey: key,
    sizeBytes: facts.sizeBytes,
    sha256: facts.sha256,
    receivedAt: now,
    origin: { helo: serviceHost, remoteIp: '' },
    summary: summarise(facts),
  };
}
