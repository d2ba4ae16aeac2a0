/**
 * The pace of a replay: the generic cell rate algorithm (ITU-T I.371) as plain data, changed while it runs (R24). Messages and bytes
 * each have a clock of their own, and what leaves must find both of them due. What the last message costs is kept beside the clocks
 * and counted at the pace in force when the next one asks: so a new pace counts at once, for the better and for the worse.
 */

/** Epoch ms at which the last message was to leave, and what it has cost since. */
export type Pacing = {
  readonly messagesAt: number;
  readonly bytesAt: number;
  readonly messages: 0 | 1;
  readonly bytes: number;
};

/** `bytesPerMinute` absent: as many as the connections carry */
export type Pace = { readonly messagesPerMinute: number; readonly bytesPerMinute?: number };

// A late alarm may be caught up by at most a second's worth of messages, so the average holds and no burst shows.
const CATCH_UP_MS = 1_000;

/** Starts with no credit: the first message may leave now, the second one interval later. */
export function startPacing(now: number): Pacing {
  return { messagesAt: now + CATCH_UP_MS, bytesAt: now + CATCH_UP_MS, messages: 0, bytes: 0 };
}

/** The earliest time the next message may leave at this pace; in the past when it may leave now. */
export function mayLeaveAt(pacing: Pacing, pace: Pace): number {
  const { messagesAt, bytesAt } = clocks(pacing, pace);
  return Math.max(messagesAt, bytesAt) - CATCH_UP_MS;
}

/**
 * To be called when a message of `sizeBytes` leaves at `now`. A message larger than a minute's bytes leaves as well, and is paid for
 * afterwards: else it would wait for ever.
 */
export function paced(pacing: Pacing, now: number, pace: Pace, sizeBytes: number): Pacing {
  const { messagesAt, bytesAt } = clocks(pacing, pace);
  return { messagesAt: Math.max(messagesAt, now), bytesAt: Math.max(bytesAt, now), messages: 1, bytes: sizeBytes };
}

function clocks({ messagesAt, bytesAt, messages, bytes }: Pacing, { messagesPerMinute, bytesPerMinute }: Pace) {
  const bytesMs = bytesPerMinute === undefined ? 0 : (bytes * 60_000) / bytesPerMinute;
  return { messagesAt: messagesAt + (messages * 60_000) / messagesPerMinute, bytesAt: bytesAt + bytesMs };
}
