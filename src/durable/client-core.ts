/**
 * A client object at work: its state, what follows when its health moves on, and its one alarm. The RPC surface in
 * client-object.ts loads from it, asks, and lets it store.
 */
import type { ClientSnapshot } from '../core/client.ts';
import { advance, healthy } from '../core/health.ts';
import type { Health, HealthEvent, Transition } from '../core/health-state.ts';
import type { OutageId } from '../core/ids.ts';
import { problemOf } from '../core/problem-of.ts';
import { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import { Jobs } from './jobs.ts';

export type ClientObjectNeeds = ErrandNeeds & {
  /** 0-1 */
  readonly random: () => number;
  readonly newOutageId: () => OutageId;
};

export class ClientCore {
  needs: ClientObjectNeeds;
  readonly #ctx: DurableObjectState;
  readonly #jobs: Jobs;
  #state: ClientState | undefined;
  #alarmAt: number | undefined;
  #keptAt = 0;

  constructor(ctx: DurableObjectState, needs: ClientObjectNeeds) {
    this.#ctx = ctx;
    this.needs = needs;
    this.#state = ClientState.load(ctx.storage);
    this.#jobs = new Jobs(
      () => this.needs,
      (event) => this.happened(event),
    );
    this.#state?.ledger.recoverInterrupted(needs.now());
    this.rearm();
  }

  /** undefined for an object that nobody has configured */
  get state(): ClientState | undefined {
    return this.#state;
  }

  known(): ClientState {
    if (this.#state === undefined) throw new Error('this client is not configured yet');
    return this.#state;
  }

  configure(snapshot: ClientSnapshot): ClientState {
    const state = this.#state ?? ClientState.create(this.#ctx.storage, snapshot, healthy(this.needs.now()));
    this.#state = state;
    if (snapshot.version > state.snapshot.version) state.meta.set('snapshot', snapshot);
    this.needs.log({ kind: 'configured', clientId: snapshot.clientId, version: state.snapshot.version });
    this.#introduce(state);
    // New thresholds and plans take effect now, not with the next message.
    this.happened({ kind: 'time-passed' });
    return state;
  }

  async alarm(): Promise<void> {
    this.#alarmAt = undefined;
    if (this.#state !== undefined) await this.#jobs.run(this.#state);
    this.rearm();
  }

  /** Health moves on; a transition is stored with its reason, and what follows from it is set going. */
  happened(event: HealthEvent): void {
    const state = this.known();
    if (this.needs.now() - (state.meta.get('introducedAt') ?? 0) >= INTRODUCED_AGAIN_MS) this.#introduce(state);
    const moment = { at: this.needs.now(), jitter: this.needs.random() };
    const before = state.health;
    const { health, transition, notes } = advance(before, event, state.plan, moment);
    state.record.hear(event, this.needs);
    this.#keep(state, health);
    // Nothing is due earlier because of it, and no alarm is over: a replay at full speed wakes nobody with every message.
    if (transition === undefined && notes.length === 0 && isGoodDay(event, before, health)) return;
    if (transition !== undefined) this.#follow(state, transition, health);
    for (const note of notes) state.timeline.note({ at: moment.at, ...note });
    state.notices.settle(health, moment.at);
    if ('evidence' in event && event.evidence.scope === 'load') state.ease(event.what, moment.at);
    this.rearm();
  }

  rearm(): void {
    if (this.#state === undefined || this.#jobs.wake()) return;
    const dueAt = this.#jobs.dueAt(this.#state);
    if (dueAt === undefined) return;
    // The alarm is a row: it is written only when it has to ring earlier than it already will. One that is due and has not rung
    // is left alone, or a stream of mail would push it ahead of itself for ever; one that is long overdue is set again.
    const now = this.needs.now();
    const willRing = this.#alarmAt !== undefined && this.#alarmAt <= dueAt && this.#alarmAt > now - OVERDUE_MS;
    if (willRing) return;
    this.#alarmAt = dueAt;
    void this.#ctx.storage.setAlarm(dueAt);
  }

  /** The watch counts its clients; what it misses now it hears a week later, and nothing here waits for it. */
  #introduce(state: ClientState): void {
    const { clientId } = state.snapshot;
    state.meta.set('introducedAt', this.needs.now());
    const introduced = this.needs.introduce(clientId).catch((problem: unknown) => {
      this.needs.log({ kind: 'trouble', clientId, where: 'introduce', problem: problemOf(problem) });
    });
    this.#ctx.waitUntil(introduced);
  }

  /** A success on a good day is written down once a minute, not with every message; what that loses is a minute of successes. */
  #keep(state: ClientState, health: Health): void {
    const now = this.needs.now();
    if (isQuiet(state.health, health) && now - this.#keptAt < QUIET_WRITE_MS) {
      state.meta.hold('health', health);
      return;
    }
    this.#keptAt = now;
    state.meta.set('health', health);
  }

  #follow(state: ClientState, transition: Transition, health: Health): void {
    this.needs.log({
      kind: 'health',
      clientId: state.snapshot.clientId,
      from: transition.from,
      to: transition.to,
      why: transition.why,
    });
    state.follow(transition, health, this.needs.newOutageId);
    state.doubts.follow(transition, health);
  }
}

// An alarm rings within a second or so of its time; after this long something has swallowed it.
const OVERDUE_MS = 30_000;
// Rows written are the cost that counts (docs/platform.md 26): a busy client's successes cost one a minute.
const QUIET_WRITE_MS = 60_000;
// The watch forgets a client of which it has heard nothing for 30 days (durable/watch-object.ts).
const INTRODUCED_AGAIN_MS = 7 * 86_400_000;

function isGoodDay(event: HealthEvent, before: Health, after: Health): boolean {
  if (event.kind !== 'outcome' || !isQuiet(before, after) || before.history.tally.run !== undefined) return false;
  const { scope, weight, alive } = event.evidence;
  return scope === 'none' && weight === 0 && alive === 'yes';
}

function isQuiet(before: Health, after: Health): boolean {
  return before.state === 'up' && after.state === 'up' && after.history.tally.run === undefined;
}
