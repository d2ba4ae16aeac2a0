/** When a line of the timeline is told by mail: once, or again until somebody has seen it. Pure. */
import type { Urgency } from './timeline.ts';

/** A line, as far as its mails are concerned; all times epoch ms. */
export type TellableLine = {
  readonly urgency: Urgency;
  /** the last mail about it */
  readonly mailedAt: number | undefined;
  readonly acknowledgedAt: number | undefined;
  /** what it speaks of has ended */
  readonly overAt: number | undefined;
};

export type NoticePlan = {
  /** 0: an alarm is told once */
  readonly repeatMs: number;
  /** no mail of any kind before; it ends by itself */
  readonly mutedUntil: number;
  /** no alarm before: planned work that is expected to look like a failure */
  readonly quietUntil: number;
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
  if (mailedAt !== undefined && plan.repeatMs === 0) return undefined;
  const wantedAt = mailedAt === undefined ? now : mailedAt + plan.repeatMs;
  return Math.max(wantedAt, plan.mutedUntil, plan.quietUntil);
}
