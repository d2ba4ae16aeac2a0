/** What a client object writes of its gateway's answers, and what it does not: rows written are the cost that counts. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { HealthEvent } from '../../src/core/health-state.ts';
import type { Recorded } from '../../src/core/record.ts';
import { GatewayRecord } from '../../src/durable/gateway-record.ts';
import { Observations } from '../../src/durable/observations.ts';
import { UptimeRecord } from '../../src/durable/uptime.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const T = Date.UTC(2030, 0, 1);
const ALL = { lastMs: 1_000 * DAY_MS };

function rowsWritten(client: TestClient): Promise<number> {
  return runInDurableObject(
    client.stub,
    (_: ClientObject, { storage }) => storage.sql.exec<{ rows: number }>('SELECT total_changes() AS rows').one().rows,
  );
}

async function withObject<Result>(work: (storage: DurableObjectStorage) => Result): Promise<Result> {
  const harbour = await enrol({ gateways: [await startPeer()] });
  return runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => work(storage));
}

function failure(from: string): HealthEvent {
  return { kind: 'outcome', from, evidence: { scope: 'host', weight: 1, alive: 'no' }, what: 'connection refused' };
}

const TAKEN: HealthEvent = {
  kind: 'outcome',
  from: 'traffic',
  evidence: { scope: 'none', weight: 0, alive: 'yes' },
  what: 'messages are taken',
};

function countOf(recorded: readonly Recorded[], kind: Recorded['kind']): number {
  return recorded.reduce((sum, one) => sum + (one.kind === kind && 'count' in one ? one.count : 0), 0);
}

it('a healthy minute of 100 messages writes two rows at most', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const before = await rowsWritten(harbour);
  for (let n = 0; n < 100; n += 1) {
    await harbour.port.report({ delivered: 1, lastDeliveredAt: harbour.now, rejectedByRule: 0, recipients: [] });
    harbour.skip(MINUTE_MS / 100 - 1);
  }
  expect((await rowsWritten(harbour)) - before).toBeLessThanOrEqual(2);
  const { records } = await harbour.port.uptime(DAY_MS);
  expect(records.at(-1)?.minutes).toContainEqual({ delivered: 100, failing: 0 });
});

it('what has been counted is there after the object was stopped, but for the last minute', async () => {
  const records = await withObject(({ sql }) => {
    const uptime = new UptimeRecord(sql);
    for (let minute = 0; minute < 90; minute += 1) {
      uptime.hear(minute % 10 === 0 ? failure('a') : TAKEN, T + minute * MINUTE_MS);
      uptime.hear(TAKEN, T + minute * MINUTE_MS + 1_000);
    }
    return { known: uptime.since(T), stored: new UptimeRecord(sql).since(T) };
  });
  const minutes = (hours: typeof records.known) => hours.flatMap((hour) => hour.minutes);
  expect(minutes(records.known)).toHaveLength(90);
  expect(minutes(records.known)[10]).toEqual({ delivered: 1, failing: 1 });
  expect(minutes(records.stored).slice(0, 89)).toEqual(minutes(records.known).slice(0, 89));
});

it('a burst is written when it is over: in the minutes and in the record', async () => {
  const { uptime, record } = await withObject(({ sql }) => {
    const [minutes, answers] = [new UptimeRecord(sql), new Observations(sql)];
    for (const [n, event] of [failure('a'), TAKEN, TAKEN, TAKEN].entries()) {
      minutes.hear(event, T + n * 1_000);
      answers.hear(event, T + n * 1_000);
    }
    const held = [minutes.isHeld, answers.isHeld];
    minutes.flush(T + 4_000);
    answers.flush();
    return {
      uptime: [...held, minutes.isHeld, answers.isHeld, new UptimeRecord(sql).since(T)[0]?.minutes[0]],
      record: new Observations(sql).page(ALL, { limit: 10, now: T + DAY_MS }).observations,
    };
  });
  expect(uptime).toEqual([true, true, false, false, { delivered: 3, failing: 1 }]);
  expect(countOf(record, 'answered')).toBe(3);
});

/** A clock whose timers expire when the time has come to them. */
class TimedClock {
  #now = T;
  #timers: { readonly at: number; readonly expire: () => void }[] = [];

  readonly now = () => this.#now;

  readonly startTimer = (ms: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = { at: this.#now + ms, expire: resolve };
    this.#timers.push(timer);
    const cancel = () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
    return { expired: promise, cancel };
  };

  async passTo(end: number): Promise<void> {
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.expire();
      await Promise.resolve();
    }
    this.#now = end;
  }
}

it.each([16, 20, 30, 59])(
  'a message every %i s is a row a minute, and the last of them is written as well',
  async (gap) => {
    const { rows, minutes } = await withObject(async ({ sql }) => {
      const clock = new TimedClock();
      const record = new GatewayRecord(sql);
      const before = sql.exec<{ rows: number }>('SELECT total_changes() AS rows').one().rows;
      for (let second = 0; second < 3_600; second += gap) {
        await clock.passTo(T + second * 1_000);
        record.hear(TAKEN, clock);
      }
      await clock.passTo(T + 3_600_000 + MINUTE_MS);
      const after = sql.exec<{ rows: number }>('SELECT total_changes() AS rows').one().rows;
      return { rows: after - before, minutes: new UptimeRecord(sql).since(T).flatMap((hour) => hour.minutes) };
    });
    expect(rows).toBeLessThanOrEqual(61);
    expect(minutes.reduce((sum, minute) => sum + (minute?.delivered ?? 0), 0)).toBe(Math.ceil(3_600 / gap));
  },
);

