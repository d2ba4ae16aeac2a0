/** What of the quarantine people are still to be told, and how far a round of digests has come. SQL only. */
import type { Cause } from '../core/quarantine.ts';
import type { DigestRound, Meta } from './meta.ts';

type NewRow = { readonly seq: number; readonly at: number };

const HOUR_MS = 3_600_000;

export class Digests {
  readonly #sql: SqlStorage;
  readonly #meta: Meta;

  constructor(sql: SqlStorage, meta: Meta) {
    this.#sql = sql;
    this.#meta = meta;
  }

  /** When the next is due (epoch ms); undefined while nothing is new, and where the client wants none. */
  dueAt(hours: number, now: number): number | undefined {
    if (hours === 0) return undefined;
    if (this.round !== undefined) return now;
    const first = this.#firstNew();
    return first && (this.#meta.get('digested')?.at ?? first.at) + hours * HOUR_MS;
  }

  /** The round that is under way. */
  get round(): DigestRound | undefined {
    return this.#meta.get('digestRound');
  }

  /** Of everything that is new by now; undefined when nothing is. */
  begin(at: number): DigestRound | undefined {
    const first = this.#firstNew();
    if (first === undefined) return undefined;
    const { upTo } = this.#sql.exec<{ upTo: number }>('SELECT max(seq) AS upTo FROM quarantine').one();
    const round = { from: first.seq - 1, upTo, after: '', at };
    this.#meta.set('digestRound', round);
    return round;
  }

  /** So far everybody up to this box has been told. */
  told(round: DigestRound, after: string): void {
    this.#meta.set('digestRound', { ...round, after });
  }

  end({ upTo, at }: DigestRound): void {
    this.#meta.set('digested', { upTo, at });
    this.#meta.forget('digestRound');
  }

  /** Whose turn is next, with how much is new for each. By place in the ledger: only what is new is read. */
  boxes(
    { from, upTo, after }: DigestRound,
    limit: number,
  ): readonly { readonly box: string; readonly count: number }[] {
    return this.#sql
      .exec<{ box: string; count: number }>(
        `SELECT box, count(*) AS count FROM quarantine NOT INDEXED WHERE seq > ? AND seq <= ? AND box > ?
         GROUP BY box ORDER BY box LIMIT ?`,
        from,
        upTo,
        after,
        limit,
      )
      .toArray();
  }

  counts({ from, upTo }: DigestRound): ReadonlyMap<Cause, number> {
    const rows = this.#sql
      .exec<{ cause: Cause; count: number }>(
        'SELECT cause, count(*) AS count FROM quarantine NOT INDEXED WHERE seq > ? AND seq <= ? GROUP BY cause',
        from,
        upTo,
      )
      .toArray();
    return new Map(rows.map(({ cause, count }) => [cause, count]));
  }

  #firstNew(): NewRow | undefined {
    return this.#sql
      .exec<NewRow>(
        'SELECT seq, received_at AS at FROM quarantine WHERE seq > ? ORDER BY seq LIMIT 1',
        this.#meta.get('digested')?.upTo ?? 0,
      )
      .toArray()[0];
  }
}
