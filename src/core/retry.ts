/** When a message that one recipient, or the message itself, keeps from being delivered is tried again while the gateway is up. */

// Stalwart's steps in the first hour, then hourly: the host is watched by probes, so this serves greylists and full mailboxes only.
const STEPS_MS = [60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000];
const LAST_STEP_MS = 3_600_000;

/** `attempts` ≥ 1 made so far. Where they end is core/ledger.ts' matter, and never because the gateway was down (P7). */
export function retryAt(attempts: number, now: number): number {
  return now + (STEPS_MS[attempts - 1] ?? LAST_STEP_MS);
}
