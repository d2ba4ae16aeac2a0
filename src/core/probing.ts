/** When a gateway is asked again, and how much good it must have said to count as repaired. Pure. */
import type { ProbePlan } from './client.ts';
import { isPartial } from './down-cause.ts';
import type { Down, HealthPlan, Moment, ProbeSchedule, Streak } from './health-state.ts';

// A server that takes some mail answers well by chance: if one in five fails, 36 in a row are luck once in three thousand times.
const PARTIAL = { probes: 36, spanMs: 200_000, capMs: 20_000 };
// However often it has fallen back: after half an hour without a failed probe it is tried again.
const LONGEST_SPAN_MS = 1_800_000;

export function firstProbe(plan: HealthPlan, moment: Moment): ProbeSchedule {
  return { nextAt: probeAt(0, plan.probe, moment), made: 0 };
}

export function nextProbe(made: number, plan: HealthPlan, moment: Moment): ProbeSchedule {
  return { nextAt: probeAt(made, plan.probe, moment), made };
}

/** Quadratic, capped, plus up to a fifth of jitter: many clients on one dead host must not probe it in step. */
export function probeAt(made: number, plan: Pick<ProbePlan, 'firstMs' | 'capMs'>, moment: Moment): number {
  const gapMs = Math.min(plan.capMs, plan.firstMs * Math.max(1, made) ** 2);
  return Math.round(moment.at + gapMs * (1 + moment.jitter / 5));
}

/** A quiet gateway is looked at this much later, or a little sooner: never later, for the promise is about the longest time. */
export function idleLookAt(plan: HealthPlan, moment: Moment): number | undefined {
  const { idleMs } = plan.probe;
  return idleMs === 0 ? undefined : Math.round(moment.at + idleMs * (1 - moment.jitter / 5));
}

export type Demand = {
  readonly probes: number;
  readonly spanMs: number;
  readonly gapMs: number;
  readonly capMs: number;
};

/** What is asked of a gateway that is down before it is believed. */
export function demandOn({ cause, relapses }: Pick<Down, 'cause' | 'relapses'>, plan: HealthPlan): Demand {
  const partial = isPartial({ cause });
  const probes = partial ? Math.max(PARTIAL.probes, plan.recovery.probes) : plan.recovery.probes;
  const calmMs = partial ? Math.max(PARTIAL.spanMs, plan.recovery.spanMs) : plan.recovery.spanMs;
  const spanMs = Math.max(calmMs, Math.min(LONGEST_SPAN_MS, calmMs * 2 ** relapses));
  const capMs = partial ? Math.min(PARTIAL.capMs, plan.probe.capMs) : plan.probe.capMs;
  const gapMs = Math.min(capMs, Math.max(plan.probe.firstMs, calmMs / Math.max(1, probes - 1)));
  return { probes, spanMs, gapMs, capMs };
}

export function isMet({ probes, spanMs }: Demand, streak: Streak, at: number): boolean {
  return streak.count >= probes && at - streak.since >= spanMs;
}
