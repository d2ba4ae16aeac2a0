/** The outages of one client and its timeline. SQL only. */
import type { DownCause } from '../core/down-cause.ts';
import type { OutageId } from '../core/ids.ts';
import { isNoticeOccasion } from '../core/notice-words.ts';
import type { TimelineKind } from '../core/timeline.ts';
import type { OutageRecord, TimelineEntry } from '../pipeline/client-port.ts';
import type { Occurrence } from '../pipeline/notify.ts';

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
    this.#sql.exec(
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
    const row = this.#sql
      .exec<Row>('SELECT * FROM outages WHERE closed_at IS NULL ORDER BY down_at DESC LIMIT 1')
      .toArray()[0];
    return row === undefined ? undefined : outageRow(row);
  }

  all(): readonly OutageRow[] {
    return this.#sql.exec<Row>('SELECT * FROM outages ORDER BY down_at DESC').toArray().map(outageRow);
  }

  mailboxesReady(id: OutageId, at: number, mailboxes: number): void {
    this.#sql.exec('UPDATE outages SET mailboxes_ready_at = ?, mailboxes = ? WHERE id = ?', at, mailboxes, id);
  }

  /** A row behind the cursor is to be shown after all. */
  projectAgainFrom(id: OutageId, seq: number): void {
    this.#sql.exec('UPDATE outages SET projected_seq = min(projected_seq, ?) WHERE id = ?', seq - 1, id);
  }

  projectedTo(id: OutageId, seq: number): void {
    this.#sql.exec('UPDATE outages SET projected_seq = ? WHERE id = ?', seq, id);
  }

  countRejected(id: OutageId, count: number): void {
    this.#sql.exec('UPDATE outages SET rejected_by_rule = rejected_by_rule + ? WHERE id = ?', count, id);
  }

  repaired(id: OutageId, at: number, evidence: readonly string[]): void {
    this.#sql.exec('UPDATE outages SET repaired_at = ?, closed_by = ? WHERE id = ?', at, JSON.stringify(evidence), id);
  }

  /** The gateway failed again before everything was given back: the same outage goes on, and whoever is new gets a mailbox. */
  reopened(id: OutageId): void {
    this.#sql.exec('UPDATE outages SET repaired_at = NULL, mailboxes_ready_at = NULL WHERE id = ?', id);
  }

  close(id: OutageId, at: number): void {
    this.#sql.exec('UPDATE outages SET closed_at = ? WHERE id = ?', at, id);
  }

  note(entry: TimelineEntry): void {
    // Worth waking people for: the turns of an outage, and a server that does not let us in.
    const told =
      !isNoticeOccasion(entry.kind) || (entry.outageId === null && (entry.kind === 'up' || entry.kind === 'closed'));
    this.#sql.exec(
      'INSERT INTO timeline (at, outage_id, kind, words, evidence, told) VALUES (?, ?, ?, ?, ?, ?)',
      entry.at,
      entry.outageId,
      entry.kind,
      entry.words,
      JSON.stringify(entry.evidence),
      told ? 1 : 0,
    );
  }

  /** The oldest line people have not been told of. */
  untold(): Occurrence | undefined {
    const row = this.#sql
      .exec<{ number: number; at: number; kind: string; words: string }>(
        'SELECT number, at, kind, words FROM timeline WHERE told = 0 ORDER BY number LIMIT 1',
      )
      .toArray()[0];
    return row !== undefined && isNoticeOccasion(row.kind) ? { ...row, kind: row.kind } : undefined;
  }

  told(number: number): void {
    this.#sql.exec('UPDATE timeline SET told = 1 WHERE number = ?', number);
  }

  /** Newest first. */
  timeline(limit: number): readonly TimelineEntry[] {
    return this.#sql
      .exec<{ at: number; outage_id: string | null; kind: TimelineKind; words: string; evidence: string }>(
        'SELECT * FROM timeline ORDER BY number DESC LIMIT ?',
        limit,
      )
      .toArray()
      .map((row) => ({
        at: row.at,
        outageId: row.outage_id as OutageId | null,
        kind: row.kind,
        words: row.words,
        evidence: JSON.parse(row.evidence),
      }));
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
