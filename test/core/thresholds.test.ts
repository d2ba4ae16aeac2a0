import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/core/profiles.ts';
import {
  cleared,
  decidesAt,
  failed,
  isCleared,
  NO_TALLY,
  succeeded,
  type Tally,
  type Thresholds,
  tripped,
} from '../../src/core/thresholds.ts';

const thresholds: Thresholds = {
  amount: 5,
  durationMs: 60_000,
  frequency: { deferrals: 8, perMs: 600_000, share: 0.5 },
  confirmMs: 20_000,
};

type Answer = { readonly at: number; readonly fails?: number; readonly by?: string; readonly takes?: number };

/** `fails`: the weight; 1 is a failure of the host. `by`: one name for sender and recipient; else each answer has its own. */
function tally(answers: readonly Answer[], under = thresholds): Tally {
  return answers
    .toSorted((a, b) => a.at - b.at)
    .reduce((sum: Tally, { at, fails, by = `${at}`, takes = 1 }) => {
      if (fails === undefined) return succeeded(sum, { at, count: takes, messages: takes }, under);
      return failed(
        sum,
        { at, weight: fails, isOfHost: fails === 1, isProbe: false, witness: { sender: by, recipient: by } },
        under,
      );
    }, NO_TALLY);
}

const hostFails = (...times: readonly number[]): readonly Answer[] => times.map((at) => ({ at, fails: 1 }));
const every = (ms: number, count: number, answer: Omit<Answer, 'at'>): readonly Answer[] =>
  Array.from({ length: count }, (_, n) => ({ ...answer, at: n * ms }));