it('a single message after a quiet time is written with it, and a short burst a minute after it at the latest', async () => {
  const stored = await withObject(async ({ sql }) => {
    const clock = new TimedClock();
    const record = new GatewayRecord(sql);
    const delivered = () => new UptimeRecord(sql).since(T)[0]?.minutes[0]?.delivered;
    record.hear(TAKEN, clock);
    const atOnce = delivered();
    await clock.passTo(T + 1_000);
    record.hear(TAKEN, clock);
    await clock.passTo(T + 59_999);
    const before = delivered();
    await clock.passTo(T + MINUTE_MS);
    return [atOnce, before, delivered()];
  });
  expect(stored).toEqual([1, 1, 2]);
});

it('a look at a quiet gateway that stays well is written once an hour', async () => {
  const rows = await withObject(({ sql }) => {
    const uptime = new UptimeRecord(sql);
    const before = sql.exec<{ rows: number }>('SELECT total_changes() AS rows').one().rows;
    for (let at = T; at < T + DAY_MS; at += 150_000) uptime.hear({ ...TAKEN, kind: 'probe' }, at);
    return sql.exec<{ rows: number }>('SELECT total_changes() AS rows').one().rows - before;
  });
  expect(rows).toBe(24);
});

it('hours older than 400 days go', async () => {
  const hours = await withObject(({ sql }) => {
    const uptime = new UptimeRecord(sql);
    uptime.hear(TAKEN, T);
    uptime.hear(TAKEN, T + 401 * DAY_MS);
    return sql.exec('SELECT hour FROM uptime').toArray();
  });
  expect(hours).toHaveLength(1);
});

it('successes are recorded for an hour after a failure: the first at once, the rest in bulk, and then no more', async () => {
  const { observations } = await withObject(({ sql }) => {
    const record = new Observations(sql);
    record.hear(TAKEN, T);
    record.hear(failure('a'), T + 1_000);
    for (let second = 2; second < 4_000; second += 1) record.hear(TAKEN, T + second * 1_000);
    return record.page(ALL, { limit: 2_000, now: T + DAY_MS });
  });
  expect(observations[0]).toMatchObject({ kind: 'failed', at: T + 1_000, words: 'connection refused' });
  expect(observations[1]).toEqual({ kind: 'answered', at: T + 2_000, count: 1, taken: 1 });
  expect(countOf(observations, 'answered')).toBe(3_600);
  expect(observations.length).toBeLessThan(190);
});

it('a flood of failures is 200 rows a minute; past that it is counted', async () => {
  const { observations } = await withObject(({ sql }) => {
    const record = new Observations(sql);
    for (let n = 0; n < 3 * 1_000; n += 1) record.hear(failure(`m${n}`), T + n * 60);
    return record.page(ALL, { limit: 2_000, now: T + DAY_MS });
  });
  expect(observations.length).toBeLessThanOrEqual(3 * 201);
  expect(countOf(observations, 'failed')).toBe(3_000);
  expect(observations.map(({ at }) => at)).toEqual(observations.map(({ at }) => at).toSorted((a, b) => a - b));
});

it('failures and successes by turns do not get around the limit', async () => {
  const { observations } = await withObject(({ sql }) => {
    const record = new Observations(sql);
    for (let n = 0; n < 2_000; n += 1) record.hear(n % 2 === 0 ? failure(`m${n}`) : TAKEN, T + n * 25);
    return record.page(ALL, { limit: 2_000, now: T + DAY_MS });
  });
  expect(observations.length).toBeLessThan(210);
  expect(countOf(observations, 'failed')).toBe(1_000);
  expect(countOf(observations, 'answered')).toBe(1_000);
});

it('the limit of a minute and the news of a failure outlive the object', async () => {
  const { observations } = await withObject(({ sql }) => {
    for (let n = 0; n < 400; n += 1) new Observations(sql).hear(failure(`m${n}`), T + n);
    new Observations(sql).hear(TAKEN, T + 2 * MINUTE_MS);
    return new Observations(sql).page(ALL, { limit: 2_000, now: T + DAY_MS });
  });
  expect(observations.filter(({ kind }) => kind === 'failed')).toHaveLength(200);
  expect(observations.at(-1)).toMatchObject({ kind: 'answered', at: T + 2 * MINUTE_MS });
});

it('the record is read page by page, and what is older than 400 days goes', async () => {
  const { pages, left } = await withObject(({ sql }) => {
    const record = new Observations(sql);
    for (let n = 0; n < 5; n += 1) record.hear(failure(`m${n}`), T + n * 1_000);
    const first = record.page(ALL, { limit: 2, now: T + DAY_MS });
    const second = record.page({ cursor: first.cursor ?? 0 }, { limit: 2, now: T });
    const third = record.page({ cursor: second.cursor ?? 0 }, { limit: 2, now: T });
    record.hear({ kind: 'time-passed' }, T + 401 * DAY_MS);
    return { pages: [first, second, third], left: record.page(ALL, { limit: 2, now: T }).observations };
  });
  expect(pages.map(({ observations }) => observations.map(({ at }) => (at - T) / 1_000))).toEqual([
    [0, 1],
    [2, 3],
    [4],
  ]);
  expect(pages[2]).not.toHaveProperty('cursor');
  expect(left).toEqual([]);
});
