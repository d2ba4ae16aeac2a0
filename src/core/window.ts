/** The sliding window of the frequency threshold, in slices: what failed and what was taken lately. Pure. */

export type WindowSlice = {
  readonly at: number;
  /** of the host itself */
  readonly hostWeight: number;
  /** of single messages */
  readonly otherWeight: number;
  /** messages, each once, whatever became of its retries; probes are not among them, for there are more of them when something fails */
  readonly failures: number;
  readonly successes: number;
};

export type Window = {
  readonly deferrals: number;
  readonly perMs: number;
  readonly share: number;
  readonly confirmMs: number;
};

type Seen =
  | { readonly at: number; readonly weight: number; readonly isOfHost: boolean; readonly isProbe: boolean }
  | { readonly at: number; readonly successes: number };

// The window's edge is sharp to a sixtieth: 15 s for the standard quarter of an hour.
const SLICES = 60;
// A share of a handful is chance: 4 of 12 is the least that says something.
const LEAST_ANSWERS = 12;
const LEAST_FAILURES = 4;

export function inWindow(slices: readonly WindowSlice[], seen: Seen, { perMs }: Window): readonly WindowSlice[] {
  const kept = slices.filter((slice) => slice.at > seen.at - perMs);
  const last = kept.at(-1);
  const isSameSlice = last !== undefined && seen.at - last.at < perMs / SLICES;
  const slice = isSameSlice ? last : { at: seen.at, hostWeight: 0, otherWeight: 0, failures: 0, successes: 0 };
  return [...(isSameSlice ? kept.slice(0, -1) : kept), added(slice, seen)];
}

function added(slice: WindowSlice, seen: Seen): WindowSlice {
  if ('successes' in seen) return { ...slice, successes: slice.successes + seen.successes };
  const failures = slice.failures + (seen.isProbe ? 0 : 1);
  return seen.isOfHost
    ? { ...slice, failures, hostWeight: slice.hostWeight + seen.weight }
    : { ...slice, failures, otherWeight: slice.otherWeight + seen.weight };
}

/**
 * Each slice counts for its part of the threshold at most: a partial outage lasts, and a restart in a busy minute, however many
 * messages it met, does not.
 */
export function weightInWindow(
  slices: readonly WindowSlice[],
  window: Window,
  { now, isSeenByMany }: { readonly now: number; readonly isSeenByMany: boolean },
): number {
  const most = window.deferrals / slicesToFill(window);
  return recent(slices, window, now).reduce(
    (total, slice) => total + Math.min(most, slice.hostWeight + (isSeenByMany ? slice.otherWeight : 0)),
    0,
  );
}

/**
 * 0-1, since the first failure in the window: the good quarter of an hour before it says nothing of now. 0 while there are too few
 * answers, or failures in too few slices, to speak of a share.
 */
export function failingShare(slices: readonly WindowSlice[], window: Window, now: number): number {
  const inside = recent(slices, window, now);
  const lately = inside.slice(inside.findIndex((slice) => slice.failures > 0));
  const failures = sum(lately.map((slice) => slice.failures));
  const answers = failures + sum(lately.map((slice) => slice.successes));
  const failing = lately.filter((slice) => slice.failures > 0).length;
  if (answers < LEAST_ANSWERS || failures < LEAST_FAILURES || failing < slicesToFill(window)) return 0;
  return failures / answers;
}

/** How many slices must have seen failures: more than two restarts fill, each as long as the time to confirm. */
function slicesToFill({ perMs, confirmMs }: Window): number {
  return confirmMs === 0 ? 1 : 2 * Math.ceil(confirmMs / (perMs / SLICES)) + 2;
}

function recent(slices: readonly WindowSlice[], { perMs }: Window, now: number): readonly WindowSlice[] {
  return slices.filter((slice) => slice.at > now - perMs);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
