/** From the first failure to a judgement: `up`, `suspect`, and the two states in which the server does not let us in. Pure. */
import { type DownCause, describeCause } from './down-cause.ts';
import type { Evidence } from './evidence.ts';
import type {
  Barred,
  Health,
  HealthPlan,
  HealthState,
  Moment,
  NoteKind,
  ProbeSchedule,
  Refusals,
  Step,
  Suspect,
  Transition,
  Up,
} from './health-state.ts';
import { stay } from './health-state.ts';
import { excused, forgetRun, type History } from './history.ts';
import { firstProbe, idleLookAt, nextProbe } from './probing.ts';
import { testimonyAgainst } from './testimony.ts';
import { describeTrip, isCleared, type Trip, tripped } from './thresholds.ts';

export type Heard = { readonly evidence: Evidence; readonly what: string };

// One TLS failure can be a packet lost in the handshake, one refused login a restart of the directory behind it.
const REFUSALS_TO_BELIEVE = 2;
// Failing again within the hour is the same outage: the recovery was believed too soon.
const RELAPSE_MS = 3_600_000;

export function observeUp(health: Up, heard: Heard, plan: HealthPlan, moment: Moment): Step {
  const { evidence } = heard;
  if (evidence.alive === 'yes') return stay({ ...health, lookAt: idleLookAt(plan, moment) });
  if (!isTrouble(evidence)) return stay(health);
  const suspicion: Suspect = {
    state: 'suspect',
    since: moment.at,
    history: health.history,
    probe: firstProbe(plan, moment),
    refusals: undefined,
    said: [],
  };
  const step = observeSuspect(suspicion, heard, plan, moment);
  const became = step.transition ?? turn(health, 'suspect', { at: moment.at, why: heard.what });
  return { ...step, transition: { ...became, from: 'up' } };
}

export function observeSuspect(health: Suspect, heard: Heard, plan: HealthPlan, moment: Moment): Step {
  const { evidence } = heard;
  if (evidence.alive === 'yes') return hearGood({ ...health, refusals: undefined }, heard, plan, moment);
  const refusal = refusalOf(evidence);
  if (refusal !== undefined) return hearRefusal(health, refusal, heard, moment);
  const told = remark(health, heard);
  const judged = judge(told.health, plan, moment);
  return { ...judged, notes: [...told.notes, ...judged.notes] };
}

export function observeBarred(health: Barred, heard: Heard, plan: HealthPlan, moment: Moment): Step {
  const { evidence, what } = heard;
  if (evidence.alive === 'yes') return letIn(health, `we are let in again: ${what}`, plan, moment);
  const refusal = refusalOf(evidence);
  if (refusal !== undefined && refusal !== health.state)
    return bar(health, refusal, health.probe, { what, at: moment.at });
  return judge(health, plan, moment);
}

/** Thresholds, and what the client wants done when one is crossed. */
export function judge(health: Suspect | Barred, plan: HealthPlan, moment: Moment): Step {
  const trip = tripped(health.history.tally, plan.thresholds, moment.at);
  if (trip !== undefined) return cross(health, describeTrip(trip), isPartial(trip), { plan, moment });
  if (health.state === 'suspect') {
    return isCleared(health.history.tally, moment.at)
      ? letIn(health, 'no failure for half a minute', plan, moment)
      : stay(health);
  }
  const isOver = plan.whenRefused === 'failover' && moment.at - health.troubledSince >= plan.thresholds.durationMs;
  return isOver
    ? cross(health, `${health.state} for ${Math.round((moment.at - health.since) / 1000)} s`, false, { plan, moment })
    : stay(health);
}

function cross(
  health: Suspect | Barred,
  why: string,
  partial: boolean,
  { plan, moment }: { readonly plan: HealthPlan; readonly moment: Moment },
): Step {
  switch (plan.failover) {
    case 'automatic':
      return moveDown(
        health,
        { kind: 'threshold', why, isPartial: partial },
        nextProbe(health.probe.made, plan, moment),
        moment,
      );
    case 'ask':
      return say(health, 'asked', why, moment);
    case 'manual':
      return say(health, 'crossed', why, moment);
  }
}

