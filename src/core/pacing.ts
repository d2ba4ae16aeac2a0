/**
 * The pace of a replay: the generic cell rate algorithm (ITU-T I.371) as plain data, changed while it runs (R24). Messages and bytes
 * each have a clock of their own, and what leaves must find both of them due.
 */

/** Epoch ms at which the next message, or byte, would leave if every one left exactly on time. */
export type Pacing = { readonly messagesAt: number; readonly bytesAt: number };

/** `bytesPerMinute` absent: as many as the connections carry */
export type Pace = { readonly messagesPerMinute: number; readonly bytesPerMinute?: number };

// A late alarm may be caught up by at most a second's worth of messages, so the average holds and no burst shows.
const CATCH_UP_MS = 1_000;

/** Starts with no credit: the first message may leave now, the second one interval later. */
export function startPacing(now: number): Pacing {
  return { messagesAt: now + CATCH_UP_MS, bytesAt: now + CATCH_UP_MS };
}

/** The earliest time the next message may leave; in the past when it may leave now. */
export function mayLeaveAt({ messagesAt, bytesAt }: Pacing): number {
  return Math.max(messagesAt, bytesAt) - CATCH_UP_MS;
}

/**
 * To be called when a message of `sizeBytes` leaves at `now`, at the pace in force at this moment. A message larger than a minute's
 * bytes leaves as well, and is paid for afterwards: else it would wait for ever.
 */
export function paced(pacing: Pacing, now: number, pace: Pace, sizeBytes: number): Pacing {
  const { messagesPerMinute, bytesPerMinute } = pace;
  const bytesMs = bytesPerMinute === undefined ? 0 : (sizeBytes * 60_000) / bytesPerMinute;
  return {
    messagesAt: Math.max(pacing.messagesAt, now) + 60_000 / messagesPerMinute,
    bytesAt: Math.max(pacing.bytesAt, now) + bytesMs,
  };
}
