/**
 * The client object's due-times over its one alarm. Which errand is due follows from what is stored, never from a list of its
 * own, so nothing can be forgotten by a restart. Errands run side by side (a probe that hangs must not keep mail from the
 * mailboxes), each is bounded, and one that fails comes back later: the alarm itself never throws (platform.md 20).
 */
import { judgementDueAt, probeDueAt } from '../core/health.ts';
import type { HealthEvent } from '../core/health-state.ts';
import { problemOf } from '../core/problem-of.ts';
import { noticeWay, wayOut } from '../pipeline/relay.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import { ERRANDS, type Errand, Errands } from './errands.ts';
import { preflightDueAt } from './preflight-errand.ts';

// The platform stops an alarm after 15 minutes. A lane's run ends within four, whatever hangs in it; a preflight takes one for each of
// up to ten gateways, so none is begun after the first minute.
const LONG_ERRANDS: ReadonlySet<Errand> = new Set<Errand>(['preflight']);
const LONG_START_MS = 60_000;
const SHORT_START_MS = 600_000;
// A relay that hangs has one more connection tried, beside which it may go on; not one more every half minute.
const MOST_LEFT = 2;
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
        const sleepMs = this.#startDue(state, running, this.#needs().now() - startedAt);
        if (running.size === 0) return;
        const timer = this.#needs().startTimer(sleepMs);
        await Promise.race([...running.values(), woken, timer.expired]);
        timer.cancel();
      }
    } finally {
      this.#wake = undefined;
    }
  }

  /** Starts what is due; answers how long the run may sleep: until the next of the others is. Asked with every message: each is asked once. */
  #startDue(state: ClientState, running: Map<Errand, Promise<void>>, elapsedMs: number): number {
    const now = this.#needs().now();
    let nextAt = Number.POSITIVE_INFINITY;
    for (const errand of ERRANDS) {
      if (running.has(errand)) continue;
      const dueAt = this.#dueAt(errand, state);
      if (dueAt === undefined) continue;
      const mayStart = elapsedMs < (LONG_ERRANDS.has(errand) ? LONG_START_MS : SHORT_START_MS);
      if (dueAt > now || !mayStart) {
        nextAt = Math.min(nextAt, dueAt);
        continue;
      }
      running.set(
        errand,
        this.#attempt(errand, state).finally(() => running.delete(errand)),
      );
    }
    return Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, nextAt - now));
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
        return this.#isAnyToFile(state) ? now : undefined;
      case 'give-back':
        return this.#giveBackAt(state, now);
      case 'relay':
        return wayOut(state.snapshot, this.#needs()) && this.#waitsForWorld('relay', state, now);
      case 'send-notices':
        return noticeWay(state.snapshot, this.#needs()) && this.#waitsForWorld('notices', state, now);
      case 'tell-senders':
        return state.returns.isAnyDue() ? now : undefined;
      case 'await-answers':
        return state.underWay.awaitAt(now);
      case 'learn':
        return state.recipients.untold(1).length > 0 ? now : undefined;
      case 'tell-of-rules':
        return state.ruleNotices.dueAt();
      case 'notify':
        return earliest(state.notices.pending(state.noticePlan(now), now).map(({ dueAt }) => dueAt ?? now));
      case 'digest':
        return state.digests.dueAt(state.snapshot.filter.quarantine.digestHours, now);
      case 'forget-bytes':
        return state.quarantine.bytesToForget(1).length > 0 ? now : undefined;
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

  #isAnyToFile(state: ClientState): boolean {
    const outage = state.outages.shown();
    const isNew = outage !== undefined && state.ledger.unprojected(outage.id, outage.projectedSeq, 1).length > 0;
    return isNew || state.toShowAgain(1).length > 0;
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
    const { waiting, underWay, replay, snapshot } = state;
    if (underWay.leftOf('gateway') >= snapshot.replay.connections) return undefined;
    const query = { now, reach: replay.reach, busy: underWay.busy('gateway') };
    const next = waiting.next('gateway', query);
    if (next === undefined) return waiting.earliest('gateway', query);
    // An alarm rings at whole milliseconds, and never before its time. New mail may be due before the replay's next.
    const nextAt = Math.max(now, Math.ceil(state.paceOf(next, now).at));
    return earliest([nextAt, ...definite(waiting.earliest('gateway', { ...query, reach: 'live' }))]);
  }

  #waitsForWorld(lane: 'relay' | 'notices', { waiting, underWay }: ClientState, now: number): number | undefined {
    if (underWay.leftOf(lane) >= MOST_LEFT) return undefined;
    const query = { now, reach: 'all', busy: underWay.busy(lane) } as const;
    return waiting.next(lane, query) === undefined ? waiting.earliest(lane, query) : now;
  }
}

function definite(at: number | undefined): readonly number[] {
  return at === undefined ? [] : [at];
}

/** NaN for what is no time, as a null in stored JSON; undefined for never. */
function timeOf(at: number | undefined): number | undefined {
  if (at === undefined || Number.isFinite(at)) return at;
  return at === Number.POSITIVE_INFINITY ? undefined : Number.NaN;
}

function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}
