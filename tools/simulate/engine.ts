/**
 * A client's day on a virtual clock: the real judgement (core/health.ts, thresholds, easing, routing, retries, the canary) over a
 * scripted gateway. Nothing is decided here; what the client object does with its alarm and `receive` with a message is done with numbers.
 */

import { NULL_REVERSE_PATH } from '../../src/core/address.ts';
import { type Canary, canaryHeard, canaryVerdict, NO_CANARY, sendsMore } from '../../src/core/canary.ts';
import { DEFAULT_EXPIRY, DEFAULT_PROBE, DEFAULT_RECOVERY, DEFAULT_REPLAY } from '../../src/core/client.ts';
import { isPartial } from '../../src/core/down-cause.ts';
import { type Easing, paceFor, relaxed, slowed } from '../../src/core/easing.ts';
import { weigh } from '../../src/core/evidence.ts';
import { advance, healthy, judgementDueAt, probeDueAt } from '../../src/core/health.ts';
import type { Health, HealthEvent, HealthPlan, Note, Transition } from '../../src/core/health-state.ts';
import { type Attempted, settle } from '../../src/core/ledger.ts';
import { describeOutcome, type Outcome } from '../../src/core/outcome.ts';
import { mayLeaveAt, paced, startPacing } from '../../src/core/pacing.ts';
import { answerAbout, isHalfRepaired } from '../../src/core/people-met.ts';
import { retryAt } from '../../src/core/retry.ts';
import { afterAttempt, route } from '../../src/core/route.ts';
import { thresholdsInForce } from '../../src/pipeline/settings.ts';
import { EDGE_TIMEOUTS, PATIENT_TIMEOUTS } from '../../src/smtp/timeouts.ts';
import { Agenda } from './agenda.ts';
import { chance } from './chance.ts';
import { ScriptedGateway } from './gateway.ts';
import { probe } from './probe.ts';
import type { Scenario } from './scenario.ts';

export type Row = {
  readonly id: string;
  readonly sender: string;
  readonly recipient: string;
  readonly arrivedAt: number;
  attempts: number;
  tries: number;
  uncertain: number;
  dueAt: number;
  isOfOutage: boolean;
};

const UNTRIED = { attempts: 0, tries: 0, uncertain: 0 } as const;
// What goes back to its sender is no matter of health: a scenario has no relay.
const NEVER_RETURNED = { expiry: DEFAULT_EXPIRY, hasRelay: false, areMailboxesOpen: false } as const;

function attempted({ attempts, tries, uncertain, arrivedAt }: Row): Attempted {
  const trace = { receivedAt: arrivedAt, reversePath: NULL_REVERSE_PATH, outageId: undefined, told: '' } as const;
  return { kind: 'inbound', ...trace, attempts, tries, uncertainAttempts: uncertain, summary: {} };
}

export type Run = {
  readonly transitions: readonly Transition[];
  readonly notes: readonly (Note & { readonly at: number })[];
  readonly mail: { arrived: number; delivered: number; kept: number; bounced: number };
  /** when messages failed, with weight */
  readonly failuresAt: readonly number[];
};

// Long enough after the last span that a repair is found and everything is given back.
const AFTERWARDS_MS = 3_600_000;

export function simulate(scenario: Scenario): Run {
  return new Simulation(scenario).run();
}

