/** When a message that one recipient, or the message itself, keeps from being delivered is tried again while the gateway is up. */

// Stalwart's steps in the first hour, then hourly: the host is watched by probes, so this serves greylists and full mailboxes only.
const STEPS_MS = [60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000];
const LAST_STEP_MS = 3_600_000;

/** `tries` ≥ 1 made so far. Where they end is core/expiry.ts' matter, and never because the gateway was down (P7). */
export function retryAt(tries: number, now: number): number {
  return now + stepAfter(tries);
}

/** How long a row has been kept waiting by the time of its `tries`-th try: the steps between them, and nothing else. */
export function waitedMs(tries: number): number {
  const steps = Math.max(0, tries - 1);
  const early = STEPS_MS.slice(0, steps).reduce((sum, step) => sum + step, 0);
  return early + Math.max(0, steps - STEPS_MS.length) * LAST_STEP_MS;
}

function stepAfter(tries: number): number {
  return STEPS_MS[tries - 1] ?? LAST_STEP_MS;
}