describe('thresholds', () => {
  it('amount trips at the weighted count and not below, once it has been confirmed', () => {
    expect(tripped(tally(hostFails(0, 2, 3, 4)), thresholds, 20_000)).toBeUndefined();
    expect(tripped(tally(hostFails(0, 1, 2, 3, 4)), thresholds, 19_999)).toBeUndefined();
    expect(tripped(tally(hostFails(0, 1, 2, 3, 4)), thresholds, 20_000)).toMatchObject({ kind: 'amount', weight: 5 });
  });

  it.each([1, 12, 600])(
    'a restart of 45 s trips nothing in the standard profile, at %i messages a minute',
    (perMinute) => {
      const restart = every(60_000 / perMinute, Math.ceil((45 * perMinute) / 60), { fails: 1 });
      for (const at of [45_000, 59_999])
        expect(tripped(tally(restart, PROFILES.standard), PROFILES.standard, at)).toBeUndefined();
      const back = tally([...restart, { at: 45_001, takes: 1_000 }], PROFILES.standard);
      expect(tripped(back, PROFILES.standard, 60_000)).toBeUndefined();
      expect(isCleared(back, 45_001)).toBe(true);
      // One poison message right after it is not the rest of the restart.
      const poisoned = tally([...restart, { at: 45_001 }, { at: 61_000, fails: 0.25 }], PROFILES.standard);
      expect(tripped(poisoned, PROFILES.standard, 75_000)).toBeUndefined();
    },
  );

  it('duration needs a second opinion: one deferral, however old, is not an outage', () => {
    expect(tripped(tally(hostFails(0)), thresholds, 600_000)).toBeUndefined();
    expect(tripped(tally(hostFails(0, 30_000)), thresholds, 59_999)).toBeUndefined();
    expect(tripped(tally(hostFails(0, 30_000)), thresholds, 60_000)).toMatchObject({
      kind: 'duration',
      lastedMs: 60_000,
    });
  });

  it.each([
    ['three senders to three people', ['a', 'b', 'c', 'd'], true],
    ['one sender, however often', ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'], false],
    ['two of them', ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'], false],
    ['too few answers', ['a', 'b', 'c'], false],
  ])('trouble of messages counts when several have seen it: %s', (_, voices, trips) => {
    const answers = voices.map((by, n) => ({ at: n * 1_000, fails: 0.25, by }));
    expect(tripped(tally(answers), thresholds, 60_000) !== undefined).toBe(trips);
  });

  it('a single success in between does not end the run of a server that flaps; half a minute, or the upper hand, does', () => {
    const flapping = tally([...every(5_000, 8, { fails: 1 }), { at: 41_000 }, { at: 46_000 }]);
    expect(isCleared(flapping, 60_000)).toBe(false);
    expect(isCleared(flapping, 71_000)).toBe(true);
    expect(
      isCleared(
        tally([
          { at: 0, fails: 1 },
          { at: 1_000, takes: 2 },
        ]),
        1_000,
      ),
    ).toBe(true);
  });

  it('a server that has just taken mail does not trip, until it has failed again and been seen to', () => {
    const before = [...every(5_000, 8, { fails: 1 }), { at: 41_000 }];
    const { amount, durationMs, confirmMs } = thresholds;
    const patient: Thresholds = {
      amount,
      durationMs,
      confirmMs,
      frequency: { deferrals: 50, perMs: 600_000, share: 1 },
    };
    expect(tripped(tally(before, patient), patient, 65_000)).toBeUndefined();
    expect(tripped(tally([...before, ...hostFails(60_000)], patient), patient, 65_000)).toBeUndefined();
    expect(tripped(tally([...before, ...hostFails(60_000, 62_000)], patient), patient, 65_000)).toMatchObject({
      kind: 'amount',
    });
  });

  it('frequency sees the partial outage that successes in between hide from the others', () => {
    // Three of ten fail, steadily, from many to many.
    const answers = every(5_000, 180, {}).map((answer, n) => (n % 10 < 3 ? { ...answer, fails: 0.25 } : answer));
    const partial = answers.reduce((found: string | undefined, _, n) => {
      const seen = tally(answers.slice(0, n + 1), PROFILES.standard);
      return found ?? tripped(seen, PROFILES.standard, n * 5_000)?.kind;
    }, undefined);
    expect(partial).toBe('share');
  });

  it.each([
    ['a twentieth of the mail', 20, undefined],
    ['a tenth of the mail', 10, undefined],
  ])('frequency lets be what is not an outage: %s', (_, oneOf, expected) => {
    const answers = every(5_000, 180, {}).map((answer, n) => (n % oneOf === 0 ? { ...answer, fails: 0.25 } : answer));
    const kinds = answers.map(
      (_answer, n) => tripped(tally(answers.slice(0, n + 1), PROFILES.standard), PROFILES.standard, n * 5_000)?.kind,
    );
    expect(new Set(kinds)).toEqual(new Set([expected]));
  });

  it('frequency forgets what left the window', () => {
    const spread = hostFails(0, 12_000, 24_000, 36_000, 48_000, 60_000, 72_000, 84_000);
    const again = cleared(tally([...spread, { at: 90_000 }]));
    expect(tripped(failedOnce(again, 599_000), thresholds, 599_000)).toMatchObject({ kind: 'frequency' });
    expect(tripped(failedOnce(again, 690_000), thresholds, 690_000)).toBeUndefined();
  });

  it('tells when time alone will decide, so that an alarm can be set for it', () => {
    expect(decidesAt(tally(hostFails(1_000)).run, thresholds)).toBeUndefined();
    const two = tally(hostFails(1_000, 2_000));
    expect(decidesAt(two.run, thresholds)).toBe(61_000);
    expect(tripped(two, thresholds, 61_000)).toMatchObject({ kind: 'duration' });
    const many = tally(hostFails(1_000, 1_001, 1_002, 1_003, 1_004));
    expect(decidesAt(many.run, thresholds)).toBe(21_000);
    expect(tripped(many, thresholds, 21_000)).toMatchObject({ kind: 'amount' });
  });

  it('a total outage trips under every threshold that may be set, however busy the client', () => {
    const high: Thresholds = {
      amount: 10_000,
      durationMs: 120_000,
      frequency: { deferrals: 10_000, perMs: 60_000, share: 1 },
      confirmMs: 3_600_000,
    };
    expect(tripped(tally(every(500, 400, { fails: 1 }), high), high, 200_000)).toBeDefined();
  });

  it('stays small, and loses no weight within the run', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 2_000 }), (times) => {
        const sum = tally(hostFails(...times));
        expect(sum.slices.length).toBeLessThanOrEqual(62);
        expect(sum.run?.hostWeight).toBe(times.length);
        expect(sum.run?.firstAt).toBe(Math.min(...times));
      }),
    );
  });

  it('what one sender and one recipient see never trips, unless the host itself fails', () => {
    const alone = fc.array(fc.tuple(fc.integer({ min: 0, max: 600_000 }), fc.boolean()), { maxLength: 300 });
    fc.assert(
      fc.property(alone, (seen) => {
        const answers = seen.map(([at, fails]) => (fails ? { at, fails: 0.25, by: 'a' } : { at }));
        expect(tripped(tally(answers, PROFILES.eager), PROFILES.eager, 600_000)).toBeUndefined();
      }),
    );
  });
});

function failedOnce(sum: Tally, at: number): Tally {
  return failed(
    sum,
    { at, weight: 1, isOfHost: true, isProbe: false, witness: { sender: 'x', recipient: 'x' } },
    thresholds,
  );
}
