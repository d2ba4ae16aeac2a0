/**
 * The record a judgement can be made again from (core/record.ts). Whatever goes wrong is written down; what goes well is news only
 * for an hour after that: from then on silence means that all was well, and a healthy day writes nothing.
 */
import type { Evidence } from '../core/evidence.ts';
import type { HealthEvent } from '../core/health-state.ts';
import { isGood, type Recorded, recordedOf } from '../core/record.ts';
import { KEPT_MS } from '../core/uptime.ts';
import type { ObservationPage, ObservationsFrom } from '../pipeline/client-port.ts';

type Answered = Extract<Recorded, { kind: 'answered' }>;
type Failed = Extract<Recorded, { kind: 'failed' }>;

// The longest window of the profiles: in it successes are counted against failures.
const NEWS_MS = 3_600_000;
// Successes of a busy client are told in bulk, and failures in between break the bulk.
const BULK_MS = 20_000;
// A flood of mail at a gateway that fails must not fill the object: past these only the number of failures is written, a row a
// minute. 400 such days are half a gigabyte, of ten that an object may hold.
const MINUTE_MS = 60_000;
const ROWS_A_MINUTE = 200;
const DAY_MS = 86_400_000;
const ROWS_A_DAY = 10_000;
// A key is the time and a number, so that no index is needed to find a day: a row costs one row.
const KEYS_PER_MS = 1_000;

type Row = {
  key: number;
  kind: string;
  scope: string;
  weight: number;
  alive: string;
  message: string;
  sender: string;
  recipient: string;
  count: number;
  taken: string;
  words: string;
};

export class Observations {
  readonly #sql: SqlStorage;
  /** of the last thing that went wrong; undefined: not read yet */
  #troubleAt: number | undefined;
  #isAnswered = false;
  #lastKey = 0;
  #bulk: Answered | undefined;
  #bulkAt = 0;
  #crowd: Failed | undefined;
  #written = { minute: 0, inMinute: 0, day: 0, inDay: 0 };
  #sweptDay = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  hear(event: HealthEvent, now: number): void {
    this.#sweep(now);
    if (this.#crowd !== undefined && minuteOf(this.#crowd.at) !== minuteOf(now)) this.flush();
    const recorded = recordedOf(event, now);
    if (recorded === undefined) return;
    if (isGood(recorded)) this.#good(recorded, now);
    else this.#bad(recorded, now);
  }

  /** Something is in memory that is not written. */
  get isHeld(): boolean {
    return this.#bulk !== undefined || this.#crowd !== undefined;
  }

  /** What is in memory is written, with the time of its last. */
  flush(): void {
    for (const held of [this.#crowd, this.#bulk]) if (held !== undefined) this.#write(held);
    this.#bulkAt = this.#bulk?.at ?? this.#bulkAt;
    this.#crowd = undefined;
    this.#bulk = undefined;
  }

  /** Oldest first. */
  page(from: ObservationsFrom, { limit, now }: { readonly limit: number; readonly now: number }): ObservationPage {
    this.flush();
    const first = 'cursor' in from ? from.cursor : (now - from.lastMs) * KEYS_PER_MS;
    const rows = this.#sql
      .exec<Row>('SELECT * FROM observations WHERE key >= ? ORDER BY key LIMIT ?', first, limit + 1)
      .toArray();
    const next = rows[limit];
    return {
      observations: rows.slice(0, limit).map(recordedIn),
      ...(next === undefined ? {} : { cursor: next.key }),
    };
  }

  #good(recorded: Recorded, now: number): void {
    if (now - this.#lastTroubleAt() > NEWS_MS) return;
    // The first success after a failure is what ends a run of them: it is not left to the bulk.
    const isTurn = !this.#isAnswered && this.#hasRoom(now);
    this.#isAnswered = true;
    if (recorded.kind === 'answered' && !isTurn) {
      this.#addToBulk(recorded, now);
      return;
    }
    this.flush();
    this.#write(recorded);
    this.#bulkAt = now;
  }

  #bad(recorded: Recorded, now: number): void {
    this.#troubleAt = now;
    this.#isAnswered = false;
    if (recorded.kind === 'failed' && !this.#hasRoom(now)) {
      this.#crowd = { ...recorded, count: (this.#crowd?.count ?? 0) + 1 };
      return;
    }
    this.flush();
    this.#write(recorded);
  }

  #addToBulk(answered: Answered, now: number): void {
    const { count, taken } = this.#bulk ?? { count: 0, taken: 0 };
    this.#bulk = { ...answered, count: count + answered.count, taken: taken + answered.taken };
    if (now - this.#bulkAt >= BULK_MS) this.flush();
  }

  #sweep(now: number): void {
    const day = Math.floor(now / DAY_MS);
    if (day === this.#sweptDay) return;
    this.#sweptDay = day;
    this.#sql.exec('DELETE FROM observations WHERE key < ?', (now - KEPT_MS) * KEYS_PER_MS);
  }

  #hasRoom(now: number): boolean {
    const [minute, day] = [minuteOf(now), Math.floor(now / DAY_MS)];
    // Also after a restart: what was written today is counted.
    if (day !== this.#written.day)
      this.#written = {
        minute,
        inMinute: this.#countSince(minute * MINUTE_MS),
        day,
        inDay: this.#countSince(day * DAY_MS),
      };
    else if (minute !== this.#written.minute) this.#written = { ...this.#written, minute, inMinute: 0 };
    return this.#written.inMinute < ROWS_A_MINUTE && this.#written.inDay < ROWS_A_DAY;
  }

  #countSince(at: number): number {
    return this.#sql
      .exec<{ count: number }>('SELECT count(*) AS count FROM observations WHERE key >= ?', at * KEYS_PER_MS)
      .one().count;
  }

