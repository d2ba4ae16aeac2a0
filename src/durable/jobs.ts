/**
 * The client object's due-times over its one alarm. Which errand is due follows from what is stored, never from a list of its
 * own, so nothing can be forgotten by a restart. Errands run side by side (a probe that hangs must not keep mail from the
 * mailboxes), each is bounded, and one that fails comes back later: the alarm itself never throws (platform.md 20).
 */
import { judgementDueAt, probeDueAt } from '../core/health.ts';
import type { HealthEvent } from '../core/health-state.ts';
import { mayLeaveAt } from '../core/pacing.ts';
import { problemOf } from '../core/problem-of.ts';
import { noticeWay, wayOut } from '../pipeline/relay.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import { ERRANDS, type Errand, Errands } from './errands.ts';
import { preflightDueAt } from './preflight-errand.ts';

// The platform stops an alarm after 15 minutes. A lane that has hung may need 11 of them for its last message (smtp/timeouts.ts), a
// preflight one for each of up to ten gateways, so none is begun after the first minute; everything else goes on beside it until the
// end is near.
const LONG_ERRANDS: ReadonlySet<Errand> = new Set<Errand>(['give-back', 'relay', 'send-notices', 'preflight']);
const LONG_START_MS = 60_000;
const SHORT_START_MS = 720_000;
const LONGEST_SLEEP_MS = 30_000;
// An errand that is due and may not start any more must not keep the run awake.
const SHORTEST_SLEEP_MS = 250;
// D1 in trouble is asked again soon, but not by every client in every second.
const FIRST_COMEBACK_MS = 2_000;
const LAST_COMEBACK_MS = 60_000;

export class Jobs {
  readonly #needs: () => ErrandNeeds;
  readonly #errands: Errands;
  readonly #comeback = new Map<Errand, { at: number; gapMs: number }>();
  #wake: (() => void) | undefined;

  constructor(needs: () => ErrandNeeds, happened: (event: HealthEvent) => void) {
    this.#needs = needs;
    this.#errands = new Errands(needs, happened);
  }

  /** Lets a run that is under way look again; false when none is. */
  wake(): boolean {
    this.#wake?.();
    return this.#wake !== undefined;
  }

  dueAt(state: ClientState): number | undefined {
    return earliest(ERRANDS.map((errand) => this.#dueAt(errand, state)).filter((at) => at !== undefined));
  }

  async run(state: ClientState): Promise<void> {
    const startedAt = this.#needs().now();
    const running = new Map<Errand, Promise<void>>();
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#startDue(state, running, this.#needs().now() - startedAt);
        if (running.size === 0) return;
        const timer = this.#needs().startTimer(this.#untilNext(state, running));
        await Promise.race([...running.values(), woken, timer.expired]);
        timer.cancel();
      }
    } finally {
      this.#wake = undefined;
    }
  }

