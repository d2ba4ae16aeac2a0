/**
 * What the client object does when its alarm rings: probe, open mailboxes, file mail in them, give mail back, send to the
 * world, close the outage. Each errand loads, asks pipeline or core, stores; when to run them is decided in jobs.ts.
 */
import type { HealthEvent } from '../core/health-state.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import { type ProbeResult, takenOf } from '../core/probe-result.ts';
import { project } from '../pipeline/mailbox.ts';
import { MAX_PEOPLE, type ProbeTask, probeGateways } from '../pipeline/probe.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import { forgetBytes } from './forget-bytes.ts';
import { Lanes } from './lanes.ts';
import { performPreflight } from './preflight-errand.ts';
import { sendDigests } from './send-digests.ts';
import { callWebhooks, tellByMail } from './tell.ts';
import { tellOfRules } from './tell-of-rules.ts';
import { tellSenders } from './tell-senders.ts';

export const ERRANDS = [
  'judge',
  'maintenance',
  'relax',
  'probe',
  'open-mailboxes',
  'project',
  'give-back',
  'relay',
  'await-answers',
  'tell-senders',
  'send-notices',
  'learn',
  'close',
  'tell-of-rules',
  'notify',
  'doubt',
  'call',
  'preflight',
  'forget-bytes',
  'digest',
] as const;
export type Errand = (typeof ERRANDS)[number];

const PROJECT_BATCH = 100;
// A parameter of D1 holds 2 MB. A stranger decides how much of it a row takes: subject, names, addresses.
const PROJECT_BYTES = 500_000;
const LEARN_BATCH = 500;
// Well within what an alarm may take, and seldom enough to cost nothing.
const AWAIT_MS = 45_000;

export class Errands {
  readonly #needs: () => ErrandNeeds;
  readonly #happened: (event: HealthEvent) => void;
  readonly #lanes: Lanes;

  constructor(needs: () => ErrandNeeds, happened: (event: HealthEvent) => void) {
    this.#needs = needs;
    this.#happened = happened;
    this.#lanes = new Lanes(needs, happened);
  }

