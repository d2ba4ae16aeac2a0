/** When a webhook that did not take a call is called again. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

// A receiver that restarts is back within a minute; one that is broken at night is mended by day. Together 23 h 52 min.
const GAPS_MS = [
  10_000,
  30_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
];

/** `tries` ≥ 1 made so far; undefined: it is given up. */
export function nextCallAt(tries: number, now: number): number | undefined {
  const gapMs = GAPS_MS[tries - 1];
  return gapMs === undefined ? undefined : now + gapMs;
}
