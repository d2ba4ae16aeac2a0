/** The spool table of one client: every row that enters, what becomes of it, and the counts. SQL only; decisions are core's. */
import { parseAddress, parseReversePath } from '../core/address.ts';
import type { ClientId, MessageId, OutageId } from '../core/ids.ts';
import type {
  LedgerCounts,
  LedgerEntry,
  LedgerKind,
  LedgerState,
  NewEntry,
  Settlement,
  StateCounts,
  Summary,
} from '../core/ledger.ts';
import type { Outcome } from '../core/outcome.ts';
import { describeOutcome } from '../core/outcome.ts';
import type { HeldEntry, Placement, RecipientDelivery } from '../pipeline/client-port.ts';

type Row = {
  seq: number;
  id: string;
  kind: LedgerKind;
  state: LedgerState;
  retry_key: string;
  reverse_path: string;
  recipient: string;
  content_key: string;
  size_bytes: number;
  sha256: string;
  received_at: number;
  helo: string;
  remote_ip: string;
  summary: string;
  submission_id: string | null;
  attempts: number;
  uncertain_attempts: number;
  next_attempt_at: number;
  detail: string;
  outage_id: string | null;
  settled_at: number | null;
};

export type EntryContext = { readonly now: number; readonly dueAt: number; readonly outageId: OutageId | undefined };

/** Which rows a lane takes: those for the gateway, or those for the relay. */
export type LaneName = 'gateway' | 'relay';

export class Ledger {
  readonly #clientId: ClientId;
  readonly #storage: DurableObjectStorage;

