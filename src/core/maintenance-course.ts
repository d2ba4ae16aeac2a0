/**
 * The course of planned work: what begins, goes on or ends at a moment, given what was under way before. An edge is acted on once,
 * however often it is asked, and whatever was missed while nobody asked is made up for. Pure, plain data.
 */
import type { MaintenanceWindow } from './client.ts';
import { bySignificance, isOpen, nextEdge, type Occurrence, type OpenWindow, windowsAt } from './maintenance.ts';

export type Course = {
  /** of the configuration it was reckoned from: another one is reckoned anew */
  readonly version: number;
  /** `end` is what was planned or, if later, what it was extended to */
  readonly open: UnderWay | undefined;
  /** the one that ended last by itself, which may still be extended for a while */
  readonly ended: (OpenWindow & { readonly endedAt: number }) | undefined;
  /** ended by people before their time: they do not open again, unless their end is planned anew */
  readonly over: readonly (Occurrence & { readonly id: string })[];
  /** when there is something to do next */
  readonly dueAt: number | undefined;
};

/** `extendedTo`: people asked for longer than was planned */
export type UnderWay = OpenWindow & { readonly extendedTo?: number };

/** `continues`: until another time than was said before */
export type Happening = { readonly kind: 'begins' | 'continues' | 'ends'; readonly window: OpenWindow };

export type CourseStep = { readonly course: Course; readonly happenings: readonly Happening[] };

export type Planned = { readonly version: number; readonly windows: readonly MaintenanceWindow[] };

// Work that runs over is noticed by those who do it, if not at once; later than this it is a new decision.
const EXTENSION_GRACE_MS = 1_800_000;

const NOTHING: Omit<Course, 'version' | 'dueAt'> = { open: undefined, ended: undefined, over: [] };

/** To be asked whenever the configuration has changed, and when `dueAt` has come. */
export function reckon(before: Course | undefined, { version, windows }: Planned, now: number): CourseStep {
  const { open: known, ended, over } = before ?? NOTHING;
  const stillOver = over.filter(({ end }) => end > now);
  const open = candidates(known, windows, now).filter((one) => !stillOver.some((past) => isSameSpan(past, one)))[0];
  const happenings = compare(known, open);
  const hasEnded = known !== undefined && happenings.some(({ kind }) => kind === 'ends');
  const dueAt = earliest(nextEdge(windows, now), open?.end);
  return {
    course: { version, open, ended: hasEnded ? { ...known, endedAt: now } : ended, over: stillOver, dueAt },
    happenings,
  };
}

/** Undefined when nothing is under way, and nothing that ended a moment ago is still felt. */
export function extend(
  course: Course | undefined,
  ms: number,
  { now, isStillFelt }: { readonly now: number; readonly isStillFelt: boolean },
): CourseStep | undefined {
  if (course === undefined) return undefined;
  const { open, ended } = course;
  if (open !== undefined) return prolong(course, open, open.end + ms);
  const mayResume = isStillFelt && ended !== undefined && now - ended.endedAt <= EXTENSION_GRACE_MS;
  return mayResume ? prolong(course, ended, now + ms) : undefined;
}

/** People say that the work is done: everything under way ends now. */
export function endEarly(course: Course | undefined, { windows }: Planned, now: number): CourseStep | undefined {
  if (course?.open === undefined) return undefined;
  const { open } = course;
  const over = [...course.over, ...windowsAt(windows, now), open].map(({ id, begin, end }) => ({ id, begin, end }));
  return {
    course: { ...course, open: undefined, ended: undefined, over },
    happenings: [{ kind: 'ends', window: open }],
  };
}

function prolong(course: Course, { id, title, meaning, begin }: OpenWindow, until: number): CourseStep {
  const open: UnderWay = { id, title, meaning, begin, end: until, extendedTo: until };
  return {
    course: { ...course, open, ended: undefined, dueAt: earliest(course.dueAt, until) },
    happenings: [{ kind: 'continues', window: open }],
  };
}

/** What is open by the plan, and what people have extended beyond it, as long as the plan still has it. */
function candidates(
  known: UnderWay | undefined,
  windows: readonly MaintenanceWindow[],
  now: number,
): readonly UnderWay[] {
  const planned = windowsAt(windows, now);
  if (known?.extendedTo === undefined || !isOpen(known, now)) return planned;
  const { extendedTo } = known;
  const extended = planned.map((one) =>
    isSame(one, known) && one.end < extendedTo ? { ...one, end: extendedTo, extendedTo } : one,
  );
  const isPlanned = planned.some((one) => isSame(one, known));
  const isKept = isPlanned || !windows.some(({ id }) => id === known.id);
  return [...extended, ...(isKept ? [] : [known])].sort(bySignificance);
}

function compare(before: OpenWindow | undefined, after: OpenWindow | undefined): readonly Happening[] {
  if (before !== undefined && after !== undefined && isSame(before, after) && before.meaning === after.meaning) {
    const isUnchanged = before.end === after.end && before.title === after.title;
    return isUnchanged ? [] : [{ kind: 'continues', window: after }];
  }
  return [
    ...(before === undefined ? [] : [{ kind: 'ends', window: before } as const]),
    ...(after === undefined ? [] : [{ kind: 'begins', window: after } as const]),
  ];
}

type Keyed = { readonly id: string; readonly begin: number };

function isSame(one: Keyed, other: Keyed): boolean {
  return one.id === other.id && one.begin === other.begin;
}

function isSameSpan(one: Keyed & Occurrence, other: Keyed & Occurrence): boolean {
  return isSame(one, other) && one.end === other.end;
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
