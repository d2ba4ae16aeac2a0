import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthy } from '../../src/core/health.ts';
import type { ClientId } from '../../src/core/ids.ts';
import {
  beginAsking,
  doubtAt,
  doubtWords,
  type Episode,
  episodeAfter,
  heardDoubt,
  isGivenUp,
  isTrouble,
  type Trouble,
} from '../../src/core/self-doubt.ts';

const AT = Date.UTC(2030, 0, 1);
const S = 1_000;
const client = (n: number) => `client-${n}` as ClientId;
/** One client for each offset, in seconds. */
const failing = (...offsets: readonly number[]): Trouble[] =>
  offsets.map((offset, n) => ({ clientId: client(n), at: AT + offset * S }));

describe('doubt', () => {
  it.each<[string, readonly Trouble[], number, boolean, number]>([
    ['one alone', failing(0), 1, false, 1],
    ['two of two', failing(0, 1), 2, false, 2],
    ['three of three', failing(0, 1, 2), 3, true, 3],
    ['three of fifteen: a fifth', failing(0, 1, 2), 15, true, 3],
    ['three of sixteen', failing(0, 1, 2), 16, false, 3],
    ['three over more than a minute', failing(0, -30, -61), 3, false, 2],
    ['three within a minute, this one in the middle', failing(0, -29, 30), 3, true, 3],
    ['three around it, in no one minute', failing(0, -40, 40), 3, false, 2],
    ['one that fails again and again', [...failing(0), ...failing(10), ...failing(20)], 3, false, 1],
    ['nobody has been counted yet', failing(0, 1, 2), 0, true, 3],
  ])('%s', (_, troubles, known, doubted, count) => {
    expect(doubtAt(AT, troubles, known)).toMatchObject({ doubted, failing: count });
  });

  it('is said with its figures', () => {
    expect(doubtWords({ doubted: true, failing: 7, known: 12 })).toBe(
      '7 of 12 clients began to fail within the same minute: the fault may be ours',
    );
  });

  it('is what counting every minute on its own finds', () => {
    const trouble = fc.record({
      clientId: fc.integer({ min: 0, max: 5 }).map(client),
      at: fc.integer({ min: -8, max: 8 }).map((steps) => AT + steps * 15 * S),
    });
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 30 }), (troubles) => {
        const begins = troubles.map(({ at }) => at).filter((begin) => begin <= AT && AT - begin < 60 * S);
        const counts = begins.map((begin) => {
          const inside = troubles.filter(({ at }) => at >= begin && at - begin < 60 * S);
          return new Set(inside.map(({ clientId }) => clientId)).size;
        });
        expect(doubtAt(AT, troubles, 0).failing).toBe(Math.max(0, ...counts));
      }),
    );
  });

  it('looks at each of many thousand troubles a few times only', () => {
    let looks = 0;
    const troubles = Array.from({ length: 5_000 }, (_, n) => ({
      clientId: client(n),
      get at() {
        looks += 1;
        return AT + (n % 60) * S;
      },
    }));
    expect(doubtAt(AT + 30 * S, troubles, 5_000).failing).toBe(5_000);
    // Sorting takes the logarithm of their number for each.
    expect(looks).toBeLessThan(5_000 * 50);
  });

  it('is about different clients only, never more than are known, and never of fewer than three', () => {
    const trouble = fc.record({
      clientId: fc.integer({ min: 0, max: 9 }).map(client),
      at: fc.integer({ min: AT - 120 * S, max: AT + 120 * S }),
    });
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 40 }), fc.integer({ min: 0, max: 60 }), (troubles, known) => {
        const doubt = doubtAt(AT, troubles, known);
        expect(doubt.failing).toBeLessThanOrEqual(new Set(troubles.map(({ clientId }) => clientId)).size);
        expect(doubt.failing).toBeLessThanOrEqual(doubt.known);
        if (doubt.doubted) expect(doubt.failing).toBeGreaterThanOrEqual(3);
      }),
    );
  });
});

it('an episode is told once, and ends with ten quiet minutes', () => {
  let before: Episode | undefined;
  const told = [0, 5, 590, 600, 1_190, 1_790].map((seconds) => {
    const { kind, episode } = episodeAfter(before, AT + seconds * S);
    before = episode;
    return kind;
  });
  expect(told).toEqual(['new', 'same', 'same', 'same', 'same', 'new']);
});

describe('a client', () => {
  it('asks at once and once more when the minute is over, and says it once', () => {
    const first = heardDoubt(beginAsking(AT), { doubted: false, failing: 1, known: 9 });
    expect(first).toEqual({ next: { at: AT, askAt: AT + 60 * S, isSaid: false }, say: undefined });
    if (first.next === undefined) throw new Error('it must ask again');
    const second = heardDoubt(first.next, { doubted: true, failing: 7, known: 9 });
    expect(second).toEqual({ next: undefined, say: expect.stringContaining('7 of 9') });
  });

  it('that has said it at once does not say it again', () => {
    const { next, say } = heardDoubt(beginAsking(AT), { doubted: true, failing: 3, known: 9 });
    expect(say).toContain('3 of 9');
    expect(next && heardDoubt(next, { doubted: true, failing: 7, known: 9 })).toEqual({
      next: undefined,
      say: undefined,
    });
  });

  it('gives up after ten minutes without an answer', () => {
    expect(isGivenUp(beginAsking(AT), AT + 600 * S)).toBe(false);
    expect(isGivenUp(beginAsking(AT), AT + 601 * S)).toBe(true);
  });

  it.each([
    ['up', 'suspect', true],
    ['up', 'refused-us', true],
    ['suspect', 'down', false],
    ['recovering', 'up', false],
    ['up', 'up', false],
  ] as const)('from %s to %s: asks %s', (from, to, expected) => {
    expect(isTrouble({ at: AT, from, to, why: '' } as never, healthy(AT))).toBe(expected);
  });
});