class Simulation {
  readonly #agenda = new Agenda();
  readonly #random: () => number;
  readonly #gateway: ScriptedGateway;
  readonly #plan: HealthPlan;
  readonly #endMs: number;
  readonly #known = new Set<string>();
  readonly #rows = new Map<string, Row>();
  readonly #refused = new Set<string>();
  readonly #met = new Set<string>();
  readonly #transitions: Transition[] = [];
  readonly #notes: (Note & { at: number })[] = [];
  readonly #failuresAt: number[] = [];
  readonly #mail = { arrived: 0, delivered: 0, kept: 0, bounced: 0 };
  #health: Health = healthy(0);
  #easing: Easing | undefined;
  #pacing = startPacing(0);
  /** entered in the agenda already */
  #lookedFor: { readonly probe: number | undefined; readonly judge: number | undefined } = {
    probe: undefined,
    judge: undefined,
  };
  #isProbing = false;
  #isGiving = false;
  #asked = 0;
  #hasBeenDown = false;

  constructor(scenario: Scenario) {
    const { profile, thresholds, failover, whenRefused, traffic, gateway, seed } = scenario;
    this.#random = chance(seed);
    this.#gateway = new ScriptedGateway(gateway, chance(seed + 1));
    this.#plan = {
      thresholds: thresholdsInForce({ ...(profile === undefined ? {} : { profile }), ...thresholds }),
      probe: DEFAULT_PROBE,
      recovery: DEFAULT_RECOVERY,
      failover,
      failback: 'automatic',
      whenRefused,
    };
    this.#endMs = Math.max(0, ...[...traffic, ...gateway].map((span) => span.toSeconds * 1000)) + AFTERWARDS_MS;
    for (const span of traffic) this.#schedule(span);
  }

  run(): Run {
    this.#happened({ kind: 'time-passed' }, 0);
    for (let next = this.#agenda.next(); next !== undefined && next.at <= this.#endMs; next = this.#agenda.next())
      next.happen(next.at);
    const { length: kept } = [...this.#rows];
    return {
      transitions: this.#transitions,
      notes: this.#notes,
      mail: { ...this.#mail, kept },
      failuresAt: this.#failuresAt,
    };
  }

  /** Each message at a chance moment of its own interval: no two seconds alike, and no burst that the rate does not say. */
  #schedule({ fromSeconds, toSeconds, messagesPerMinute, senders, recipients }: Scenario['traffic'][number]): void {
    const gapMs = 60_000 / messagesPerMinute;
    const arrive = (start: number) => {
      if (start >= toSeconds * 1000) return;
      this.#agenda.at(start + this.#random() * gapMs, (at) => {
        const sender = `sender-${Math.floor(this.#random() * senders)}@world.example`;
        const recipient = `person-${Math.floor(this.#random() * recipients)}@client.example`;
        this.#arrived({ sender, recipient }, at);
        arrive(start + gapMs);
      });
    };
    arrive(fromSeconds * 1000);
  }

  #arrived(asked: { readonly sender: string; readonly recipient: string }, at: number): void {
    this.#mail.arrived += 1;
    const row: Row = {
      id: `m${this.#mail.arrived}`,
      ...asked,
      arrivedAt: at,
      ...UNTRIED,
      dueAt: at,
      isOfOutage: false,
    };
    if (route({ state: this.#health.state, isEased: this.#easing !== undefined }) === 'spool') {
      this.#keep(row, at);
      return;
    }
    const routedIn = this.#health.state;
    const { outcome, tookMs } = this.#gateway.attempt(at, asked, EDGE_TIMEOUTS);
    this.#agenda.at(at + tookMs, (then) => {
      const after = afterAttempt(outcome, { state: routedIn, recipients: 1, isReplaying: false });
      if (after.kind === 'delivered') this.#taken(row);
      if (after.kind === 'refuse') this.#mail.bounced += 1;
      if (after.kind !== 'spool') {
        if (after.kind === 'delivered') this.#heard(row, outcome, then);
        return;
      }
      row.attempts = 1;
      row.dueAt = retryAt(1, then);
      this.#heard(row, outcome, then);
      this.#keep(row, then);
    });
  }

  #keep(row: Row, at: number): void {
    const { state } = this.#health;
    if (state === 'down' || state === 'recovering') row.isOfOutage = true;
    this.#rows.set(row.id, row);
    this.#agenda.at(Math.max(at, row.dueAt), (then) => this.#giveBack(then));
  }

  #taken(row: Row): void {
    this.#mail.delivered += 1;
    this.#known.add(row.recipient);
    this.#rows.delete(row.id);
  }

  #heard(row: Row, outcome: Outcome, at: number): void {
    const evidence = weigh(outcome);
    if (evidence.weight > 0 || evidence.scope === 'tls' || evidence.scope === 'policy' || evidence.scope === 'resolver')
      this.#failuresAt.push(at);
    const witness = { sender: row.sender, recipient: row.recipient };
    this.#happened({ kind: 'outcome', from: row.id, evidence, what: describeOutcome(outcome), witness }, at);
  }

  #happened(event: HealthEvent, at: number): void {
    const step = advance(this.#health, event, this.#plan, { at, jitter: this.#random() });
    this.#health = step.health;
    this.#notes.push(...step.notes.map((note) => ({ ...note, at })));
    if (step.transition !== undefined) this.#turned(step.transition, at);
    if ('evidence' in event && event.evidence.scope === 'load') this.#ease(at);
    this.#look(at);
  }

  #turned(transition: Transition, at: number): void {
    this.#transitions.push(transition);
    const { from, to } = transition;
    if (to === 'down') {
      this.#hasBeenDown = true;
      for (const row of this.#rows.values()) row.isOfOutage = true;
    }
    if (to === 'recovering') this.#pacing = startPacing(at);
    const isLetIn = to === 'up' && (from === 'recovering' || from === 'tls-broken' || from === 'refused-us');
    if (isLetIn) for (const row of this.#rows.values()) row.dueAt = Math.min(row.dueAt, at);
    if (to === 'up') this.#agenda.at(at, (then) => this.#giveBack(then));
    if (to === 'recovering') this.#agenda.at(at, (then) => this.#canary(NO_CANARY, then));
  }

  /** The object's alarm: whatever the state asks for next. */
  #look(at: number): void {
    const probeAt = probeDueAt(this.#health);
    if (probeAt !== undefined && probeAt !== this.#lookedFor.probe)
      this.#agenda.at(Math.max(at, probeAt), (then) => this.#probe(then));
    const judgeAt = judgementDueAt(this.#health, this.#plan);
    if (judgeAt !== undefined && judgeAt !== this.#lookedFor.judge)
      this.#agenda.at(Math.max(at, judgeAt), (then) => this.#judge(then));
    this.#lookedFor = { probe: probeAt, judge: judgeAt };
  }

  #judge(at: number): void {
    const dueAt = judgementDueAt(this.#health, this.#plan);
    if (dueAt !== undefined && dueAt <= at) this.#happened({ kind: 'time-passed' }, at);
  }

  #probe(at: number): void {
    const dueAt = probeDueAt(this.#health);
    if (this.#isProbing || dueAt === undefined || dueAt > at) return;
    this.#isProbing = true;
    const { event, tookMs } = probe(this.#gateway, this.#nextFew(), at);
    this.#agenda.at(at + tookMs, (then) => {
      this.#isProbing = false;
      this.#happened(event, then);
    });
  }

  /** Others each time, as durable/recipients.ts does. */
  #nextFew(): readonly string[] {
    const people = [...this.#known];
    const from = people.length === 0 ? 0 : this.#asked++ % people.length;
    return [...people.slice(from), ...people.slice(0, from)].slice(0, 3);
  }

  #ease(at: number): void {
    this.#easing = slowed(this.#easing, at);
    this.#relaxLater();
  }

  #relaxLater(): void {
    if (this.#easing === undefined) return;
    this.#agenda.at(this.#easing.until, (at) => {
      if (this.#easing === undefined || this.#easing.until > at) return;
      this.#easing = relaxed(this.#easing, at);
      if (this.#easing === undefined) this.#giveBack(at);
      else this.#relaxLater();
    });
  }

  /** One row after another, oldest first, at the pace. */
  #giveBack(at: number): void {
    if (this.#isGiving || this.#health.state !== 'up') return;
    const row = this.#nextRow(at);
    if (row === undefined) return;
    this.#isGiving = true;
    const leaveAt = Math.max(at, mayLeaveAt(this.#pacing, paceFor(row, DEFAULT_REPLAY, this.#easing)));
    this.#agenda.at(leaveAt, (then) => this.#give(row, then));
  }

  #nextRow(at: number): Row | undefined {
    // A Map keeps the order in which rows came; days of mail must not be copied for each of them.
    for (const row of this.#rows.values()) if (row.dueAt <= at) return row;
    return undefined;
  }

  #give(row: Row, at: number): void {
    const { outcome, tookMs } = this.#gateway.attempt(at, row, PATIENT_TIMEOUTS);
    this.#pacing = paced(this.#pacing, at, paceFor(row, DEFAULT_REPLAY, this.#easing), 0);
    this.#agenda.at(at + tookMs, (then) => {
      this.#isGiving = false;
      this.#settle(row, outcome, then);
      this.#heard(row, outcome, then);
      this.#watchRefusals(row, outcome, then);
      this.#giveBack(then);
    });
  }

  #settle(row: Row, outcome: Outcome, at: number): void {
    row.attempts += 1;
    const settlement = settle(outcome, attempted(row), { ...NEVER_RETURNED, now: at, state: this.#health.state });
    row.tries += settlement.kind === 'waiting' && settlement.ages ? 1 : 0;
    row.uncertain += settlement.kind === 'waiting' && settlement.uncertain ? 1 : 0;
    switch (settlement.kind) {
      case 'delivered':
        this.#taken(row);
        return;
      case 'held':
      case 'expired':
        // A person looks at it: it leaves the lane, but not our keeping.
        row.dueAt = Number.POSITIVE_INFINITY;
        return;
      case 'waiting':
        row.dueAt = settlement.nextAttemptAt;
        this.#agenda.at(row.dueAt, (then) => this.#giveBack(then));
    }
  }

  #watchRefusals(row: Row, outcome: Outcome, at: number): void {
    const answer = answerAbout(outcome);
    if (answer === undefined || !this.#hasBeenDown || !this.#known.has(row.recipient)) return;
    (answer === 'taken' ? this.#met : this.#refused).add(row.recipient);
    (answer === 'taken' ? this.#refused : this.#met).delete(row.recipient);
    if (!isHalfRepaired({ refused: this.#refused.size, taken: this.#met.size })) return;
    for (const person of this.#refused) this.#known.delete(person);
    this.#happened({ kind: 'people-refused', what: `${this.#refused.size} people it knew are refused` }, at);
    this.#refused.clear();
    this.#met.clear();
  }

  #canary(canary: Canary, at: number): void {
    if (this.#health.state !== 'recovering') return;
    const row = sendsMore(canary) ? this.#nextRow(at) : undefined;
    if (row === undefined) {
      this.#concludeCanary(canary, at);
      return;
    }
    const { outcome, tookMs } = this.#gateway.attempt(at, row, PATIENT_TIMEOUTS);
    this.#agenda.at(at + tookMs, (then) => {
      this.#settle(row, outcome, then);
      this.#canary(canaryHeard(canary, outcome), then);
    });
  }

  #concludeCanary(canary: Canary, at: number): void {
    const { kind, what } = canaryVerdict(canary, { isPartial: isPartial(this.#health) });
    if (kind !== 'nothing-waits') {
      this.#happened({ kind: kind === 'passed' ? 'canary-passed' : 'canary-failed', what }, at);
      return;
    }
    const { event, tookMs } = probe(this.#gateway, this.#nextFew(), at);
    const passed = event.evidence.alive === 'yes';
    this.#agenda.at(at + tookMs, (then) =>
      this.#happened({ kind: passed ? 'canary-passed' : 'canary-failed', what: event.what }, then),
    );
  }
}
