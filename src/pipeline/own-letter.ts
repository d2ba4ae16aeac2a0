/** What the service itself writes to somebody, as a row to spool: kept, attempted and retried like any other message. */
import { type Address, NULL_REVERSE_PATH } from '../core/address.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { NoticeWords } from '../core/notice-words.ts';
import { buildNotice } from '../mime/notice.ts';
import { createWalker } from '../mime/walker.ts';
import { type ContentStore, contentKey } from './contents.ts';
import { summarise } from './summary.ts';

export type OwnLetter = {
  readonly clientId: ClientId;
  /** `inbound`: filed and delivered like mail that came for one of the client's people; `outbound`: by the relay */
  readonly kind: 'inbound' | 'outbound';
  /** equal for the same letter, half written before a restart */
  readonly retryKey: string;
  readonly recipient: Address;
  readonly words: NoticeWords;
  readonly now: number;
};

export type OwnLetterNeeds = {
  readonly contents: Pick<ContentStore, 'put'>;
  readonly serviceHost: string;
  readonly newMessageId: () => MessageId;
};

/** Its bytes are in the store. Throws when they cannot be kept. */
export async function ownLetter(letter: OwnLetter, needs: OwnLetterNeeds): Promise<NewEntry> {
  const { clientId, kind, retryKey, recipient, words, now } = letter;
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
    kind,
    retryKey,
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

export type NoticeStamp = { readonly id: MessageId; readonly at: number; readonly serviceHost: string };

export function noticeBytes({ subject, text }: NoticeWords, to: Address, { id, at, serviceHost }: NoticeStamp) {
  return buildNotice({
    from: { name: 'Breakwater', address: noticeSender(serviceHost) },
    to: { name: '', address: to.text },
    subject,
    text,
    messageId: `<${id}@${serviceHost}>`,
    date: new Date(at),
  });
}

export function noticeSender(serviceHost: string): string {
  return `notices@${serviceHost}`;
}
