import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayLeaveAt, paced, startPacing } from '../../src/core/pacing.ts';
import { progressOf } from '../../src/core/progress.ts';

/** Sends as fast as the pace allows, each send late by up to `lateMs`; answers the times. */
function send(count: number, perMinute: number, lateMs: readonly number[] = []): number[] {
  let pacing = startPacing(0);
  let now = 0;
  return Array.from({ length: count }, (_, n) => {
    now =
      Math.max(now, mayLeaveAt(pacing, { messagesPerMinute: perMinute })) +
      (lateMs[n % Math.max(1, lateMs.length)] ?? 0);
    pacing = paced(pacing, now, { messagesPerMinute: perMinute }, 1_000);
    return now;
  });
}

describe('pacing', () => {
  it('lets the first message leave at once and the second one interval later: no opening burst', () => {
    expect(send(3, 60)).toEqual([0, 1_000, 2_000]);
  });

  it('never lets more than the rate and one second of it leave in any minute', () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), lateness, (perMinute, late) => {
        const times = send(200, perMinute, late);
        for (const [index, from] of times.entries()) {
          const inMinute = times.slice(index).filter((at) => at < from + 60_000).length;
          expect(inMinute).toBeLessThanOrEqual(perMinute + Math.ceil(perMinute / 60) + 1);
        }
      }),
    );
  });

  it('holds the average within 2 % when every send is a little late', () => {
    const times = send(601, 600, [0, 30, 10, 60]);
    const last = times.at(-1) ?? 0;
    expect(last / 60_000).toBeGreaterThan(0.98);
    expect(last / 60_000).toBeLessThan(1.02);
  });

  it('takes a new rate with the next message, faster or slower', () => {
    const left = paced(startPacing(0), 0, { messagesPerMinute: 6 }, 0);
    expect(mayLeaveAt(left, { messagesPerMinute: 6 })).toBe(10_000);
    expect(mayLeaveAt(left, { messagesPerMinute: 600 })).toBe(100);
    expect(mayLeaveAt(left, { messagesPerMinute: 1 })).toBe(60_000);
    const large = paced(startPacing(0), 0, { messagesPerMinute: 600, bytesPerMinute: 5_242_880 }, 26_214_400);
    expect(mayLeaveAt(large, { messagesPerMinute: 600, bytesPerMinute: 5_242_880 })).toBe(300_000);
    expect(mayLeaveAt(large, { messagesPerMinute: 600 })).toBe(100);
  });

  it('saves up no credit over an idle hour beyond a second of catching up', () => {
    let pacing = startPacing(0);
    const now = 3_600_000;
    let sent = 0;
    while (mayLeaveAt(pacing, { messagesPerMinute: 60 }) <= now) {
      pacing = paced(pacing, now, { messagesPerMinute: 60 }, 0);
      sent += 1;
    }
    expect(sent).toBeLessThanOrEqual(2);
  });

  it('holds messages and bytes each to their rate, whichever is the narrower', () => {
    const pace = { messagesPerMinute: 600, bytesPerMinute: 6_000_000 };
    const leave = (sizeBytes: number) => mayLeaveAt(paced(startPacing(0), 0, pace, sizeBytes), pace);
    expect(leave(1_000)).toBe(100);
    expect(leave(1_000_000)).toBe(10_000);
  });

  it('lets a message larger than a minute of bytes leave, and makes the next one wait for it', () => {
    const pace = { messagesPerMinute: 600, bytesPerMinute: 6_000_000 };
    expect(mayLeaveAt(startPacing(0), pace)).toBe(0);
    expect(mayLeaveAt(paced(startPacing(0), 0, pace, 26_214_400), pace)).toBeCloseTo(262_144, 0);
  });

  it('never lets more bytes leave in a minute than the rate, a second of it, and the message that was leaving', () => {
    const sizes = fc.array(fc.integer({ min: 100, max: 2_000_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1_000_000, max: 60_000_000 }), (some, bytesPerMinute) => {
        let pacing = startPacing(0);
        let now = 0;
        const left = Array.from({ length: 150 }, (_, n) => {
          const sizeBytes = some[n % some.length] ?? 0;
          const pace = { messagesPerMinute: 60_000, bytesPerMinute };
          now = Math.max(now, mayLeaveAt(pacing, pace));
          pacing = paced(pacing, now, pace, sizeBytes);
          return { at: now, sizeBytes };
        });
        const largest = Math.max(...some);
        for (const { at: from } of left) {
          const inMinute = left.filter(({ at }) => at >= from && at < from + 60_000);
          const bytes = inMinute.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          expect(bytes).toBeLessThanOrEqual(bytesPerMinute * (61 / 60) + 2 * largest);
        }
      }),
    );
  });
});

describe('the rate of a replay, as it is measured', () => {
  const given = (count: number, everyMs: number) =>
    Array.from({ length: count }, (_, n) => ({ at: n * everyMs, sizeBytes: 1_000 }));

  it('is the rate of what left, from the first seconds on', () => {
    expect(progressOf(given(21, 500), 120, 10_000)).toEqual({
      messagesPerMinute: 120,
      bytesPerMinute: 120_000,
      endsAt: 70_000,
    });
    expect(progressOf(given(601, 100), 0, 60_000).messagesPerMinute).toBeCloseTo(598, -1);
  });

  it('is none while nothing moves, and nobody is promised an end', () => {
    expect(progressOf([], 5, 1_000)).toMatchObject({ messagesPerMinute: 0, endsAt: null });
    expect(progressOf(given(10, 100), 5, 120_000)).toMatchObject({ messagesPerMinute: 0, endsAt: null });
  });
});