  #startDue(state: ClientState, running: Map<Errand, Promise<void>>, elapsedMs: number): void {
    const now = this.#needs().now();
    for (const errand of ERRANDS) {
      if (running.has(errand) || elapsedMs >= (LONG_ERRANDS.has(errand) ? LONG_START_MS : SHORT_START_MS)) continue;
      const dueAt = this.#dueAt(errand, state);
      if (dueAt === undefined || dueAt > now) continue;
      running.set(
        errand,
        this.#attempt(errand, state).finally(() => running.delete(errand)),
      );
    }
  }

  /** How long the run may sleep while errands are under way: until the next of the others is due. */
  #untilNext(state: ClientState, running: ReadonlyMap<Errand, unknown>): number {
    const times = ERRANDS.filter((errand) => !running.has(errand)).map(
      (errand) => this.#dueAt(errand, state) ?? Number.POSITIVE_INFINITY,
    );
    return Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, Math.min(...times) - this.#needs().now()));
  }

  async #attempt(errand: Errand, state: ClientState): Promise<void> {
    try {
      await this.#errands.perform(errand, state);
      this.#comeback.delete(errand);
      if (Number.isNaN(timeOf(this.#wantedAt(errand, state))))
        this.#comeback.set(errand, { at: this.#needs().now() + LAST_COMEBACK_MS, gapMs: LAST_COMEBACK_MS });
    } catch (problem) {
      const gapMs = Math.min(LAST_COMEBACK_MS, (this.#comeback.get(errand)?.gapMs ?? FIRST_COMEBACK_MS / 2) * 2);
      this.#comeback.set(errand, { at: this.#needs().now() + gapMs, gapMs });
      this.#needs().log({
        kind: 'trouble',
        clientId: state.snapshot.clientId,
        where: errand,
        problem: problemOf(problem),
      });
    }
  }

  #dueAt(errand: Errand, state: ClientState): number | undefined {
    const at = timeOf(this.#wantedAt(errand, state));
    if (at === undefined) return undefined;
    const comeback = this.#comeback.get(errand)?.at;
    // Stored by another version, it may be no time at all. It is done now, which mostly mends it, and else once a minute: neither
    // never, nor in a loop, nor with an alarm that cannot be set.
    if (Number.isNaN(at)) return comeback ?? this.#needs().now();
    return comeback === undefined ? at : Math.max(at, comeback);
  }

  #wantedAt(errand: Errand, state: ClientState): number | undefined {
    const now = this.#needs().now();
    const outage = state.outages.current();
    switch (errand) {
      case 'judge':
        return judgementDueAt(state.health, state.plan);
      case 'maintenance':
        return state.work.dueAt(now);
      case 'relax':
        return state.easing?.until;
      case 'probe':
        // A client that is being enrolled has nothing to ask yet.
        return state.snapshot.gateways.length === 0 ? undefined : probeDueAt(state.health);
      case 'open-mailboxes':
        return outage !== undefined && outage.mailboxesReadyAt === null ? now : undefined;
      case 'project':
        if (outage === undefined || outage.mailboxesReadyAt === null) return undefined;
        return state.ledger.unprojected(outage.id, outage.projectedSeq, 1).length > 0 ? now : undefined;
      case 'give-back':
        return this.#giveBackAt(state, now);
      case 'relay':
        return wayOut(state.snapshot, this.#needs()) && state.waiting.dueAt('relay', { now, reach: 'all' });
      case 'send-notices':
        return noticeWay(state.snapshot, this.#needs()) && state.waiting.dueAt('notices', { now, reach: 'all' });
      case 'tell-senders':
        return state.returns.isAnyDue() ? now : undefined;
      case 'learn':
        return state.recipients.untold(1).length > 0 ? now : undefined;
      case 'notify':
        return earliest(state.notices.pending(state.noticePlan(now), now).map(({ dueAt }) => dueAt ?? now));
      case 'call':
        return state.calls.dueAt();
      case 'doubt':
        return state.doubts.dueAt();
      case 'preflight':
        return preflightDueAt(state, now);
      case 'close':
        return outage !== undefined && outage.repairedAt !== null && !state.waiting.waitsFor(outage.id)
          ? now
          : undefined;
    }
  }

  #giveBackAt(state: ClientState, now: number): number | undefined {
    switch (state.health.state) {
      case 'recovering':
        return now;
      case 'up':
        return this.#nextGivenBackAt(state, now);
      case 'suspect':
      case 'tls-broken':
      case 'refused-us':
      case 'down':
        return undefined;
    }
  }

  #nextGivenBackAt(state: ClientState, now: number): number | undefined {
    const dueAt = state.replay.isStuck ? undefined : state.waiting.dueAt('gateway', { now, reach: state.replay.reach });
    // An alarm rings at whole milliseconds, and never before its time.
    return dueAt === undefined ? undefined : Math.max(dueAt, Math.ceil(mayLeaveAt(state.pacing(now))));
  }
}

/** NaN for what is no time, as a null in stored JSON; undefined for never. */
function timeOf(at: number | undefined): number | undefined {
  if (at === undefined || Number.isFinite(at)) return at;
  return at === Number.POSITIVE_INFINITY ? undefined : Number.NaN;
}

function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}
