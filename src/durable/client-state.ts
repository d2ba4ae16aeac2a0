/** What a client object has in hand once it is configured, and how a change of health is written down. */
import type { ClientSnapshot } from '../core/client.ts';
import type { Health, Transition } from '../core/health.ts';
import type { OutageId } from '../core/ids.ts';
import { type Pacing, startPacing } from '../core/pacing.ts';
import { Ledger } from './ledger.ts';
import { LedgerViews } from './ledger-views.ts';
import { Meta } from './meta.ts';
import { type OutageRow, Outages } from './outages.ts';
import { Recipients } from './recipients.ts';
import { migrate } from './schema.ts';

export class ClientState {
  readonly meta: Meta;
  readonly ledger: Ledger;
  readonly views: LedgerViews;
  readonly outages: Outages;
  readonly recipients: Recipients;
  readonly #storage: DurableObjectStorage;

  private constructor(storage: DurableObjectStorage, meta: Meta, clientId: ClientSnapshot['clientId']) {
    this.#storage = storage;
    this.meta = meta;
    this.ledger = new Ledger(clientId, storage);
    this.views = new LedgerViews(clientId, storage.sql);
    this.outages = new Outages(storage.sql);
    this.recipients = new Recipients(storage.sql);
  }

  /** undefined until the first configuration: an object that was never told whose it is takes nothing. */
  static load(storage: DurableObjectStorage): ClientState | undefined {
    migrate(storage);
    const meta = new Meta(storage.sql);
    const snapshot = meta.get('snapshot');
    return snapshot === undefined ? undefined : new ClientState(storage, meta, snapshot.clientId);
  }

  static create(storage: DurableObjectStorage, snapshot: ClientSnapshot, health: Health): ClientState {
    const meta = new Meta(storage.sql);
    storage.transactionSync(() => {
      meta.set('snapshot', snapshot);
      meta.set('health', health);
    });
    return new ClientState(storage, meta, snapshot.clientId);
  }

  get snapshot(): ClientSnapshot {
    return known(this.meta.get('snapshot'));
  }

  get health(): Health {
    return known(this.meta.get('health'));
  }

  /** Until the first message of a replay has left, the pace begins now: what the connection took to open is not caught up. */
  pacing(now: number): Pacing {
    return this.meta.get('pacing') ?? startPacing(now);
  }

  /** The outage new mail belongs to: while delivery is switched away from the gateway. */
  openOutage(): OutageRow | undefined {
    const { state } = this.health;
    return state === 'down' || state === 'recovering' ? this.outages.current() : undefined;
  }

  /** One commit for a transition and everything the ledger must say about it. */
  follow(transition: Transition, health: Health, newOutageId: () => OutageId): void {
    this.#storage.transactionSync(() => {
      if (transition.to === 'down' && transition.from !== 'recovering') this.#fallOver(transition, health, newOutageId);
      if (transition.from === 'recovering' && transition.to === 'up') this.#failBack(transition.at);
      // The canary goes at the pace, too, and the rest follows it without a new start.
      if (transition.to === 'recovering') this.meta.forget('pacing');
      const outageId = this.outages.current()?.id ?? null;
      this.outages.note({
        at: transition.at,
        outageId,
        kind: transition.to,
        words: `${transition.from} → ${transition.to}: ${transition.why}`,
      });
    });
  }

  #fallOver(transition: Transition, health: Health, newOutageId: () => OutageId): void {
    const unfinished = this.outages.current();
    const id = unfinished?.id ?? newOutageId();
    if (unfinished === undefined) {
      const firstDeferralAt = health.history.tally.run?.firstAt;
      this.outages.open({ id, cause: transition.why, firstDeferralAt, downAt: transition.at });
    } else {
      this.outages.reopened(id);
    }
    this.ledger.adoptInto(id, transition.at);
  }

  #failBack(now: number): void {
    const outage = this.outages.current();
    if (outage !== undefined) this.outages.repaired(outage.id, now);
    this.ledger.releaseAll(now);
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the client object has lost its configuration');
  return value;
}
