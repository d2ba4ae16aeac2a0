/** What a client object writes down of its gateway's answers: minutes for people, answers for another judgement of them. */
import type { HealthEvent } from '../core/health-state.ts';
import type { ObservationPage, ObservationsFrom, UptimeSpan } from '../pipeline/client-port.ts';
import type { Timer } from '../pipeline/timer.ts';
import { Observations } from './observations.ts';
import { UptimeRecord } from './uptime.ts';

type Clock = { readonly now: () => number; readonly startTimer: (ms: number) => Timer };

// An object that is asked nothing is stopped after ten seconds and forgets; a timer keeps it, for little more than that or until a row
// may be written again, because time in memory is paid for as well.
const LULL_MS = 15_000;

export class GatewayRecord {
  readonly #uptime: UptimeRecord;
  readonly #observations: Observations;
  #lull: Timer | undefined;

  constructor(sql: SqlStorage) {
    this.#uptime = new UptimeRecord(sql);
    this.#observations = new Observations(sql);
  }

  hear(event: HealthEvent, clock: Clock): void {
    const now = clock.now();
    this.#uptime.hear(event, now);
    this.#observations.hear(event, now);
    this.#writeLater(clock);
  }

  /** Messages whose being taken is no news to the judgement: something failed since. */
  taken(count: number, clock: Clock): void {
    this.#uptime.count({ delivered: count, failing: 0 }, clock.now());
    this.#writeLater(clock);
  }

  uptime(lastMs: number, to: number): UptimeSpan {
    return { from: to - lastMs, to, records: this.#uptime.since(to - lastMs) };
  }

  observations(from: ObservationsFrom, limit: number, now: number): ObservationPage {
    return this.#observations.page(from, { limit, now });
  }

  /** What a burst of mail leaves in memory is written when it is over. */
  #writeLater(clock: Clock): void {
    this.#lull?.cancel();
    this.#lull = undefined;
    if (!this.#uptime.isHeld && !this.#observations.isHeld) return;
    // A message every half a minute is a lull after each of them: that alone is no reason for another row.
    const leastMs = this.#uptime.isHeld ? this.#uptime.writableAt - clock.now() : 0;
    this.#lull = clock.startTimer(Math.max(LULL_MS, leastMs));
    void this.#lull.expired.then(() => {
      this.#uptime.flush(clock.now());
      this.#observations.flush();
    });
  }
}
