/** The pace of a replay: the generic cell rate algorithm (ITU-T I.371) as plain data, changed while it runs (R24). */

/** `theoreticalAt`: epoch ms at which the next message would leave if every one left exactly on time. */
export type Pacing = { readonly theoreticalAt: number };

// A late alarm may be caught up by at most a second's worth of messages, so the average holds and no burst shows.
const CATCH_UP_MS = 1_000;

/** Starts with no credit: the first message may leave now, the second one interval later. */
export function startPacing(now: number): Pacing {
  return { theoreticalAt: now + CATCH_UP_MS };
}

/** The earliest time the next message may leave; in the past when it may leave now. */
export function mayLeaveAt(pacing: Pacing): number {
  return pacing.theoreticalAt - CATCH_UP_MS;
}

/** To be called when a message leaves at `now`. `perMinute` > 0, the rate in force at this moment. */
export function paced(pacing: Pacing, now: number, perMinute: number): Pacing {
  return { theoreticalAt: Math.max(pacing.theoreticalAt, now) + 60_000 / perMinute };
}