  /** After a restart the record is asked; the rows behind the last trouble are those of an hour. */
  #lastTroubleAt(): number {
    if (this.#troubleAt !== undefined) return this.#troubleAt;
    const row = this.#sql
      .exec<{ key: number }>("SELECT key FROM observations WHERE alive <> 'yes' ORDER BY key DESC LIMIT 1")
      .toArray()[0];
    this.#troubleAt = row === undefined ? Number.NEGATIVE_INFINITY : Math.floor(row.key / KEYS_PER_MS);
    return this.#troubleAt;
  }

  #write(recorded: Recorded): void {
    const { key, kind, scope, weight, alive, message, sender, recipient, count, taken, words } = rowOf(recorded);
    this.#lastKey = Math.max(this.#newestKey() + 1, key);
    this.#written = { ...this.#written, inMinute: this.#written.inMinute + 1, inDay: this.#written.inDay + 1 };
    this.#sql.exec(
      `INSERT INTO observations (key, kind, scope, weight, alive, message, sender, recipient, count, taken, words)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.#lastKey,
      kind,
      scope,
      weight,
      alive,
      message,
      sender,
      recipient,
      count,
      taken,
      words,
    );
  }

  #newestKey(): number {
    if (this.#lastKey === 0) {
      const row = this.#sql.exec<{ key: number | null }>('SELECT max(key) AS key FROM observations').one();
      this.#lastKey = row.key ?? 0;
    }
    return this.#lastKey;
  }
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS);
}

const ANSWERED: Evidence = { scope: 'none', weight: 0, alive: 'yes' };

function rowOf(recorded: Recorded): Row {
  const nobody = { message: '', sender: '', recipient: '', count: 1, taken: '', words: '' };
  const { kind, at } = recorded;
  const key = at * KEYS_PER_MS;
  switch (recorded.kind) {
    case 'answered':
      return { ...nobody, key, kind, ...ANSWERED, count: recorded.count, taken: String(recorded.taken) };
    case 'probe':
      return { ...nobody, key, kind, ...recorded.evidence, taken: recorded.taken, words: recorded.words };
    case 'failed': {
      const { evidence, witness, message, count, words } = recorded;
      return { ...nobody, key, kind, ...evidence, ...witness, message, count, words };
    }
  }
}

function recordedIn(row: Row): Recorded {
  const { kind, message, sender, recipient, count, words } = row;
  const at = Math.floor(row.key / KEYS_PER_MS);
  const evidence = { scope: row.scope, weight: row.weight, alive: row.alive } as Evidence;
  if (kind === 'answered') return { kind, at, count, taken: Number(row.taken) };
  if (kind === 'probe') return { kind, at, evidence, taken: row.taken as 'yes' | 'no' | 'refuses-people', words };
  return { kind: 'failed', at, evidence, message, witness: { sender, recipient }, count, words };
}
