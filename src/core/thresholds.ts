/**
 * The deferral thresholds of R8: amount, duration, frequency. Any one of them trips. Pure.
 * All of them ask for agreement: what weighs less than a whole host must come from several senders and be about several people, a
 * count must have lasted, and whatever it was must still be going on (P10).
 */

import { witnessesOf } from './voices.ts';
import type { WindowSlice } from './window.ts';
import { failingShare, inWindow, voicesInWindow, weightInWindow } from './window.ts';
import { agree, NOBODY, type Witness, type Witnesses, witnessed } from './witnesses.ts';

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

export type Failure = {
  readonly at: number;
  readonly weight: number;
  /** the whole host failed, whoever the message was for: needs no second witness */
  readonly isOfHost: boolean;
  readonly witness: Witness;
  readonly isProbe: boolean;
};

/** Failures of the host by weight, all others by number. */
type Agreement = { readonly hostWeight: number; readonly others: number };

/** From the first failure until successes have the upper hand again. */
export type Run = {
  readonly firstAt: number;
  readonly hostWeight: number;
  readonly otherWeight: number;
  readonly failures: number;
  readonly successes: number;
  /** since the last success */
  readonly unanswered: Agreement;
  /** the first success since the last failure */
  readonly aliveSince: number | undefined;
  readonly witnesses: Witnesses;
};

/** Numbers that stay small however busy the client and however high its thresholds: the run, and the window in slices. */
export type Tally = {
  readonly run: Run | undefined;
  /** oldest first */
  readonly slices: readonly WindowSlice[];
};

export const NO_TALLY: Tally = { run: undefined, slices: [] };

export type Trip =
  | { readonly kind: 'amount'; readonly weight: number; readonly limit: number }
  | { readonly kind: 'duration'; readonly lastedMs: number; readonly limitMs: number }
  | { readonly kind: 'frequency'; readonly weight: number; readonly limit: number; readonly perMs: number }
  | { readonly kind: 'share'; readonly share: number; readonly limit: number; readonly perMs: number };

// Slices that each count for their part add up to the whole but for the last bit.
const ROUNDING = 1e-9;

// One deferral, however old, is not an outage: a second opinion (a probe, another message) must agree.
const AGREED_HOST_WEIGHT = 2;
// What speaks of the system at MAIL or later can still be about one message: four of them, and three witnesses.
const AGREED_OTHERS = 4;
// A server that flaps is up for seconds at a time; after half a minute without a failure it counts as well.
const CLEARED_AFTER_MS = 30_000;

export function failed(tally: Tally, failure: Failure, { frequency, confirmMs }: Thresholds): Tally {
  const { at, weight, isOfHost, isProbe, witness } = failure;
  const before = tally.run ?? newRun(at);
  const { hostWeight, others } = before.unanswered;
  const run: Run = {
    ...before,
    hostWeight: before.hostWeight + (isOfHost ? weight : 0),
    otherWeight: before.otherWeight + (isOfHost ? 0 : weight),
    failures: before.failures + 1,
    unanswered: isOfHost ? { hostWeight: hostWeight + weight, others } : { hostWeight, others: others + 1 },
    aliveSince: undefined,
    witnesses: witnessed(before.witnesses, witness),
  };
  const slices = inWindow(tally.slices, { at, weight, isOfHost, isProbe, witness }, { ...frequency, confirmMs });
  return { run, slices };
}

/** `count`: for the run, messages and probes alike. `messages`: those of them that are counted among all messages, each once. */
export type Success = { readonly at: number; readonly count: number; readonly messages: number };

export function succeeded(tally: Tally, { at, count, messages }: Success, { frequency, confirmMs }: Thresholds): Tally {
  const slices = inWindow(tally.slices, { at, successes: messages }, { ...frequency, confirmMs });
  if (tally.run === undefined) return { run: undefined, slices };
  const run: Run = {
    ...tally.run,
    successes: tally.run.successes + count,
    unanswered: { hostWeight: 0, others: 0 },
    aliveSince: tally.run.aliveSince ?? at,
  };
  return { run, slices };
}

