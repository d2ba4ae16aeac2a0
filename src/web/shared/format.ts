/** How times and sizes are worded. English with a 24-hour clock, in the reader's own time zone. */

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;

const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' });
const dayAndMonth = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' });

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

/** For a sentence: `14:02`, or `3 Nov, 14:02` when it was not today. */
export function sinceTime(atMs: number, nowMs: number): string {
  return calendarDaysBetween(atMs, nowMs) <= 0
    ? clock.format(atMs)
    : `${dayAndMonth.format(atMs)}, ${clock.format(atMs)}`;
}

/** `Monday 23 November 2026 at 14:02` */
export function fullTime(atMs: number): string {
  return full.format(atMs);
}

/** Decimal units, as mail programs and providers state their limits. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function calendarDaysBetween(atMs: number, nowMs: number): number {
  return Math.round((startOfDay(nowMs) - startOfDay(atMs)) / DAY_MS);
}

function startOfDay(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}
