/**
 * A gateway that says "less, please" gets less: new mail is kept and handed over by one connection, at half the pace for each time it
 * asks again. It is at work, so this is never a failure. Pure, plain data.
 */
import type { Pace } from './pacing.ts';

/** The pace is divided by 2^level. `until`: epoch ms at which the level falls by one. */
export type Easing = {
  readonly level: number;
  readonly since: number;
  readonly raisedAt: number;
  readonly until: number;
};

// A 32nd of the pace is a trickle: less would be a standstill that nobody has asked for.
const MAX_LEVEL = 5;
// Many sessions hear the same "too many" at once: that is one request, not ten.
const SAME_REQUEST_MS = 10_000;
// Rate limits are counted by the minute; so long without a further request and we may ask for more.
const STEP_MS = 60_000;

export function slowed(easing: Easing | undefined, at: number): Easing {
  if (easing === undefined) return { level: 1, since: at, raisedAt: at, until: at + STEP_MS };
  if (at - easing.raisedAt < SAME_REQUEST_MS) return { ...easing, until: at + STEP_MS };
  return { ...easing, level: Math.min(MAX_LEVEL, easing.level + 1), raisedAt: at, until: at + STEP_MS };
}

/** Undefined when there is nothing left to ease. */
export function relaxed(easing: Easing, at: number): Easing | undefined {
  if (at < easing.until) return easing;
  const level = easing.level - 1;
  return level === 0 ? undefined : { ...easing, level, until: at + STEP_MS };
}

// New mail that had to wait, unlike a replay, is not held to the client's replay pace; one connection takes about this much.
const LIVE_PER_MINUTE = 600;

/** `pace`: that of a replay, for what an outage has kept. */
export function paceFor(row: { readonly isOfOutage: boolean }, pace: Pace, easing: Easing | undefined): Pace {
  const share = 1 / 2 ** (easing?.level ?? 0);
  const { messagesPerMinute: perMinute, bytesPerMinute } = pace;
  return {
    messagesPerMinute: (row.isOfOutage ? perMinute : Math.max(perMinute, LIVE_PER_MINUTE)) * share,
    ...(row.isOfOutage && bytesPerMinute !== undefined ? { bytesPerMinute: bytesPerMinute * share } : {}),
  };
}
