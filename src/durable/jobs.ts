/**
 * The client object's due-times over its one alarm. Which job is due follows from what is stored, never from a list of its
 * own, so nothing can be forgotten by a restart. Jobs run side by side (a probe that hangs must not keep mail from the
 * mailboxes), each is bounded, and one that fails comes back later: the alarm itself never throws (platform.md 20).
 */
import { parseAddress } from '../core/address.ts';
import type { LogEvent } from '../core/event.ts';
import { type Evidence, weigh, weighCause } from '../core/evidence.ts';
import { type HealthEvent, healthDueAt, probeDueAt } from '../core/health.ts';
import type { ClientId, OutageId } from '../core/ids.ts';
import { type LedgerEntry, settle } from '../core/ledger.ts';
import { describeCause, describeOutcome, type Outcome } from '../core/outcome.ts';
import { mayLeaveAt, paced, startPacing } from '../core/pacing.ts';
import { formatReply } from '../core/reply.ts';
import { type Dial, openFirst, type Parcel } from '../pipeline/deliver.ts';
import { type LaneNeeds, runLane } from '../pipeline/lane.ts';
import { type MailboxIndex, project } from '../pipeline/mailbox.ts';
import type { ClientState } from './client-state.ts';
import type { LaneName } from './ledger.ts';

export type JobNeeds = {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** 0-1 */
  readonly random: () => number;
  readonly newOutageId: () => OutageId;
  readonly dial: Dial;
  /** the row's bytes behind the headers we prepend */
  readonly parcel: (entry: LedgerEntry) => Parcel;
  readonly index: MailboxIndex;
  /** inbound messages the mailbox index knows, by outage */
  countShown(clientId: ClientId): Promise<ReadonlyMap<OutageId, number>>;
  readonly log: (event: LogEvent) => void;
};

const JOBS = ['judge', 'probe', 'open-mailboxes', 'project', 'give-back', 'relay', 'learn', 'close'] as const;
type Job = (typeof JOBS)[number];

// The platform stops an alarm after 15 minutes; a run of a minute lets a deploy or an eviction cost little.
const RUN_MS = 60_000;
const LANE_MS = 30_000;
// D1 in trouble is asked again soon, but not by every client in every second.
const FIRST_COMEBACK_MS = 2_000;
const LAST_COMEBACK_MS = 60_000;
// 100 rows of at most some 2 KB: one D1 statement stays far below its 2 MB.
const PROJECT_BATCH = 100;
const LEARN_BATCH = 500;
// The first real messages after a repair: enough to be more than luck, few enough to be held by hand if the server is not ready.
const CANARY_MESSAGES = 3;

export class Jobs {
  readonly #needs: () => JobNeeds;
  readonly #happened: (event: HealthEvent) => void;
  readonly #comeback = new Map<Job, { at: number; gapMs: number }>();
  #wake: (() => void) | undefined;

  constructor(needs: () => JobNeeds, happened: (event: HealthEvent) => void) {
    this.#needs = needs;
    this.#happened = happened;
  }

  /** Lets a run that is under way look again; false when none is. */
  wake(): boolean {
    this.#wake?.();
    return this.#wake !== undefined;
  }

  dueAt(state: ClientState): number | undefined {
    const times = JOBS.map((job) => this.#dueAt(job, state)).filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async run(state: ClientState): Promise<void> {
    const until = this.#needs().now() + RUN_MS;
    const running = new Map<Job, Promise<void>>();
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

  #startDue(state: ClientState, running: Map<Job, Promise<void>>, until: number): void {
    const now = this.#needs().now();
    if (now >= until) return;
    for (const job of JOBS) {
      const dueAt = running.has(job) ? undefined : this.#dueAt(job, state);
      if (dueAt === undefined || dueAt > now) continue;
      running.set(
        job,
        this.#attempt(job, state).finally(() => running.delete(job)),
      );
    }
  }

  async #attempt(job: Job, state: ClientState): Promise<void> {
    try {
      await this.#perform(job, state);
      this.#comeback.delete(job);
    } catch (problem) {
      const gapMs = Math.min(LAST_COMEBACK_MS, (this.#comeback.get(job)?.gapMs ?? FIRST_COMEBACK_MS / 2) * 2);
      this.#comeback.set(job, { at: this.#needs().now() + gapMs, gapMs });
      this.#needs().log({ kind: 'trouble', clientId: state.snapshot.clientId, where: job, problem: String(problem) });
    }
  }

  #dueAt(job: Job, state: ClientState): number | undefined {
    const at = this.#wantedAt(job, state);
    const comeback = this.#comeback.get(job)?.at;
    return at === undefined || comeback === undefined ? at : Math.max(at, comeback);
  }

  #wantedAt(job: Job, state: ClientState): number | undefined {
    const now = this.#needs().now();
    const outage = state.outages.current();
    switch (job) {
      case 'judge':
        return healthDueAt(state.health, state.snapshot);
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
      case 'close':
        return outage !== undefined && outage.repairedAt !== null && !state.ledger.waitsFor(outage.id) ? now : undefined;
    }
  }

