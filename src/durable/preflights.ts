/** The last preflights of one client, and whether one is asked for. SQL only; what is done when is durable/preflight-errand.ts's. */
import type { HealthState } from '../core/health-state.ts';
import type { Preflight } from '../core/preflight.ts';
import type { PreflightRun } from '../pipeline/client-port.ts';

/** What a row holds. `during`: the state at its end; what a server in trouble says is not held against it for ever. */
type Stored =
  | { readonly state: 'asked' | 'running' }
  | { readonly state: 'interrupted'; readonly endedAt: number }
  | { readonly state: 'done'; readonly endedAt: number; readonly during: HealthState; readonly preflight: Preflight };

type StoredRun = Stored & { readonly number: number; readonly at: number; readonly by: string };

type Row = { number: number; at: number; by: string; result: string };

// A year of weekly ones.
const KEPT = 50;

export class Preflights {
  readonly #sql: SqlStorage;
  // Asked for with every message, when the alarm is set.
  #newest: { readonly run: StoredRun | undefined } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  newest(): StoredRun | undefined {
    this.#newest ??= { run: this.#runs(1)[0] };
    return this.#newest.run;
  }

  /** The number of the new run; older ones than the last 50 go. */
  add(at: number, by: string, state: 'asked' | 'running'): number {
    this.#newest = undefined;
    const { number } = this.#sql
      .exec<{ number: number }>(
        'INSERT INTO preflights (at, by, result) VALUES (?, ?, ?) RETURNING number',
        at,
        by,
        JSON.stringify({ state } satisfies Stored),
      )
      .one();
    this.#sql.exec('DELETE FROM preflights WHERE number <= ?', number - KEPT);
    return number;
  }

  set(number: number, stored: Stored): void {
    this.#newest = undefined;
    this.#sql.exec('UPDATE preflights SET result = ? WHERE number = ?', JSON.stringify(stored), number);
  }

  /** The last one whose outcome could be told to people: while the gateway was trusted. */
  lastInPeace(): Preflight | undefined {
    const run = this.#runs(KEPT).find((one) => one.state === 'done' && one.during === 'up');
    return run?.state === 'done' ? run.preflight : undefined;
  }

  /** Newest first. */
  views(limit: number): readonly PreflightRun[] {
    return this.#runs(limit).map(viewOf);
  }

  #runs(limit: number): readonly StoredRun[] {
    return this.#sql
      .exec<Row>('SELECT number, at, by, result FROM preflights ORDER BY number DESC LIMIT ?', limit)
      .toArray()
      .map(({ number, at, by, result }) => ({ number, at, by, ...(JSON.parse(result) as Stored) }));
  }
}

function viewOf(run: StoredRun): PreflightRun {
  const { number, at, by } = run;
  switch (run.state) {
    case 'asked':
    case 'running':
      return { number, at, by, state: 'running' };
    case 'interrupted':
      return { number, at, by, state: 'interrupted', endedAt: run.endedAt };
    case 'done':
      return { number, at, by, state: 'done', endedAt: run.endedAt, preflight: run.preflight };
  }
}
