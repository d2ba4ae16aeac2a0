/**
 * The rows of the spool that wait: which is next, who goes first, and when a delay is over. SQL only; whose turn it is and what
 * delays whom are core's decisions.
 */
import type { ClientId, OutageId } from '../core/ids.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import { lastRank, type Reach, rankOf, rankOfTurn, type Turn, turnOfRank } from '../core/turn.ts';
import { NOTICE_PREFIX } from '../pipeline/notify.ts';
import { type LedgerRow, ledgerEntry } from './ledger-row.ts';

/** Which rows a lane takes: those for the gateway, those for the world, or notices, which may go by another way (pipeline/relay.ts). */
export type LaneName = 'gateway' | 'relay' | 'notices';

export type LaneQuery = {
  readonly now: number;
  readonly reach: Reach;
  /** keys of recipients for whom something is on its way: what is behind it waits, so that order within a recipient is kept */
  readonly busy: ReadonlySet<string>;
};

export class Waiting {
  readonly #clientId: ClientId;
  readonly #storage: DurableObjectStorage;

  constructor(clientId: ClientId, storage: DurableObjectStorage) {
    this.#clientId = clientId;
    this.#storage = storage;
  }

  /** What the lane gives next, without taking it: by turn, then oldest first. */
  next(lane: LaneName, { now, reach, busy }: LaneQuery): LedgerEntry | undefined {
    const [row] = this.#sql
      .exec<LedgerRow>(
        `SELECT * FROM spool WHERE ${LANE_ROWS[lane]} AND ${TURN[lane]} <= ? AND next_attempt_at <= ?
           AND recipient_key NOT IN (SELECT value FROM json_each(?)) ORDER BY ${LANE_ORDER[lane]} LIMIT 1`,
        lastRank(reach),
        now,
        JSON.stringify([...busy]),
      )
      .toArray();
    return row === undefined ? undefined : ledgerEntry(row, this.#clientId);
  }

  /** When the earliest delay of what the lane may take is over; to be asked when nothing is due. */
  earliest(lane: LaneName, { reach, busy }: Omit<LaneQuery, 'now'>): number | undefined {
    return (
      this.#sql
        .exec<{ at: number | null }>(
          `SELECT min(next_attempt_at) AS at FROM spool WHERE ${LANE_ROWS[lane]} AND ${TURN[lane]} <= ?
             AND recipient_key NOT IN (SELECT value FROM json_each(?))`,
          lastRank(reach),
          JSON.stringify([...busy]),
        )
        .one().at ?? undefined
    );
  }

  /** The rank a new row of this recipient gets. */
  rankFor(recipientKey: string, outageId: OutageId | undefined): number {
    return rankOf({ outageId }, outageId === undefined ? undefined : this.turnOf(recipientKey));
  }

  turnOf(recipientKey: string): Turn | undefined {
    const [row] = this.#sql
      .exec<{ turn: number }>('SELECT turn FROM turns WHERE recipient = ?', recipientKey)
      .toArray();
    return row === undefined ? undefined : turnOfRank(row.turn);
  }

  /** What people have said of recipients, and has not been taken back. */
  turns(): readonly { readonly recipient: string; readonly turn: Turn }[] {
    return this.#sql
      .exec<{ recipient: string; turn: number }>('SELECT recipient, turn FROM turns ORDER BY turn, recipient')
      .toArray()
      .map(({ recipient, turn }) => ({ recipient, turn: turnOfRank(turn) ?? 'ordinary' }));
  }

  /** For what waits of these recipients and for what will come; `ordinary` takes back what was said before. Keys, not texts. */
  setTurn(recipientKeys: readonly string[], turn: Turn): void {
    const keys = JSON.stringify(recipientKeys);
    this.#storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM turns WHERE recipient IN (SELECT value FROM json_each(?))', keys);
      if (turn !== 'ordinary')
        this.#sql.exec('INSERT INTO turns (recipient, turn) SELECT value, ? FROM json_each(?)', rankOfTurn(turn), keys);
      for (const state of ['waiting', 'sending']) {
        this.#sql.exec(
          `UPDATE spool SET turn = ? WHERE state = ? AND outage_id IS NOT NULL AND kind <> 'outbound'
             AND recipient_key IN (SELECT value FROM json_each(?))`,
          rankOfTurn(turn),
          state,
          keys,
        );
      }
    });
  }

  /** Everything is given back: what was said of recipients was said of this replay. */
  forgetTurns(): void {
    this.#storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM turns');
      // What was released of an earlier outage in the meantime must not wait for a word that nobody can take back any more.
      this.#sql.exec(
        "UPDATE spool SET turn = ? WHERE state = 'waiting' AND kind <> 'outbound' AND outage_id IS NOT NULL",
        rankOfTurn('ordinary'),
      );
    });
  }

  /** Everything that waits and belongs to no outage yet belongs to this one, and all of it is due at once when it ends. */
  adoptInto(outageId: OutageId, now: number): void {
    for (const state of ['waiting', 'sending']) {
      this.#sql.exec(
        `UPDATE spool SET outage_id = coalesce(outage_id, ?), next_attempt_at = ?,
           turn = coalesce((SELECT t.turn FROM turns t WHERE t.recipient = spool.recipient_key), ?)
         WHERE state = ? AND kind <> 'outbound'`,
        outageId,
        now,
        rankOfTurn('ordinary'),
        state,
      );
    }
  }

  /** What was refused since the repair was refused by a server that was none: it waits again. */
  releaseHeld(outageId: OutageId, since: number, now: number): void {
    this.#sql.exec(
      "UPDATE spool SET state = 'waiting', settled_at = NULL, next_attempt_at = ? WHERE outage_id = ? AND state = 'held' AND kind <> 'outbound' AND settled_at >= ?",
      now,
      outageId,
      since,
    );
  }

  /** After a repair: what waits for the relay keeps its times, which are no matter of the gateway's. */
  releaseAll(now: number): void {
    this.#sql.exec(
      "UPDATE spool SET next_attempt_at = ? WHERE state = 'waiting' AND kind <> 'outbound' AND next_attempt_at > ?",
      now,
      now,
    );
  }

  /** The gateway lets mail in again: what one recipient's full mailbox delays is delayed by that as before. */
  releaseDelayedByGateway(now: number): void {
    this.#sql.exec(
      "UPDATE spool SET next_attempt_at = ? WHERE state = 'waiting' AND kind <> 'outbound' AND delays = 'gateway' AND next_attempt_at > ?",
      now,
      now,
    );
  }

  /** Whether anything of the outage still waits to be given back. What waits for the relay is no matter of the gateway's. */
  waitsFor(outageId: OutageId): boolean {
    return ['waiting', 'sending'].some(
      (state) =>
        this.#sql
          .exec("SELECT 1 FROM spool WHERE state = ? AND outage_id = ? AND kind <> 'outbound' LIMIT 1", state, outageId)
          .toArray().length > 0,
    );
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }
}

const NOTICE = `substr(retry_key, 1, ${NOTICE_PREFIX.length}) = '${NOTICE_PREFIX}'`;
const LANE_ROWS: Readonly<Record<LaneName, string>> = {
  gateway: "state = 'waiting' AND kind <> 'outbound'",
  relay: `state = 'waiting' AND kind = 'outbound' AND NOT ${NOTICE}`,
  notices: `state = 'waiting' AND kind = 'outbound' AND ${NOTICE}`,
};
const LANE_ORDER: Readonly<Record<LaneName, string>> = { gateway: 'turn, seq', relay: 'seq', notices: 'seq' };
// "+" keeps SQLite off the index of turns, which holds every waiting row, and on that of the few that are outbound.
const TURN: Readonly<Record<LaneName, string>> = { gateway: 'turn', relay: '+turn', notices: '+turn' };
