/** A mailbox as exports read it, from D1: page by page, oldest first, both folders. Every query is scoped to its client (P8). */
import type { MailboxId } from '../core/ids.ts';
import { readMarks } from '../core/marks.ts';
import { partNumberSql } from '../pipeline/export-parts.ts';
import type { ExportStore, IndexPlace, IndexRow } from '../pipeline/export-port.ts';

export function createExportStore(db: D1Database): ExportStore {
  return {
    async mailbox(clientId, address) {
      const row = await db
        .prepare('SELECT id FROM mailboxes WHERE client_id = ?1 AND address = ?2')
        .bind(clientId, address)
        .first<{ id: MailboxId }>();
      return row?.id;
    },

    async parts(clientId, mailboxId) {
      const { results } = await db
        .prepare(PARTS)
        .bind(clientId, mailboxId)
        .run<IndexPlace & { readonly messages: number }>();
      return results.map(({ messages, ...from }) => ({ from, messages }));
    },

    async rows(clientId, mailboxId, { from, below = END, limit }) {
      const { results } = await db
        .prepare(ROWS)
        .bind(clientId, mailboxId, from.receivedAt, from.id, below.receivedAt, below.id, limit)
        .run<Omit<IndexRow, 'marks'> & { readonly marks: string | null }>();
      return results.map(({ marks, ...row }) => ({ ...row, ...readMarks(marks) }));
    },
  };
}

const END: IndexPlace = { receivedAt: Number.MAX_SAFE_INTEGER, id: '' };
const MINE = 'client_id = ?1 AND mailbox_id = ?2';

// Each part with the place of its first row.
const PARTS = `
  SELECT received_at AS receivedAt, id, messages FROM (
    SELECT received_at, id, count(*) OVER (PARTITION BY part) AS messages,
      row_number() OVER (PARTITION BY part ORDER BY received_at, id) AS place
    FROM (SELECT received_at, id, ${partNumberSql('received_at, id')} AS part FROM messages WHERE ${MINE}))
  WHERE place = 1 ORDER BY received_at, id`;

const ROWS = `
  SELECT received_at AS receivedAt, id, folder, from_address AS fromAddress, recipient, size_bytes AS sizeBytes,
    content_key AS contentKey, marks
  FROM messages WHERE ${MINE} AND (received_at, id) >= (?3, ?4) AND (received_at, id) < (?5, ?6)
  ORDER BY received_at, id LIMIT ?7`;
