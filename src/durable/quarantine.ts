/** The rows in quarantine, beside their rows in the ledger: listed, found, deleted by a person. SQL only. */
import { parseAddress } from '../core/address.ts';
import type { MessageId } from '../core/ids.ts';
import type { LedgerKind, NewEntry, Summary } from '../core/ledger.ts';
import { type Cause, type Quarantining, quarantineBox } from '../core/quarantine.ts';
import type { QuarantineQuery } from '../pipeline/quarantine-port.ts';

export type QuarantineRow = {
  readonly seq: number;
  readonly id: MessageId;
  /** '' for what the client's own people wrote */
  readonly box: string;
  readonly kind: LedgerKind;
  readonly isOwnWriting: boolean;
  readonly recipient: string;
  readonly reversePath: string;
  readonly helo: string;
  readonly remoteIp: string;
  readonly receivedAt: number;
  readonly sizeBytes: number;
  readonly contentKey: string;
  readonly summary: Summary;
  readonly reason: string;
  readonly ruleId: string;
  readonly cause: Cause;
  readonly spamScore: number | null;
};

/** after `from`, up to and with `upTo` */
type Stretch = { readonly from: number; readonly upTo: number; readonly limit: number };

type Row = {
  seq: number;
  id: string;
  box: string;
  kind: LedgerKind;
  submission_id: string | null;
  recipient: string;
  reverse_path: string;
  helo: string;
  remote_ip: string;
  received_at: number;
  size_bytes: number;
  content_key: string;
  summary: string;
  detail: string;
  rule_id: string;
  cause: Cause;
  spam_score: number | null;
};

const COLUMNS = `q.seq, q.id, q.box, s.kind, s.submission_id, s.recipient, s.reverse_path, s.helo, s.remote_ip, q.received_at, s.size_bytes, s.content_key, s.summary, s.detail,
  q.rule_id, q.cause, q.spam_score`;
// Without CROSS the planner may begin with the ledger, and read all of it.
const WITH_LEDGER = 'quarantine q CROSS JOIN spool s ON s.seq = q.seq';

export class Quarantine {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** With the row of the ledger, in its commit. */
  add(seq: number, entry: NewEntry, { ruleId, cause, spamScore }: Quarantining): void {
    this.#sql.exec(
      'INSERT INTO quarantine (seq, id, box, received_at, rule_id, cause, spam_score) VALUES (?, ?, ?, ?, ?, ?, ?)',
      seq,
      entry.id,
      quarantineBox(entry.recipient, entry),
      entry.receivedAt,
      ruleId,
      cause,
      spamScore ?? null,
    );
  }

  find(id: MessageId): QuarantineRow | undefined {
    const [row] = this.#sql.exec<Row>(`SELECT ${COLUMNS} FROM ${WITH_LEDGER} WHERE q.id = ?`, id).toArray();
    return row && rowOf(row);
  }

  /** Newest first, at most `limit`; by keyset and index: a page costs its own rows. `box` undefined: all boxes. */
  page(
    box: string | undefined,
    { from, to, before, limit }: Omit<QuarantineQuery, 'recipient'>,
  ): readonly QuarantineRow[] {
    const below = Math.min(
      before ?? Number.MAX_SAFE_INTEGER,
      to === undefined ? Number.MAX_SAFE_INTEGER : this.#seqFrom(to),
    );
    const least = from === undefined ? 0 : this.#seqFrom(from);
    return this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM ${WITH_LEDGER} WHERE ${box === undefined ? '' : 'q.box = ? AND'} q.seq >= ? AND q.seq < ?
         ORDER BY q.seq DESC LIMIT ?`,
        ...(box === undefined ? [] : [box]),
        least,
        below,
        limit,
      )
      .toArray()
      .map(rowOf);
  }

  /** Newest first, of those places in the ledger. */
  between(box: string, { from, upTo, limit }: Stretch): readonly QuarantineRow[] {
    return this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM ${WITH_LEDGER} WHERE q.box = ? AND q.seq > ? AND q.seq <= ? ORDER BY q.seq DESC LIMIT ?`,
        box,
        from,
        upTo,
        limit,
      )
      .toArray()
      .map(rowOf);
  }

  count(box: string): number {
    return this.#sql.exec<{ count: number }>('SELECT count(*) AS count FROM quarantine WHERE box = ?', box).one().count;
  }

  /** It is in the quarantine no more: released, which the ledger's row says itself. */
  leave(seq: number): void {
    this.#sql.exec('DELETE FROM quarantine WHERE seq = ?', seq);
  }

  /**
   * One commit: who and when stands in the ledger's row, which stays as it was counted (P5); its bytes are to go. What one of the client's
   * people wrote keeps them: they are the bytes of the writer's own copy (P4).
   */
  delete({ seq, isOwnWriting, contentKey }: QuarantineRow, by: string, now: number): void {
    this.#storage.transactionSync(() => {
      this.leave(seq);
      this.#sql.exec(
        "UPDATE spool SET detail = detail || ? WHERE seq = ? AND state = 'quarantined'",
        `; deleted by ${by} on ${new Date(now).toISOString()}`,
        seq,
      );
      this.#sql.exec(
        'INSERT INTO quarantine_deleted (seq, at, by, content_key) VALUES (?, ?, ?, ?)',
        seq,
        now,
        by,
        isOwnWriting ? null : contentKey,
      );
    });
  }

  /** Of deleted messages, bytes that are still in the store. */
  bytesToForget(limit: number): readonly { readonly seq: number; readonly contentKey: string }[] {
    return this.#sql
      .exec<{ seq: number; contentKey: string }>(
        'SELECT seq, content_key AS contentKey FROM quarantine_deleted WHERE content_key IS NOT NULL ORDER BY seq LIMIT ?',
        limit,
      )
      .toArray();
  }

  bytesGone(seq: number): void {
    this.#sql.exec('UPDATE quarantine_deleted SET content_key = NULL WHERE seq = ?', seq);
  }

  /** The first place at or after that moment; rows come in the order of their times, but for a second or so. */
  #seqFrom(at: number): number {
    const [row] = this.#sql
      .exec<{ seq: number }>('SELECT seq FROM quarantine WHERE received_at >= ? ORDER BY received_at LIMIT 1', at)
      .toArray();
    return row?.seq ?? Number.MAX_SAFE_INTEGER;
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }
}

/** The key by which a person's messages are found; undefined for what is no address. */
export function boxOfAddress(text: string): string | undefined {
  const address = parseAddress(text.trim());
  return address && quarantineBox(address, { kind: 'inbound' });
}

function rowOf(row: Row): QuarantineRow {
  return {
    seq: row.seq,
    id: row.id as MessageId,
    box: row.box,
    kind: row.kind,
    isOwnWriting: row.submission_id !== null,
    recipient: row.recipient,
    reversePath: row.reverse_path,
    helo: row.helo,
    remoteIp: row.remote_ip,
    receivedAt: row.received_at,
    sizeBytes: row.size_bytes,
    contentKey: row.content_key,
    summary: JSON.parse(row.summary) as Summary,
    reason: row.detail,
    ruleId: row.rule_id,
    cause: row.cause,
    spamScore: row.spam_score,
  };
}
