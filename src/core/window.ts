/** The sliding window of the frequency threshold, in slices: what failed and what was taken lately, and who has seen it. Pure. */
import { mostBySame, NO_VOICES, type Voices, voiced } from './voices.ts';
import type { Witness } from './witnesses.ts';

export type WindowSlice = {
  readonly at: number;
  /** of the host itself */
  readonly hostWeight: number;
  /** of single messages */
  readonly otherWeight: number;
  /** messages, each once, whatever became of its retries; probes are not among them, for there are more of them when something fails */
  readonly failures: number;
  readonly successes: number;
  /** from failing to taking */
  readonly turns: number;
  /** the last message was a failure */
  readonly isFailing: boolean;
  readonly voices: Voices;
};

export type Window = {
  readonly deferrals: number;
  readonly perMs: number;
  readonly share: number;
  readonly confirmMs: number;
};

type Seen =
  | {
      readonly at: number;
      readonly weight: number;
      readonly isOfHost: boolean;
      readonly isProbe: boolean;
      readonly witness: Witness;
    }
  | { readonly at: number; readonly successes: number };

// The window's edge is sharp to a sixtieth: 15 s for the standard quarter of an hour.
const SLICES = 60;
// A share of a handful is chance. One that one sender, or one recipient, makes alone is theirs, so the loudest of each is left out.
const LEAST_ANSWERS = 12;
const LEAST_FAILURES = 8;
// A restart fails and is over, with a turn or two at its edges; a partial outage goes from failing to taking again and again.
const LEAST_TURNS = 7;
// A busy client meets a few broken connections in every quarter of an hour: a count means something only beside what was taken.
const COUNT_NEEDS_OF_SHARE = 1 / 4;

export function inWindow(slices: readonly WindowSlice[], seen: Seen, { perMs }: Window): readonly WindowSlice[] {
  const kept = slices.filter((slice) => slice.at > seen.at - perMs);
  const last = kept.at(-1);
  const isSameSlice = last !== undefined && seen.at - last.at < perMs / SLICES;
  const slice = isSameSlice ? last : { ...EMPTY, at: seen.at, isFailing: last?.isFailing ?? false };
  return [...(isSameSlice ? kept.slice(0, -1) : kept), added(slice, seen)];
}

const EMPTY = {
  hostWeight: 0,
  otherWeight: 0,
  failures: 0,
  successes: 0,
  turns: 0,
  isFailing: false,
  voices: NO_VOICES,
};

function added(slice: WindowSlice, seen: Seen): WindowSlice {
  if ('successes' in seen) {
    if (seen.successes === 0) return slice;
    const turns = slice.turns + (slice.isFailing ? 1 : 0);
    return { ...slice, successes: slice.successes + seen.successes, turns, isFailing: false };
  }
  const failures = slice.failures + (seen.isProbe ? 0 : 1);
  const isFailing = slice.isFailing || !seen.isProbe;
  const heard = { ...slice, failures, isFailing, voices: voiced(slice.voices, seen.witness) };
  return seen.isOfHost
    ? { ...heard, hostWeight: slice.hostWeight + seen.weight }
    : { ...heard, otherWeight: slice.otherWeight + seen.weight };
}

/**
 * 0 while nearly everything is taken. Each slice counts for its part of the threshold at most: a partial outage lasts, and a restart in
 * a busy minute, however many messages it met, does not.
 */
export function weightInWindow(
  slices: readonly WindowSlice[],
  window: Window,
  { now, isSeenByMany }: { readonly now: number; readonly isSeenByMany: boolean },
): number {
  const lately = recent(slices, window, now);
  const failures = sum(lately.map((slice) => slice.failures));
  const answers = failures + sum(lately.map((slice) => slice.successes));
  if (failures < answers * window.share * COUNT_NEEDS_OF_SHARE) return 0;
  const most = window.deferrals / slicesToFill(window);
  return sum(lately.map((slice) => Math.min(most, slice.hostWeight + (isSeenByMany ? slice.otherWeight : 0))));
}

/**
 * 0-1, since the first failure in the window: the good quarter of an hour before it says nothing of now. 0 while there are too few
 * answers, or too few turns between failing and taking, to speak of a partial outage.
 */
export function failingShare(slices: readonly WindowSlice[], window: Window, now: number): number {
  const inside = recent(slices, window, now);
  const lately = inside.slice(inside.findIndex((slice) => slice.failures > 0));
  const failing = lately.filter((slice) => slice.failures > 0);
  const lastedMs = (failing.at(-1)?.at ?? 0) - (failing[0]?.at ?? 0);
  if (lastedMs < window.confirmMs || sum(lately.map((slice) => slice.turns)) < LEAST_TURNS) return 0;
  const failures = sum(lately.map((slice) => slice.failures)) - mostBySame(lately.map((slice) => slice.voices));
  const answers = failures + sum(lately.map((slice) => slice.successes));
  return answers < LEAST_ANSWERS || failures < LEAST_FAILURES ? 0 : failures / answers;
}

/** All who have seen a failure in the window. */
export function voicesInWindow(slices: readonly WindowSlice[], window: Window, now: number): readonly Voices[] {
  return recent(slices, window, now).map((slice) => slice.voices);
}

/** How many slices must have seen failures: more than three restarts fill, each nearly as long as the time to confirm. */
function slicesToFill({ perMs, confirmMs }: Window): number {
  return confirmMs === 0 ? 1 : 3 * Math.ceil(confirmMs / (perMs / SLICES)) + 3;
}

function recent(slices: readonly WindowSlice[], { perMs }: Window, now: number): readonly WindowSlice[] {
  return slices.filter((slice) => slice.at > now - perMs);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
