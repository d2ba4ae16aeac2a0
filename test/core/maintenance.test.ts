/** Planned work in local time: what the clock skips, what it has twice, and what is open when. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilAt, instantOf, parseCivilTime, weekdayOf } from '../../src/core/civil-time.ts';
import type { MaintenanceWindow } from '../../src/core/client.ts';
import { nextEdge, nextOccurrence, windowAt } from '../../src/core/maintenance.ts';

type When = MaintenanceWindow['when'];
type Rest = Partial<Omit<MaintenanceWindow, 'when' | 'timeZone'>>;

function plan(timeZone: string, when: When, rest: Rest = {}): MaintenanceWindow {
  return { id: 'work', title: 'work', meaning: 'keep', ...rest, timeZone, when };
}

function once(timeZone: string, from: string, to: string, rest: Rest = {}): MaintenanceWindow {
  return plan(timeZone, { kind: 'once', from, to }, rest);
}

const utc = (text: string) => Date.parse(`${text}Z`);

describe('a window of a local time', () => {
  // Clocks change in Berlin on 2026-03-29 (2 → 3) and 2026-10-25 (3 → 2), in New York on 2026-03-08 (2 → 3) and 2026-11-01 (2 → 1),
  // on Lord Howe Island by half an hour on 2026-10-04 (2 → 2:30) and 2026-04-05 (2 → 1:30), in Kolkata never.
  it.each([
    ['winter', 'Europe/Berlin', '2026-12-01T22:00', '2026-12-01T23:30', '2026-12-01T21:00', '2026-12-01T22:30'],
    ['summer', 'Europe/Berlin', '2026-07-01T22:00', '2026-07-02T01:00', '2026-07-01T20:00', '2026-07-01T23:00'],
    ['no change', 'Asia/Kolkata', '2026-03-29T02:15', '2026-03-29T03:15', '2026-03-28T20:45', '2026-03-28T21:45'],
    ['leap day', 'UTC', '2028-02-29T23:00', '2028-03-01T01:00', '2028-02-29T23:00', '2028-03-01T01:00'],
    ['begin skipped', 'Europe/Berlin', '2026-03-29T02:30', '2026-03-29T04:00', '2026-03-29T01:00', '2026-03-29T02:00'],
    ['end skipped', 'Europe/Berlin', '2026-03-29T01:00', '2026-03-29T02:30', '2026-03-29T00:00', '2026-03-29T01:00'],
    ['both twice', 'Europe/Berlin', '2026-10-25T02:15', '2026-10-25T02:45', '2026-10-25T00:15', '2026-10-25T01:45'],
    ['end twice', 'Europe/Berlin', '2026-10-25T01:00', '2026-10-25T02:00', '2026-10-24T23:00', '2026-10-25T01:00'],
    ['skipped', 'America/New_York', '2026-03-08T02:01', '2026-03-08T05:00', '2026-03-08T07:00', '2026-03-08T09:00'],
    ['twice', 'America/New_York', '2026-11-01T01:30', '2026-11-01T01:30', '2026-11-01T05:30', '2026-11-01T06:30'],
    [
      'half skipped',
      'Australia/Lord_Howe',
      '2026-10-04T02:10',
      '2026-10-04T03:00',
      '2026-10-03T15:30',
      '2026-10-03T16:00',
    ],
    [
      'half twice',
      'Australia/Lord_Howe',
      '2026-04-05T01:45',
      '2026-04-05T01:50',
      '2026-04-04T14:45',
      '2026-04-04T15:20',
    ],
  ])('%s: %s %s to %s', (_, zone, from, to, begin, end) => {
    const window = once(zone, from, to);
    expect(nextOccurrence(window, 0)).toEqual({ begin: utc(begin), end: utc(end) });
    expect(windowAt([window], utc(begin) - 1)).toBeUndefined();
    expect(windowAt([window], utc(begin))).toMatchObject({ begin: utc(begin), end: utc(end) });
    expect(windowAt([window], utc(end) - 1)).toMatchObject({ id: 'work' });
    expect(windowAt([window], utc(end))).toBeUndefined();
    expect(nextEdge([window], utc(begin) - 1)).toBe(utc(begin));
    expect(nextEdge([window], utc(begin))).toBe(utc(end));
    expect(nextEdge([window], utc(end))).toBeUndefined();
  });

  it('that lies wholly in an hour which the clock skips does not take place', () => {
    const window = once('Europe/Berlin', '2026-03-29T02:10', '2026-03-29T02:50');
    expect(nextOccurrence(window, 0)).toBeUndefined();
    expect(nextEdge([window], utc('2026-03-29T00:00'))).toBeUndefined();
  });

  it('every week keeps its local hour when the clocks change', () => {
    const window = plan('Europe/Berlin', { kind: 'weekly', weekdays: [7], from: '22:00', minutes: 120 });
    const before = utc('2026-03-22T21:00');
    const after = utc('2026-03-29T20:00');
    expect(nextEdge([window], before - 1)).toBe(before);
    expect(windowAt([window], before)).toMatchObject({ begin: before, end: before + 7_200_000 });
    expect(nextEdge([window], before + 7_200_000)).toBe(after);
    expect(windowAt([window], after)).toMatchObject({ begin: after, end: after + 7_200_000 });
  });

  it('that began yesterday is open past midnight', () => {
    const window = plan('America/New_York', { kind: 'weekly', weekdays: [6], from: '23:30', minutes: 180 });
    expect(windowAt([window], utc('2026-06-07T06:29'))).toMatchObject({ begin: utc('2026-06-07T03:30') });
    expect(windowAt([window], utc('2026-06-07T06:30'))).toBeUndefined();
  });
});

it('where several are open, the one for which mailboxes open counts, then the one that ends last', () => {
  const at = utc('2026-06-01T10:00');
  const short = once('UTC', '2026-06-01T09:00', '2026-06-01T11:00', { id: 'short' });
  const long = once('UTC', '2026-06-01T09:00', '2026-06-01T18:00', { id: 'long' });
  const open = once('UTC', '2026-06-01T09:30', '2026-06-01T10:30', { id: 'open', meaning: 'failover' });
  expect(windowAt([short, long], at)?.id).toBe('long');
  expect(windowAt([long, open, short], at)?.id).toBe('open');
});

const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
const instants = fc.integer({ min: utc('2024-01-01T00:00'), max: utc('2032-01-01T00:00') });
const two = (number: number) => String(number).padStart(2, '0');
const localText = instants.map((at) => new Date(at).toISOString().slice(0, 16));
const clock = fc.nat(1439).map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`);
const someDays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
const when: fc.Arbitrary<When> = fc.oneof(
  fc.record({ kind: fc.constant('once' as const), from: localText, to: localText }).map(({ kind, from, to }) => ({
    kind,
    from: from < to ? from : to,
    to: from < to ? to : from,
  })),
  fc.record({
    kind: fc.constant('weekly' as const),
    weekdays: someDays,
    from: clock,
    minutes: fc.integer({ min: 1, max: 1440 }),
  }),
);
const window = fc.tuple(zones, when, fc.constantFrom('keep' as const, 'failover' as const));
const windows = fc
  .array(window, { maxLength: 4 })
  .map((all) => all.map(([zone, at, meaning], index) => plan(zone, at, { id: `w${index}`, meaning })));

describe('for every plan and every moment', () => {
  it('an open window has begun and has not ended', () => {
    fc.assert(
      fc.property(windows, instants, (plans, now) => {
        const open = windowAt(plans, now);
        if (open !== undefined) expect(open.begin <= now && now < open.end).toBe(true);
      }),
    );
  });

  it('the next edge is ahead, and nothing opens or closes before it', () => {
    fc.assert(
      fc.property(windows, instants, fc.double({ min: 0, max: 1, noNaN: true }), (plans, now, share) => {
        const edge = nextEdge(plans, now);
        const between = edge === undefined ? now + share * 1e9 : now + share * (edge - now - 1);
        if (edge !== undefined) expect(edge).toBeGreaterThan(now);
        expect(windowAt(plans, Math.floor(between))).toEqual(windowAt(plans, now));
      }),
    );
  });

  it('an instant read as local time means that instant again, by its first or its second reading', () => {
    fc.assert(
      fc.property(zones, instants, (zone, at) => {
        const minute = Math.floor(at / 60_000) * 60_000;
        const local = civilAt(minute, zone);
        expect([instantOf(local, zone, 'first'), instantOf(local, zone, 'second')]).toContain(minute);
        const shown = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'short' }).format(minute);
        expect(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][weekdayOf(local) - 1]).toBe(shown);
      }),
    );
  });
});

it.each(['2026-02-29T10:00', '2026-04-31T10:00', '2100-02-29T00:00'])('%s is on no calendar', (text) => {
  expect(parseCivilTime(text)).toBeUndefined();
});
