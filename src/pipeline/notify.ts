/**
 * Tells people by mail, at addresses that do not depend on what failed (P9). A notice is an outbound row like any other: kept,
 * attempted, retried; its retry key makes a notice that was half written before a restart the same notice.
 */
import { NULL_REVERSE_PATH, parseAddress } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import type { MessageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import { type NoticeOccasion, noticeWords } from '../core/notice-words.ts';
import { buildNotice } from '../mime/notice.ts';
import { createWalker } from '../mime/walker.ts';
import { type ContentStore, contentKey } from './receive.ts';
import { summarise } from './summary.ts';

/** One line of the timeline that people are to hear of. */
export type Occurrence = {
  readonly number: number;
  readonly at: number;
  readonly kind: NoticeOccasion;
  readonly words: string;
};

export type NotifyNeeds = {
  readonly contents: Pick<ContentStore, 'put'>;
  readonly serviceHost: string;
  readonly newMessageId: () => MessageId;
};

/** The rows to spool, one for each notice address. Throws when the bytes cannot be kept. */
export async function notices(
  occurrence: Occurrence,
  snapshot: ClientSnapshot,
  needs: NotifyNeeds,
): Promise<readonly NewEntry[]> {
  const entries: NewEntry[] = [];
  for (const text of snapshot.noticeAddresses) {
    const recipient = parseAddress(text);
    if (recipient === undefined) continue;
    const id = needs.newMessageId();
    const { subject, text: body } = noticeWords({ ...occurrence, when: utc(occurrence.at), clientName: snapshot.name });
    const content = buildNotice({
      from: { name: 'Breakwater', address: `notices@${needs.serviceHost}` },
      to: { name: '', address: recipient.text },
      subject,
      text: body,
      messageId: `<${id}@${needs.serviceHost}>`,
      date: new Date(occurrence.at),
    });
    const key = contentKey(snapshot.clientId, id);
    await needs.contents.put(key, content, content.byteLength);
    const walker = createWalker();
    walker.write(content);
    const facts = walker.end();
    entries.push({
      id,
      clientId: snapshot.clientId,
      kind: 'outbound',
      retryKey: `notice ${occurrence.number} ${recipient.key}`,
      // RFC 3834 §3: what a machine writes must not be bounced at.
      reversePath: NULL_REVERSE_PATH,
      recipient,
      contentKey: key,
      sizeBytes: facts.sizeBytes,
      sha256: facts.sha256,
      receivedAt: occurrence.at,
      origin: { helo: needs.serviceHost, remoteIp: '' },
      summary: summarise(facts),
    });
  }
  return entries;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}
