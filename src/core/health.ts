/**
 * Is the client's gateway up? The state machine, pure: what happened goes in with its time; the next state, the transition with its
 * reason and evidence, and what else people must hear come out. Before a judgement: core/suspicion.ts. After it: here.
 */
import { type DownCause, isBegunByPeople, isPartial } from './down-cause.ts';
import type { Barred, Down, Health, HealthEvent, HealthPlan, Moment, Recovering, Step, Up } from './health-state.ts';
import { stay } from './health-state.ts';
import { type History, NO_HISTORY, type Observation, remember } from './history.ts';
import { demandOn, firstProbe, idleLookAt, isMet, nextProbe, probeAt } from './probing.ts';
import { judge, moveDown, observeBarred, observeSuspect, observeUp, turn } from './suspicion.ts';
import { decidesAt } from './thresholds.ts';

export function healthy(at: number): Health {
  return { state: 'up', since: at, history: NO_HISTORY, lookAt: undefined };
}

export function advance(health: Health, event: HealthEvent, plan: HealthPlan, moment: Moment): Step {
  switch (event.kind) {
    case 'outcome':
      return hear(health, event, plan, moment);
    case 'probe':
      return hearProbe(health, event, plan, moment);
    case 'declared-failure':
      return declareFailure(health, event, moment);
    case 'declared-repair':
      return health.state === 'down'
        ? recover(health, `declared repaired by ${event.by}: ${event.reason}`, moment)
        : stay(health);
    case 'maintenance-begins':
      return beginMaintenance(health, event, moment);
    case 'maintenance-ends':
      return endMaintenance(health, plan, moment);
    case 'canary-passed':
      return health.state === 'recovering' ? failBack(health, event.what, plan, moment) : stay(health);
    case 'canary-failed':
      return health.state === 'recovering' ? fallBack(health, event.what, plan, moment) : stay(health);
    case 'people-refused':
      return health.state === 'up'
        ? moveDown(health, threshold(event.what), firstProbe(plan, moment), moment)
        : stay(health);
    case 'time-passed':
      return passTime(health, plan, moment);
  }
}

/** When the next probe is due; undefined while none is called for. */
export function probeDueAt(health: Health): number | undefined {
  switch (health.state) {
    case 'up':
      return health.lookAt;
    case 'suspect':
    case 'tls-broken':
    case 'refused-us':
    case 'down':
      return health.probe?.nextAt;
    case 'recovering':
      return undefined;
  }
}

/** When the passing of time alone decides something. */
export function judgementDueAt(health: Health, plan: HealthPlan): number | undefined {
  switch (health.state) {
    case 'suspect':
      // What was asked is asked once; from then on a person decides, or a success.
      return health.said.includes('asked') || health.said.includes('crossed')
        ? clearsAt(health.history, plan)
        : decidesAt(health.history.tally.run, plan.thresholds);
    case 'tls-broken':
    case 'refused-us':
      return barredDueAt(health, plan);
    case 'up':
    case 'down':
    case 'recovering':
      return undefined;
  }
}

function barredDueAt({ history, troubledSince }: Barred, plan: HealthPlan): number | undefined {
  if (plan.failover !== 'automatic') return undefined;
  const deadAt = decidesAt(history.tally.run, plan.thresholds) ?? Number.POSITIVE_INFINITY;
  const tiredAt =
    plan.whenRefused === 'failover' ? troubledSince + plan.thresholds.durationMs : Number.POSITIVE_INFINITY;
  const dueAt = Math.min(deadAt, tiredAt);
  return Number.isFinite(dueAt) ? dueAt : undefined;
}

function clearsAt({ tally }: History, plan: HealthPlan): number | undefined {
  return tally.run?.aliveSince === undefined ? undefined : decidesAt(tally.run, plan.thresholds);
}

function hear(health: Health, event: Observation, plan: HealthPlan, moment: Moment): Step {
  switch (health.state) {
    case 'up':
      return observeUp(withEvidence(health, event, plan, moment.at), event, plan, moment);
    case 'suspect':
      return observeSuspect(withEvidence(health, event, plan, moment.at), event, plan, moment);
    case 'tls-broken':
    case 'refused-us':
      return observeBarred(withEvidence(health, event, plan, moment.at), event, plan, moment);
    case 'down':
    case 'recovering':
      return stay(health);
  }
}

type Probed = Extract<HealthEvent, { kind: 'probe' }>;

function hearProbe(health: Health, event: Probed, plan: HealthPlan, moment: Moment): Step {
  // A probe is asked by nobody else: each is a witness of its own.
  const observation: Observation = { ...event, from: `probe ${moment.at}`, isProbe: true };
  switch (health.state) {
    case 'up':
      return observeUp(lookedAt(withEvidence(health, observation, plan, moment.at), plan, moment), event, plan, moment);
    case 'suspect': {
      const probed = withEvidence(health, observation, plan, moment.at);
      return observeSuspect({ ...probed, probe: after(health.probe.made, event, plan, moment) }, event, plan, moment);
    }
    case 'tls-broken':
    case 'refused-us': {
      const probed = withEvidence(health, observation, plan, moment.at);
      return observeBarred({ ...probed, probe: after(health.probe.made, event, plan, moment) }, event, plan, moment);
    }
    case 'down':
      return event.taken === 'refuses-people' || event.evidence.alive !== 'yes'
        ? breakStreak(health, plan, moment)
        : extendStreak(health, event.what, plan, moment);
    case 'recovering':
      return stay(health);
  }
}

// While our own resolver is the trouble, every probe excuses the gateway, so the next must come before its silence is held against it.
const EXCUSED_MADE = 2;

