/** When a line of the timeline is told by mail: once, or again until somebody has seen it. Pure. */
import type { Heard, Urgency } from './timeline.ts';

/** A line, as far as its mails are concerned; all times epoch ms. */
export type TellableLine = {
  readonly urgency: Urgency;
  /** the last mail about it */
  readonly mailedAt: number | undefined;
  readonly acknowledgedAt: number | undefined;
  /** what it speaks of has ended; an alarm that comes back is not over any more */
  readonly overAt: number | undefined;
};

const MINUTE_MS = 60_000;
// For those who want no reminders: a server that is well for so long has been mended, and what comes then is news.
const FLICKER_MS = 30 * MINUTE_MS;
// Who is reminded once a day wants to hear of the afternoon's trouble all the same.
const LONGEST_FLICKER_MS = 60 * MINUTE_MS;

/** Trouble that comes back so soon after its end is the same trouble. */
function flickerMs(repeatMs: number): number {
  return repeatMs === 0 ? FLICKER_MS : Math.min(repeatMs, LONGEST_FLICKER_MS);
}

/** Alarms that ended after this come back as the same alarms. */
export function sameAlarmSince(now: number, repeatMs: number): number {
  return now - flickerMs(repeatMs);
}

/** `endMailedAt`: the last mail that said that the server takes mail again. */
export function heardOf(mailedAt: number | undefined, endMailedAt: number | undefined): Heard {
  if (mailedAt === undefined) return 'never';
  return endMailedAt !== undefined && endMailedAt >= mailedAt ? 'over' : 'begun';
}

/** Whether an alarm that comes back counts as seen: not if people have been told since that it is over. */
export function staysSeen(acknowledgedAt: number | undefined, endMailedAt: number | undefined): boolean {
  return heardOf(acknowledgedAt, endMailedAt) === 'begun';
}

export type NoticePlan = {
  /** 0: an alarm is told once */
  readonly repeatMs: number;
  /** no mail of any kind before; it ends by itself */
  readonly mutedUntil: number;
  /** no alarm before: planned work that is expected to look like a failure */
  readonly quietUntil: number;
  /** the last mail that said that the server takes mail again */
  readonly endMailedAt?: number | undefined;
};

// A mute that outlives the week it was meant for would hide the next outage.
export const LONGEST_MUTE_MS = 7 * 86_400_000;

/** When the line's next mail is due, which may have passed; undefined: never again. */
export function mailDueAt(line: TellableLine, plan: NoticePlan, now: number): number | undefined {
  switch (line.urgency) {
    case 'detail':
      return undefined;
    case 'turn':
      // Old news when a mute ends.
      return line.mailedAt !== undefined || now < plan.mutedUntil ? undefined : now;
    case 'alarm':
      return alarmDueAt(line, plan, now);
  }
}

function alarmDueAt({ mailedAt, acknowledgedAt, overAt }: TellableLine, plan: NoticePlan, now: number) {
  if (acknowledgedAt !== undefined || overAt !== undefined) return undefined;
  // Who believes that it is over is told soon that it is not, however seldom reminders are wanted.
  const gapMs = heardOf(mailedAt, plan.endMailedAt) === 'over' ? flickerMs(plan.repeatMs) : plan.repeatMs;
  if (mailedAt !== undefined && gapMs === 0) return undefined;
  const wantedAt = mailedAt === undefined ? now : mailedAt + gapMs;
  return Math.max(wantedAt, plan.mutedUntil, plan.quietUntil);
}
