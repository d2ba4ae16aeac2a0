/** The mailbox index in D1. Bulk writes travel as one JSON parameter, because a statement takes 100 (platform.md 24). */
import type { MailboxId, OutageId } from '../core/ids.ts';
import type { IndexedMessage, MailboxIndex } from '../pipeline/mailbox.ts';
import { newAccountId, newMailboxId } from './clock.ts';
import { HAND_OVER_UNCLAIMED, OPEN_THEIR_MAILBOXES } from './mailbox-statements.ts';

export function createMailboxIndex(db: D1Database): MailboxIndex {
  return {
    async learnAccounts(clientId, addresses, now) {
      const json = JSON.stringify(addresses.map((address) => ({ id: newAccountId(), address })));
      await db.batch([
        db.prepare(LEARN_ACCOUNTS).bind(clientId, now, json),
        db.prepare(OPEN_THEIR_MAILBOXES).bind(clientId, json, now),
        db.prepare(HAND_OVER_UNCLAIMED).bind(clientId),
      ]);
    },

    async openMailboxes(clientId, outageId, now) {
      // One statement makes them all: ids come from the account, so a second run changes nothing.
      const [, , counted] = await db.batch<{ count: number }>([
        db
          .prepare(
            `INSERT INTO mailboxes (id, client_id, kind, address, opened_at, opened_outage_id)
             SELECT id, client_id, 'account', address, ?2, ?3 FROM accounts WHERE client_id = ?1
             ON CONFLICT (client_id, address) DO UPDATE SET opened_at = excluded.opened_at, opened_outage_id = excluded.opened_outage_id`,
          )
          .bind(clientId, now, outageId),
        db
          .prepare(
            `INSERT INTO mailboxes (id, client_id, kind, address, opened_at, opened_outage_id) VALUES (?1, ?2, 'unclaimed', '', ?3, ?4)
             ON CONFLICT (client_id, address) DO UPDATE SET opened_at = excluded.opened_at, opened_outage_id = excluded.opened_outage_id`,
          )
          .bind(newMailboxId(), clientId, now, outageId),
        db.prepare("SELECT count(*) AS count FROM mailboxes WHERE client_id = ?1 AND kind = 'account'").bind(clientId),
      ]);
      return counted?.results[0]?.count ?? 0;
    },

    async accountsAmong(clientId, addresses) {
      const { results } = await db
        .prepare('SELECT address FROM accounts WHERE client_id = ?1 AND address IN (SELECT value FROM json_each(?2))')
        .bind(clientId, JSON.stringify(addresses))
        .run<{ address: string }>();
      return results.map(({ address }) => address);
    },

    async findMailboxes(clientId, addresses) {
      const { results } = await db
        .prepare(
          'SELECT id, address FROM mailboxes WHERE client_id = ?1 AND address IN (SELECT value FROM json_each(?2))',
        )
        .bind(clientId, JSON.stringify(addresses))
        .run<{ id: string; address: string }>();
      return new Map(results.map((row) => [row.address, row.id as MailboxId]));
    },

    async addMessages(clientId, messages) {
      const rows = messages.map(indexRow);
      await db
        .prepare(
          `INSERT INTO messages (id, client_id, mailbox_id, folder, outage_id, recipient, from_name, from_address, to_json, cc_json, subject, preview,
             date_ms, header_message_id, received_at, size_bytes, attachment_count, part_count, content_key, submission_id, seen_at, marks)
           SELECT value ->> 'id', ?1, coalesce(${OWN_MAILBOX}, value ->> 'mailboxId'), value ->> 'folder', value ->> 'outageId', value ->> 'recipient', value ->> 'fromName',
             value ->> 'fromAddress', value ->> 'to', value ->> 'cc', value ->> 'subject', value ->> 'preview', value ->> 'dateMs',
             value ->> 'headerMessageId', value ->> 'receivedAt', value ->> 'sizeBytes', value ->> 'attachmentCount', value ->> 'partCount',
             value ->> 'contentKey', value ->> 'submissionId', value ->> 'seenAt', value ->> 'marks'
           FROM json_each(?2) WHERE true
           ON CONFLICT (id) DO UPDATE SET mailbox_id = excluded.mailbox_id, recipient = excluded.recipient,
             seen_at = iif(messages.mailbox_id = excluded.mailbox_id, messages.seen_at, excluded.seen_at)
           WHERE messages.client_id = excluded.client_id AND messages.recipient <> excluded.recipient`,
        )
        .bind(clientId, JSON.stringify(rows))
        .run();
    },
  };
}

const LEARN_ACCOUNTS = `
  INSERT INTO accounts (id, client_id, address, name, source, created_at)
  SELECT value ->> 'id', ?1, value ->> 'address', '', 'learned', ?2 FROM json_each(?3) WHERE true
  ON CONFLICT (client_id, address) DO NOTHING`;

// Looked up again as the row is written: an account that was added a moment ago must not leave its mail among the unclaimed.
const OWN_MAILBOX = `(SELECT b.id FROM mailboxes b WHERE b.client_id = ?1 AND b.kind = 'account' AND b.address = value ->> 'recipient')`;

function indexRow({ entry, mailboxId, folder, outageId }: IndexedMessage) {
  const { summary } = entry;
  return {
    id: entry.id,
    mailboxId,
    folder,
    outageId,
    recipient: entry.recipient.key,
    fromName: summary.fromName,
    fromAddress: summary.fromAddress,
    to: JSON.stringify(summary.to),
    cc: JSON.stringify(summary.cc),
    subject: summary.subject,
    preview: summary.preview,
    dateMs: summary.dateMs ?? null,
    headerMessageId: summary.headerMessageId ?? null,
    receivedAt: entry.receivedAt,
    sizeBytes: entry.sizeBytes,
    attachmentCount: summary.attachmentCount,
    partCount: summary.partCount,
    contentKey: entry.contentKey,
    submissionId: entry.submissionId ?? null,
    // One's own words need no reading.
    seenAt: folder === 'sent' ? entry.receivedAt : null,
    marks: entry.marks === undefined ? null : JSON.stringify(entry.marks),
  };
}

/** Inbound messages shown, by outage: the other book, against which the ledger is checked (P5). */
export async function countShown(db: D1Database, clientId: string): Promise<ReadonlyMap<OutageId, number>> {
  const { results } = await db
    .prepare(
      "SELECT outage_id AS outageId, count(*) AS count FROM messages WHERE client_id = ?1 AND folder = 'inbox' GROUP BY outage_id",
    )
    .bind(clientId)
    .run<{ outageId: string; count: number }>();
  return new Map(results.map((row) => [row.outageId as OutageId, row.count]));
}
