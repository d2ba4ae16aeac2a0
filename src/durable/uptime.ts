/** The minutes of a gateway's uptime, a row for each hour. A busy client's are written once a minute, and in memory between that. */
import type { HealthEvent } from '../core/health-state.ts';
import { isTrouble } from '../core/record.ts';
import {
  addedTo,
  decodeHour,
  encodeHour,
  HOUR_MS,
  type HourOfMinutes,
  type HourRecord,
  isFailing,
  KEPT_MS,
  lastHeard,
  MINUTE_MS,
  type MinuteCount,
} from '../core/uptime.ts';

// Rows written are the cost that counts (docs/platform.md 26).
const WRITE_MS = 60_000;

export class UptimeRecord {
  readonly #sql: SqlStorage;
  #hour: HourRecord | undefined;
  #isNews = false;
  #writtenAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  hear(event: HealthEvent, now: number): void {
    const count = countOf(event);
    if (count === undefined) this.#write(now);
    else this.count(count, now);
  }

  count(count: MinuteCount, now: number): void {
    const { hour, minutes } = this.#hourOf(now);
    const before = lastHeard(minutes);
    // A look at a quiet gateway that is as well as before is no news.
    if (count.delivered + count.failing > 0 || before === undefined || isFailing(before)) this.#isNews = true;
    this.#hour = { hour, minutes: addedTo(minutes, Math.floor((now % HOUR_MS) / MINUTE_MS), count) };
    this.#write(now);
  }

  /** Something is in memory that is not written. */
  get isHeld(): boolean {
    return this.#isNews;
  }

  /** When it may be written again: a row a minute is what it may cost. */
  get writableAt(): number {
    return this.#writtenAt + WRITE_MS;
  }

  flush(now: number): void {
    if (this.#hour !== undefined) this.#store(this.#hour, now);
  }

  /** Oldest first; what is not written yet included. */
  since(from: number): readonly HourRecord[] {
    const first = Math.floor(from / HOUR_MS);
    const written = this.#sql
      .exec<{ hour: number; minutes: string }>('SELECT hour, minutes FROM uptime WHERE hour >= ? ORDER BY hour', first)
      .toArray()
      .map(({ hour, minutes }) => ({ hour, minutes: decodeHour(minutes) }));
    const held = this.#hour;
    return held === undefined || held.hour < first
      ? written
      : [...written.filter(({ hour }) => hour !== held.hour), held];
  }

  #hourOf(now: number): HourRecord {
    const hour = Math.floor(now / HOUR_MS);
    const held = this.#hour;
    if (held?.hour === hour) return held;
    if (held !== undefined) this.#store(held, now);
    this.#sql.exec('DELETE FROM uptime WHERE hour < ?', Math.floor((now - KEPT_MS) / HOUR_MS));
    return { hour, minutes: this.#read(hour) };
  }

  #read(hour: number): HourOfMinutes {
    const row = this.#sql.exec<{ minutes: string }>('SELECT minutes FROM uptime WHERE hour = ?', hour).toArray()[0];
    return row === undefined ? [] : decodeHour(row.minutes);
  }

  #write(now: number): void {
    if (now >= this.writableAt) this.flush(now);
  }

  #store({ hour, minutes }: HourRecord, now: number): void {
    if (!this.#isNews) return;
    this.#sql.exec(
      'INSERT INTO uptime (hour, minutes) VALUES (?, ?) ON CONFLICT (hour) DO UPDATE SET minutes = excluded.minutes',
      hour,
      encodeHour(minutes),
    );
    this.#isNews = false;
    this.#writtenAt = now;
  }
}

/** A probe that is answered is heard, and no message. */
function countOf(event: HealthEvent): MinuteCount | undefined {
  if (event.kind !== 'outcome' && event.kind !== 'probe') return undefined;
  const { evidence } = event;
  if (isTrouble(evidence)) return { delivered: 0, failing: 1 };
  if (evidence.alive !== 'yes' || (event.kind === 'outcome' && evidence.scope !== 'none')) return undefined;
  return { delivered: event.kind === 'outcome' ? (event.count ?? 1) : 0, failing: 0 };
}
