/**
 * What the client object does when its alarm rings: probe, open mailboxes, file mail in them, give mail back, send to the
 * world, close the outage. Each errand loads, asks pipeline or core, stores; when to run them is decided in jobs.ts.
 */
import { parseAddress } from '../core/address.ts';
import { type Evidence, weighCause } from '../core/evidence.ts';
import type { HealthEvent } from '../core/health.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import { describeCause } from '../core/outcome.ts';
import { formatReply } from '../core/reply.ts';
import { openFirst } from '../pipeline/deliver.ts';
import { project } from '../pipeline/mailbox.ts';
import { notices } from '../pipeline/notify.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import { Lanes } from './lanes.ts';

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

const PROJECT_BATCH = 100;
// A parameter of D1 holds 2 MB. A stranger decides how much of it a row takes: subject, names, addresses.
const PROJECT_BYTES = 500_000;
const LEARN_BATCH = 500;

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
    const opened = await openFirst(state.snapshot.gateways, { dial: this.#needs().probeDial, mayTry: () => true });
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
    const entries = firstBytes(state.ledger.unprojected(outage.id, outage.projectedSeq, PROJECT_BATCH));
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
    const replayed = counts.inbound.delivered;
    const copies = counts.sentCopies.delivered;
    const held = counts.inbound.held + counts.sentCopies.held + counts.outbound.held;
    state.outages.close(outage.id, now);
    state.outages.note({
      at: now,
      outageId: outage.id,
      kind: 'closed',
      words: `everything is given back: ${replayed} messages and ${copies} sent copies replayed, ${held} held for a person`,
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
        const { evidence, what } = await this.#askGateway(state);
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
