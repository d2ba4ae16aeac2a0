/** The spool table as exports and reports read it: page by page, without subjects. SQL only. */
import type { MessageId, OutageId } from '../core/ids.ts';
import type { LedgerKind, LedgerState } from '../core/ledger.ts';
import { outageReport } from '../core/ledger.ts';
import { readMarks } from '../core/marks.ts';
import { partNumberSql } from '../pipeline/export-parts.ts';
import type { ExportRow, OutageExport, Part, RowRange } from '../pipeline/export-port.ts';
import type { ClientState } from './client-state.ts';

type Row = {
  seq: number;
  id: string;
  kind: LedgerKind;
  state: LedgerState;
  reverse_path: string;
  recipient: string;
  content_key: string;
  size_bytes: number;
  sha256: string;
  received_at: number;
  attempts: number;
  uncertain_attempts: number;
  detail: string;
  settled_at: number | null;
  marks: string | null;
};

const COLUMNS = `seq, id, kind, state, reverse_path, recipient, content_key, size_bytes, sha256, received_at, attempts,
  uncertain_attempts, detail, settled_at, marks`;

// An answer holds some 300 bytes a row.
const MAX_ROWS = 500;

export class ExportRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  parts(outageId: string): readonly Part<number>[] {
    return this.#sql
      .exec<{ from: number; messages: number }>(
        `SELECT min(seq) AS "from", count(*) AS messages FROM
           (SELECT seq, ${partNumberSql('seq')} AS part FROM spool WHERE outage_id = ?)
         GROUP BY part ORDER BY part`,
        outageId,
      )
      .toArray();
  }

  page(outageId: string, { from, below, limit }: RowRange): readonly ExportRow[] {
    return this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM spool WHERE seq >= ? AND seq < ? AND outage_id = ? ORDER BY seq LIMIT ?`,
        from,
        below ?? Number.MAX_SAFE_INTEGER,
        outageId,
        Math.min(limit, MAX_ROWS),
      )
      .toArray()
      .map(exportRow);
  }

  held(id: MessageId): ExportRow | undefined {
    return this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM spool
         WHERE seq = coalesce((SELECT seq FROM quarantine WHERE id = ?), (SELECT seq FROM spool WHERE id = ? AND state = 'held'))`,
        id,
        id,
      )
      .toArray()
      .map(exportRow)[0];
  }
}

/** `shown`: inbound messages the mailbox index knows, by outage; undefined while D1 cannot be asked */
export function outageExportOf(
  { outages, views }: ClientState,
  outageId: string,
  { rows, shown }: { readonly rows: ExportRows; readonly shown: ReadonlyMap<OutageId, number> | undefined },
): OutageExport | undefined {
  const found = outages.all().find(({ id }) => id === outageId);
  if (found === undefined) return undefined;
  const { rejectedByRule, projectedSeq: _, ...outage } = found;
  // An index that answers and does not know the outage shows nothing of it.
  const known = shown === undefined ? undefined : (shown.get(outage.id) ?? 0);
  const counts = { ...views.counts(outage.id), rejectedByRule, ...(known === undefined ? {} : { shown: known }) };
  const report = outageReport(counts);
  return { outage: { ...outage, report }, rejectedByRule, shown: known ?? null, parts: rows.parts(outage.id) };
}

function exportRow(row: Row): ExportRow {
  const { seq, kind, state, recipient, sha256, attempts, detail } = row;
  return {
    id: row.id as MessageId,
    seq,
    kind,
    state,
    sender: row.reverse_path,
    recipient,
    sizeBytes: row.size_bytes,
    sha256,
    contentKey: row.content_key,
    receivedAt: row.received_at,
    attempts,
    uncertainAttempts: row.uncertain_attempts,
    detail,
    settledAt: row.settled_at,
    ...readMarks(row.marks),
  };
}
