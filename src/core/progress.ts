/** How fast a replay goes, and when it ends at this rate. Pure. */

/** Given back: epoch ms, bytes. */
export type Given = { readonly at: number; readonly sizeBytes: number };

export type Progress = {
  readonly messagesPerMinute: number;
  readonly bytesPerMinute: number;
  /** epoch ms at which nothing waits any more; null while nothing moves */
  readonly endsAt: number | null;
};

const MINUTE_MS = 60_000;
// Less than this is no rate yet: three messages in a second are not 180 a minute.
const SHORTEST_MS = 5_000;

/** What of it still counts at `now`; `given`: oldest first. */
export function lately(given: readonly Given[], now: number): readonly Given[] {
  return given.filter(({ at }) => at > now - MINUTE_MS);
}

/** Over the last minute, or over the time since the first message of it. */
export function progressOf(given: readonly Given[], waiting: number, now: number): Progress {
  const recent = lately(given, now);
  const [first] = recent;
  if (first === undefined) return { messagesPerMinute: 0, bytesPerMinute: 0, endsAt: null };
  const minutes = Math.max(SHORTEST_MS, now - first.at) / MINUTE_MS;
  // The first one begins the time that the others took.
  const since = recent.slice(1);
  const messagesPerMinute = since.length / minutes;
  return {
    messagesPerMinute,
    bytesPerMinute: since.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / minutes,
    endsAt: messagesPerMinute === 0 ? null : now + (waiting / messagesPerMinute) * MINUTE_MS,
  };
}
