/** What a client object remembers of its gateway's answers: the last of them in words, all of them in numbers. Pure. */
import type { Evidence } from './evidence.ts';
import { counted, NO_TALLY, provedAlive, type Tally, type Thresholds, type WeighedDeferral } from './thresholds.ts';

export type Deferral = WeighedDeferral & {
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
};

// Evidence for people: a dead server on a busy day must not grow the row without bound.
const MAX_DEFERRALS = 50;
export const NO_HISTORY: History = { deferrals: [], aliveAt: undefined, tally: NO_TALLY };

export type Observation = { readonly from: string; readonly evidence: Evidence; readonly what: string };

export function remember(history: History, event: Observation, thresholds: Thresholds, at: number): History {
  if (event.evidence.alive === 'yes') return { ...history, aliveAt: at, tally: provedAlive(history.tally) };
  const { weight } = event.evidence;
  const weighsAlready = weight < 1 && history.deferrals.some((deferral) => deferral.from === event.from);
  if (weight === 0 || weighsAlready) return history;
  const deferral: Deferral = { at, weight, from: event.from, what: event.what };
  return {
    deferrals: [...history.deferrals, deferral].slice(-MAX_DEFERRALS),
    aliveAt: history.aliveAt,
    tally: counted(history.tally, { at, weight }, thresholds),
  };
}
