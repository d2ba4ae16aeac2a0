/** The deferral thresholds of R8: amount, duration, frequency. Any one of them trips. Pure. */

/** Times are milliseconds since the epoch, weights are those of core/evidence.ts (1 = one failure of the whole host). */
export type Thresholds = {
  /** weighted deferrals since the last proof of life */
  readonly amount: number;
  /** how long deferrals have gone on since the last proof of life */
  readonly durationMs: number;
  /** weighted deferrals, or the failing share (0-1) of all messages, within a sliding window: the partial outage */
  readonly frequency: { readonly deferrals: number; readonly perMs: number; readonly share: number };
  /** no count trips before deferrals have gone on for so long: on a busy day ten of them are a second, and a restart is not an outage */
  readonly confirmMs: number;
};

export type WeighedDeferral = { readonly at: number; readonly weight: number };

/**
 * What thresholds are held against, in numbers that stay small however busy the client and however high its thresholds: the run
 * since the last proof of life, and the window in slices.
 */
export type Tally = {
  readonly run: { readonly firstAt: number; readonly weight: number } | undefined;
  /** oldest first */
  readonly slices: readonly WeighedDeferral[];
};

export const NO_TALLY: Tally = { run: undefined, slices: [] };

export type Trip =
  | { readonly kind: 'amount'; readonly weight: number; readonly limit: number }
  | { readonly kind: 'duration'; readonly lastedMs: number; readonly limitMs: number }
  | { readonly kind: 'frequency'; readonly weight: number; readonly limit: number; readonly perMs: number };

// One deferral, however old, is not a duration: a second opinion (a probe, another message) must agree (P10).
const DURATION_NEEDS = 2;
// The window's edge is sharp to a sixtieth: 15 s for the standard quarter of an hour.
const SLICES = 60;

export function counted(tally: Tally, deferral: WeighedDeferral, { frequency }: Thresholds): Tally {
  const { at, weight } = deferral;
  const run = { firstAt: tally.run?.firstAt ?? at, weight: (tally.run?.weight ?? 0) + weight };
  const kept = tally.slices.filter((slice) => slice.at > at - frequency.perMs);
  const last = kept.at(-1);
  const isSameSlice = last !== undefined && at - last.at < frequency.perMs / SLICES;
  const slices = isSameSlice
    ? [...kept.slice(0, -1), { at: last.at, weight: last.weight + weight }]
    : [...kept, deferral];
  return { run, slices };
}

/** A proof of life ends the run; the window looks past it. */
export function provedAlive(tally: Tally): Tally {
  return { run: undefined, slices: tally.slices };
}

export function tripped({ run, slices }: Tally, thresholds: Thresholds, now: number): Trip | undefined {
  const { amount, durationMs, frequency } = thresholds;
  if (run !== undefined && run.weight >= amount) return { kind: 'amount', weight: run.weight, limit: amount };
  if (run !== undefined && run.weight >= DURATION_NEEDS && now - run.firstAt >= durationMs) {
    return { kind: 'duration', lastedMs: now - run.firstAt, limitMs: durationMs };
  }
  const { deferrals: limit, perMs } = frequency;
  const recent = slices.reduce((total, slice) => total + (slice.at > now - perMs ? slice.weight : 0), 0);
  return recent >= limit ? { kind: 'frequency', weight: recent, limit, perMs } : undefined;
}

/** When `duration` will trip if nothing else happens; undefined while there is too little evidence for it. */
export function durationTripsAt({ run }: Tally, thresholds: Thresholds): number | undefined {
  return run === undefined || run.weight < DURATION_NEEDS ? undefined : run.firstAt + thresholds.durationMs;
}

export function describeTrip(trip: Trip): string {
  switch (trip.kind) {
    case 'amount':
      return `amount: ${round(trip.weight)} weighted deferrals without a success (threshold ${trip.limit})`;
    case 'duration':
      return `duration: deferrals for ${seconds(trip.lastedMs)} without a success (threshold ${seconds(trip.limitMs)})`;
    case 'frequency':
      return `frequency: ${round(trip.weight)} weighted deferrals within ${seconds(trip.perMs)} (threshold ${trip.limit})`;
  }
}

function round(weight: number): number {
  return Math.round(weight * 100) / 100;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
