/** The spool table of one client, as it is written: rows enter, are claimed, are settled. SQL only; decisions are core's. */
import type { ClientId, MessageId, OutageId } from '../core/ids.ts';
import {
  ages,
  type Delay,
  delayOf,
  type LedgerEntry,
  lastingDelay,
  type NewEntry,
  type Settlement,
  settleUncertain,
} from '../core/ledger.ts';
import { describeOutcome, type Outcome } from '../core/outcome.ts';
import { lastRank, type Reach } from '../core/turn.ts';
import type { Placement } from '../pipeline/client-port.ts';
import { type LedgerRow, ledgerEntry } from './ledger-row.ts';
import { Quarantine } from './quarantine.ts';
import { Waiting } from './waiting.ts';

export type EntryContext = { readonly now: number; readonly dueAt: number; readonly outageId: OutageId | undefined };

export type ClaimContext = { readonly now: number; readonly reach: Reach };

export class Ledger {
  readonly #clientId: ClientId;
  readonly #storage: DurableObjectStorage;
  readonly #waiting: Waiting;
  readonly #quarantine: Quarantine;

  constructor(clientId: ClientId, storage: DurableObjectStorage) {
    this.#clientId = clientId;
    this.#storage = storage;
    this.#waiting = new Waiting(clientId, storage);
    this.#quarantine = new Quarantine(storage);
  }

