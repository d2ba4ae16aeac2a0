/** The spool table of one client, as it is read: counted for reports, listed for people. SQL only. */
import type { ClientId, MessageId, OutageId } from '../core/ids.ts';
import type { LedgerCounts, LedgerKind, LedgerState, StateCounts } from '../core/ledger.ts';
import { lastRank } from '../core/turn.ts';
import type { HeldEntry, RecipientDelivery } from '../pipeline/client-port.ts';
import { type LedgerRow, ledgerEntry } from './ledger-row.ts';

export class LedgerViews {
  readonly #clientId: ClientId;
  readonly #sql: SqlStorage;

  constructor(clientId: ClientId, sql: SqlStorage) {
    this.#clientId = clientId;
    this.#sql = sql;
  }

  projectedCount(outageId: OutageId, projectedSeq: number): number {
    return this.#sql
      .exec<{ count: number }>(
        "SELECT count(*) AS count FROM spool WHERE outage_id = ? AND seq <= ? AND kind = 'inbound' AND state <> 'quarantined' AND withheld = 0",
        outageId,
        projectedSeq,
      )
      .one().count;
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
      const count = (state: keyof StateCounts) =>
        rows.find((row) => row.kind === kind && row.state === state)?.count ?? 0;
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

  /** What of an outage waits for the gateway: all of it, behind a person's word, behind trouble of its own. */
  waitingOf(
    outageId: OutageId,
    now: number,
  ): { readonly waiting: number; readonly bytes: number; readonly paused: number; readonly delayed: number } {
    return this.#sql
      .exec<{ waiting: number; bytes: number; paused: number; delayed: number }>(
        `SELECT count(*) AS waiting, coalesce(sum(size_bytes), 0) AS bytes, coalesce(sum(turn > ?), 0) AS paused,
           coalesce(sum(turn <= ? AND next_attempt_at > ?), 0) AS delayed
         FROM spool WHERE state = 'waiting' AND outage_id = ? AND kind <> 'outbound'`,
        lastRank('all'),
        lastRank('all'),
        now,
        outageId,
      )
      .one();
  }

  /** Over all rows, whatever their outage. */
  totals(): {
    readonly waiting: number;
    readonly held: number;
    readonly quarantined: number;
    readonly expired: number;
    readonly uncertain: number;
  } {
    return this.#sql
      .exec<{ waiting: number; held: number; quarantined: number; expired: number; uncertain: number }>(
        `SELECT coalesce(sum(state IN ('waiting', 'sending')), 0) AS waiting, coalesce(sum(state = 'held'), 0) AS held,
           (SELECT count(*) FROM quarantine) AS quarantined, coalesce(sum(state = 'expired'), 0) AS expired, coalesce(sum(uncertain_attempts > 0), 0) AS uncertain FROM spool`,
      )
      .one();
  }

  /** What is in quarantine is listed there (durable/quarantine.ts). */
  held(): readonly HeldEntry[] {
    return this.#sql
      .exec<LedgerRow>("SELECT * FROM spool WHERE state = 'held' ORDER BY seq")
      .toArray()
      .map((row) => {
        const { summary, ...entry } = ledgerEntry(row, this.#clientId);
        const { id, kind, recipient, receivedAt, sizeBytes, state, detail, attempts } = entry;
        const { fromName, fromAddress, subject } = summary;
        return { id, kind, recipient, receivedAt, sizeBytes, state, detail, attempts, fromName, fromAddress, subject };
      });
  }

  deliveriesOf(submissionId: MessageId): readonly RecipientDelivery[] {
    return this.#sql
      .exec<LedgerRow>("SELECT * FROM spool WHERE submission_id = ? AND kind <> 'sent-copy' ORDER BY seq", submissionId)
      .toArray()
      .map((row) => ({ recipient: row.recipient, ...deliveryWords(row) }));
  }
}

/** To the writer a colleague has the message as soon as it lies in the colleague's mailbox. */
function deliveryWords(row: LedgerRow): Omit<RecipientDelivery, 'recipient'> {
  if (row.state === 'quarantined' || row.withheld === 1)
    return { state: 'held', detail: `waits for an administrator: ${row.detail}` };
  if (row.kind === 'inbound') return { state: 'delivered', detail: "in your colleague's mailbox" };
  switch (row.state) {
    case 'waiting':
    case 'sending':
      return { state: 'waiting', detail: row.detail };
    case 'delivered':
      return { state: 'delivered', detail: row.detail };
    case 'held':
    case 'expired':
      return { state: 'refused', detail: row.detail };
  }
}
