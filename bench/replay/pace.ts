/** How exactly a pace is held: what was set against what arrived in a minute, and the most that came at once. */

export type PaceFigure = {
  readonly setPerMinute: number;
  readonly measuredPerMinute: number;
  readonly deviationPercent: number;
  /** the most that arrived within any second; `setPerMinute / 60` is exact */
  readonly mostInASecond: number;
};

/** `arrivals` in epoch ms, in order; of these the first second is left out, in which a late alarm may catch up. */
export function paceOf(arrivals: readonly number[], setPerMinute: number): PaceFigure {
  const begin = (arrivals[0] ?? 0) + 1_000;
  const counted = arrivals.filter((at) => at >= begin);
  const spanMs = (counted.at(-1) ?? 0) - (counted[0] ?? 0);
  const measuredPerMinute = ((counted.length - 1) * 60_000) / spanMs;
  return {
    setPerMinute,
    measuredPerMinute,
    deviationPercent: (measuredPerMinute / setPerMinute - 1) * 100,
    mostInASecond: Math.max(...counted.map((at, index) => countWithin(counted, index, at + 1_000))),
  };
}

function countWithin(arrivals: readonly number[], from: number, below: number): number {
  let to = from;
  while ((arrivals[to] ?? below) < below) to += 1;
  return to - from;
}
