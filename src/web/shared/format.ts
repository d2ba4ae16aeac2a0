/** How times and sizes are worded. English with a 24-hour clock, in the reader's own time zone. */

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;

const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' });
const dayAndMonth = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' });

const exact = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const UNITS = [
  ['day', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

export function clockTime(atMs: number): string {
  return clock.format(atMs);
}

/** Short, for a list: `14:02`, `Yesterday`, `Mon`, `3 Nov`, `3 Nov 2025`. */
export function listTime(atMs: number, nowMs: number): string {
  const days = calendarDaysBetween(atMs, nowMs);
  if (days <= 0) return clock.format(atMs);
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekday.format(atMs);
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (sameYear ? dayAndMonth : dayMonthYear).format(atMs);
}

/** For a sentence: `14:02`, or `3 Nov, 14:02` when it was or will be on another day. */
export function sinceTime(atMs: number, nowMs: number): string {
  return calendarDaysBetween(atMs, nowMs) === 0
    ? clock.format(atMs)
    : `${dayAndMonth.format(atMs)}, ${clock.format(atMs)}`;
}

/** `Monday 23 November 2026 at 14:02` */
export function fullTime(atMs: number): string {
  return full.format(atMs);
}

/** `24 Nov, 14:02:07`: to the second, where replies of a server are compared. */
export function exactTime(atMs: number): string {
  return exact.format(atMs);
}

/** `2026-11-24 13:02:07 UTC`, as server logs have it. */
export function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** In at most two units: `45 s`, `1 min 30 s`, `2 h`, `3 days 4 h`. */
export function span(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0) parts.push(unit === 'day' ? counted(amount, unit) : `${amount} ${unit}`);
    // Seconds beside days say nothing.
    if (parts.length === 2 || (parts.length === 1 && amount === 0)) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** Decimal units, as mail programs and providers state their limits. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count.toLocaleString(LOCALE)} ${noun}s`;
}

function calendarDaysBetween(atMs: number, nowMs: number): number {
  return Math.round((startOfDay(nowMs) - startOfDay(atMs)) / DAY_MS);
}

function startOfDay(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}