  /** Throws when a store or the relay cannot be reached; the caller comes back later. */
  async perform(errand: Errand, state: ClientState): Promise<void> {
    switch (errand) {
      case 'judge':
        this.#happened({ kind: 'time-passed' });
        return;
      case 'maintenance':
        state.work.turn(this.#needs().now(), this.#happened);
        return;
      case 'relax':
        state.relax(this.#needs().now());
        return;
      case 'probe':
        return this.#probe(state);
      case 'open-mailboxes':
        return this.#openMailboxes(state);
      case 'project':
        return this.#project(state);
      case 'give-back':
        return state.health.state === 'recovering' ? this.#canary(state) : this.#lanes.giveBack(state);
      case 'relay':
        return this.#lanes.relay(state);
      case 'send-notices':
        return this.#lanes.sendNotices(state);
      case 'tell-senders':
        return tellSenders(state, this.#needs());
      case 'await-answers':
        return this.#awaitAnswers(state);
      case 'learn':
        return this.#learn(state);
      case 'close':
        return this.#close(state);
      case 'doubt':
        return this.#doubt(state);
      case 'tell-of-rules':
        return tellOfRules(state, this.#needs());
      case 'notify':
        return tellByMail(state, this.#needs());
      case 'call':
        return callWebhooks(state, this.#needs());
      case 'preflight':
        return performPreflight(state, this.#needs());
      case 'digest':
        return sendDigests(state, this.#needs());
      case 'forget-bytes':
        return forgetBytes(state, this.#needs());
    }
  }

  /** In whatever state the gateway is: while `up` this is the look at a quiet one. */
  async #probe(state: ClientState): Promise<void> {
    // One test message for each repair that seems to begin: the probes that follow need not write again.
    const isRepairSought = state.health.state === 'down' && state.health.streak === undefined;
    const result = await this.#askGateway(state, isRepairSought ? 'hand-over' : 'leave-out');
    const { evidence, what } = result;
    this.#needs().log({ kind: 'probe', clientId: state.snapshot.clientId, result: what });
    this.#happened({ kind: 'probe', evidence, what, taken: takenOf(result) });
  }

  #askGateway(state: ClientState, testMessage: ProbeTask['testMessage']): Promise<ProbeResult> {
    const { snapshot, recipients } = state;
    const acquaintances = {
      people: recipients.nextFew(MAX_PEOPLE),
      isKnown: (address: string) => recipients.knows(address),
    };
    const gateways = state.gateways(() => this.#needs().now());
    return probeGateways({ snapshot, gateways, acquaintances, testMessage }, this.#needs());
  }

  /** Do others fail as well? Beside everything else, and given up when nobody answers. */
  async #doubt(state: ClientState): Promise<void> {
    const at = state.doubts.troubleAt(this.#needs().now());
    if (at === undefined) return;
    const doubt = await this.#needs().reportTrouble(state.snapshot.clientId, at);
    state.doubts.heard(doubt, this.#needs().now());
  }

  async #openMailboxes(state: ClientState): Promise<void> {
    const outage = state.outages.current();
    if (outage === undefined) return;
    const { clientId } = state.snapshot;
    await this.#learn(state);
    const mailboxes = await this.#needs().index.openMailboxes(clientId, outage.id, this.#needs().now());
    const now = this.#needs().now();
    state.outages.mailboxesReady(outage.id, now, mailboxes);
    state.timeline.note({ at: now, kind: 'mailboxes-ready', words: `${mailboxes} mailboxes are open` });
    this.#needs().log({ kind: 'mailboxes-ready', clientId, outageId: outage.id, mailboxes });
  }

  /** One batch after another, never beside one another: a row that was given to somebody else while its first filing was on its way moves after it. */
  async #project(state: ClientState): Promise<void> {
    await this.#projectNew(state);
    await this.#showAgain(state);
  }

  async #projectNew(state: ClientState): Promise<void> {
    const outage = state.outages.shown();
    if (outage === undefined) return;
    const entries = firstBytes(state.ledger.unprojected(outage.id, outage.projectedSeq, PROJECT_BATCH));
    const last = entries.at(-1);
    if (last === undefined) return;
    await project(state.snapshot.clientId, entries, this.#needs().index);
    state.outages.projectedTo(outage.id, last.seq);
  }

  /** What a person has let go of what no mailbox showed. Filed under the outage in whose report it is counted. */
  async #showAgain(state: ClientState): Promise<void> {
    const entries = firstBytes(state.toShowAgain(PROJECT_BATCH));
    if (entries.length === 0) return;
    await project(state.snapshot.clientId, entries, this.#needs().index);
    state.ledger.shownAgain(entries);
  }

  /** For messages whose lane's run is over. */
  async #awaitAnswers({ underWay }: ClientState): Promise<void> {
    const timer = this.#needs().startTimer(AWAIT_MS);
    await Promise.race([underWay.nextEnded(), timer.expired]);
    timer.cancel();
    underWay.awaited(this.#needs().now());
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
    const replayed = counts.inbound.delivered;
    const copies = counts.sentCopies.delivered;
    const held = counts.inbound.held + counts.sentCopies.held + counts.outbound.held;
    const words = `everything is given back: ${replayed} messages and ${copies} sent copies replayed, ${held} held for a person`;
    // The last line of the outage belongs to it.
    state.timeline.note({ at: now, kind: 'closed', words });
    state.outages.close(outage.id, now);
    state.replay.ended();
    this.#needs().log({
      kind: 'outage-closed',
      clientId: state.snapshot.clientId,
      outageId: outage.id,
      replayed,
      held,
    });
  }

  /** Before the switch back: a few real messages, or one more full probe when none waits. */
  async #canary(state: ClientState): Promise<void> {
    const canary = await this.#lanes.canary(state);
    switch (canary.kind) {
      case 'passed':
        this.#happened({ kind: 'canary-passed', what: canary.what });
        return;
      case 'failed':
        this.#happened({ kind: 'canary-failed', what: canary.what });
        return;
      case 'nothing-waits': {
        const { evidence, what } = await this.#askGateway(state, 'leave-out');
        this.#happened({ kind: evidence.alive === 'yes' ? 'canary-passed' : 'canary-failed', what });
      }
    }
  }
}

/** The rows that fit into one statement, at least one. */
function firstBytes<Entry extends LedgerEntry>(entries: readonly Entry[]): readonly Entry[] {
  let bytes = 0;
  const end = entries.findIndex((entry) => {
    bytes += JSON.stringify(entry.summary).length * 2;
    return bytes > PROJECT_BYTES;
  });
  return end === -1 ? entries : entries.slice(0, Math.max(1, end));
}
