import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  counted,
  durationTripsAt,
  NO_TALLY,
  provedAlive,
  type Tally,
  type Thresholds,
  tripped,
} from '../../src/core/thresholds.ts';

const thresholds: Thresholds = { amount: 5, durationMs: 60_000, frequency: { deferrals: 8, perMs: 600_000 } };

/** Deferrals at these times; a proof of life at `aliveAt`. */
function tally(
  times: readonly number[],
  { weight = 1, aliveAt }: { weight?: number; aliveAt?: number } = {},
  under = thresholds,
): Tally {
  const events = times
    .map((at) => ({ at, alive: false }))
    .concat(aliveAt === undefined ? [] : [{ at: aliveAt, alive: true }]);
  return events
    .toSorted((a, b) => a.at - b.at)
    .reduce((sum, { at, alive }) => (alive ? provedAlive(sum) : counted(sum, { at, weight }, under)), NO_TALLY);
}

describe('thresholds', () => {
  it('amount trips at the weighted count and not below', () => {
    expect(tripped(tally([1, 2, 3, 4]), thresholds, 10)).toBeUndefined();
    expect(tripped(tally([1, 2, 3, 4, 5]), thresholds, 10)).toMatchObject({ kind: 'amount', weight: 5 });
    expect(tripped(tally([1, 2, 3, 4, 5], { weight: 0.25 }), thresholds, 10)).toBeUndefined();
  });

  it('a proof of life clears amount and duration', () => {
    expect(tripped(tally([1, 2, 3, 4, 5], { aliveAt: 6 }), thresholds, 100_000)).toBeUndefined();
    expect(tripped(tally([1, 2, 3, 4, 5, 70_000], { aliveAt: 6 }), thresholds, 70_001)).toBeUndefined();
  });

  it('duration needs a second opinion: one deferral, however old, is not an outage', () => {
    expect(tripped(tally([0]), thresholds, 600_000)).toBeUndefined();
    expect(tripped(tally([0, 30_000]), thresholds, 59_999)).toBeUndefined();
    expect(tripped(tally([0, 30_000]), thresholds, 60_000)).toMatchObject({ kind: 'duration', lastedMs: 60_000 });
  });

  it('frequency sees the partial outage that successes in between hide from the others', () => {
    const every = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * 60_000);
    const aliveAt = 7 * 60_000 + 1;
    expect(tripped(tally(every, { aliveAt }), thresholds, aliveAt)).toMatchObject({ kind: 'frequency', weight: 8 });
    expect(tripped(tally(every.slice(1), { aliveAt }), thresholds, aliveAt)).toBeUndefined();
  });

  it('frequency forgets what left the window', () => {
    const burst = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(tripped(tally(burst, { aliveAt: 8 }), thresholds, 599_999)).toMatchObject({ kind: 'frequency' });
    expect(tripped(tally(burst, { aliveAt: 8 }), thresholds, 600_008)).toBeUndefined();
  });

  it('tells when duration will trip, so that an alarm can be set for it', () => {
    expect(durationTripsAt(tally([1_000]), thresholds)).toBeUndefined();
    const trips = durationTripsAt(tally([1_000, 2_000]), thresholds);
    expect(trips).toBe(61_000);
    expect(tripped(tally([1_000, 2_000]), thresholds, trips ?? 0)).toMatchObject({ kind: 'duration' });
  });

  it('a total outage trips under every threshold that may be set, however busy the client', () => {
    const high: Thresholds = { amount: 300, durationMs: 120_000, frequency: { deferrals: 300, perMs: 60_000 } };
    const twoASecond = Array.from({ length: 400 }, (_, n) => n * 500);
    expect(tripped(tally(twoASecond, {}, high), high, 200_000)).toBeDefined();
  });

  it('stays small, and loses no weight within the run', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 2_000 }), (times) => {
        const sum = tally(times);
        expect(sum.slices.length).toBeLessThanOrEqual(62);
        expect(sum.run?.weight).toBe(times.length);
        expect(sum.run?.firstAt).toBe(Math.min(...times));
      }),
    );
  });
});
