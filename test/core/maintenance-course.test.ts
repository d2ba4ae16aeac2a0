/** What becomes of planned work: begun once, ended once, extended, ended early, whatever was missed in between. */
import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../src/core/client.ts';
import { type Course, endEarly, extend, reckon } from '../../src/core/maintenance-course.ts';

const MINUTE = 60_000;
const at = (clock: string) => Date.parse(`2026-12-01T${clock}Z`);

function window(from: string, to: string, rest: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  const when = { kind: 'once', from: `2026-12-01T${from}`, to: `2026-12-01T${to}` } as const;
  return { id: 'work', title: 'new disks', timeZone: 'UTC', meaning: 'failover', when, ...rest };
}

const NIGHT = { version: 1, windows: [window('22:00', '23:00')] };
const said = (step: ReturnType<typeof reckon>) => step.happenings.map(({ kind, window: { id } }) => `${kind} ${id}`);

/** The course after asking at each of these times. */
function askedAt(...clocks: readonly string[]): Course | undefined {
  return clocks.reduce<Course | undefined>((course, clock) => reckon(course, NIGHT, at(clock)).course, undefined);
}

describe('reckon', () => {
  it('begins a window and ends it, each once, and says when to ask again', () => {
    const first = reckon(undefined, NIGHT, at('21:00'));
    expect([said(first), first.course.dueAt]).toEqual([[], at('22:00')]);
    const begun = reckon(first.course, NIGHT, at('22:00'));
    expect([said(begun), begun.course.dueAt]).toEqual([['begins work'], at('23:00')]);
    expect(said(reckon(begun.course, NIGHT, at('22:30')))).toEqual([]);
    const ended = reckon(begun.course, NIGHT, at('23:00'));
    expect([said(ended), ended.course.dueAt]).toEqual([['ends work'], undefined]);
    expect(said(reckon(ended.course, NIGHT, at('23:01')))).toEqual([]);
  });

  it('makes up for an end that nobody was there to see', () => {
    expect(said(reckon(askedAt('22:10'), NIGHT, at('23:50')))).toEqual(['ends work']);
  });

  it.each<readonly [string, readonly MaintenanceWindow[], readonly string[]]>([
    ['removed', [], ['ends work']],
    ['ends later', [window('22:00', '23:30')], ['continues work']],
    ['renamed', [window('22:00', '23:00', { title: 'other disks' })], ['continues work']],
    ['has ended by now', [window('22:00', '22:05')], ['ends work']],
    ['opens nothing any more', [window('22:00', '23:00', { meaning: 'keep' })], ['ends work', 'begins work']],
    [
      'one that opens mailboxes comes',
      [...NIGHT.windows, window('22:05', '22:50', { id: 'more' })].map((one) =>
        one.id === 'work' ? { ...one, meaning: 'keep' as const } : one,
      ),
      ['ends work', 'begins more'],
    ],
  ])('follows a plan that is changed under way: %s', (_, windows, expected) => {
    expect(said(reckon(askedAt('22:00'), { version: 2, windows }, at('22:10')))).toEqual(expected);
  });
});

describe('extend', () => {
  const felt = { isStillFelt: true };

  it('lengthens what is under way, beyond its planned end and only once', () => {
    const longer = extend(askedAt('22:00'), 30 * MINUTE, { now: at('22:50'), ...felt });
    expect(longer?.course.open?.end).toBe(at('23:30'));
    const still = reckon(longer?.course, NIGHT, at('23:00'));
    expect([said(still), still.course.dueAt]).toEqual([[], at('23:30')]);
    expect(said(reckon(still.course, NIGHT, at('23:30')))).toEqual(['ends work']);
  });

  it('is over when the window is taken out of the plan', () => {
    const longer = extend(askedAt('22:00'), 30 * MINUTE, { now: at('22:50'), ...felt });
    expect(said(reckon(longer?.course, { version: 2, windows: [] }, at('23:10')))).toEqual(['ends work']);
  });

  it.each<readonly [string, string, boolean, string | undefined]>([
    ['a moment after the end, while it is felt', '23:29', true, '23:39'],
    ['a moment after the end, when nobody feels it', '23:29', false, undefined],
    ['long after the end', '23:31', true, undefined],
  ])('%s', (_, clock, isStillFelt, until) => {
    const step = extend(askedAt('22:00', '23:00'), 10 * MINUTE, { now: at(clock), isStillFelt });
    expect(step?.course.open?.end).toBe(until === undefined ? undefined : at(until));
  });

  it('needs something to extend', () => {
    expect(extend(undefined, MINUTE, { now: at('12:00'), ...felt })).toBeUndefined();
    expect(extend(askedAt('21:00'), MINUTE, { now: at('21:00'), ...felt })).toBeUndefined();
  });
});

describe('endEarly', () => {
  it('ends what is under way for good, with all that is open beside it', () => {
    const plan = { version: 1, windows: [...NIGHT.windows, window('22:00', '22:40', { id: 'other' })] };
    const begun = reckon(undefined, plan, at('22:10'));
    const ended = endEarly(begun.course, plan, at('22:20'));
    expect(ended?.happenings.map(({ kind }) => kind)).toEqual(['ends']);
    expect(said(reckon(ended?.course, plan, at('22:30')))).toEqual([]);
    expect(said(reckon(ended?.course, plan, at('23:00')))).toEqual([]);
  });

  it('does not keep a new end from being planned', () => {
    const ended = endEarly(askedAt('22:00'), NIGHT, at('22:20'));
    const again = { version: 2, windows: [window('22:00', '23:45')] };
    expect(said(reckon(ended?.course, again, at('22:40')))).toEqual(['begins work']);
  });

  it('ends an extension as well', () => {
    const longer = extend(askedAt('22:00'), 30 * MINUTE, { now: at('22:50'), isStillFelt: true });
    const ended = endEarly(longer?.course, NIGHT, at('22:55'));
    expect(said(reckon(ended?.course, NIGHT, at('22:56')))).toEqual([]);
  });

  it('has nothing to do where nothing is under way', () => {
    expect(endEarly(askedAt('21:00'), NIGHT, at('21:30'))).toBeUndefined();
  });
});
