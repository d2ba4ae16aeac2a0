/**
 * Digests of the quarantine as rows to spool. A person's goes to the person's own mailbox and nowhere else: it is filed and delivered like
 * mail that came for them. An administrator's, with counts only, is a notice like any other, to addresses outside (P9).
 */
import { type Address, NULL_REVERSE_PATH } from '../core/address.ts';
import type { ClientId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { NoticeWords } from '../core/notice-words.ts';
import { createWalker } from '../mime/walker.ts';
import { contentKey } from './contents.ts';
import { NOTICE_PREFIX, type NotifyNeeds, noticeBytes } from './notify.ts';
import { summarise } from './summary.ts';

export type Digest = {
  readonly clientId: ClientId;
  readonly whose: 'person' | 'admin';
  readonly recipient: Address;
  readonly words: NoticeWords;
  /** of the last message it speaks of: one written again after a restart is the same one */
  readonly upTo: number;
  readonly now: number;
};

type DigestNeeds = Pick<NotifyNeeds, 'contents' | 'serviceHost' | 'newMessageId'>;

/** Its bytes are in the store. Throws when they cannot be kept. */
export async function digestEntry(digest: Digest, needs: DigestNeeds): Promise<NewEntry> {
  const { clientId, whose, recipient, words, upTo, now } = digest;
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
    kind: whose === 'person' ? 'inbound' : 'outbound',
    retryKey: `${whose === 'person' ? '' : NOTICE_PREFIX}digest ${upTo} ${recipient.key}`,
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
