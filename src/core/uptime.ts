/**
 * How a gateway has answered, minute by minute: 60 of them in a line of text, 400 days of lines. What a minute without any answer
 * was like is what the last one heard was like. Pure.
 */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** More than a year, so that the same week of last year can be looked at. */
export const KEPT_MS = 400 * 86_400_000;

/** Answers of one minute: messages taken; and failures, of messages and of probes. 0 and 0: a probe was answered, and nothing else. */
export type MinuteCount = { readonly delivered: number; readonly failing: number };

/** One hour, at most 60 long; undefined: nobody asked in that minute. */
export type HourOfMinutes = readonly (MinuteCount | undefined)[];

/** `hour`: hours since the epoch */
export type HourRecord = { readonly hour: number; readonly minutes: HourOfMinutes };

const MINUTES = 60;
const RADIX = 36;

/** `d/f,,d,…`: 600 characters in the busiest of hours, none for minutes in which nothing was heard. */
export function encodeHour(minutes: HourOfMinutes): string {
  return Array.from({ length: MINUTES }, (_, minute) => encodeMinute(minutes[minute]))
    .join(',')
    .replace(/,+$/, '');
}

export function decodeHour(text: string): HourOfMinutes {
  return text === '' ? [] : text.split(',').map(decodeMinute);
}

/** `minute`: 0-59 */
export function addedTo(minutes: HourOfMinutes, minute: number, count: MinuteCount): HourOfMinutes {
  const before = minutes[minute] ?? { delivered: 0, failing: 0 };
  const after = { delivered: before.delivered + count.delivered, failing: before.failing + count.failing };
  return Array.from({ length: Math.max(minutes.length, minute + 1) }, (_, index) =>
    index === minute ? after : minutes[index],
  );
}

export function lastHeard(minutes: HourOfMinutes): MinuteCount | undefined {
  return minutes.findLast((minute) => minute !== undefined);
}

/** More failed than was taken. A minute with half of each is one in which mail goes through. */
export function isFailing({ delivered, failing }: MinuteCount): boolean {
  return failing > delivered;
}

/** 0-1 */
export function failingShare({ delivered, failing }: MinuteCount): number {
  return failing === 0 ? 0 : failing / (delivered + failing);
}

export type HourCount = MinuteCount & { readonly at: number };

export type Uptime = {
  readonly delivered: number;
  readonly failing: number;
  /** the first minute that was heard; undefined when none was */
  readonly since: number | undefined;
  /** of the minutes since then */
  readonly percent: number | undefined;
  readonly hours: readonly HourCount[];
  /** those in which something failed */
  readonly minutes: readonly HourCount[];
};

/** `records`: oldest first. `to`: epoch ms */
export function uptimeOf(records: readonly HourRecord[], to: number): Uptime {
  const heard = records.flatMap(countsOf);
  const hours = records.map(({ hour, minutes }) => ({ at: hour * HOUR_MS, ...sum(minutes) }));
  return {
    ...sum(hours),
    since: heard[0]?.at,
    percent: percentOf(heard, to),
    hours,
    minutes: heard.filter(({ failing }) => failing > 0),
  };
}

function percentOf(heard: readonly HourCount[], to: number): number | undefined {
  const [first] = heard;
  if (first === undefined) return undefined;
  const wholeMs = Math.max(MINUTE_MS, to - first.at);
  const failingMs = heard
    .map((count, index) => (isFailing(count) ? (heard[index + 1]?.at ?? first.at + wholeMs) - count.at : 0))
    .reduce((total, ms) => total + ms, 0);
  return (100 * (wholeMs - failingMs)) / wholeMs;
}

function countsOf({ hour, minutes }: HourRecord): readonly HourCount[] {
  return minutes.flatMap((count, minute) =>
    count === undefined ? [] : [{ at: hour * HOUR_MS + minute * MINUTE_MS, ...count }],
  );
}

function sum(counts: readonly (MinuteCount | undefined)[]): MinuteCount {
  let [delivered, failing] = [0, 0];
  for (const count of counts) {
    delivered += count?.delivered ?? 0;
    failing += count?.failing ?? 0;
  }
  return { delivered, failing };
}

function encodeMinute(count: MinuteCount | undefined): string {
  if (count === undefined) return '';
  const { delivered, failing } = count;
  return failing === 0 ? delivered.toString(RADIX) : `${delivered.toString(RADIX)}/${failing.toString(RADIX)}`;
}

function decodeMinute(text: string): MinuteCount | undefined {
  if (text === '') return undefined;
  const [delivered = '0', failing = '0'] = text.split('/');
  return { delivered: Number.parseInt(delivered, RADIX), failing: Number.parseInt(failing, RADIX) };
}
