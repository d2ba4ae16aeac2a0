/** The rows of which senders are told, as the spool holds them. SQL only; who is told of what is core/expiry.ts' decision. */

import type { Told } from '../core/expiry.ts';
import type { ClientId } from '../core/ids.ts';
import type { LedgerEntry, NewEntry } from '../core/ledger.ts';
import type { ExpiredEntry, ExpiredPage } from '../pipeline/client-port.ts';
import type { Returning } from '../pipeline/returns.ts';
import type { Ledger } from './ledger.ts';
import { type LedgerRow, ledgerEntry } from './ledger-row.ts';

type ReturnRow = LedgerRow & { last_at: number | null; last_peer: string | null };

export class Returns {
  readonly #clientId: ClientId;
  readonly #storage: DurableObjectStorage;
  readonly #ledger: Ledger;

  constructor(clientId: ClientId, storage: DurableObjectStorage, ledger: Ledger) {
    this.#clientId = clientId;
    this.#storage = storage;
    this.#ledger = ledger;
  }

  isAnyDue(): boolean {
    return this.#sql.exec("SELECT 1 FROM spool WHERE told = 'due' LIMIT 1").toArray().length > 0;
  }

  /** The next row of which its sender is to hear. */
  next(): Returning | undefined {
    const [row] = this.#sql
      .exec<ReturnRow>(
        `SELECT spool.*, attempts.ended_at AS last_at, attempts.peer AS last_peer
         FROM spool LEFT JOIN attempts ON attempts.seq = spool.seq AND attempts.number = spool.attempts
         WHERE told = 'due' LIMIT 1`,
      )
      .toArray();
    if (row === undefined) return undefined;
    const entry = ledgerEntry(row, this.#clientId);
    return {
      ...entry,
      lastAttemptAt: row.last_at ?? entry.settledAt ?? entry.receivedAt,
      lastPeer: row.last_peer ?? undefined,
    };
  }

  /** There is nothing to say of it any more. */
  forget(seq: number): void {
    this.#tell(seq, '');
  }

  /** One commit for the word and for its having been said. A word that was spooled before a restart is the same one. */
  say(row: Returning, word: NewEntry, told: Told, now: number): void {
    this.#storage.transactionSync(() => {
      this.#ledger.add(word, { kind: 'waiting' }, { now, dueAt: now, outageId: undefined });
      this.#tell(row.seq, told);
    });
  }

  /** Newest first; `before`: the cursor of the page before. */
  page(before: number | null, limit: number): ExpiredPage {
    const rows = this.#sql
      .exec<LedgerRow>(
        "SELECT * FROM spool WHERE state = 'expired' AND seq < ? ORDER BY seq DESC LIMIT ?",
        before ?? Number.MAX_SAFE_INTEGER,
        limit + 1,
      )
      .toArray();
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      expired: rows.slice(0, limit).map((row) => expiredEntry(ledgerEntry(row, this.#clientId))),
      ...(last === undefined ? {} : { cursor: last.seq }),
    };
  }

  #tell(seq: number, told: Told): void {
    this.#sql.exec('UPDATE spool SET told = ? WHERE seq = ?', told, seq);
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }
}

function expiredEntry(entry: LedgerEntry): ExpiredEntry {
  const { id, recipient, reversePath, receivedAt, sizeBytes, detail, attempts } = entry;
  const expiredAt = entry.settledAt ?? receivedAt;
  return {
    id,
    recipient,
    reversePath,
    receivedAt,
    expiredAt,
    sizeBytes,
    detail,
    attempts,
    isTold: entry.told === 'returned',
  };
}