  constructor(clientId: ClientId, storage: DurableObjectStorage) {
    this.#clientId = clientId;
    this.#storage = storage;
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
             summary, submission_id, attempts, uncertain_attempts, next_attempt_at, detail, outage_id, settled_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
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
        )
        .one();
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
    return this.#sql.exec('SELECT 1 FROM spool WHERE retry_key = ?', retryKey).toArray().length > 0;
  }

  holdsId(id: MessageId): boolean {
    return this.#sql.exec('SELECT 1 FROM spool WHERE id = ? LIMIT 1', id).toArray().length > 0;
  }

  /** When the newest row came in; undefined for an empty ledger. */
  newestReceivedAt(): number | undefined {
    return this.#sql.exec<{ at: number }>('SELECT received_at AS at FROM spool ORDER BY seq DESC LIMIT 1').toArray()[0]
      ?.at;
  }

  /** The oldest row of the lane that is due, without taking it. */
  hasDue(lane: LaneName, now: number): boolean {
    return this.#nextDue(lane, now) !== undefined;
  }

  /** The earliest due-time among the lane's waiting rows. */
  nextDueAt(lane: LaneName): number | undefined {
    return (
      this.#sql
        .exec<{ at: number | null }>(
          `SELECT min(next_attempt_at) AS at FROM spool WHERE state = 'waiting' AND ${LANE_KINDS[lane]}`,
        )
        .one().at ?? undefined
    );
  }

  /** Takes the oldest due row and writes the attempt down before it is made. */
  claim(lane: LaneName, peer: string, now: number): LedgerEntry | undefined {
    return this.#storage.transactionSync(() => {
      const row = this.#nextDue(lane, now);
      if (row === undefined) return undefined;
      const number = row.attempts + 1;
      this.#sql.exec("UPDATE spool SET state = 'sending', attempts = ? WHERE seq = ?", number, row.seq);
      this.#sql.exec(
        'INSERT INTO attempts (seq, number, started_at, peer) VALUES (?, ?, ?, ?)',
        row.seq,
        number,
        now,
        peer,
      );
      return { ...this.#entry(row), state: 'sending', attempts: number };
    });
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
        case 'waiting':
          this.#sql.exec(
            "UPDATE spool SET state = 'waiting', detail = ?, next_attempt_at = ?, uncertain_attempts = uncertain_attempts + ? WHERE seq = ?",
            detail,
            settlement.nextAttemptAt,
            settlement.uncertain ? 1 : 0,
            entry.seq,
          );
          if (settlement.delays === 'recipient') this.#delayRecipient(entry, settlement.nextAttemptAt);
      }
    });
  }

  /** Order within a recipient is kept: the rows behind a delayed one wait with it, and it costs them no attempt (P7). */
  #delayRecipient(entry: LedgerEntry, until: number): void {
    this.#sql.exec(
      "UPDATE spool SET next_attempt_at = max(next_attempt_at, ?) WHERE state = 'waiting' AND recipient = ? AND seq > ?",
      until,
      entry.recipient.text,
      entry.seq,
    );
  }

  /**
   * After a restart: an attempt was recorded and its end was not. The peer may have the message, so it is uncertain and goes again (P6).
   */
  recoverInterrupted(now: number): number {
    return this.#storage.transactionSync(() => {
      const words = 'uncertain: our side was restarted in the middle of the attempt';
      this.#sql.exec(
        "UPDATE attempts SET ended_at = ?, outcome = 'uncertain', detail = ? WHERE ended_at IS NULL",
        now,
        words,
      );
      return this.#sql.exec(
        "UPDATE spool SET state = 'waiting', next_attempt_at = ?, uncertain_attempts = uncertain_attempts + 1, detail = ? WHERE state = 'sending'",
        now,
        words,
      ).rowsWritten;
    });
  }

  /** Everything that waits belongs to the outage from now on, and is due at once when it ends. */
  adoptInto(outageId: OutageId, now: number): void {
    for (const state of ['waiting', 'sending']) {
      this.#sql.exec(
        "UPDATE spool SET outage_id = ?, next_attempt_at = ? WHERE state = ? AND kind <> 'outbound'",
        outageId,
        now,
        state,
      );
    }
  }

  releaseAll(now: number): void {
    this.#sql.exec("UPDATE spool SET next_attempt_at = ? WHERE state = 'waiting' AND next_attempt_at > ?", now, now);
  }

  /** Whether anything of the outage still waits to be given back or sent. */
  waitsFor(outageId: OutageId): boolean {
    return ['waiting', 'sending'].some(
      (state) =>
        this.#sql.exec('SELECT 1 FROM spool WHERE state = ? AND outage_id = ? LIMIT 1', state, outageId).toArray()
          .length > 0,
    );
  }

  projectedCount(outageId: OutageId, projectedSeq: number): number {
    return this.#sql
      .exec<{ count: number }>(
        "SELECT count(*) AS count FROM spool WHERE outage_id = ? AND seq <= ? AND kind = 'inbound' AND state <> 'quarantined'",
        outageId,
        projectedSeq,
      )
      .one().count;
  }

  /** Rows of the outage that no mailbox shows yet, in the order they came. Quarantined rows are nobody's to read. */
  unprojected(
    outageId: OutageId,
    afterSeq: number,
    limit: number,
  ): readonly (LedgerEntry & { readonly outageId: OutageId })[] {
    return this.#sql
      .exec<Row>(
        `SELECT * FROM spool WHERE seq > ? AND outage_id = ? AND kind <> 'outbound' AND state <> 'quarantined' ORDER BY seq LIMIT ?`,
        afterSeq,
        outageId,
        limit,
      )
      .toArray()
      .map((row) => ({ ...this.#entry(row), outageId }));
  }

  counts(outageId: OutageId): Omit<LedgerCounts, 'rejectedByRule' | 'shown'> {
    const rows = this.#sql
      .exec<{ kind: LedgerKind; state: LedgerState; count: number; uncertain: number; unexplained: number }>(
        `SELECT kind, state, count(*) AS count, sum(uncertain_attempts > 0) AS uncertain,
           sum(state IN ('delivered', 'held', 'quarantined') AND detail = '') AS unexplained
         FROM spool WHERE outage_id = ? GROUP BY kind, state`,
        outageId,
      )
      .toArray();
    const of = (kind: LedgerKind): StateCounts => {
      const count = (state: LedgerState) => rows.find((row) => row.kind === kind && row.state === state)?.count ?? 0;
      return {
        waiting: count('waiting'),
        sending: count('sending'),
        delivered: count('delivered'),
        held: count('held'),
        quarantined: count('quarantined'),
      };
    };
    const total = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
    return {
      inbound: of('inbound'),
      sentCopies: of('sent-copy'),
      outbound: of('outbound'),
      uncertain: total((row) => row.uncertain),
      unexplained: total((row) => row.unexplained),
    };
  }

  /** Over all rows, whatever their outage. */
  totals(): {
    readonly waiting: number;
    readonly held: number;
    readonly quarantined: number;
    readonly uncertain: number;
  } {
    return this.#sql
      .exec<{ waiting: number; held: number; quarantined: number; uncertain: number }>(
        `SELECT coalesce(sum(state IN ('waiting', 'sending')), 0) AS waiting, coalesce(sum(state = 'held'), 0) AS held,
           coalesce(sum(state = 'quarantined'), 0) AS quarantined, coalesce(sum(uncertain_attempts > 0), 0) AS uncertain FROM spool`,
      )
      .one();
  }

  held(): readonly HeldEntry[] {
    return this.#sql
      .exec<Row>("SELECT * FROM spool WHERE state IN ('held', 'quarantined') ORDER BY seq")
      .toArray()
      .map((row) => {
        const { id, kind, recipient, receivedAt, sizeBytes, state, detail, attempts } = this.#entry(row);
        return { id, kind, recipient, receivedAt, sizeBytes, state, detail, attempts };
      });
  }

  /** A person says: try once more. Quarantined rows are released the same way. */
  retryHeld(id: MessageId, now: number): 'released' | 'not-held' {
    const { rowsWritten } = this.#sql.exec(
      "UPDATE spool SET state = 'waiting', settled_at = NULL, next_attempt_at = ? WHERE id = ? AND state IN ('held', 'quarantined')",
      now,
      id,
    );
    return rowsWritten > 0 ? 'released' : 'not-held';
  }

  deliveriesOf(submissionId: MessageId): readonly RecipientDelivery[] {
    return this.#sql
      .exec<Row>("SELECT * FROM spool WHERE submission_id = ? AND kind <> 'sent-copy' ORDER BY seq", submissionId)
      .toArray()
      .map((row) => ({ recipient: row.recipient, ...deliveryWords(row) }));
  }

  #nextDue(lane: LaneName, now: number): Row | undefined {
    return this.#sql
      .exec<Row>(
        `SELECT * FROM spool WHERE state = 'waiting' AND ${LANE_KINDS[lane]} AND next_attempt_at <= ? ORDER BY seq LIMIT 1`,
        now,
      )
      .toArray()[0];
  }

  #entry(row: Row): LedgerEntry {
    const recipient = parseAddress(row.recipient);
    const reversePath = parseReversePath(row.reverse_path);
    if (recipient === undefined || reversePath === undefined)
      throw new Error(`the ledger's row ${row.seq} cannot be read`);
    return {
      id: row.id as MessageId,
      clientId: this.#clientId,
      seq: row.seq,
      kind: row.kind,
      state: row.state,
      retryKey: row.retry_key,
      reversePath,
      recipient,
      contentKey: row.content_key,
      sizeBytes: row.size_bytes,
      sha256: row.sha256,
      receivedAt: row.received_at,
      origin: { helo: row.helo, remoteIp: row.remote_ip },
      summary: JSON.parse(row.summary) as Summary,
      ...(row.submission_id === null ? {} : { submissionId: row.submission_id as MessageId }),
      attempts: row.attempts,
      uncertainAttempts: row.uncertain_attempts,
      nextAttemptAt: row.next_attempt_at,
      detail: row.detail,
      outageId: (row.outage_id as OutageId | null) ?? undefined,
      settledAt: row.settled_at ?? undefined,
    };
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }
}

const LANE_KINDS: Readonly<Record<LaneName, string>> = { gateway: "kind <> 'outbound'", relay: "kind = 'outbound'" };

/** To the writer a colleague has the message as soon as it lies in the colleague's mailbox. */
function deliveryWords(row: Row): Omit<RecipientDelivery, 'recipient'> {
  if (row.kind === 'inbound') return { state: 'delivered', detail: "in your colleague's mailbox" };
  switch (row.state) {
    case 'waiting':
    case 'sending':
      return { state: 'waiting', detail: row.detail };
    case 'delivered':
      return { state: 'delivered', detail: row.detail };
    case 'held':
      return { state: 'refused', detail: row.detail };
    case 'quarantined':
      return { state: 'held', detail: row.detail };
  }
}
