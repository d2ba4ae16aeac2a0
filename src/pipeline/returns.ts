/**
 * What a sender is told: that a message is delayed, or that it comes back. Such a word is an outbound row like any other: kept,
 * attempted, retried; from `<>`, so that nothing ever comes back for it. Written again after a restart it is the same word, byte for
 * byte, under the same key.
 */
import { NULL_REVERSE_PATH, parseAddress } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import { ageMs, expiresAt } from '../core/expiry.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { LedgerEntry, NewEntry } from '../core/ledger.ts';
import { lastWordOf, type ReturnKind, returnWords, statusOf } from '../core/return-words.ts';
import { formatDateField } from '../mime/date-field.ts';
import { buildDsn, type Dsn } from '../mime/dsn.ts';
import { originalHeader } from '../mime/dsn-original.ts';
import { createWalker } from '../mime/walker.ts';
import { type ContentStore, contentKey } from './contents.ts';
import { summarise } from './summary.ts';

/** `lastPeer`: host and port of the gateway that was asked last */
export type Returning = LedgerEntry & { readonly lastAttemptAt: number; readonly lastPeer: string | undefined };

export type ReturnNeeds = {
  readonly contents: Pick<ContentStore, 'put' | 'get'>;
  readonly serviceHost: string;
  readonly newMessageId: () => MessageId;
};

/** The row to spool, its bytes in the store. Throws when they cannot be kept, or the original cannot be asked for. */
export async function returnOf(
  row: Returning,
  kind: ReturnKind,
  snapshot: ClientSnapshot,
  needs: ReturnNeeds,
): Promise<NewEntry> {
  const recipient = parseAddress(row.reversePath);
  if (recipient === undefined) throw new Error(`the sender of row ${row.seq} cannot be written to`);
  const { clientId } = snapshot;
  const key = returnKey(clientId, row.id, kind);
  const content = await keep(key, () => write(row, kind, snapshot, needs), needs);
  const walker = createWalker();
  walker.write(content);
  const facts = walker.end();
  return {
    id: needs.newMessageId(),
    clientId,
    kind: 'outbound',
    // UNIQUE in the ledger: a restart between the bytes and the row makes one word of two.
    retryKey: `${kind === 'failed' ? 'dsn' : 'delay'} ${row.id}`,
    reversePath: NULL_REVERSE_PATH,
    recipient,
    contentKey: key,
    sizeBytes: facts.sizeBytes,
    sha256: facts.sha256,
    receivedAt: row.lastAttemptAt,
    origin: { helo: needs.serviceHost, remoteIp: '' },
    summary: summarise(facts),
  };
}

function returnKey(clientId: ClientId, id: MessageId, kind: ReturnKind): string {
  return `${contentKey(clientId, id)}-${kind}`;
}

/** The store writes once: what is there from before a restart is what goes. */
async function keep(key: string, write: () => Promise<Uint8Array>, { contents }: ReturnNeeds): Promise<Uint8Array> {
  const before = await contents.get(key);
  if (before !== undefined) return new Uint8Array(await new Response(before).arrayBuffer());
  const content = await write();
  await contents.put(key, content, content.byteLength);
  return content;
}

async function write(
  row: Returning,
  kind: ReturnKind,
  snapshot: ClientSnapshot,
  needs: ReturnNeeds,
): Promise<Uint8Array> {
  const { serviceHost } = needs;
  const at = row.lastAttemptAt;
  const until = expiresAt(row, snapshot.expiry, at);
  const lastWord = lastWordOf(row.detail);
  const { subject, text } = returnWords({
    kind,
    recipient: row.recipient.text,
    subject: row.summary.subject,
    received: formatDateField(row.receivedAt),
    lastTried: formatDateField(at),
    triedForMs: ageMs(row, at),
    retriedUntil: formatDateField(until),
    lastWord: lastWord.words,
    mayHaveArrived: row.uncertainAttempts > 0,
  });
  return buildDsn({
    action: kind,
    from: `mailer-daemon@${senderDomain(row, snapshot, serviceHost)}`,
    to: row.reversePath,
    subject,
    text,
    messageId: `<${row.id}.${kind}@${serviceHost}>`,
    at,
    reportingMta: serviceHost,
    arrivedAt: row.receivedAt,
    finalRecipient: row.recipient.text,
    status: statusOf(lastWord),
    diagnostic: { kind: lastWord.reply === undefined ? 'ours' : 'smtp', words: lastWord.words },
    lastAttemptAt: at,
    ...remoteMta(row.lastPeer),
    ...(kind === 'delayed' ? { willRetryUntil: until } : {}),
    original: await original(row, needs),
  });
}

/**
 * DMARC of a message from `<>` rests on its DKIM signature alone. With a key of its own the client's domain may be named, which its
 * correspondents know; without one it must not be, and the deployment's host speaks for itself.
 */
function senderDomain({ recipient }: Returning, { dkim }: ClientSnapshot, serviceHost: string): string {
  return dkim.some(({ domain }) => domain === recipient.domain) ? recipient.domain : serviceHost;
}

function remoteMta(peer: string | undefined): Pick<Dsn, 'remoteMta'> {
  const host = peer?.replace(/:\d+$/, '') ?? '';
  return host === '' ? {} : { remoteMta: host };
}

/** A header that our store has lost keeps no sender waiting for the rest. */
async function original(row: Returning, { contents }: ReturnNeeds): Promise<Dsn['original']> {
  const stored = await contents.get(row.contentKey);
  const { headerMessageId } = row.summary;
  return {
    header: stored === undefined ? new Uint8Array() : await originalHeader(stored),
    ...(headerMessageId === undefined ? {} : { messageId: headerMessageId }),
  };
}
