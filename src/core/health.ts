/**
 * Is the client's gateway up? The state machine `up → suspect → down → recovering → up`, pure:
 * what happened goes in with its time, the next state and the transitions with their reasons come out.
 */
import type { ProbePlan, RecoveryPlan } from './client.ts';
import type { Evidence } from './evidence.ts';
import { type History, NO_HISTORY, type Observation, remember } from './history.ts';
import { describeTrip, durationTripsAt, type Thresholds, tripped } from './thresholds.ts';

export type HealthState = 'up' | 'suspect' | 'down' | 'recovering';

export type ProbeSchedule = { readonly nextAt: number; readonly made: number };

export type DownCause =
  | { readonly kind: 'threshold'; readonly why: string }
  | { readonly kind: 'declared'; readonly by: string; readonly reason: string };

/** Full probes answered in a row. */
type Streak = { readonly count: number; readonly since: number };

export type Health =
  | { readonly state: 'up'; readonly since: number; readonly history: History }
  | {
      readonly state: 'suspect';
      readonly since: number;
      readonly history: History;
      readonly probe: ProbeSchedule;
      /** the server answers, and TLS or our login fails: told once, for it is not an outage but a setting to mend */
      readonly refusesUs: boolean;
    }
  | {
      readonly state: 'down';
      readonly since: number;
      readonly history: History;
      readonly cause: DownCause;
      /** none while a person has declared the failure: then a person ends it */
      readonly probe: ProbeSchedule | undefined;
      readonly streak: Streak | undefined;
    }
  | { readonly state: 'recovering'; readonly since: number; readonly history: History; readonly cause: DownCause };

export type HealthEvent =
  | { readonly kind: 'outcome'; readonly from: string; readonly evidence: Evidence; readonly what: string }
  | { readonly kind: 'probe'; readonly evidence: Evidence; readonly what: string }
  | { readonly kind: 'declared-failure'; readonly by: string; readonly reason: string }
  | { readonly kind: 'declared-repair'; readonly by: string; readonly reason: string }
  | { readonly kind: 'canary-passed'; readonly what: string }
  | { readonly kind: 'canary-failed'; readonly what: string }
  /** in the replay: people the gateway knew are unknown to it now */
  | { readonly kind: 'people-refused'; readonly what: string }
  | { readonly kind: 'time-passed' };

export type Transition = {
  readonly at: number;
  readonly from: HealthState;
  readonly to: HealthState;
  readonly why: string;
};

export type HealthPlan = {
  readonly thresholds: Thresholds;
  readonly probe: ProbePlan;
  readonly recovery: RecoveryPlan;
  readonly failback: 'automatic' | 'hold';
};

/** `at`: epoch ms; `jitter`: 0-1, spreads probes of many clients so that they do not fall on one second. */
export type Moment = { readonly at: number; readonly jitter: number };

export type Step = {
  readonly health: Health;
  readonly transition: Transition | undefined;
  /** the server does not let us in: to be told to people, in these words */
  readonly refusesUs?: string;
};

export function healthy(at: number): Health {
  return { state: 'up', since: at, history: NO_HISTORY };
}

export function advance(health: Health, event: HealthEvent, plan: HealthPlan, moment: Moment): Step {
  switch (event.kind) {
    case 'outcome':
      return observe(withEvidence(health, event, plan, moment.at), event, plan, moment);
    case 'probe':
      return afterProbe(health, event, plan, moment);
    case 'declared-failure':
      return declareFailure(health, event, moment);
    case 'declared-repair':
      return declareRepair(health, event, moment);
    case 'canary-passed':
      return health.state === 'recovering'
        ? moveUp(health, `the gateway took the first messages: ${event.what}`, moment)
        : stay(health);
    case 'canary-failed':
      return health.state === 'recovering' ? fallBack(health, event.what, plan, moment) : stay(health);
    case 'people-refused':
      return health.state === 'up'
        ? moveDown(health, { kind: 'threshold', why: event.what }, firstProbe(plan, moment), moment)
        : stay(health);
    case 'time-passed':
      return judgeSuspicion(health, plan, moment);
  }
}

/** When the next probe is due; undefined while none is called for. */
export function probeDueAt(health: Health): number | undefined {
  return health.state === 'suspect' || health.state === 'down' ? health.probe?.nextAt : undefined;
}

/** When suspicion becomes certainty by the passing of time alone. */
export function judgementDueAt(health: Health, plan: HealthPlan): number | undefined {
  return health.state === 'suspect' ? durationTripsAt(health.history.tally, plan.thresholds) : undefined;
}

function observe(health: Health, event: { evidence: Evidence; what: string }, plan: HealthPlan, moment: Moment): Step {
  switch (health.state) {
    case 'down':
    case 'recovering':
      return stay(health);
    case 'up':
      return event.evidence.weight > 0 || refusesUs(event.evidence)
        ? suspect(health, event, plan, moment)
        : stay(health);
    case 'suspect':
      if (event.evidence.alive === 'yes') return clear(health, event.what, moment);
      if (refusesUs(event.evidence) && !health.refusesUs)
        return { ...stay({ ...health, refusesUs: true }), refusesUs: event.what };
      return judgeSuspicion(health, plan, moment);
  }
}

function suspect(health: Health, event: { evidence: Evidence; what: string }, plan: HealthPlan, moment: Moment): Step {
  const isRefused = refusesUs(event.evidence);
  const suspicion: Health = {
    state: 'suspect',
    since: moment.at,
    history: health.history,
    probe: firstProbe(plan, moment),
    refusesUs: isRefused,
  };
  const judged = judgeSuspicion(suspicion, plan, moment);
  const why = judged.transition?.why ?? event.what;
  return {
    health: judged.health,
    transition: { at: moment.at, from: 'up', to: judged.health.state, why },
    ...(isRefused ? { refusesUs: event.what } : {}),
  };
}

