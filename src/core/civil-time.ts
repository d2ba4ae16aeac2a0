/**
 * Local times of a zone as epoch milliseconds and back, by the zone's rules in Intl. Pure.
 * Twice a year a zone skips some local times and has others twice; what is meant then is said by the caller (`Fold`).
 */

/** `minute`: of the day */
export type CivilTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly minute: number;
};

/** Which instant a local time means that exists twice. */
export type Fold = 'first' | 'second';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** From `2026-12-01T22:00`, whose shape has been checked; undefined for a day that no calendar has. */
export function parseCivilTime(text: string): CivilTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  const civil = { year, month, day, minute: hour * 60 + minute };
  return sameDay(civilOf(utcOf(civil)), civil) ? civil : undefined;
}

/** 1 (Monday) to 7. */
export function weekdayOf(civil: CivilTime): number {
  // The first day of the epoch was a Thursday.
  const days = Math.floor(utcOf(civil) / DAY_MS);
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

export function addDays(civil: CivilTime, days: number): CivilTime {
  return civilOf(utcOf(civil) + days * DAY_MS);
}

/** A local time that the clock jumps over means the instant of the jump. */
export function instantOf(civil: CivilTime, timeZone: string, fold: Fold): number {
  const asUtc = utcOf(civil);
  // No zone is more than 14 h from UTC, so a day to each side lies before and after any change that concerns this time.
  const [before, after] = [asUtc - DAY_MS, asUtc + DAY_MS];
  const candidates = [offsetAt(before, timeZone), offsetAt(after, timeZone)]
    .map((offset) => asUtc - offset)
    .filter((instant) => instant + offsetAt(instant, timeZone) === asUtc);
  if (candidates.length === 0) return jumpBetween(before, after, timeZone);
  return fold === 'first' ? Math.min(...candidates) : Math.max(...candidates);
}

/** The local day and minute at an instant. */
export function civilAt(instant: number, timeZone: string): CivilTime {
  return civilOf(instant + offsetAt(instant, timeZone));
}

/** The first instant of the offset that `after` has; `before` has another. */
function jumpBetween(before: number, after: number, timeZone: string): number {
  const offset = offsetAt(after, timeZone);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, timeZone) === offset) high = middle;
    else low = middle;
  }
  return high;
}

function offsetAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const civil = {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    minute: part('hour') * 60 + part('minute'),
  };
  const whole = Math.floor(instant / 1000) * 1000;
  return utcOf(civil) + part('second') * 1000 - whole;
}

// Making a format costs a hundred times what using it costs.
const formats = new Map<string, Intl.DateTimeFormat>();
// An isolate meets the zones of its clients, a handful each; whoever makes up spellings of zones must not fill its memory.
const MAX_FORMATS = 200;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  if (formats.size > MAX_FORMATS) formats.delete(formats.keys().next().value ?? timeZone);
  return format;
}

function sameDay(one: CivilTime, other: CivilTime): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

/** The calendar's own arithmetic, in years that begin in March so that the leap day comes last. */
function utcOf({ year, month, day, minute }: CivilTime): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * DAYS_OF_ERA + dayOfEra - DAYS_TO_EPOCH) * DAY_MS + minute * MINUTE_MS;
}

function civilOf(utc: number): CivilTime {
  const days = Math.floor(utc / DAY_MS) + DAYS_TO_EPOCH;
  const era = Math.floor(days / DAYS_OF_ERA);
  const dayOfEra = days - era * DAYS_OF_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    minute: Math.floor((utc - Math.floor(utc / DAY_MS) * DAY_MS) / MINUTE_MS),
  };
}

// 400 Gregorian years, and from 1 March of the year 0 to the epoch.
const DAYS_OF_ERA = 146_097;
const DAYS_TO_EPOCH = 719_468;