/** Also the way down for a person's word, a plan, and a replay that is refused. */
export function moveDown(health: Health, cause: DownCause, probe: ProbeSchedule | undefined, moment: Moment): Step {
  const { history } = health;
  const relapses = cause.kind === 'threshold' ? relapsesOf(health, moment.at) : 0;
  const evidence = cause.kind === 'threshold' ? testimonyAgainst(history, moment.at) : [];
  const why = describeCause(cause);
  return {
    health: { state: 'down', since: moment.at, history, cause, probe, streak: undefined, relapses, said: [] },
    transition: turn(health, 'down', { at: moment.at, why, evidence }),
    notes: [],
  };
}

function relapsesOf({ state, history }: Health, at: number): number {
  const { failback } = history;
  if (state === 'recovering' || failback === undefined || at - failback.at >= RELAPSE_MS) return 0;
  return failback.relapses + 1;
}

function hearGood(health: Suspect, { what }: Heard, plan: HealthPlan, moment: Moment): Step {
  const { run } = health.history.tally;
  return run === undefined || isCleared(health.history.tally, moment.at)
    ? letIn(health, `alive: ${what}`, plan, moment)
    : stay(health);
}

/** The end of a suspicion, but not of the memory: `frequency` looks past it. */
function letIn(health: Suspect | Barred, why: string, plan: HealthPlan, moment: Moment): Step {
  const history: History = forgetRun(health.history);
  return {
    health: { state: 'up', since: moment.at, history, lookAt: idleLookAt(plan, moment) },
    transition: turn(health, 'up', { at: moment.at, why }),
    notes: [],
  };
}

function hearRefusal(health: Suspect, of: Refusals['of'], { what }: Heard, moment: Moment): Step {
  const count = health.refusals?.of === of ? health.refusals.count + 1 : 1;
  if (count < REFUSALS_TO_BELIEVE) return stay({ ...health, refusals: { of, count } });
  return bar(health, of, health.probe, { what, at: moment.at });
}

function bar(
  health: Suspect | Barred,
  state: Refusals['of'],
  probe: ProbeSchedule,
  { what, at }: { readonly what: string; readonly at: number },
): Step {
  const history = forgetRun(health.history);
  const troubledSince = health.state === 'suspect' ? health.since : health.troubledSince;
  return {
    health: { state, since: at, troubledSince, history, probe, said: [] },
    transition: turn(health, state, { at, why: what }),
    notes: [],
  };
}

/** What is neither the server's nor a message's trouble, and for somebody to mend: said once. */
function remark(
  health: Suspect,
  { evidence, what }: Heard,
): { readonly health: Suspect; readonly notes: Step['notes'] } {
  const kind = remarkOf(evidence);
  if (kind === undefined) return { health, notes: [] };
  // Our own resolver's failure excuses the gateway for everything that looked like its failure.
  const history = kind === 'resolver-failed' ? excused(health.history) : health.history;
  const noted: Suspect = {
    ...health,
    history,
    said: health.said.includes(kind) ? health.said : [...health.said, kind],
  };
  return { health: noted, notes: health.said.includes(kind) ? [] : [{ kind, words: what, evidence: [] }] };
}

function remarkOf({ scope, weight }: Evidence): NoteKind | undefined {
  if (scope === 'configuration') return 'misconfigured';
  return scope === 'resolver' && weight === 0 ? 'resolver-failed' : undefined;
}

function say(health: Suspect | Barred, kind: NoteKind, words: string, moment: Moment): Step {
  if (health.said.includes(kind)) return stay(health);
  const evidence = testimonyAgainst(health.history, moment.at);
  return { ...stay({ ...health, said: [...health.said, kind] }), notes: [{ kind, words, evidence }] };
}

export function turn(
  { state: from }: Health,
  to: HealthState,
  { at, why, evidence = [] }: { readonly at: number; readonly why: string; readonly evidence?: readonly string[] },
): Transition {
  return { at, from, to, why, evidence };
}

function isTrouble(evidence: Evidence): boolean {
  return evidence.weight > 0 || evidence.scope === 'resolver' || refusalOf(evidence) !== undefined;
}

function refusalOf({ scope }: Evidence): Refusals['of'] | undefined {
  if (scope === 'tls') return 'tls-broken';
  return scope === 'policy' ? 'refused-us' : undefined;
}

function isPartial({ kind }: Trip): boolean {
  return kind === 'frequency' || kind === 'share';
}
