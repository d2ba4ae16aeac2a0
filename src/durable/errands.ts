/**
 * What the client object does when its alarm rings: probe, open mailboxes, file mail in them, give mail back, send to the
 * world, close the outage. Each errand loads, asks pipeline or core, stores; when to run them is decided in jobs.ts.
 */
import { parseAddress } from '../core/address.ts';
import type { LogEvent } from '../core/event.ts';
import { type Evidence, weigh, weighCause } from '../core/evidence.ts';
import type { HealthEvent } from '../core/health.ts';
import type { ClientId, OutageId } from '../core/ids.ts';
import { type LedgerEntry, settle } from '../core/ledger.ts';
import { describeCause, describeOutcome, type Outcome } from '../core/outcome.ts';
import { mayLeaveAt, paced } from '../core/pacing.ts';
import { formatReply } from '../core/reply.ts';
import { type Dial, openFirst, type Parcel } from '../pipeline/deliver.ts';
import { type LaneNeeds, runLane } from '../pipeline/lane.ts';
import { type MailboxIndex, project } from '../pipeline/mailbox.ts';
import { type NotifyNeeds, notices } from '../pipeline/notify.ts';
import type { ClientState } from './client-state.ts';
import type { LaneName } from './ledger.ts';

export type ErrandNeeds = NotifyNeeds & {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly dial: Dial;
  /** for probes: less patient */
  readonly probeDial: Dial;
  /** the row's bytes behind the headers we prepend */
  readonly parcel: (entry: LedgerEntry) => Parcel;
  readonly index: MailboxIndex;
  /** inbound messages the mailbox index knows, by outage */
  countShown(clientId: ClientId): Promise<ReadonlyMap<OutageId, number>>;
  readonly log: (event: LogEvent) => void;
};

export const ERRANDS = [
  'judge',
  'probe',
  'open-mailboxes',
  'project',
  'give-back',
  'relay',
  'learn',
  'close',
  'notify',
] as const;
export type Errand = (typeof ERRANDS)[number];

// One run of a lane: short enough that an eviction costs little, long enough that a connection carries many messages.
const LANE_MS = 30_000;
// 100 rows of at most some 2 KB: one D1 statement stays far below its 2 MB.
const PROJECT_BATCH = 100;
const LEARN_BATCH = 500;
// The first real messages after a repair: enough to be more than luck, few enough to be held by hand if the server is not ready.
const CANARY_MESSAGES = 3;

export class Errands {
  readonly #needs: () => ErrandNeeds;
  readonly #happened: (event: HealthEvent) => void;

  constructor(needs: () => ErrandNeeds, happened: (event: HealthEvent) => void) {
    this.#needs = needs;
    this.#happened = happened;
  }

  /** Throws when a store or the relay cannot be reached; the caller comes back later. */
  async perform(errand: Errand, state: ClientState): Promise<void> {
    switch (errand) {
      case 'judge':
        this.#happened({ kind: 'time-passed' });
        return;
      case 'probe':
        return this.#probe(state);
      case 'open-mailboxes':
        return this.#openMailboxes(state);
      case 'project':
        return this.#project(state);
      case 'give-back':
        return state.health.state === 'recovering'
          ? this.#canary(state)
          : runLane(this.#lane('gateway', state), this.#needs().now() + LANE_MS);
      case 'relay':
        return runLane(this.#lane('relay', state), this.#needs().now() + LANE_MS);
      case 'learn':
        return this.#learn(state);
      case 'close':
        return this.#close(state);
      case 'notify':
        return this.#notify(state);
    }
  }

  async #probe(state: ClientState): Promise<void> {
    const result = await this.#askGateway(state);
    this.#needs().log({ kind: 'probe', clientId: state.snapshot.clientId, result: result.what });
    this.#happened({ kind: 'probe', ...result });
  }

  /** The whole dialogue up to RCPT: a host that only accepts connections has proved nothing (design.md "Thresholds"). */
  async #askGateway(state: ClientState): Promise<{ readonly evidence: Evidence; readonly what: string }> {
    const opened = await openFirst(state.snapshot.gateways, this.#needs().probeDial);
    if (opened.kind === 'failed') return { evidence: weighCause(opened.cause), what: describeCause(opened.cause) };
    try {
      // RFC 5321 §4.5.1: every domain takes mail for postmaster; a server that refuses even that is alive all the same.
      const recipient = parseAddress(`postmaster@${state.snapshot.domains[0] ?? 'localhost'}`);
      if (recipient === undefined) throw new Error('the probe has no address to ask for');
      const result = await opened.session.probe(recipient);
      if (result.kind === 'failed') return { evidence: weighCause(result.cause), what: describeCause(result.cause) };
      return { evidence: { scope: 'none', weight: 0, alive: 'yes' }, what: formatReply(result.reply) };
    } finally {
      await opened.session.close();
    }
  }

  async #openMailboxes(state: ClientState): Promise<void> {
    const outage = state.outages.current();
    if (outage === undefined) return;
    const { clientId } = state.snapshot;
    await this.#learn(state);
    const mailboxes = await this.#needs().index.openMailboxes(clientId, outage.id, this.#needs().now());
    const now = this.#needs().now();
    state.outages.mailboxesReady(outage.id, now, mailboxes);
    state.outages.note({
      at: now,
      outageId: outage.id,
      kind: 'mailboxes-ready',
      words: `${mailboxes} mailboxes are open`,
    });
    this.#needs().log({ kind: 'mailboxes-ready', clientId, outageId: outage.id, mailboxes });
  }

