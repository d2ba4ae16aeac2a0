/** The client object's lanes: the canary and the replay to the gateway, and what users write to the relay. */

import { type Canary, canaryHeard, canaryVerdict, NO_CANARY, sendsMore } from '../core/canary.ts';
import { isPartial } from '../core/down-cause.ts';
import { weigh, weighCause } from '../core/evidence.ts';
import { connectionsNow, type FlowNews, flowHeard } from '../core/flow.ts';
import type { HealthEvent } from '../core/health-state.ts';
import { delayOf, type LedgerEntry, settle } from '../core/ledger.ts';
import { describeCause, describeOutcome, type Outcome } from '../core/outcome.ts';
import { retryAt } from '../core/retry.ts';
import { isPassedOver } from '../core/standing.ts';
import { type OpenedPeer, openFirst, type Parcel, peerName } from '../pipeline/deliver.ts';
import { type LaneNeeds, type LaneRun, runLane } from '../pipeline/lane.ts';
import { noticeWay, wayOut } from '../pipeline/relay.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import type { LaneName } from './waiting.ts';
import { witnessOf } from './witness-of.ts';

// Between two runs every connection is closed and opened again, and what that takes beyond a second is lost to the pace. An alarm ends
// after 15 minutes (durable/jobs.ts).
const LANE_MS = 180_000;
const CANARY_MS = 30_000;
// Above this the time a message takes is that of its bytes, and says nothing about how the server does.
const SMALL_BYTES = 65_536;

type Unread = 'missing' | 'unreadable';

export class Lanes {
  readonly #needs: () => ErrandNeeds;
  readonly #happened: (event: HealthEvent) => void;

  constructor(needs: () => ErrandNeeds, happened: (event: HealthEvent) => void) {
    this.#needs = needs;
    this.#happened = happened;
  }

  async giveBack(state: ClientState): Promise<void> {
    await this.#run('gateway', state, this.#gatewayLane(state, 'up'));
  }

  /** What people write, and what senders have to be told. A relay that fails is no evidence about the gateway, and ages nothing. */
  async relay(state: ClientState): Promise<void> {
    const lane = this.#worldLane('relay', state);
    await this.#run('relay', state, {
      ...lane,
      parcel: (entry) => signed(lane.parcel(entry), entry, state, this.#needs()),
      settle: (entry, outcome) => {
        this.#hearRelay(state, outcome);
        return this.#store(state, entry, outcome);
      },
      unreachable: (cause) => {
        state.relayTroubles.failed(describeCause(cause), this.#needs().now());
        lane.unreachable(cause);
      },
    });
  }

  async sendNotices(state: ClientState): Promise<void> {
    await this.#run('notices', state, this.#worldLane('notices', state));
  }

  #worldLane(name: 'relay' | 'notices', state: ClientState): LaneNeeds {
    const way = () =>
      name === 'relay' ? wayOut(state.snapshot, this.#needs()) : noticeWay(state.snapshot, this.#needs());
    const wayName = way()?.name;
    return {
      ...this.#lane(name, state),
      open: async () => (await way()?.open()) ?? NO_WAY,
      connections: () => 1,
      // Another relay may be set while the lane runs.
      isCurrent: () => way()?.name === wayName,
      next: (passedOver) => {
        const busy = state.underWay.busy(name, passedOver);
        return way() && state.waiting.next(name, { now: this.#needs().now(), reach: 'all', busy });
      },
      paceAt: () => this.#needs().now(),
      settle: (entry, outcome) => this.#store(state, entry, outcome),
      unreachable: (cause) => {
        throw new Error(`the relay gives no session: ${describeCause(cause)}`);
      },
    };
  }

  /** A half-repaired server is found out cheaply: it passes when it takes a message, not when it answers (P5: a refusal is no answer). */
  async canary(state: ClientState): Promise<ReturnType<typeof canaryVerdict>> {
    let canary: Canary = NO_CANARY;
    const lane = this.#gatewayLane(state, 'recovering');
    const canaryLane: LaneNeeds = {
      ...lane,
      connections: () => 1,
      next: (passedOver) => (sendsMore(canary) ? lane.next(passedOver) : undefined),
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
    };
    const { left } = await this.#run('gateway', state, canaryLane, CANARY_MS);
    if (left > 0) canary = { ...canary, trouble: 'no answer to one of the first messages for half a minute' };
    return canaryVerdict(canary, { isPartial: isPartial(state.health) });
  }

  #gatewayLane(state: ClientState, during: 'up' | 'recovering'): LaneNeeds {
    const { dial, now } = this.#needs();
    const isOpen = () => state.health.state === during;
    const lane = this.#lane('gateway', state);
    // Of an earlier run, and still without an answer: they are connections all the same.
    const most = () => Math.max(1, state.snapshot.replay.connections - state.underWay.leftOf('gateway'));
    return {
      ...lane,
      open: () => openFirst(state.gateways(now), dial),
      connections: () => connectionsNow(state.flow, most()),
      isCurrent: (peer) => state.snapshot.gateways.some((gateway) => peerName(gateway) === peer),
      // Asked again at every step: a failure may be declared, or found, while the lane runs.
      next: (passedOver) =>
        isOpen()
          ? state.waiting.next('gateway', {
              now: now(),
              reach: state.replay.reach,
              busy: state.underWay.busy('gateway', passedOver),
            })
          : undefined,
      paceAt: (entry) => state.paceOf(entry, now()).at,
      began: (entry) => {
        state.paced(entry, now());
        lane.began(entry);
      },
      claim: (entry, peer) =>
        isOpen() ? state.ledger.claim(entry, peer, { now: now(), reach: state.replay.reach }) : undefined,
      settle: (entry, outcome, tookMs) => this.#settleReplayed(state, entry, { outcome, tookMs }),
      unreachable: (cause) => {
        const what = describeCause(cause);
        this.#happened({ kind: 'outcome', from: 'replay', evidence: weighCause(cause), what });
        // Told to health, and thrown, so that the lane comes back later and not in the next instant.
        throw new Error(`the gateway gives no session: ${what}`);
      },
      crowded: (open) => this.#flows(state, { kind: 'too-many', open }),
    };
  }

  #lane(
    name: LaneName,
    state: ClientState,
  ): Pick<LaneNeeds, 'now' | 'wait' | 'startTimer' | 'began' | 'ended' | 'parcel' | Unread | 'claim' | 'crowded'> {
    const needs = this.#needs();
    return {
      now: () => needs.now(),
      wait: (ms) => needs.wait(ms),
      startTimer: (ms) => needs.startTimer(ms),
      began: (entry) => state.underWay.began(name, entry),
      ended: (entry) => {
        // What waits behind it may be due now, and no run of the lane looks.
        if (state.underWay.ended(entry)) this.#happened({ kind: 'time-passed' });
      },
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
      unreadable: (entry) => state.ledger.postpone(entry, retryAt(1, needs.now())),
      claim: (entry, peer) => state.ledger.claim(entry, peer, { now: needs.now(), reach: 'all' }),
      crowded: () => undefined,
    };
  }

