/** The deferral thresholds of R8: amount, duration, frequency. Any one of them trips. Pure. */

/** Times are milliseconds since the epoch, weights are those of core/evidence.ts (1 = one failure of the whole host). */
export type Thresholds = {
  /** weighted deferrals since the last proof of life */
  readonly amount: number;
  /** how long deferrals have gone on since the last proof of life */
  readonly durationMs: number;
  /** weighted deferrals within a sliding window, successes in between or not: the partial outage */
  readonly frequency: { readonly deferrals: number; readonly perMs: number };
};

/** Frequency lies above amount: it is there for deferrals with successes in between, and must not undercut the count of an outright failure. */
export const STANDARD_THRESHOLDS: Thresholds = {
  amount: 10,
  durationMs: 120_000,
  frequency: { deferrals: 20, perMs: 900_000 },
};

export type WeighedDeferral = { readonly at: number; readonly weight: number };

/** What thresholds are held against: deferrals, oldest first, and the last proof of life. */
export type DeferralHistory = {
  readonly deferrals: readonly WeighedDeferral[];
  readonly aliveAt: number | undefined;
};

export type Trip =
  | { readonly kind: 'amount'; readonly weight: number; readonly limit: number }
  | { readonly kind: 'duration'; readonly lastedMs: number; readonly limitMs: number }
  | { readonly kind: 'frequency'; readonly weight: number; readonly limit: number; readonly perMs: number };

// One deferral, however old, is not a duration: a second opinion (a probe, another message) must agree (P10).
const DURATION_NEEDS = 2;

export function tripped(history: DeferralHistory, thresholds: Thresholds, now: number): Trip | undefined {
  const sinceAlive = history.deferrals.filter(
    (deferral) => history.aliveAt === undefined || deferral.at > history.aliveAt,
  );
  const weight = sum(sinceAlive);
  if (weight >= thresholds.amount) return { kind: 'amount', weight, limit: thresholds.amount };
  const first = sinceAlive.find((deferral) => deferral.weight > 0);
  if (first !== undefined && weight >= DURATION_NEEDS && now - first.at >= thresholds.durationMs) {
    return { kind: 'duration', lastedMs: now - first.at, limitMs: thresholds.durationMs };
  }
  const { deferrals: limit, perMs } = thresholds.frequency;
  const recent = sum(history.deferrals.filter((deferral) => deferral.at > now - perMs));
  return recent >= limit ? { kind: 'frequency', weight: recent, limit, perMs } : undefined;
}

/** When `duration` will trip if nothing else happens; undefined while there is too little evidence for it. */
export function durationTripsAt(history: DeferralHistory, thresholds: Thresholds): number | undefined {
  const sinceAlive = history.deferrals.filter(
    (deferral) => deferral.weight > 0 && (history.aliveAt === undefined || deferral.at > history.aliveAt),
  );
  const first = sinceAlive[0];
  return first === undefined || sum(sinceAlive) < DURATION_NEEDS ? undefined : first.at + thresholds.durationMs;
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

function sum(deferrals: readonly WeighedDeferral[]): number {
  return deferrals.reduce((total, deferral) => total + deferral.weight, 0);
}

function round(weight: number): number {
  return Math.round(weight * 100) / 100;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