function after(made: number, { evidence }: Probed, plan: HealthPlan, moment: Moment) {
  const isExcused = evidence.scope === 'resolver' && evidence.weight === 0;
  return nextProbe(isExcused ? Math.min(made + 1, EXCUSED_MADE) : made + 1, plan, moment);
}

function lookedAt(health: Up, plan: HealthPlan, moment: Moment): Up {
  return { ...health, lookAt: idleLookAt(plan, moment) };
}

function passTime(health: Health, plan: HealthPlan, moment: Moment): Step {
  switch (health.state) {
    case 'up': {
      // Also after a change of the plan: a shorter interval counts at once, and 0 ends the looking.
      const lookAt = idleLookAt(plan, moment);
      const sooner = lookAt === undefined ? undefined : Math.min(lookAt, health.lookAt ?? lookAt);
      return stay(sooner === health.lookAt ? health : { ...health, lookAt: sooner });
    }
    case 'suspect':
    case 'tls-broken':
    case 'refused-us':
      return judge(health, plan, moment);
    case 'down':
    case 'recovering':
      return stay(health);
  }
}

function extendStreak(health: Down, what: string, plan: HealthPlan, moment: Moment): Step {
  if (health.probe === undefined) return stay(health);
  const demand = demandOn(health, plan);
  const streak = { count: (health.streak?.count ?? 0) + 1, since: health.streak?.since ?? moment.at };
  const next: Down = { ...health, streak, probe: { nextAt: moment.at + demand.gapMs, made: 0 } };
  if (!isMet(demand, streak, moment.at)) return stay(next);
  const words = `${streak.count} full probes in a row were answered within ${Math.round((moment.at - streak.since) / 1000)} s: ${what}`;
  if (plan.failback === 'automatic') return recover(next, words, moment);
  if (health.said.includes('repair-waits')) return stay(next);
  return {
    ...stay({ ...next, said: [...health.said, 'repair-waits'] }),
    notes: [{ kind: 'repair-waits', words, evidence: [] }],
  };
}

function breakStreak(health: Down, plan: HealthPlan, moment: Moment): Step {
  if (health.probe === undefined) return stay(health);
  const made = health.probe.made + 1;
  const { capMs } = demandOn(health, plan);
  const nextAt = probeAt(made, { firstMs: plan.probe.firstMs, capMs }, moment);
  const said = health.said.filter((kind) => kind !== 'repair-waits');
  return stay({ ...health, streak: undefined, probe: { nextAt, made }, said });
}

type Declared = Extract<HealthEvent, { kind: 'declared-failure' }>;

function declareFailure(health: Health, event: Declared, moment: Moment): Step {
  const kind = event.isDrill === true ? 'drill' : 'declared';
  const cause: DownCause = { kind, by: event.by, reason: event.reason };
  // Already down: the person's word takes over, so that probes do not end what a person has begun.
  if (health.state === 'down') return stay({ ...health, cause, probe: undefined, streak: undefined });
  return moveDown(health, cause, undefined, moment);
}

type Begun = Extract<HealthEvent, { kind: 'maintenance-begins' }>;

/** An outage that is on already has its own end; one that is planned for tonight does not change it. */
function beginMaintenance(health: Health, { title, until }: Begun, moment: Moment): Step {
  const cause: DownCause = { kind: 'maintenance', title, until };
  if (health.state !== 'down') return moveDown(health, cause, undefined, moment);
  return health.cause.kind === 'maintenance'
    ? stay({ ...health, cause, probe: undefined, streak: undefined })
    : stay(health);
}

/** The work should be done: now probes find out whether it is. */
function endMaintenance(health: Health, plan: HealthPlan, moment: Moment): Step {
  if (health.state !== 'down' || health.cause.kind !== 'maintenance' || health.probe !== undefined) return stay(health);
  return stay({ ...health, probe: firstProbe(plan, moment) });
}

function recover(health: Down, why: string, moment: Moment): Step {
  const { history, cause, relapses } = health;
  return {
    health: { state: 'recovering', since: moment.at, history, cause, relapses },
    transition: turn(health, 'recovering', { at: moment.at, why, evidence: [why] }),
    notes: [],
  };
}

function failBack(health: Recovering, what: string, plan: HealthPlan, moment: Moment): Step {
  const { relapses, cause } = health;
  // A drill or planned work says nothing of the server: what comes after it is no relapse.
  const failback = isBegunByPeople(cause) ? {} : { failback: { at: moment.at, relapses } };
  const history: History = { ...NO_HISTORY, aliveAt: moment.at, ...failback };
  const why = `the gateway took the first messages: ${what}`;
  return {
    health: { state: 'up', since: moment.at, history, lookAt: idleLookAt(plan, moment) },
    transition: turn(health, 'up', { at: moment.at, why, evidence: [why] }),
    notes: [],
  };
}

/** The canary failed: back to down. Probes go on even after a declared repair, because a person now expects an end. */
function fallBack(health: Recovering, what: string, plan: HealthPlan, moment: Moment): Step {
  const why = `the first messages after the repair did not get through: ${what}`;
  // What was asked of a server that takes some mail is asked of it again.
  const cause: DownCause = { kind: 'threshold', why, isPartial: isPartial(health) };
  const step = moveDown(health, cause, firstProbe(plan, moment), moment);
  return { ...step, health: { ...step.health, relapses: health.relapses } as Health };
}

function threshold(why: string): DownCause {
  return { kind: 'threshold', why, isPartial: false };
}

function withEvidence<H extends Health>(health: H, event: Observation, plan: HealthPlan, at: number): H {
  return { ...health, history: remember(health.history, event, plan.thresholds, at) };
}
