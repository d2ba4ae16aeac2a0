/**
 * Of the people the gateway knew before the outage: whom it has taken mail for since the repair, and whom it has refused, by its last
 * word about each. Known after a restart as well, or three leavers would reopen the emergency whatever hundreds were taken before it.
 *
 * Costs no row while nobody is refused: the few who are stand in meta, and the many who are not are in the ledger anyway.
 */

import type { LedgerEntry } from '../core/ledger.ts';
import type { Outcome } from '../core/outcome.ts';
import { answerAbout } from '../core/people-met.ts';
import type { Meta } from './meta.ts';
import type { OutageRow } from './outages.ts';
import type { Recipients } from './recipients.ts';

// Written as one value with each refusal. So many are refused without an end only where five times as many are taken; past this the
// rest is forgotten with a restart, which errs towards going on.
const MAX_KEPT = 500;

export type Met = { readonly refused: ReadonlySet<string>; readonly taken: ReadonlySet<string> };

export class PeopleMet {
  readonly #sql: SqlStorage;
  readonly #meta: Meta;
  readonly #recipients: Recipients;
  /** since the first refusal that this object has seen */
  #met: { readonly refused: Set<string>; readonly taken: Set<string> } | undefined;

  constructor(sql: SqlStorage, meta: Meta, recipients: Recipients) {
    this.#sql = sql;
    this.#meta = meta;
    this.#recipients = recipients;
  }

  /** Stored first: the ledger is read for who was taken. undefined: nothing new that could count against the server. */
  heard({ recipient: { key } }: Pick<LedgerEntry, 'recipient'>, outcome: Outcome, outage: OutageRow): Met | undefined {
    const answer = answerAbout(outcome);
    if (answer === undefined || outage.repairedAt === null || !this.#recipients.knows(key)) return undefined;
    const isFirst = this.#met === undefined && this.#meta.get('peopleRefused') === undefined;
    if (answer === 'taken' && isFirst) return undefined;
    const met = this.#met ?? this.#load(outage.id, outage.repairedAt);
    this.#met = met;
    const wasRefused = met.refused.has(key);
    (answer === 'taken' ? met.taken : met.refused).add(key);
    (answer === 'taken' ? met.refused : met.taken).delete(key);
    if (wasRefused !== (answer === 'refused')) this.#keep(met.refused);
    return met;
  }

  /** A replay begins: what was met in another does not count. */
  meetAnew(): void {
    this.#met = undefined;
    if (this.#meta.get('peopleRefused') !== undefined) this.#meta.forget('peopleRefused');
  }

  #keep(refused: ReadonlySet<string>): void {
    this.#meta.set('peopleRefused', [...refused].slice(0, MAX_KEPT));
  }

  #load(outageId: OutageRow['id'], repairedAt: number): { readonly refused: Set<string>; readonly taken: Set<string> } {
    const refused = new Set(this.#meta.get('peopleRefused'));
    const taken = this.#sql
      .exec<{ address: string }>(
        `SELECT DISTINCT r.address FROM spool JOIN recipients r ON r.address = spool.recipient_key
         WHERE spool.outage_id = ? AND spool.state = 'delivered' AND spool.settled_at >= ? AND spool.kind <> 'outbound'`,
        outageId,
        repairedAt,
      )
      .toArray()
      .map(({ address }) => address)
      .filter((address) => !refused.has(address));
    return { refused, taken: new Set(taken) };
  }
}