  #giveBackAt(state: ClientState, now: number): number | undefined {
    switch (state.health.state) {
      case 'recovering':
        return now;
      case 'up':
        return state.ledger.hasDue('gateway', now) ? Math.max(now, mayLeaveAt(pacingOf(state, now))) : state.ledger.nextDueAt('gateway');
      case 'suspect':
      case 'down':
        return undefined;
    }
  }

  async #perform(job: Job, state: ClientState): Promise<void> {
    switch (job) {
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
        return state.health.state === 'recovering' ? this.#canary(state) : runLane(this.#lane('gateway', state), this.#needs().now() + LANE_MS);
      case 'relay':
        return runLane(this.#lane('relay', state), this.#needs().now() + LANE_MS);
      case 'learn':
        return this.#learn(state);
      case 'close':
        return this.#close(state);
    }
  }

  async #probe(state: ClientState): Promise<void> {
    const result = await this.#askGateway(state);
    this.#needs().log({ kind: 'probe', clientId: state.snapshot.clientId, result: result.what });
    this.#happened({ kind: 'probe', ...result });
  }

  /** The whole dialogue up to RCPT: a host that only accepts connections has proved nothing (design.md "Thresholds"). */
  async #askGateway(state: ClientState): Promise<{ readonly evidence: Evidence; readonly what: string }> {
    const opened = await openFirst(state.snapshot.gateways, this.#needs().dial);
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
    state.outages.note({ at: now, outageId: outage.id, kind: 'mailboxes-ready', words: `${mailboxes} mailboxes are open` });
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
    for (let batch = state.recipients.untold(LEARN_BATCH); batch.length > 0; batch = state.recipients.untold(LEARN_BATCH)) {
      await this.#needs().index.learnAccounts(state.snapshot.clientId, batch, this.#needs().now());
      state.recipients.told(batch);
    }
  }

  async #close(state: ClientState): Promise<void> {
    const outage = state.outages.current();
    if (outage === undefined) return;
    const now = this.#needs().now();
    const counts = state.ledger.counts(outage.id);
    const replayed = counts.inbound.delivered + counts.sentCopies.delivered;
    const held = counts.inbound.held + counts.sentCopies.held + counts.outbound.held;
    state.outages.close(outage.id, now);
    state.outages.note({ at: now, outageId: outage.id, kind: 'closed', words: `everything is given back: ${replayed} messages replayed, ${held} held for a person` });
    this.#needs().log({ kind: 'outage-closed', clientId: state.snapshot.clientId, outageId: outage.id, replayed, held });
  }

  /** A few real messages, or a probe when there are none, before the switch back: a half-repaired server is found out cheaply. */
  async #canary(state: ClientState): Promise<void> {
    let sent = 0;
    let trouble: string | undefined;
    const lane = this.#lane('gateway', state);
    await runLane(
      {
        ...lane,
        hasWork: () => sent < CANARY_MESSAGES && trouble === undefined && state.ledger.hasDue('gateway', this.#needs().now()),
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
      trouble === undefined ? { kind: 'canary-passed', what: asked?.what ?? `${sent} of ${sent} taken` } : { kind: 'canary-failed', what: trouble },
    );
  }

  #lane(name: LaneName, state: ClientState): LaneNeeds {
    const now = () => this.#needs().now();
    return {
      dial: this.#needs().dial,
      now,
      wait: (ms) => this.#needs().wait(ms),
      peers: () => (name === 'gateway' ? state.snapshot.gateways : state.snapshot.relay === undefined ? [] : [state.snapshot.relay]),
      hasWork: () => (name === 'relay' || state.health.state === 'up') && state.ledger.hasDue(name, now()),
      paceAt: () => (name === 'gateway' ? mayLeaveAt(pacingOf(state, now())) : now()),
      claim: (peer) => {
        if (name === 'gateway') state.meta.set('pacing', paced(pacingOf(state, now()), now(), state.snapshot.replay.messagesPerMinute));
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

function pacingOf(state: ClientState, now: number) {
  return state.meta.get('pacing') ?? startPacing(now);
}