  async #project(state: ClientState): Promise<void> {
    const outage = state.outages.current();
    if (outage === undefined) return;
    const entries = state.ledger.unprojected(outage.id, outage.projectedSeq, PROJECT_BATCH);
    const last = entries.at(-1);
    if (last === undefined) return;
    await project(state.snapshot.clientId, entries, this.#needs().index);
    state.outages.projectedTo(outage.id, last.seq);
  }

  async #learn(state: ClientState): Promise<void> {
    for (
      let batch = state.recipients.untold(LEARN_BATCH);
      batch.length > 0;
      batch = state.recipients.untold(LEARN_BATCH)
    ) {
      await this.#needs().index.learnAccounts(state.snapshot.clientId, batch, this.#needs().now());
      state.recipients.told(batch);
    }
  }

  async #close(state: ClientState): Promise<void> {
    const outage = state.outages.current();
    if (outage === undefined) return;
    const now = this.#needs().now();
    const counts = state.views.counts(outage.id);
    const replayed = counts.inbound.delivered + counts.sentCopies.delivered;
    const held = counts.inbound.held + counts.sentCopies.held + counts.outbound.held;
    state.outages.close(outage.id, now);
    state.outages.note({
      at: now,
      outageId: outage.id,
      kind: 'closed',
      words: `everything is given back: ${replayed} messages replayed, ${held} held for a person`,
    });
    this.#needs().log({
      kind: 'outage-closed',
      clientId: state.snapshot.clientId,
      outageId: outage.id,
      replayed,
      held,
    });
  }

  async #notify(state: ClientState): Promise<void> {
    const occurrence = state.outages.untold();
    if (occurrence === undefined) return;
    const now = this.#needs().now();
    for (const entry of await notices(occurrence, state.snapshot, this.#needs())) {
      state.ledger.add(entry, { kind: 'waiting' }, { now, dueAt: now, outageId: undefined });
    }
    state.outages.told(occurrence.number);
  }

  /** A few real messages, or a probe when there are none, before the switch back: a half-repaired server is found out cheaply. */
  async #canary(state: ClientState): Promise<void> {
    let sent = 0;
    let trouble: string | undefined;
    const lane = this.#lane('gateway', state);
    await runLane(
      {
        ...lane,
        hasWork: () =>
          sent < CANARY_MESSAGES && trouble === undefined && state.ledger.hasDue('gateway', this.#needs().now()),
        settle: (entry, outcome) => {
          sent += 1;
          if (weigh(outcome).weight > 0) trouble = describeOutcome(outcome);
          return lane.settle(entry, outcome);
        },
        unreachable: (cause) => {
          trouble = describeCause(cause);
        },
      },
      this.#needs().now() + LANE_MS,
    );
    const asked = sent === 0 && trouble === undefined ? await this.#askGateway(state) : undefined;
    if (asked !== undefined && asked.evidence.alive !== 'yes') trouble = asked.what;
    this.#happened(
      trouble === undefined
        ? { kind: 'canary-passed', what: asked?.what ?? `${sent} of ${sent} taken` }
        : { kind: 'canary-failed', what: trouble },
    );
  }

  #lane(name: LaneName, state: ClientState): LaneNeeds {
    const now = () => this.#needs().now();
    return {
      dial: this.#needs().dial,
      now,
      wait: (ms) => this.#needs().wait(ms),
      peers: () =>
        name === 'gateway' ? state.snapshot.gateways : state.snapshot.relay === undefined ? [] : [state.snapshot.relay],
      hasWork: () => (name === 'relay' || state.health.state === 'up') && state.ledger.hasDue(name, now()),
      paceAt: () => (name === 'gateway' ? mayLeaveAt(state.pacing(now())) : now()),
      claim: (peer) => {
        if (name === 'gateway')
          state.meta.set('pacing', paced(state.pacing(now()), now(), state.snapshot.replay.messagesPerMinute));
        return state.ledger.claim(name, peer, now());
      },
      parcel: (entry) => this.#needs().parcel(entry),
      settle: (entry, outcome) => this.#settle(name, state, entry, outcome),
      unreachable: (cause) => {
        if (name === 'relay') throw new Error(`the relay gives no session: ${describeCause(cause)}`);
        this.#happened({ kind: 'outcome', from: 'replay', evidence: weighCause(cause), what: describeCause(cause) });
      },
    };
  }

  #settle(name: LaneName, state: ClientState, entry: LedgerEntry, outcome: Outcome): 'go-on' | 'stop' {
    const now = this.#needs().now();
    const relayed = name === 'relay';
    const settlement = settle(outcome, { now, attempts: entry.attempts, state: relayed ? 'up' : state.health.state });
    state.ledger.settle(entry, outcome, settlement, now);
    const evidence = weigh(outcome);
    // A success while up is no news; writing it down would cost a row per message.
    const news = evidence.weight > 0 || state.health.history.deferrals.length > 0;
    if (!relayed && state.health.state !== 'recovering' && news) {
      this.#happened({ kind: 'outcome', from: entry.retryKey, evidence, what: describeOutcome(outcome) });
    }
    return settlement.kind === 'waiting' && settlement.delays === 'gateway' ? 'stop' : 'go-on';
  }
}