  #settleReplayed(
    state: ClientState,
    entry: LedgerEntry,
    { outcome, tookMs }: { readonly outcome: Outcome; readonly tookMs: number },
  ): 'go-on' | 'stop' {
    const next = this.#store(state, entry, outcome);
    // One server's own trouble is none of the client's while another has not failed: the next connection goes there.
    const isElsewhereToGo = isPassedOver(outcome) && !state.gateways(this.#needs().now).isNextFailing();
    if (!isElsewhereToGo) this.#hear(entry, outcome);
    const news = newsOf(outcome, entry.sizeBytes > SMALL_BYTES ? undefined : tookMs);
    if (news !== undefined) this.#flows(state, news);
    if (outcome.kind === 'delivered') state.replay.given(entry, this.#needs().now());
    const refusal = state.replay.met(entry, outcome, this.#needs().now());
    if (refusal !== undefined) this.#happened({ kind: 'people-refused', what: refusal });
    return next;
  }

  #flows(state: ClientState, news: FlowNews): void {
    const most = state.snapshot.replay.connections;
    state.meta.hold('flow', flowHeard(state.flow, news, this.#needs().now(), most));
  }

  /** A message or a recipient that is refused or put off shows a relay at work. */
  #hearRelay({ relayTroubles }: ClientState, outcome: Outcome): void {
    const now = this.#needs().now();
    if (delayOf(outcome) === 'gateway') relayTroubles.failed(describeOutcome(outcome), now);
    else if (outcome.kind !== 'uncertain') relayTroubles.worked(now);
  }

  #hear(entry: LedgerEntry, outcome: Outcome): void {
    const [evidence, what] = [weigh(outcome), describeOutcome(outcome)];
    this.#happened({ kind: 'outcome', from: entry.retryKey, evidence, what, witness: witnessOf(entry) });
  }

  #store(state: ClientState, entry: LedgerEntry, outcome: Outcome): 'go-on' | 'stop' {
    const now = this.#needs().now();
    const during = entry.kind === 'outbound' ? 'up' : state.health.state;
    const settlement = settle(outcome, state.ledger.asItStands(entry), {
      now,
      state: during,
      expiry: state.snapshot.expiry,
      hasRelay: wayOut(state.snapshot, this.#needs()) !== undefined,
      areMailboxesOpen: state.outages.current() !== undefined,
    });
    state.ledger.settle(entry, outcome, settlement, now);
    return settlement.kind === 'waiting' && settlement.delays === 'gateway' ? 'stop' : 'go-on';
  }

  async #run(name: LaneName, { underWay }: ClientState, lane: LaneNeeds, longestMs = LANE_MS): Promise<LaneRun> {
    try {
      return await runLane(lane, this.#needs().now() + longestMs);
    } finally {
      underWay.left(name);
    }
  }
}

const NO_WAY: OpenedPeer = {
  kind: 'failed',
  cause: {
    kind: 'fault',
    stage: 'connect',
    fault: { kind: 'unclassified', problem: 'no relay is configured any more' },
  },
  peer: 'none',
};

function signed(parcel: Parcel, entry: LedgerEntry, { snapshot }: ClientState, needs: ErrandNeeds): Parcel {
  const content = () => needs.signOutbound(entry, parcel.content, { keys: snapshot.dkim, at: needs.now() });
  return { ...parcel, content };
}

/** What an outcome says about how much the gateway can take. */
function newsOf(outcome: Outcome, tookMs: number | undefined): FlowNews | undefined {
  if (outcome.kind === 'delivered') return tookMs === undefined ? { kind: 'taken' } : { kind: 'taken', tookMs };
  const { scope, weight } = weigh(outcome);
  return scope === 'load' || weight > 0 ? { kind: 'less-please' } : undefined;
}
