/**
 * The client object's due-times over its one alarm. Which errand is due follows from what is stored, never from a list of its
 * own, so nothing can be forgotten by a restart. Errands run side by side (a probe that hangs must not keep mail from the
 * mailboxes), each is bounded, and one that fails comes back later: the alarm itself never throws (platform.md 20).
 */
import { type HealthEvent, judgementDueAt, probeDueAt } from '../core/health.ts';
import { mayLeaveAt } from '../core/pacing.ts';
import type { ClientState } from './client-state.ts';
import { ERRANDS, type Errand, type ErrandNeeds, Errands } from './errands.ts';

// The platform stops an alarm after 15 minutes; a run of a minute lets a deploy or an eviction cost little.
const RUN_MS = 60_000;
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
    const times = ERRANDS.map((errand) => this.#dueAt(errand, state)).filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async run(state: ClientState): Promise<void> {
    const until = this.#needs().now() + RUN_MS;
    const running = new Map<Errand, Promise<void>>();
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#startDue(state, running, until);
        if (running.size === 0) return;
        await Promise.race([...running.values(), woken]);
      }
    } finally {
      this.#wake = undefined;
    }
  }

  #startDue(state: ClientState, running: Map<Errand, Promise<void>>, until: number): void {
    const now = this.#needs().now();
    if (now >= until) return;
    for (const errand of ERRANDS) {
      const dueAt = running.has(errand) ? undefined : this.#dueAt(errand, state);
      if (dueAt === undefined || dueAt > now) continue;
      running.set(
        errand,
        this.#attempt(errand, state).finally(() => running.delete(errand)),
      );
    }
  }

  async #attempt(errand: Errand, state: ClientState): Promise<void> {
    try {
      await this.#errands.perform(errand, state);
      this.#comeback.delete(errand);
    } catch (problem) {
      const gapMs = Math.min(LAST_COMEBACK_MS, (this.#comeback.get(errand)?.gapMs ?? FIRST_COMEBACK_MS / 2) * 2);
      this.#comeback.set(errand, { at: this.#needs().now() + gapMs, gapMs });
      this.#needs().log({
        kind: 'trouble',
        clientId: state.snapshot.clientId,
        where: errand,
        problem: String(problem),
      });
    }
  }

  #dueAt(errand: Errand, state: ClientState): number | undefined {
    const at = this.#wantedAt(errand, state);
    const comeback = this.#comeback.get(errand)?.at;
    return at === undefined || comeback === undefined ? at : Math.max(at, comeback);
  }

  #wantedAt(errand: Errand, state: ClientState): number | undefined {
    const now = this.#needs().now();
    const outage = state.outages.current();
    switch (errand) {
      case 'judge':
        return judgementDueAt(state.health, state.snapshot);
      case 'probe':
        return probeDueAt(state.health);
      case 'open-mailboxes':
        return outage !== undefined && outage.mailboxesReadyAt === null ? now : undefined;
      case 'project':
        if (outage === undefined || outage.mailboxesReadyAt === null) return undefined;
        return state.ledger.unprojected(outage.id, outage.projectedSeq, 1).length > 0 ? now : undefined;
      case 'give-back':
        return this.#giveBackAt(state, now);
      case 'relay':
        return state.ledger.nextDueAt('relay');
      case 'learn':
        return state.recipients.untold(1).length > 0 ? now : undefined;
      case 'notify':
        return state.outages.untold() === undefined ? undefined : now;
      case 'close':
        return outage !== undefined && outage.repairedAt !== null && !state.ledger.waitsFor(outage.id)
          ? now
          : undefined;
    }
  }

  #giveBackAt(state: ClientState, now: number): number | undefined {
    switch (state.health.state) {
      case 'recovering':
        return now;
      case 'up':
        return state.ledger.hasDue('gateway', now)
          ? Math.max(now, mayLeaveAt(state.pacing(now)))
          : state.ledger.nextDueAt('gateway');
      case 'suspect':
      case 'down':
        return undefined;
    }
  }
}
