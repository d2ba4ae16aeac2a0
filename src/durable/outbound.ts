/** Mail to the world as the ledger has it: counted for limits, listed for people, stopped by them. SQL only. */
import { NULL_REVERSE_PATH, type ReversePath } from '../core/address.ts';
import type { MessageId } from '../core/ids.ts';
import type { LedgerState } from '../core/ledger.ts';
import { LIMIT_SPAN_MS, type LimitReached, type LimitScope, roomFor } from '../core/outbound-limits.ts';
import type { OutboundMessage, OutboundPage, OutboundQuery } from '../pipeline/client-port.ts';
import { NOTICE_PREFIX } from '../pipeline/notify.ts';

type OutboundRow = {
  seq: number;
  id: string;
  state: LedgerState;
  reverse_path: string;
  recipient: string;
  size_bytes: number;
  received_at: number;
  attempts: number;
  next_attempt_at: number;
  detail: string;
  settled_at: number | null;
};

type Span = { readonly from: ReversePath; readonly since: number };

/** What the ledger calls it; a notice is the deployment's letter, and none of the client's mail. */
const OURS = `kind = 'outbound' AND substr(retry_key, 1, ${NOTICE_PREFIX.length}) <> '${NOTICE_PREFIX}'`;
const STATES: Readonly<Record<OutboundMessage['state'], string>> = {
  waiting: "state IN ('waiting', 'sending')",
  delivered: "state = 'delivered'",
  refused: "state NOT IN ('waiting', 'sending', 'delivered')",
};

export class Outbound {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The limit that `asked` more recipients would break; what has the null reverse path no person has sent. */
  limitReached(
    from: ReversePath,
    asked: number,
    plan: { readonly perUserPerHour: number; readonly perClientPerHour: number; readonly now: number },
  ): LimitReached | undefined {
    const span = { from, since: plan.now - LIMIT_SPAN_MS };
    const limits = [
      ['user', plan.perUserPerHour],
      ['client', plan.perClientPerHour],
    ] as const;
    for (const [scope, perHour] of limits) {
      const room = roomFor({ asked, sent: this.#sent(scope, span), perHour });
      switch (room.kind) {
        case 'room':
          continue;
        case 'too-large':
          return { scope, perHour, asked, waitMs: null };
        case 'full':
          return { scope, perHour, asked, waitMs: this.#leavesAt(scope, span, room.leave) - plan.now };
      }
    }
    return undefined;
  }

  /** Newest first. */
  page({ state, before, limit }: OutboundQuery): OutboundPage {
    const rows = this.#sql
      .exec<OutboundRow>(
        `SELECT seq, id, state, reverse_path, recipient, size_bytes, received_at, attempts, next_attempt_at, detail, settled_at
         FROM spool WHERE ${OURS} AND (received_at, seq) < (?, ?) ${state === undefined ? '' : `AND ${STATES[state]}`}
         ORDER BY received_at DESC, seq DESC LIMIT ?`,
        before?.receivedAt ?? Number.MAX_SAFE_INTEGER,
        before?.seq ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray();
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      messages: rows.map(messageOf),
      ...(last === undefined ? {} : { next: { receivedAt: last.received_at, seq: last.seq } }),
    };
  }

  /** Held for a person, with the reason; nothing is deleted. One that is just being sent cannot be called back. */
  stop(id: MessageId, why: string, now: number): 'stopped' | 'not-waiting' {
    const { rowsWritten } = this.#sql.exec(
      `UPDATE spool SET state = 'held', detail = ?, settled_at = ? WHERE id = ? AND state = 'waiting' AND ${OURS}`,
      why,
      now,
      id,
    );
    return rowsWritten === 0 ? 'not-waiting' : 'stopped';
  }

  #sent(scope: LimitScope, span: Span): number {
    const { where, values } = sentBy(scope, span);
    return this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM spool WHERE ${where}`, ...values).one()
      .count;
  }

  /** When so many of the oldest are out of the span. */
  #leavesAt(scope: LimitScope, span: Span, count: number): number {
    const { where, values } = sentBy(scope, span);
    const { at } = this.#sql
      .exec<{ at: number }>(
        `SELECT received_at AS at FROM spool WHERE ${where} ORDER BY received_at LIMIT 1 OFFSET ?`,
        ...values,
        count - 1,
      )
      .one();
    return at + LIMIT_SPAN_MS;
  }
}

function sentBy(scope: LimitScope, { from, since }: Span) {
  const where = "kind = 'outbound' AND received_at > ?";
  switch (scope) {
    case 'user':
      return { where: `${where} AND reverse_path = ?`, values: [since, from] };
    case 'client':
      return { where: `${where} AND reverse_path <> ?`, values: [since, NULL_REVERSE_PATH] };
  }
}

function messageOf(row: OutboundRow): OutboundMessage {
  const isWaiting = row.state === 'waiting' || row.state === 'sending';
  return {
    id: row.id as MessageId,
    from: row.reverse_path,
    to: row.recipient,
    receivedAt: row.received_at,
    sizeBytes: row.size_bytes,
    state: isWaiting ? 'waiting' : row.state === 'delivered' ? 'delivered' : 'refused',
    detail: row.detail,
    attempts: row.attempts,
    nextAttemptAt: isWaiting ? row.next_attempt_at : null,
    settledAt: row.settled_at,
  };
}
