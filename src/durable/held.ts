/** What is held for a person, or quarantined, and what the person says: try again, or give it to somebody else. SQL only. */
import type { Address } from '../core/address.ts';
import type { MessageId, OutageId } from '../core/ids.ts';
import { rankOf } from '../core/turn.ts';
import type { Waiting } from './waiting.ts';

/** `outageId`: of the outage that goes on; `isShown`: there are mailboxes in which people can read it */
export type Moment = { readonly now: number; readonly outageId: OutageId | undefined; readonly isShown: boolean };

export class Held {
  readonly #sql: SqlStorage;
  readonly #waiting: Waiting;

  constructor(sql: SqlStorage, waiting: Waiting) {
    this.#sql = sql;
    this.#waiting = waiting;
  }

  retry(id: MessageId, moment: Moment): 'released' | 'not-held' {
    const row = this.#find(id);
    if (row === undefined) return 'not-held';
    this.#release(row, moment);
    return 'released';
  }

  /** To another address from now on; whom it was written to is kept. Only where `recipient` can be the client's is the caller's matter. */
  readdress(id: MessageId, recipient: Address, moment: Moment): { readonly from: string } | undefined {
    const row = this.#find(id);
    if (row === undefined || row.kind === 'outbound') return undefined;
    this.#sql.exec(
      'UPDATE spool SET recipient = ?, recipient_key = ?, original_recipient = coalesce(original_recipient, recipient) WHERE seq = ?',
      recipient.text,
      recipient.key,
      row.seq,
    );
    // It may lie in the mailbox of whom it was written to, which people can read in the next outage as well.
    const isShown = moment.isShown || row.outage_id !== null;
    this.#release({ ...row, recipient_key: recipient.key }, { ...moment, isShown });
    return { from: row.recipient };
  }

  #find(id: MessageId): Row | undefined {
    return this.#sql
      .exec<Row>(
        `SELECT seq, kind, recipient, recipient_key, outage_id FROM spool
         WHERE seq = coalesce((SELECT seq FROM quarantine WHERE id = ?), (SELECT seq FROM spool WHERE id = ? AND state = 'held'))`,
        id,
        id,
      )
      .toArray()[0];
  }

  /** A person has had it in hand: whatever becomes of it, its sender is not told any more that it failed. */
  #release({ seq, recipient_key, outage_id }: Row, { now, outageId, isShown }: Moment): void {
    const outage = (outage_id as OutageId | null) ?? outageId;
    const rank = rankOf({ outageId: outage }, this.#waiting.turnOf(recipient_key));
    this.#sql.exec(
      `UPDATE spool SET state = 'waiting', settled_at = NULL, next_attempt_at = ?, outage_id = ?, turn = ?, tries = 0, told = 'person',
         withheld = 0, show_again = ? WHERE seq = ?`,
      now,
      outage ?? null,
      rank,
      isShown ? 1 : 0,
      seq,
    );
    this.#sql.exec('DELETE FROM quarantine WHERE seq = ?', seq);
  }
}

type Row = {
  readonly seq: number;
  readonly kind: string;
  readonly recipient: string;
  readonly recipient_key: string;
  readonly outage_id: string | null;
};
