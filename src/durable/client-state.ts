/** What a client object has in hand once it is configured, and how a change of health is written down. */
import type { ClientSnapshot } from '../core/client.ts';
import { type Easing, relaxed, slowed } from '../core/easing.ts';
import type { Health, HealthPlan, HealthState, Transition } from '../core/health-state.ts';
import type { OutageId } from '../core/ids.ts';
import { type Pacing, startPacing } from '../core/pacing.ts';
import { REGION_PLACES } from '../core/region.ts';
import { createStandings, type Gateways } from '../pipeline/standings.ts';
import { Ledger } from './ledger.ts';
import { LedgerViews } from './ledger-views.ts';
import { Links } from './links.ts';
import { Meta } from './meta.ts';
import { type OutageRow, Outages } from './outages.ts';
import { PlannedWork } from './planned-work.ts';
import { Recipients } from './recipients.ts';
import { hasTables, migrate } from './schema.ts';

export class ClientState {
  readonly meta: Meta;
  readonly ledger: Ledger;
  readonly views: LedgerViews;
  readonly outages: Outages;
  readonly recipients: Recipients;
  readonly links: Links;
  readonly work: PlannedWork;
  readonly #standings = createStandings();
  readonly #storage: DurableObjectStorage;

  private constructor(storage: DurableObjectStorage, meta: Meta, clientId: ClientSnapshot['clientId']) {
    this.#storage = storage;
    this.meta = meta;
    this.ledger = new Ledger(clientId, storage);
    this.views = new LedgerViews(clientId, storage.sql);
    this.outages = new Outages(storage.sql);
    this.recipients = new Recipients(storage.sql);
    this.links = new Links(storage.sql);
    this.work = new PlannedWork(meta, this.outages);
  }

  /** undefined until the first configuration: an object that was never told whose it is takes nothing. */
  static load(storage: DurableObjectStorage): ClientState | undefined {
    if (!hasTables(storage)) return undefined;
    migrate(storage);
    const meta = new Meta(storage.sql);
    const snapshot = meta.get('snapshot');
    return snapshot === undefined ? undefined : new ClientState(storage, meta, snapshot.clientId);
  }

  static create(storage: DurableObjectStorage, snapshot: ClientSnapshot, health: Health): ClientState {
    migrate(storage);
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

  /** with what is remembered of them since the object started */
  gateways(now: () => number): Gateways {
    const { snapshot } = this;
    return this.#standings.gateways(snapshot, { now, place: snapshot.home && REGION_PLACES[snapshot.home] });
  }

  /** What health is judged by: the client's own settings, and planned work that is under way. */
  get plan(): HealthPlan {
    return this.work.planOf(this.snapshot);
  }

  /** The gateway has asked for less; `what`: in its own words. */
  ease(what: string, at: number): void {
    const before = this.easing;
    this.meta.set('easing', slowed(before, at));
    if (before !== undefined) return;
    const words =
      'the gateway asks for less: new mail waits its turn, and one connection hands it over at half the pace';
    this.outages.note({ at, outageId: this.outages.current()?.id ?? null, kind: 'slowed', words, evidence: [what] });
  }

  /** A step back towards the full pace. */
  relax(at: number): void {
    const before = this.easing;
    if (before === undefined) return;
    const after = relaxed(before, at);
    if (after !== undefined) {
      this.meta.set('easing', after);
      return;
    }
    this.meta.forget('easing');
    this.ledger.releaseAll(at);
    const words = 'the gateway has not asked for less for a while: mail goes to it at once again';
    this.outages.note({ at, outageId: this.outages.current()?.id ?? null, kind: 'slowed-over', words, evidence: [] });
  }

  /** Set while the gateway has asked for less. */
  get easing(): Easing | undefined {
    return this.meta.get('easing');
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
      if (transition.from === 'recovering' && transition.to === 'up') this.#failBack(transition);
      // What was kept while we were not let in goes now; no outage was open for it.
      if (isBarred(transition.from) && transition.to === 'up') this.ledger.releaseAll(transition.at);
      // The canary goes at the pace, too, and the rest follows it without a new start.
      if (transition.to === 'recovering') this.meta.forget('pacing');
      const outageId = this.outages.current()?.id ?? null;
      this.outages.note({
        at: transition.at,
        outageId,
        kind: transition.to,
        words: `${transition.from} → ${transition.to}: ${transition.why}`,
        evidence: transition.evidence,
      });
    });
  }

  #fallOver(transition: Transition, health: Health, newOutageId: () => OutageId): void {
    const unfinished = this.outages.current();
    const id = unfinished?.id ?? newOutageId();
    if (unfinished === undefined) {
      const firstDeferralAt = health.history.tally.run?.firstAt;
      const kind = health.state === 'down' ? health.cause.kind : 'threshold';
      const { why: cause, evidence, at: downAt } = transition;
      this.outages.open({ id, kind, cause, evidence, firstDeferralAt, downAt });
    } else {
      this.outages.reopened(id);
    }
    this.ledger.adoptInto(id, transition.at);
  }

  #failBack({ at, evidence }: Transition): void {
    const outage = this.outages.current();
    if (outage !== undefined) this.outages.repaired(outage.id, at, evidence);
    this.ledger.releaseAll(at);
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the client object has lost its configuration');
  return value;
}

function isBarred(state: HealthState): boolean {
  return state === 'tls-broken' || state === 'refused-us';
}
