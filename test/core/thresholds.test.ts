import { describe, expect, it } from 'vitest';
import { type DeferralHistory, durationTripsAt, type Thresholds, tripped } from '../../src/core/thresholds.ts';

const thresholds: Thresholds = { amount: 5, durationMs: 60_000, frequency: { deferrals: 8, perMs: 600_000 } };

function history(
  times: readonly number[],
  { weight = 1, aliveAt }: { weight?: number; aliveAt?: number } = {},
): DeferralHistory {
  return { deferrals: times.map((at) => ({ at, weight })), aliveAt };
}

describe('thresholds', () => {
  it('amount trips at the weighted count and not below', () => {
    expect(tripped(history([1, 2, 3, 4]), thresholds, 10)).toBeUndefined();
    expect(tripped(history([1, 2, 3, 4, 5]), thresholds, 10)).toMatchObject({ kind: 'amount', weight: 5 });
    expect(tripped(history([1, 2, 3, 4, 5], { weight: 0.25 }), thresholds, 10)).toBeUndefined();
  });

  it('a proof of life clears amount and duration', () => {
    expect(tripped(history([1, 2, 3, 4, 5], { aliveAt: 5 }), thresholds, 100_000)).toBeUndefined();
    expect(tripped(history([1, 2, 3, 4, 5, 70_000], { aliveAt: 5 }), thresholds, 70_001)).toBeUndefined();
  });

  it('duration needs a second opinion: one deferral, however old, is not an outage', () => {
    expect(tripped(history([0]), thresholds, 600_000)).toBeUndefined();
    expect(tripped(history([0, 30_000]), thresholds, 59_999)).toBeUndefined();
    expect(tripped(history([0, 30_000]), thresholds, 60_000)).toMatchObject({ kind: 'duration', lastedMs: 60_000 });
  });

  it('frequency sees the partial outage that successes in between hide from the others', () => {
    const every = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * 60_000);
    const aliveAt = 7 * 60_000 + 1;
    expect(tripped(history(every, { aliveAt }), thresholds, aliveAt)).toMatchObject({ kind: 'frequency', weight: 8 });
    expect(tripped(history(every.slice(1), { aliveAt }), thresholds, aliveAt)).toBeUndefined();
  });

  it('frequency forgets what left the window', () => {
    const burst = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(tripped(history(burst, { aliveAt: 8 }), thresholds, 599_999)).toMatchObject({ kind: 'frequency' });
    expect(tripped(history(burst, { aliveAt: 8 }), thresholds, 600_008)).toBeUndefined();
  });

  it('tells when duration will trip, so that an alarm can be set for it', () => {
    expect(durationTripsAt(history([1_000]), thresholds)).toBeUndefined();
    const trips = durationTripsAt(history([1_000, 2_000]), thresholds);
    expect(trips).toBe(61_000);
    expect(tripped(history([1_000, 2_000]), thresholds, trips ?? 0)).toMatchObject({ kind: 'duration' });
  });
});
