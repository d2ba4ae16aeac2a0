/** The few values a client object keeps beside its tables, written only when they change. */
import type { ClientSnapshot } from '../core/client.ts';
import type { Easing } from '../core/easing.ts';
import type { Flow } from '../core/flow.ts';
import type { Health } from '../core/health-state.ts';
import type { Course } from '../core/maintenance-course.ts';
import type { Pacing } from '../core/pacing.ts';
import type { Gathered } from '../core/rule-notices.ts';
import type { Asking } from '../core/self-doubt.ts';
import type { ReplayHold } from '../pipeline/client-port.ts';

/** Places in the ledger: after `from`, up to and with `upTo`. `after`: the last box that has been told */
export type DigestRound = { readonly from: number; readonly upTo: number; readonly after: string; readonly at: number };

type Values = {
  readonly snapshot: ClientSnapshot;
  readonly health: Health;
  readonly pacing: Pacing;
  /** of new mail that had to wait, which never stands behind what a replay has cost */
  readonly livePacing: Pacing;
  /** not written on purpose: after a restart the replay opens slowly again */
  readonly flow: Flow;
  /** what was kept is not given back until somebody says so */
  readonly replayHold: ReplayHold;
  /** in this replay, of the people the gateway knew before; address keys */
  readonly peopleRefused: readonly string[];
  readonly easing: Easing;
  readonly course: Course;
  /** no notice goes by mail before (epoch ms) */
  readonly mutedUntil: number;
  /** a test of the notices was last sent */
  readonly noticesTriedAt: number;
  /** it has been said that nobody can be told by mail */
  readonly mailImpossible: true;
  /** a trouble of its own: whether others have it too */
  readonly asking: Asking;
  /** when the watch over the deployment was last told that this client exists (epoch ms) */
  readonly introducedAt: number;
  /** mail to the world does not go out; `isTold`: the timeline says so */
  readonly relayTrouble: { readonly since: number; readonly words: string; readonly isTold: boolean };
  /** before the first preflight: since when its turn is counted */
  readonly preflightsFrom: number;
  /** the timeline last said that messages go back to their senders (epoch ms) */
  readonly returnedToldAt: number;
  /** the last suspicion that has a line in the timeline, and whether the newest one has */
  readonly suspicion: { readonly toldAt: number; readonly isTold: boolean };
  /** which rules want somebody to hear of them */
  readonly ruleNotices: readonly Gathered[];
  /** the last of the quarantine of which people were told, and when the telling began (epoch ms) */
  readonly digested: { readonly upTo: number; readonly at: number };
  /** a telling that is under way */
  readonly digestRound: DigestRound;
  /** the messages to a system address that were obeyed, newest last; `until`: when its sender's retry cannot come any more */
  readonly obeyed: readonly { readonly key: string; readonly until: number }[];
};

export class Meta {
  readonly #sql: SqlStorage;
  readonly #known = new Map<keyof Values, unknown>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get<K extends keyof Values>(key: K): Values[K] | undefined {
    if (!this.#known.has(key)) {
      const row = this.#sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', key).toArray()[0];
      this.#known.set(key, row === undefined ? undefined : JSON.parse(row.value));
    }
    return this.#known.get(key) as Values[K] | undefined;
  }

  set<K extends keyof Values>(key: K, value: Values[K]): void {
    if (this.#known.get(key) === value) return;
    this.#sql.exec(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    );
    this.#known.set(key, value);
  }

  /** Known here and not yet written: for what may be lost with the object. The next `set` of it writes it. */
  hold<K extends keyof Values>(key: K, value: Values[K]): void {
    this.#known.set(key, value);
  }

  forget(key: keyof Values): void {
    this.#sql.exec('DELETE FROM meta WHERE key = ?', key);
    this.#known.set(key, undefined);
  }
}
