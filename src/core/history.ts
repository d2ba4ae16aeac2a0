/** What a client object remembers of its gateway's answers: the last of them in words, all of them in numbers. Pure. */
import type { Evidence } from './evidence.ts';
import { cleared, failed, NO_TALLY, succeeded, succeededBefore, type Tally, type Thresholds } from './thresholds.ts';
import type { Witness } from './witnesses.ts';

export type Deferral = {
  readonly at: number;
  readonly weight: number;
  /** which message, or `probe`: one message's retries weigh once (P10) */
  readonly from: string;
  /** the gateway's reply or the fault, in words */
  readonly what: string;
};

export type History = {
  /** for people: the last of them, with their words */
  readonly deferrals: readonly Deferral[];
  readonly aliveAt: number | undefined;
  readonly tally: Tally;
  /** the last return from an outage: failing again soon after it is a relapse */
  readonly failback?: { readonly at: number; readonly relapses: number };
};

// Evidence for people: a dead server on a busy day must not grow the row without bound.
const MAX_DEFERRALS = 50;
// The standard window: in it a share is counted, and for that successes must be told as they come.
const LATELY_MS = 900_000;
export const NO_HISTORY: History = { deferrals: [], aliveAt: undefined, tally: NO_TALLY };

export type Observation = {
  readonly from: string;
  readonly evidence: Evidence;
  readonly what: string;
  /** absent: the one who asked is a witness of its own */
  readonly witness?: Witness;
  /** how many messages it stands for: successes are told in bulk */
  readonly count?: number;
  readonly isProbe?: boolean;
};

export function remember(history: History, event: Observation, thresholds: Thresholds, at: number): History {
  const { evidence, from, what, isProbe = false } = event;
  const isKnown = history.deferrals.some((deferral) => deferral.from === from);
  if (evidence.alive === 'yes') {
    const { count = 1 } = event;
    const messages = isProbe || isKnown ? 0 : count;
    return { ...history, aliveAt: at, tally: succeeded(history.tally, { at, count, messages }, thresholds) };
  }
  const { weight } = evidence;
  const weighsAlready = weight < 1 && isKnown;
  if (weight === 0 || weighsAlready) return history;
  const witness = event.witness ?? { sender: from, recipient: from };
  const failure = { at, weight, isOfHost: evidence.alive === 'no', witness, isProbe };
  return {
    ...history,
    deferrals: [...history.deferrals, { at, weight, from, what }].slice(-MAX_DEFERRALS),
    tally: failed(history.tally, failure, thresholds),
  };
}

/** A failure stands in the window: successes are news now. */
export function hasFailedLately({ tally }: History, now: number): boolean {
  return tally.run !== undefined || tally.slices.some(({ at, failures }) => failures > 0 && at > now - LATELY_MS);
}

export type LateNews = { readonly count: number; readonly lastAt: number };

/** Successes that were told late: older than the last failure they end nothing, but they did happen. `at`: when they were told. */
export function rememberLate(
  history: History,
  { count, lastAt }: LateNews,
  thresholds: Thresholds,
  at: number,
): History {
  const tally = succeededBefore(history.tally, at, count, thresholds);
  return { ...history, tally, aliveAt: Math.max(history.aliveAt ?? 0, lastAt) };
}

/** None of it was the gateway's: neither the run nor the window may hold it against it. */
export function excused(history: History): History {
  return { ...history, tally: NO_TALLY };
}

/** The run is over: what the window has seen stays, and so do the words of it. */
export function forgetRun(history: History): History {
  return { ...history, tally: cleared(history.tally) };
}