  /** One commit. `already-held` when a row with this retry key is there: nothing is written then (P6). */
  add(entry: NewEntry, placement: Placement, context: EntryContext): 'spooled' | 'already-held' {
    return this.#storage.transactionSync(() => {
      if (this.holds(entry.retryKey)) return 'already-held';
      const attempted = placement.kind === 'waiting' ? placement.attempted : undefined;
      const detail =
        placement.kind === 'waiting'
          ? attempted === undefined
            ? ''
            : describeOutcome(attempted.outcome)
          : placement.detail;
      const { seq } = this.#sql
        .exec<{ seq: number }>(
          `INSERT INTO spool (id, kind, state, retry_key, reverse_path, recipient, content_key, size_bytes, sha256, received_at, helo, remote_ip,
             summary, submission_id, attempts, uncertain_attempts, next_attempt_at, detail, outage_id, settled_at, delays, turn, tries, recipient_key,
             original_recipient, marks, withheld)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
          entry.id,
          entry.kind,
          placement.kind,
          entry.retryKey,
          entry.reversePath,
          entry.recipient.text,
          entry.contentKey,
          entry.sizeBytes,
          entry.sha256,
          entry.receivedAt,
          entry.origin.helo,
          entry.origin.remoteIp,
          JSON.stringify(entry.summary),
          entry.submissionId ?? null,
          attempted === undefined ? 0 : 1,
          attempted?.outcome.kind === 'uncertain' ? 1 : 0,
          context.dueAt,
          detail,
          context.outageId ?? null,
          placement.kind === 'waiting' ? null : context.now,
          attempted === undefined ? '' : delayOf(attempted.outcome),
          this.#waiting.rankFor(entry.recipient.key, context.outageId),
          attempted !== undefined && ages(attempted.outcome) ? 1 : 0,
          entry.recipient.key,
          entry.originalRecipient ?? null,
          entry.marks === undefined ? null : JSON.stringify(entry.marks),
          placement.kind === 'held' && placement.shown === 'nobody' ? 1 : 0,
        )
        .one();
      if (placement.kind === 'quarantined') this.#quarantine.add(seq, entry, placement);
      if (attempted !== undefined) {
        this.#sql.exec(
          'INSERT INTO attempts (seq, number, started_at, ended_at, peer, outcome, detail) VALUES (?, 1, ?, ?, ?, ?, ?)',
          seq,
          attempted.startedAt,
          context.now,
          attempted.gateway,
          attempted.outcome.kind,
          detail,
        );
      }
      return 'spooled';
    });
  }

  holds(retryKey: string): boolean {
    return this.idOf(retryKey) !== undefined;
  }

  idOf(retryKey: string): MessageId | undefined {
    const [row] = this.#sql.exec<{ id: string }>('SELECT id FROM spool WHERE retry_key = ?', retryKey).toArray();
    return row?.id as MessageId | undefined;
  }

  holdsId(id: MessageId): boolean {
    return this.#sql.exec('SELECT 1 FROM spool WHERE id = ? LIMIT 1', id).toArray().length > 0;
  }

  /** Whether a row for this recipient waits whose retry key begins so; `prefix` ends in a space. */
  waitsFrom(prefix: string, recipient: string): boolean {
    const past = `${prefix.slice(0, -1)}!`;
    return (
      this.#sql
        .exec(
          "SELECT 1 FROM spool WHERE retry_key >= ? AND retry_key < ? AND recipient = ? AND state IN ('waiting', 'sending') LIMIT 1",
          prefix,
          past,
          recipient,
        )
        .toArray().length > 0
    );
  }

  /** When the newest row came in; undefined for an empty ledger. */
  newestReceivedAt(): number | undefined {
    return this.#sql.exec<{ at: number }>('SELECT received_at AS at FROM spool ORDER BY seq DESC LIMIT 1').toArray()[0]
      ?.at;
  }

  /** Writes the attempt down before it is made; undefined when the row does not wait any more, or not within this reach. */
  claim(entry: LedgerEntry, peer: string, { now, reach }: ClaimContext): LedgerEntry | undefined {
    return this.#storage.transactionSync(() => {
      const number = entry.attempts + 1;
      const { rowsWritten } = this.#sql.exec(
        "UPDATE spool SET state = 'sending', attempts = ? WHERE seq = ? AND state = 'waiting' AND attempts = ? AND turn <= ?",
        number,
        entry.seq,
        entry.attempts,
        lastRank(reach),
      );
      if (rowsWritten === 0) return undefined;
      this.#sql.exec(
        'INSERT INTO attempts (seq, number, started_at, peer) VALUES (?, ?, ?, ?)',
        entry.seq,
        number,
        now,
        peer,
      );
      return { ...entry, state: 'sending', attempts: number };
    });
  }

  /** For a person to look at, without an attempt; of a row that waits. */
  hold(seq: number, detail: string, now: number): void {
    this.#sql.exec(
      "UPDATE spool SET state = 'held', detail = ?, settled_at = ? WHERE seq = ? AND state = 'waiting'",
      detail,
      now,
      seq,
    );
  }

  /** Later, through no fault of the row: no attempt is counted (P7), and what is behind it for its recipient waits with it. */
  postpone(entry: LedgerEntry, until: number): void {
    this.#sql.exec("UPDATE spool SET next_attempt_at = ? WHERE seq = ? AND state = 'waiting'", until, entry.seq);
    this.#keepOrder(entry, until, 'message');
  }

  /** A failover may have made it the outage's since it was claimed. */
  asItStands(entry: LedgerEntry): LedgerEntry {
    const row = this.#sql.exec<LedgerRow>('SELECT * FROM spool WHERE seq = ?', entry.seq).one();
    return ledgerEntry(row, this.#clientId);
  }

  settle(entry: LedgerEntry, outcome: Outcome, settlement: Settlement, now: number): void {
    this.#storage.transactionSync(() => {
      const { detail } = settlement;
      this.#sql.exec(
        'UPDATE attempts SET ended_at = ?, outcome = ?, detail = ? WHERE seq = ? AND number = ?',
        now,
        outcome.kind,
        detail,
        entry.seq,
        entry.attempts,
      );
      switch (settlement.kind) {
        case 'delivered':
        case 'held':
          this.#sql.exec(
            'UPDATE spool SET state = ?, detail = ?, settled_at = ? WHERE seq = ?',
            settlement.kind,
            detail,
            now,
            entry.seq,
          );
          return;
        case 'expired':
          // Its sender may send it again once told, and must not meet "we have it": the key is free for the new one.
          this.#sql.exec(
            "UPDATE spool SET state = 'expired', tries = tries + 1, told = 'due', retry_key = 'expired ' || id, detail = ?, settled_at = ? WHERE seq = ?",
            detail,
            now,
            entry.seq,
          );
          return;
        case 'waiting': {
          const delays = lastingDelay(outcome, settlement, entry);
          this.#sql.exec(
            `UPDATE spool SET state = 'waiting', detail = ?, delays = ?, next_attempt_at = ?, uncertain_attempts = uncertain_attempts + ?,
               tries = tries + ?, told = iif(?, 'due', told) WHERE seq = ?`,
            detail,
            delays,
            settlement.nextAttemptAt,
            settlement.uncertain ? 1 : 0,
            settlement.ages ? 1 : 0,
            settlement.tellsSender ? 1 : 0,
            entry.seq,
          );
          if (delays !== 'message') this.#keepOrder(entry, settlement.nextAttemptAt, delays);
        }
      }
    });
  }

  /**
   * Order within a recipient is kept: the rows behind a delayed one wait with it. It costs them no attempt (P7), but behind a full mailbox
   * they age as it does, or a hundred messages for it would go back five days after one another.
   */
  #keepOrder({ seq, kind, recipient }: LedgerEntry, until: number, delays: Delay): void {
    this.#sql.exec(
      `UPDATE spool SET next_attempt_at = ?, delays = iif(? = 'message', delays, ?), tries = tries + ?
       WHERE state = 'waiting' AND (kind = 'outbound') = ? AND recipient_key = ? AND seq > ? AND next_attempt_at < ?`,
      until,
      delays,
      delays,
      delays === 'recipient' ? 1 : 0,
      kind === 'outbound' ? 1 : 0,
      recipient.key,
      seq,
      until,
    );
  }

  /**
   * After a restart: an attempt was recorded and its end was not. The peer may have the message, so it is uncertain and goes again (P6).
   */
  recoverInterrupted(now: number): void {
    const words = 'uncertain: our side was restarted in the middle of the attempt';
    this.#storage.transactionSync(() => {
      const rows = this.#sql.exec<LedgerRow>("SELECT * FROM spool WHERE state = 'sending'").toArray();
      for (const row of rows) this.#interrupted(ledgerEntry(row, this.#clientId), words, now);
    });
  }

  /** The first time it goes again at once, so that an update of ours costs no order; after that in the rhythm of its failures. */
  #interrupted(entry: LedgerEntry, words: string, now: number): void {
    const settlement = settleUncertain(words, entry, now);
    const isFirst = settlement.kind === 'waiting' && entry.uncertainAttempts === 0;
    this.#sql.exec(
      "UPDATE attempts SET ended_at = ?, outcome = 'uncertain', detail = ? WHERE seq = ? AND ended_at IS NULL",
      now,
      words,
      entry.seq,
    );
    this.#sql.exec(
      'UPDATE spool SET state = ?, next_attempt_at = ?, uncertain_attempts = uncertain_attempts + 1, detail = ?, settled_at = ? WHERE seq = ?',
      settlement.kind,
      settlement.kind === 'held' || isFirst ? now : settlement.nextAttemptAt,
      settlement.detail,
      settlement.kind === 'held' ? now : null,
      entry.seq,
    );
  }

  /** Rows of the outage that no mailbox shows yet, in the order they came. What is quarantined or withheld is nobody's to read. */
  unprojected(
    outageId: OutageId,
    afterSeq: number,
    limit: number,
  ): readonly (LedgerEntry & { readonly outageId: OutageId })[] {
    return this.#sql
      .exec<LedgerRow>(
        `SELECT * FROM spool WHERE seq > ? AND outage_id = ? AND kind <> 'outbound' AND state <> 'quarantined' AND withheld = 0 ORDER BY seq LIMIT ?`,
        afterSeq,
        outageId,
        limit,
      )
      .toArray()
      .map((row) => ({ ...ledgerEntry(row, this.#clientId), outageId }));
  }

  /** Rows that a person has let go, or given to somebody else. `shown`: where what belongs to no outage is counted; absent: not at all. */
  toShowAgain(shown: OutageId | undefined, limit: number): readonly (LedgerEntry & { readonly outageId: OutageId })[] {
    return this.#sql
      .exec<LedgerRow & { readonly counted_in: string }>(
        `SELECT *, coalesce(outage_id, ?) AS counted_in FROM spool
         WHERE show_again = 1 AND kind <> 'outbound' AND counted_in IS NOT NULL ORDER BY seq LIMIT ?`,
        shown ?? null,
        limit,
      )
      .toArray()
      .map((row) => ({ ...ledgerEntry(row, this.#clientId), outageId: row.counted_in as OutageId }));
  }

  /** Unless somebody has given it to another recipient since. */
  shownAgain(entries: readonly LedgerEntry[]): void {
    for (const { seq, recipient } of entries)
      this.#sql.exec('UPDATE spool SET show_again = 0 WHERE seq = ? AND recipient_key = ?', seq, recipient.key);
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }
}
