/**
 * The real judgement (core/health.ts) over a client's own record, on a virtual clock: what would have happened with these settings?
 * Nothing is decided here. What was recorded of messages is heard again; what the judgement asks by itself is answered by the record.
 */
import { advance, healthy, judgementDueAt, probeDueAt } from '../../src/core/health.ts';
import type { Health, HealthEvent, HealthPlan, Transition } from '../../src/core/health-state.ts';
import type { History } from '../../src/core/history.ts';
import type { Recorded } from '../../src/core/record.ts';
import { type Knowledge, knowledgeOf } from './knowledge.ts';

/** Epoch ms. */
export type Span = { readonly from: number; readonly to: number };

export type Failover = {
  readonly at: number;
  readonly why: string;
  /** what the server said, and how often */
  readonly replies: readonly string[];
  readonly firstFailureAt: number;
  /** undefined: not over when the record ends */
  readonly endedAt: number | undefined;
};

/** `record`: oldest first */
export function replay(record: readonly Recorded[], plan: HealthPlan, span: Span): readonly Failover[] {
  return new Replay(record, plan, span).run();
}

class Replay {
  readonly #record: readonly Recorded[];
  readonly #knowledge: Knowledge;
  readonly #plan: HealthPlan;
  readonly #span: Span;
  readonly #failovers: Failover[] = [];
  #health: Health;
  #next = 0;
  #now: number;
  /** judged at this moment already, and it stayed as it was */
  #judgedAt: number | undefined;

  constructor(record: readonly Recorded[], plan: HealthPlan, span: Span) {
    this.#record = record.filter(({ at }) => at >= span.from && at <= span.to);
    this.#knowledge = knowledgeOf(record);
    this.#plan = plan;
    this.#span = span;
    this.#now = span.from;
    this.#health = healthy(span.from);
  }

  run(): readonly Failover[] {
    for (let at = this.#nextAt(); at <= this.#span.to; at = this.#nextAt()) {
      this.#now = Math.max(this.#now, at);
      this.#step();
    }
    return this.#failovers;
  }

  #nextAt(): number {
    return Math.min(this.#recordedAt(), this.#judgeAt(), this.#probeAt(), this.#canaryAt());
  }

  #step(): void {
    if (this.#canaryAt() <= this.#now) this.#happened(this.#canary());
    else if (this.#recordedAt() <= this.#now) this.#hearRecorded();
    else if (this.#judgeAt() <= this.#now) this.#judge();
    else this.#happened(this.#knowledge.answerAt(this.#now));
  }

  #judge(): void {
    this.#judgedAt = this.#now;
    this.#happened({ kind: 'time-passed' });
  }

  #recordedAt(): number {
    return this.#record[this.#next]?.at ?? Number.POSITIVE_INFINITY;
  }

  #judgeAt(): number {
    const at = judgementDueAt(this.#health, this.#plan) ?? Number.POSITIVE_INFINITY;
    return at <= this.#now && this.#judgedAt === this.#now ? Number.POSITIVE_INFINITY : at;
  }

  /** While it is up, the looks at a quiet gateway are those that were really made. */
  #probeAt(): number {
    return (this.#health.state === 'up' ? undefined : probeDueAt(this.#health)) ?? Number.POSITIVE_INFINITY;
  }

  #canaryAt(): number {
    return this.#health.state === 'recovering' ? this.#now : Number.POSITIVE_INFINITY;
  }

  /** The first messages after the repair fare as a probe would. */
  #canary(): HealthEvent {
    const { evidence, what } = this.#knowledge.answerAt(this.#now);
    return { kind: evidence.alive === 'yes' ? 'canary-passed' : 'canary-failed', what };
  }

  #hearRecorded(): void {
    const recorded = this.#record[this.#next];
    this.#next += 1;
    if (recorded !== undefined) for (const event of eventsOf(recorded, this.#health)) this.#happened(event);
  }

  #happened(event: HealthEvent): void {
    const { health, transition } = advance(this.#health, event, this.#plan, { at: this.#now, jitter: 0 });
    this.#health = health;
    if (transition !== undefined) this.#note(transition, health);
  }

  #note({ at, from, to, why, evidence }: Transition, { history }: Health): void {
    if (to === 'down' && from !== 'recovering') {
      // What it says of successes is not for a record that has them only around failures.
      const replies = evidence.filter((line) => line.includes(' × '));
      this.#failovers.push({ at, why, replies, firstFailureAt: firstFailureAt(history) ?? at, endedAt: undefined });
    }
    const open = this.#failovers.at(-1);
    if (to === 'up' && from === 'recovering' && open !== undefined)
      this.#failovers.splice(-1, 1, { ...open, endedAt: at });
  }
}

/** Of a count past which only the number was kept, each stands for a message of its own. */
function eventsOf(recorded: Recorded, { state }: Health): readonly HealthEvent[] {
  switch (recorded.kind) {
    case 'probe':
      return state === 'up'
        ? [{ kind: 'probe', evidence: recorded.evidence, what: recorded.words, taken: recorded.taken }]
        : [];
    case 'answered': {
      const { count } = recorded;
      const evidence = { scope: 'none', weight: 0, alive: 'yes' } as const;
      return [{ kind: 'outcome', from: 'traffic', evidence, what: 'messages are taken', count }];
    }
    case 'failed': {
      const { evidence, message, words: what, witness, count } = recorded;
      return Array.from({ length: count }, (_, number) => ({
        kind: 'outcome',
        from: number === 0 ? message : `${message}.${number}`,
        evidence,
        what,
        witness,
      }));
    }
  }
}

/** What failed within the window began before the last run of failures did. */
function firstFailureAt({ tally }: History): number | undefined {
  const slice = tally.slices.find(({ failures }) => failures > 0)?.at;
  const run = tally.run?.firstAt;
  return slice === undefined || run === undefined ? (run ?? slice) : Math.min(slice, run);
}
