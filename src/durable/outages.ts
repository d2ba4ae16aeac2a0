/** The outages of one client. SQL only. */
import type { DownCause } from '../core/down-cause.ts';
import type { OutageId } from '../core/ids.ts';
import type { OutageRecord } from '../pipeline/client-port.ts';

export type OutageRow = OutageRecord & { readonly rejectedByRule: number; readonly projectedSeq: number };

type Row = {
  id: string;
  kind: string;
  cause: string;
  opened_by: string;
  closed_by: string;
  first_deferral_at: number | null;
  down_at: number;
  mailboxes_ready_at: number | null;
  mailboxes: number | null;
  repaired_at: number | null;
  closed_at: number | null;
  rejected_by_rule: number;
  projected_seq: number;
};

export class Outages {
  readonly #sql: SqlStorage;
  /** asked for with every message, dozens of times: kept until something is written */
  #current: { readonly row: OutageRow | undefined } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  open(outage: {
    readonly id: OutageId;
    readonly kind: DownCause['kind'];
    readonly cause: string;
    readonly evidence: readonly string[];
    readonly firstDeferralAt: number | undefined;
    readonly downAt: number;
  }): void {
    this.#write(
      'INSERT INTO outages (id, kind, cause, opened_by, first_deferral_at, down_at) VALUES (?, ?, ?, ?, ?, ?)',
      outage.id,
      outage.kind,
      outage.cause,
      JSON.stringify(outage.evidence),
      outage.firstDeferralAt ?? null,
      outage.downAt,
    );
  }

  /** The one that has not closed: while the gateway is down, and after that until everything is given back. */
  current(): OutageRow | undefined {
    this.#current ??= { row: this.#readCurrent() };
    return this.#current.row;
  }

  /** What was kept of it here may not be what is stored. */
  readAgain(): void {
    this.#current = undefined;
  }

  /** The current one, once people can read its mail. */
  shown(): OutageRow | undefined {
    const current = this.current();
    return current?.mailboxesReadyAt === null ? undefined : current;
  }

  /** Of whichever outage: what lies in them may be read again in the next. */
  haveOpenedMailboxes(): boolean {
    return this.#sql.exec('SELECT 1 FROM outages WHERE mailboxes_ready_at IS NOT NULL LIMIT 1').toArray().length > 0;
  }

  all(): readonly OutageRow[] {
    return this.#sql.exec<Row>('SELECT * FROM outages ORDER BY down_at DESC').toArray().map(outageRow);
  }

  mailboxesReady(id: OutageId, at: number, mailboxes: number): void {
    this.#write('UPDATE outages SET mailboxes_ready_at = ?, mailboxes = ? WHERE id = ?', at, mailboxes, id);
  }

  projectedTo(id: OutageId, seq: number): void {
    this.#write('UPDATE outages SET projected_seq = ? WHERE id = ?', seq, id);
  }

  countRejected(id: OutageId, count: number): void {
    this.#write('UPDATE outages SET rejected_by_rule = rejected_by_rule + ? WHERE id = ?', count, id);
  }

  repaired(id: OutageId, at: number, evidence: readonly string[]): void {
    this.#write('UPDATE outages SET repaired_at = ?, closed_by = ? WHERE id = ?', at, JSON.stringify(evidence), id);
  }

  /** The gateway failed again before everything was given back: the same outage goes on, and whoever is new gets a mailbox. */
  reopened(id: OutageId): void {
    this.#write('UPDATE outages SET repaired_at = NULL, mailboxes_ready_at = NULL WHERE id = ?', id);
  }

  /** What began as a drill or as planned work has become the real thing; never the other way. False when it was real before. */
  becomes(kind: 'threshold' | 'declared', id: OutageId): boolean {
    const planned = "UPDATE outages SET kind = ? WHERE id = ? AND kind IN ('drill', 'maintenance') RETURNING id";
    return this.#write(planned, kind, id).toArray().length > 0;
  }

  close(id: OutageId, at: number): void {
    this.#write('UPDATE outages SET closed_at = ? WHERE id = ?', at, id);
  }

  #readCurrent(): OutageRow | undefined {
    const [row] = this.#sql
      .exec<Row>('SELECT * FROM outages WHERE closed_at IS NULL ORDER BY down_at DESC LIMIT 1')
      .toArray();
    return row === undefined ? undefined : outageRow(row);
  }

  #write(statement: string, ...values: SqlStorageValue[]): SqlStorageCursor<Record<string, SqlStorageValue>> {
    this.#current = undefined;
    return this.#sql.exec(statement, ...values);
  }
}

function outageRow(row: Row): OutageRow {
  return {
    id: row.id as OutageId,
    kind: row.kind as DownCause['kind'],
    cause: row.cause,
    openedBy: JSON.parse(row.opened_by),
    closedBy: JSON.parse(row.closed_by),
    firstDeferralAt: row.first_deferral_at,
    downAt: row.down_at,
    mailboxesReadyAt: row.mailboxes_ready_at,
    mailboxes: row.mailboxes,
    repairedAt: row.repaired_at,
    closedAt: row.closed_at,
    rejectedByRule: row.rejected_by_rule,
    projectedSeq: row.projected_seq,
  };
}