/** Policy against us at the opening of a session (TLS, AUTH, a 554 banner): it stops all mail, and no failover mends it. */
function refusesUs(evidence: Evidence): boolean {
  return evidence.scope === 'policy';
}

function firstProbe(plan: HealthPlan, moment: Moment): ProbeSchedule {
  return { nextAt: probeAt(0, plan.probe, moment), made: 0 };
}

/** A success ends the suspicion, but not the memory: `frequency` looks past it. */
function clear(health: Health, what: string, moment: Moment): Step {
  const up: Health = { state: 'up', since: moment.at, history: health.history };
  return { health: up, transition: { at: moment.at, from: health.state, to: 'up', why: `alive: ${what}` } };
}

function judgeSuspicion(health: Health, plan: HealthPlan, moment: Moment): Step {
  if (health.state !== 'suspect') return stay(health);
  const trip = tripped(health.history.tally, plan.thresholds, moment.at);
  if (trip === undefined) return stay(health);
  const why = describeTrip(trip);
  return moveDown(
    health,
    { kind: 'threshold', why },
    { nextAt: probeAt(health.probe.made, plan.probe, moment), made: health.probe.made },
    moment,
  );
}

function afterProbe(
  health: Health,
  event: { evidence: Evidence; what: string },
  plan: HealthPlan,
  moment: Moment,
): Step {
  switch (health.state) {
    case 'up':
    case 'recovering':
      return stay(health);
    case 'suspect': {
      const made = health.probe.made + 1;
      const probed: Health = { ...health, probe: { nextAt: probeAt(made, plan.probe, moment), made } };
      return observe(withEvidence(probed, { ...event, from: `probe ${made}` }, plan, moment.at), event, plan, moment);
    }
    case 'down':
      return event.evidence.alive === 'yes'
        ? extendStreak(health, event.what, plan, moment)
        : breakStreak(health, plan, moment);
  }
}

type Down = Extract<Health, { state: 'down' }>;

function extendStreak(health: Down, what: string, plan: HealthPlan, moment: Moment): Step {
  if (health.probe === undefined) return stay(health);
  const streak = { count: (health.streak?.count ?? 0) + 1, since: health.streak?.since ?? moment.at };
  const gapMs = Math.max(plan.probe.firstMs, plan.recovery.spanMs / Math.max(1, plan.recovery.probes - 1));
  const next: Health = { ...health, streak, probe: { nextAt: moment.at + gapMs, made: 0 } };
  const repaired = streak.count >= plan.recovery.probes && moment.at - streak.since >= plan.recovery.spanMs;
  if (!repaired || plan.failback === 'hold') return stay(next);
  return moveToRecovering(next, `${streak.count} full probes in a row answered: ${what}`, moment);
}

function breakStreak(health: Down, plan: HealthPlan, moment: Moment): Step {
  if (health.probe === undefined) return stay(health);
  const made = health.probe.made + 1;
  return stay({ ...health, streak: undefined, probe: { nextAt: probeAt(made, plan.probe, moment), made } });
}

function declareFailure(health: Health, event: { by: string; reason: string }, moment: Moment): Step {
  const cause: DownCause = { kind: 'declared', by: event.by, reason: event.reason };
  // Already down: the person's word takes over, so that probes do not end what a person has begun.
  if (health.state === 'down') return stay({ ...health, cause, probe: undefined, streak: undefined });
  return moveDown(health, cause, undefined, moment);
}

function declareRepair(health: Health, event: { by: string; reason: string }, moment: Moment): Step {
  return health.state === 'down'
    ? moveToRecovering(health, `declared repaired by ${event.by}: ${event.reason}`, moment)
    : stay(health);
}

function moveDown(health: Health, cause: DownCause, probe: ProbeSchedule | undefined, moment: Moment): Step {
  const down: Health = { state: 'down', since: moment.at, history: health.history, cause, probe, streak: undefined };
  const why = cause.kind === 'threshold' ? cause.why : `declared by ${cause.by}: ${cause.reason}`;
  return { health: down, transition: { at: moment.at, from: health.state, to: 'down', why } };
}

function moveToRecovering(health: Down, why: string, moment: Moment): Step {
  const recovering: Health = { state: 'recovering', since: moment.at, history: health.history, cause: health.cause };
  return { health: recovering, transition: { at: moment.at, from: 'down', to: 'recovering', why } };
}

function moveUp(health: Health, why: string, moment: Moment): Step {
  const history: History = { ...NO_HISTORY, aliveAt: moment.at };
  return {
    health: { state: 'up', since: moment.at, history },
    transition: { at: moment.at, from: health.state, to: 'up', why },
  };
}

/** The canary failed: back to down. Probes go on even after a declared repair, because a person now expects an end. */
function fallBack(
  health: Extract<Health, { state: 'recovering' }>,
  what: string,
  plan: HealthPlan,
  moment: Moment,
): Step {
  const why = `the first messages after the repair did not get through: ${what}`;
  return moveDown(health, { kind: 'threshold', why }, firstProbe(plan, moment), moment);
}

function withEvidence<H extends Health>(health: H, event: Observation, plan: HealthPlan, at: number): H {
  return { ...health, history: remember(health.history, event, plan.thresholds, at) };
}

/** Quadratic, capped, plus up to a fifth of jitter: many clients on one dead host must not probe it in step. */
function probeAt(made: number, plan: ProbePlan, moment: Moment): number {
  const gapMs = Math.min(plan.capMs, plan.firstMs * Math.max(1, made) ** 2);
  return Math.round(moment.at + gapMs * (1 + moment.jitter / 5));
}

function stay(health: Health): Step {
  return { health, transition: undefined };
}