/** Successes told late, from before the last failure: they count among all messages, and end no run. */
export function succeededBefore(tally: Tally, at: number, messages: number, thresholds: Thresholds): Tally {
  const { frequency, confirmMs } = thresholds;
  return { ...tally, slices: inWindow(tally.slices, { at, successes: messages }, { ...frequency, confirmMs }) };
}

/** The run is over: successes outnumber failures, or there was no failure for half a minute. A single success in between is not the end. */
export function isCleared({ run }: Tally, now: number): boolean {
  if (run?.aliveSince === undefined) return false;
  return run.successes > run.failures || now - run.aliveSince >= CLEARED_AFTER_MS;
}

/** The window looks past the end of a run. */
export function cleared(tally: Tally): Tally {
  return { ...tally, run: undefined };
}

export function tripped(tally: Tally, thresholds: Thresholds, now: number): Trip | undefined {
  return tally.run === undefined || !isAgreed(tally.run)
    ? trippedByWindow(tally, thresholds, now)
    : (trippedByRun(tally.run, thresholds, now) ?? trippedByWindow(tally, thresholds, now));
}

function trippedByRun(run: Run, { amount, durationMs, confirmMs }: Thresholds, now: number): Trip | undefined {
  const lastedMs = now - run.firstAt;
  const weight = weightOf(run);
  if (weight >= amount && lastedMs >= confirmMs) return { kind: 'amount', weight, limit: amount };
  return lastedMs >= durationMs ? { kind: 'duration', lastedMs, limitMs: durationMs } : undefined;
}

function trippedByWindow(tally: Tally, thresholds: Thresholds, now: number): Trip | undefined {
  const { deferrals: limit, perMs, share: shareLimit } = thresholds.frequency;
  const window = { ...thresholds.frequency, confirmMs: thresholds.confirmMs };
  // Only while it goes on: what the window remembers of an hour that has got well again opens nothing.
  if (tally.run === undefined || tally.run.aliveSince !== undefined) return undefined;
  const isSeenByMany = agree(witnessesOf(voicesInWindow(tally.slices, window, now)));
  const weight = weightInWindow(tally.slices, window, { now, isSeenByMany });
  if (weight >= limit - ROUNDING) return { kind: 'frequency', weight, limit, perMs };
  const share = failingShare(tally.slices, window, now);
  return isSeenByMany && share >= shareLimit ? { kind: 'share', share, limit: shareLimit, perMs } : undefined;
}

/** When the passing of time alone may decide: a trip, or the end of the run. */
export function decidesAt(run: Run | undefined, { amount, durationMs, confirmMs }: Thresholds): number | undefined {
  if (run === undefined) return undefined;
  if (run.aliveSince !== undefined) return run.aliveSince + CLEARED_AFTER_MS;
  if (!isAgreed(run)) return undefined;
  return run.firstAt + (weightOf(run) >= amount ? Math.min(confirmMs, durationMs) : durationMs);
}

export function describeTrip(trip: Trip): string {
  switch (trip.kind) {
    case 'amount':
      return `amount: ${round(trip.weight)} weighted deferrals (threshold ${trip.limit})`;
    case 'duration':
      return `duration: deferrals for ${seconds(trip.lastedMs)} (threshold ${seconds(trip.limitMs)})`;
    case 'frequency':
      return `frequency: ${round(trip.weight)} weighted deferrals within ${seconds(trip.perMs)} (threshold ${trip.limit})`;
    case 'share':
      return `frequency: ${percent(trip.share)} of the messages since the first failure within ${seconds(trip.perMs)} were deferred (threshold ${percent(trip.limit)})`;
  }
}

function newRun(at: number): Run {
  const nothing = { hostWeight: 0, otherWeight: 0, failures: 0, successes: 0 };
  const unanswered = { hostWeight: 0, others: 0 };
  return { ...nothing, firstAt: at, unanswered, aliveSince: undefined, witnesses: NOBODY };
}

function isAgreed({ unanswered, witnesses }: Run): boolean {
  if (unanswered.hostWeight >= AGREED_HOST_WEIGHT) return true;
  return unanswered.others >= AGREED_OTHERS && agree(witnesses);
}

function weightOf({ hostWeight, otherWeight, witnesses }: Run): number {
  return hostWeight + (agree(witnesses) ? otherWeight : 0);
}

function round(weight: number): number {
  return Math.round(weight * 100) / 100;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
