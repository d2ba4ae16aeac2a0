import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addedTo,
  decodeHour,
  encodeHour,
  failingShare,
  HOUR_MS,
  type HourOfMinutes,
  isFailing,
  MINUTE_MS,
  uptimeOf,
} from '../../src/core/uptime.ts';

const count = fc.record({ delivered: fc.nat(1_000_000), failing: fc.nat(1_000_000) });
const minute = fc.integer({ min: 0, max: 59 });
const hour = fc.array(fc.option(count, { nil: undefined }), { minLength: 60, maxLength: 60 });

/** As long as an hour that ends in silence may be shorter. */
function whole(minutes: HourOfMinutes): HourOfMinutes {
  return Array.from({ length: 60 }, (_, index) => minutes[index]);
}

describe('an hour of minutes', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(hour, (minutes) => {
        expect(whole(decodeHour(encodeHour(minutes)))).toEqual(minutes);
      }),
    );
  });

  it('is small: no more than 660 characters with a million of each in every minute, and none for silence', () => {
    fc.assert(fc.property(hour, (minutes) => encodeHour(minutes).length <= 660));
    expect(encodeHour(whole([]))).toBe('');
  });

  it('counts what is added, in its minute, and leaves the others alone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(minute, count)), (added) => {
        const minutes = added.reduce<HourOfMinutes>((before, [at, one]) => addedTo(before, at, one), []);
        for (let at = 0; at < 60; at += 1) {
          const here = added.filter(([where]) => where === at).map(([, one]) => one);
          const sum = {
            delivered: here.reduce((total, one) => total + one.delivered, 0),
            failing: here.reduce((total, one) => total + one.failing, 0),
          };
          expect(minutes[at]).toEqual(here.length === 0 ? undefined : sum);
        }
      }),
    );
  });

  it('has a failing share between none and all', () => {
    fc.assert(
      fc.property(count, (one) => {
        const share = failingShare(one);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(isFailing(one)).toBe(share > 0.5);
      }),
    );
  });
});

describe('uptime', () => {
  const GOOD = { delivered: 3, failing: 0 };
  const BAD = { delivered: 1, failing: 2 };
  const HEARD = { delivered: 0, failing: 0 };
  const silence = (minutes: number) => Array.from({ length: minutes }, () => undefined);

  it.each([
    ['nothing was heard', [], undefined],
    ['all went well', [GOOD, GOOD, GOOD], 100],
    ['one minute of ten failed', [GOOD, BAD, GOOD], 90],
    ['a minute that nobody asked in is like the one before', [BAD, ...silence(3), GOOD], 60],
    ['a probe that is answered ends it as well', [BAD, HEARD], 90],
    ['what is before the first answer is not counted', [...silence(5), BAD, GOOD], 80],
    ['it fails to the end', [GOOD, GOOD, BAD], 20],
    ['half of it is taken', [{ delivered: 2, failing: 2 }], 100],
  ])('%s', (_, minutes, percent) => {
    const records = minutes.length === 0 ? [] : [{ hour: 500_000, minutes }];
    expect(uptimeOf(records, 500_000 * HOUR_MS + 10 * MINUTE_MS).percent).toBe(percent);
  });

  it('goes on from hour to hour', () => {
    const records = [
      { hour: 10, minutes: [GOOD, ...silence(29), BAD] },
      { hour: 12, minutes: [GOOD] },
    ];
    const { percent, hours, minutes, delivered, failing } = uptimeOf(records, 12.5 * HOUR_MS);
    expect(percent).toBe(40);
    expect({ delivered, failing }).toEqual({ delivered: 7, failing: 2 });
    expect(hours).toEqual([
      { at: 10 * HOUR_MS, delivered: 4, failing: 2 },
      { at: 12 * HOUR_MS, delivered: 3, failing: 0 },
    ]);
    expect(minutes).toEqual([{ at: 10.5 * HOUR_MS, ...BAD }]);
  });
});
