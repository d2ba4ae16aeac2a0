/**
 * Planned work on the gateway: which window is open, when the next one begins or ends. Epoch milliseconds in and out; the client's
 * local times are read by the rules of its zone. A local time that the clock jumps over means the jump; one that exists twice means
 * the first for a begin and the second for an end: a window is rather too long than too short. Pure.
 */
import { addDays, civilAt, instantOf, MINUTE_MS, parseCivilTime, weekdayOf } from './civil-time.ts';
import type { MaintenanceWindow } from './client.ts';
import type { HealthPlan } from './health-state.ts';

/** Open at t while begin <= t < end. */
export type Occurrence = { readonly begin: number; readonly end: number };

export type OpenWindow = Occurrence & Pick<MaintenanceWindow, 'id' | 'title' | 'meaning'>;

/** Where several are open: one for which mailboxes open, then the one that ends last. */
export function windowAt(windows: readonly MaintenanceWindow[], now: number): OpenWindow | undefined {
  return windowsAt(windows, now)[0];
}

/** All that are open, the one that counts first. */
export function windowsAt(windows: readonly MaintenanceWindow[], now: number): readonly OpenWindow[] {
  return windows
    .flatMap((window) => occurrencesAround(window, now).map((occurrence) => named(window, occurrence)))
    .filter((open) => isOpen(open, now))
    .sort(bySignificance);
}

/** The next begin or end of any of them, later than now. */
export function nextEdge(windows: readonly MaintenanceWindow[], now: number): number | undefined {
  const edges = windows
    .flatMap((window) => occurrencesAround(window, now))
    .flatMap(({ begin, end }) => [begin, end])
    .filter((edge) => edge > now);
  return edges.length === 0 ? undefined : Math.min(...edges);
}

/** The occurrence that is open or comes next. */
export function nextOccurrence(window: MaintenanceWindow, now: number): Occurrence | undefined {
  return occurrencesAround(window, now)
    .filter(({ end }) => end > now)
    .sort((one, other) => one.begin - other.begin)[0];
}

/** While mail is only to be kept, nothing opens and nobody is asked, whatever is crossed. */
export function planDuring(plan: HealthPlan, open: Pick<OpenWindow, 'meaning'> | undefined): HealthPlan {
  return open?.meaning === 'keep' ? { ...plan, failover: 'manual' } : plan;
}

export function bySignificance(one: OpenWindow, other: OpenWindow): number {
  if (one.meaning !== other.meaning) return one.meaning === 'failover' ? -1 : 1;
  return other.end - one.end;
}

export function isOpen({ begin, end }: Occurrence, now: number): boolean {
  return begin <= now && now < end;
}

// A window of a day that began yesterday may be open; a week ahead lies the next one of any weekday. A day more to each side, for
// the local day is not the day of UTC.
const DAYS_BACK = 2;
const DAYS_AHEAD = 8;

/** All that could be open now or be the next. One that lies wholly in an hour that the clock skips does not take place. */
function occurrencesAround(window: MaintenanceWindow, now: number): readonly Occurrence[] {
  const { timeZone, when } = window;
  switch (when.kind) {
    case 'once': {
      const [from, to] = [parseCivilTime(when.from), parseCivilTime(when.to)];
      if (from === undefined || to === undefined) return [];
      const occurrence = { begin: instantOf(from, timeZone, 'first'), end: instantOf(to, timeZone, 'second') };
      return occurrence.begin < occurrence.end ? [occurrence] : [];
    }
    case 'weekly': {
      const today = civilAt(now, timeZone);
      const minute = minuteOfDay(when.from);
      return daysAround()
        .map((days) => ({ ...addDays(today, days), minute }))
        .filter((day) => when.weekdays.includes(weekdayOf(day)))
        .map((day) => instantOf(day, timeZone, 'first'))
        .map((begin) => ({ begin, end: begin + when.minutes * MINUTE_MS }));
    }
  }
}

function daysAround(): readonly number[] {
  return Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, index) => index - DAYS_BACK);
}

function minuteOfDay(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
}

function named({ id, title, meaning }: MaintenanceWindow, occurrence: Occurrence): OpenWindow {
  return { ...occurrence, id, title, meaning };
}
