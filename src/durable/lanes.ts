/** The client object's lanes: the canary and the replay to the gateway, and what users write to the relay. */

import { type Canary, canaryHeard, canaryVerdict, NO_CANARY, REFUSED_PEOPLE, sendsMore } from '../core/canary.ts';
import { isPartial } from '../core/down-cause.ts';
import { paceFor } from '../core/easing.ts';
import { weigh, weighCause } from '../core/evidence.ts';
import type { HealthEvent } from '../core/health-state.ts';
import { type LedgerEntry, settle } from '../core/ledger.ts';
import { describeCause, describeOutcome, type Outcome } from '../core/outcome.ts';
import { mayLeaveAt, paced } from '../core/pacing.ts';
import { retryAt } from '../core/retry.ts';
import { isPassedOver } from '../core/standing.ts';
import { openFirst } from '../pipeline/deliver.ts';
import { type LaneNeeds, runLane } from '../pipeline/lane.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import type { LaneName } from './ledger.ts';
import { witnessOf } from './witness-of.ts';

// One run of a lane: short enough that an eviction costs little, long enough that a connection carries many messages.
const LANE_MS = 30_000;

export class Lanes {
  readonly #needs: () => ErrandNeeds;
  readonly #happened: (event: HealthEvent) => void;
  readonly #refusedPeople = new Set<string>();

  constructor(needs: () => ErrandNeeds, happened: (event: HealthEvent) => void) {
    this.#needs = needs;
    this.#happened = happened;
  }

  async giveBack(state: ClientState): Promise<void> {
    await runLane(this.#gatewayLane(state, 'up'), this.#until());
  }

  async relay(state: ClientState): Promise<void> {
    const { openRelay } = this.#needs();
    if (openRelay === undefined) return;
    const lane: LaneNeeds = {
      ...this.#lane('relay', state),
      open: openRelay,
      next: () => state.ledger.nextDue('relay', this.#needs().now()),
      paceAt: () => this.#needs().now(),
      settle: (entry, outcome) => this.#store(state, entry, outcome),
      unreachable: (cause) => {
        throw new Error(`the relay gives no session: ${describeCause(cause)}`);
      },
    };
    await runLane(lane, this.#until());
  }

  /** A half-repaired server is found out cheaply: it passes when it takes a message, not when it answers (P5: a refusal is no answer). */
  async canary(state: ClientState): Promise<ReturnType<typeof canaryVerdict>> {
    let canary: Canary = NO_CANARY;
    const lane = this.#gatewayLane(state, 'recovering');
    await runLane(
      {
        ...lane,
        next: () => (sendsMore(canary) ? lane.next() : undefined),
        settle: (entry, outcome) => {
          canary = canaryHeard(canary, outcome);
          const next = this.#store(state, entry, outcome);
          // The verdict on the state is the canary's; this is for the record, and for a server that asks for less.
          this.#hear(entry, outcome);
          return next;
        },
        unreachable: (cause) => {
          canary = { ...canary, trouble: describeCause(cause) };
        },
      },
      this.#until(),
    );
    return canaryVerdict(canary, { isPartial: isPartial(state.health) });
  }

  #gatewayLane(state: ClientState, during: 'up' | 'recovering'): LaneNeeds {
    const { dial, now } = this.#needs();
    return {
      ...this.#lane('gateway', state),
      open: () => openFirst(state.gateways(now), dial),
      // Asked again at every step: a failure may be declared, or found, while the lane runs.
      next: () => (state.health.state === during ? state.ledger.nextDue('gateway', now()) : undefined),
      paceAt: () => mayLeaveAt(state.pacing(now())),
      settle: (entry, outcome) => this.#settleReplayed(state, entry, outcome),
      unreachable: (cause) => {
        const what = describeCause(cause);
        this.#happened({ kind: 'outcome', from: 'replay', evidence: weighCause(cause), what });
        // Told to health, and thrown, so that the lane comes back later and not in the next instant.
        throw new Error(`the gateway gives no session: ${what}`);
      },
    };
  }

  #lane(
    name: LaneName,
    state: ClientState,
  ): Pick<LaneNeeds, 'now' | 'wait' | 'parcel' | 'missing' | 'unreadable' | 'claim'> {
    const needs = this.#needs();
    return {
      now: () => needs.now(),
      wait: (ms) => needs.wait(ms),
      parcel: (entry) => needs.parcel(entry),
      missing: (entry) => {
        needs.log({
          kind: 'trouble',
          clientId: entry.clientId,
          where: name,
          problem: `the bytes of ${entry.id} are not in R2`,
        });
        state.ledger.hold(entry.seq, 'our store does not have the bytes of this message', needs.now());
      },
      unreadable: (entry) => state.ledger.postpone(entry.seq, retryAt(1, needs.now())),
      claim: (entry, peer) => {
        const now = needs.now();
        const claimed = state.ledger.claim(entry, peer, now);
        if (claimed === undefined || name === 'relay') return claimed;
        const { messagesPerMinute } = state.snapshot.replay;
        const perMinute = paceFor({ isOfOutage: entry.outageId !== undefined }, messagesPerMinute, state.easing);
        state.meta.set('pacing', paced(state.pacing(now), now, perMinute));
        return claimed;
      },
    };
  }

  #settleReplayed(state: ClientState, entry: LedgerEntry, outcome: Outcome): 'go-on' | 'stop' {
    const next = this.#store(state, entry, outcome);
    // One server's own trouble is none of the client's while another has not failed: the next connection goes there.
    const isElsewhereToGo = isPassedOver(outcome) && !state.gateways(this.#needs().now).isNextFailing();
    if (!isElsewhereToGo) this.#hear(entry, outcome);
    this.#watchRefusals(state, entry, outcome);
    return next;
  }

  #hear(entry: LedgerEntry, outcome: Outcome): void {
    const [evidence, what] = [weigh(outcome), describeOutcome(outcome)];
    this.#happened({ kind: 'outcome', from: entry.retryKey, evidence, what, witness: witnessOf(entry) });
  }

  #store(state: ClientState, entry: LedgerEntry, outcome: Outcome): 'go-on' | 'stop' {
    const now = this.#needs().now();
    const during = entry.kind === 'outbound' ? 'up' : state.health.state;
    const settlement = settle(outcome, { now, attempts: entry.attempts, state: during });
    state.ledger.settle(entry, outcome, settlement, now);
    return settlement.kind === 'waiting' && settlement.delays === 'gateway' ? 'stop' : 'go-on';
  }

  /** A burst of "user unknown" for people the gateway itself knew is a half-repaired server, and reopens the emergency. */
  #watchRefusals(state: ClientState, entry: LedgerEntry, outcome: Outcome): void {
    const outage = state.outages.current();
    if (outage === undefined || outage.repairedAt === null) return;
    if (outcome.kind === 'delivered') this.#refusedPeople.clear();
    if (outcome.kind !== 'refused' || outcome.stage !== 'rcpt' || !state.recipients.knows(entry.recipient.key)) return;
    this.#refusedPeople.add(entry.recipient.key);
    if (this.#refusedPeople.size < REFUSED_PEOPLE) return;
    // Next time their refusal is believed: people do leave, and the emergency must end.
    state.recipients.forget([...this.#refusedPeople]);
    this.#refusedPeople.clear();
    state.ledger.releaseHeld(outage.id, outage.repairedAt, this.#needs().now());
    this.#happened({
      kind: 'people-refused',
      what: `${REFUSED_PEOPLE} people it knew are refused: ${describeOutcome(outcome)}`,
    });
  }

  #until(): number {
    return this.#needs().now() + LANE_MS;
  }
}
