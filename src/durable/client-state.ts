/** What a client object has in hand once it is configured, and how a change of health is written down. */
import type { ClientSnapshot } from '../core/client.ts';
import type { DownCause } from '../core/down-cause.ts';
import { type Easing, paceFor, relaxed, slowed } from '../core/easing.ts';
import { FIRST_FLOW, type Flow, flowHeard } from '../core/flow.ts';
import type { Health, HealthPlan, HealthState, Transition } from '../core/health-state.ts';
import type { OutageId } from '../core/ids.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import type { NoticePlan } from '../core/notice-schedule.ts';
import { mayLeaveAt, type Pace, type Pacing, paced, startPacing } from '../core/pacing.ts';
import { REGION_PLACES } from '../core/region.ts';
import { healthOf, pacingOf, snapshotOf } from '../core/stored.ts';
import { createStandings, type Gateways } from '../pipeline/standings.ts';
import { Digests } from './digests.ts';
import { GatewayRecord } from './gateway-record.ts';
import { Held } from './held.ts';
import { Ledger } from './ledger.ts';
import { LedgerViews } from './ledger-views.ts';
import { Lessons } from './lessons.ts';
import { type LinkNeeds, type LinkPurpose, Links } from './links.ts';
import { Meta } from './meta.ts';
import { Notices } from './notices.ts';
import { type OutageRow, Outages } from './outages.ts';
import { Outbound } from './outbound.ts';
import { PeopleMet } from './people-met.ts';
import { PlannedWork } from './planned-work.ts';
import { Preflights } from './preflights.ts';
import { Quarantine } from './quarantine.ts';
import { RecentFacts } from './recent-facts.ts';
import { Recipients } from './recipients.ts';
import { RelayTroubles } from './relay-trouble.ts';
import { Replay } from './replay.ts';
import { Returns } from './returns.ts';
import { RuleNotices } from './rule-notices.ts';
import { hasTables, migrate } from './schema.ts';
import { SelfDoubts } from './self-doubt.ts';
import { Timeline } from './timeline.ts';
import { UnderWay } from './under-way.ts';
import { Waiting } from './waiting.ts';
import { WebhookCalls } from './webhook-calls.ts';

// The standard window: a second suspicion within it tells nobody anything new.
const SUSPICION_LINE_MS = 900_000;
// Rows written are the cost that counts (docs/platform.md 26): at full speed it would be one with every message.
const PACE_WRITE_MS = 1_000;

export class ClientState {
  readonly meta: Meta;
  readonly ledger: Ledger;
  readonly waiting: Waiting;
  readonly underWay = new UnderWay();
  readonly held: Held;
  readonly returns: Returns;
  readonly views: LedgerViews;
  readonly outages: Outages;
  readonly timeline: Timeline;
  readonly notices: Notices;
  readonly calls: WebhookCalls;
  readonly recipients: Recipients;
  readonly peopleMet: PeopleMet;
  readonly record: GatewayRecord;
  readonly links: Links;
  readonly work: PlannedWork;
  readonly doubts: SelfDoubts;
  readonly preflights: Preflights;
  readonly outbound: Outbound;
  readonly relayTroubles: RelayTroubles;
  readonly replay: Replay;
  readonly quarantine: Quarantine;
  readonly digests: Digests;
  readonly lessons: Lessons;
  readonly recentFacts: RecentFacts;
  readonly ruleNotices: RuleNotices;
  readonly #standings = createStandings();
  /** when the clocks of the pace were last written (epoch ms) */
  readonly #pacedAt = { pacing: 0, livePacing: 0 };
  readonly #storage: DurableObjectStorage;

  private constructor(storage: DurableObjectStorage, meta: Meta, clientId: ClientSnapshot['clientId']) {
    this.#storage = storage;
    this.meta = meta;
    this.ledger = new Ledger(clientId, storage);
    this.waiting = new Waiting(clientId, storage);
    this.held = new Held(storage.sql, this.waiting);
    this.returns = new Returns(clientId, storage, this.ledger);
    this.views = new LedgerViews(clientId, storage.sql);
    this.outages = new Outages(storage.sql);
    this.recipients = new Recipients(storage.sql);
    this.peopleMet = new PeopleMet(storage.sql, meta, this.recipients);
    this.record = new GatewayRecord(storage.sql);
    this.links = new Links(storage.sql);
    this.calls = new WebhookCalls(storage.sql);
    this.timeline = new Timeline(storage.sql, meta, this.outages, this.calls);
    this.notices = new Notices(storage.sql, meta, this.timeline);
    this.work = new PlannedWork(meta, this.timeline);
    this.doubts = new SelfDoubts(meta, this.timeline);
    this.preflights = new Preflights(storage.sql);
    this.outbound = new Outbound(storage.sql);
    this.relayTroubles = new RelayTroubles(meta, this.timeline);
    this.replay = new Replay(this);
    this.quarantine = new Quarantine(storage);
    this.digests = new Digests(storage.sql, meta);
    this.lessons = new Lessons(storage);
    this.recentFacts = new RecentFacts(storage.sql);
    this.ruleNotices = new RuleNotices(meta, this.timeline);
  }

  /** undefined until the first configuration: an object that was never told whose it is takes nothing. */
  static load(storage: DurableObjectStorage): ClientState | undefined {
    if (!hasTables(storage)) return undefined;
    migrate(storage);
    const meta = new Meta(storage.sql);
    const [stored, health] = [meta.get('snapshot'), meta.get('health')];
    if (stored === undefined) return undefined;
    // An earlier version may have written them. They are written anew with their next change, and read like this until then.
    const snapshot = snapshotOf(stored);
    meta.hold('snapshot', snapshot);
    if (health !== undefined) meta.hold('health', healthOf(health, snapshot.probe));
    return new ClientState(storage, meta, snapshot.clientId);
  }

  static create(storage: DurableObjectStorage, snapshot: ClientSnapshot, health: Health): ClientState {
    migrate(storage);
    const meta = new Meta(storage.sql);
    storage.transactionSync(() => {
      meta.set('snapshot', snapshot);
      meta.set('health', health);
      meta.set('preflightsFrom', health.since);
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

  /** The address at which one press does what the notice of that line asks; for notices by mail only. */
  linkFor(purpose: LinkPurpose, needs: LinkNeeds): string {
    return this.links.make(this.snapshot.clientId, purpose, needs);
  }

  /** What health is judged by: the client's own settings, and planned work that is under way. */
  get plan(): HealthPlan {
    return this.work.planOf(this.snapshot);
  }

  noticePlan(now: number): NoticePlan {
    return {
      repeatMs: this.snapshot.noticeRepeatMs,
      mutedUntil: this.notices.mutedUntil(now) ?? 0,
      quietUntil: this.work.quietUntil(this.health) ?? 0,
      endMailedAt: this.timeline.endMailedAt(),
    };
  }

  /** Said once, and again only after it was possible in between. */
  mailIs(possible: 'possible' | 'impossible', at: number): void {
    const isSaid = this.meta.get('mailImpossible') !== undefined;
    if (possible === 'possible' && isSaid) this.meta.forget('mailImpossible');
    if (possible === 'possible' || isSaid) return;
    this.meta.set('mailImpossible', true);
    const words = 'there is neither a relay nor a sending binding: notices are in the timeline and go to webhooks only';
    this.timeline.note({ at, kind: 'mail-impossible', words });
  }

  /** The gateway has asked for less; `what`: in its own words. */
  ease(what: string, at: number): void {
    const before = this.easing;
    this.meta.set('easing', slowed(before, at));
    // Whoever was asked, new mail or the replay: it is the replay that makes room.
    this.meta.hold('flow', flowHeard(this.flow, { kind: 'less-please' }, at, this.snapshot.replay.connections));
    if (before !== undefined) return;
    const words =
      'the gateway asks for less: new mail waits its turn, and one connection hands it over at half the pace';
    this.timeline.note({ at, kind: 'slowed', words, evidence: [what] });
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
    this.waiting.releaseDelayedByGateway(at);
    const words = 'the gateway has not asked for less for a while: mail goes to it at once again';
    this.timeline.note({ at, kind: 'slowed-over', words });
  }

  /** Set while the gateway has asked for less. */
  get easing(): Easing | undefined {
    return this.meta.get('easing');
  }

  /** The pace of this row at this moment, and the earliest time at which it may leave. */
  paceOf(row: Pick<LedgerEntry, 'outageId'>, now: number): { readonly pace: Pace; readonly at: number } {
    const pace = paceFor({ isOfOutage: row.outageId !== undefined }, this.snapshot.replay, this.easing);
    return { pace, at: mayLeaveAt(this.#pacing(row, now), pace) };
  }

  /** It leaves now, and the next of its like pays for it. */
  paced(row: Pick<LedgerEntry, 'outageId' | 'sizeBytes'>, now: number): void {
    const { pace } = this.paceOf(row, now);
    const clock = clockOf(row);
    const pacing = paced(this.#pacing(row, now), now, pace, row.sizeBytes);
    // What is lost with the object is a second at most, and no start of one is faster.
    const isLong = mayLeaveAt(pacing, pace) > now + PACE_WRITE_MS;
    if (!isLong && now - this.#pacedAt[clock] < PACE_WRITE_MS) {
      this.meta.hold(clock, pacing);
      return;
    }
    this.#pacedAt[clock] = now;
    this.meta.set(clock, pacing);
  }

  /** Until the first message of a replay has left, the pace begins now: what the connection took to open is not caught up. */
  #pacing(row: Pick<LedgerEntry, 'outageId'>, now: number): Pacing {
    return pacingOf(this.meta.get(clockOf(row))) ?? startPacing(now);
  }

  /** How many connections the gateway has been seen to bear in this replay. */
  get flow(): Flow {
    return this.meta.get('flow') ?? FIRST_FLOW;
  }

  /** While people read here, all that was let go; else what may not stay in the mailbox where the next outage would show it. */
  toShowAgain(limit: number): ReturnType<Ledger['toShowAgain']> {
    const { outages, ledger } = this;
    return outages.haveOpenedMailboxes() ? ledger.toShowAgain(outages.shown()?.id, limit) : [];
  }

  /** The outage new mail belongs to: while delivery is switched away from the gateway. */
  openOutage(): OutageRow | undefined {
    const { state } = this.health;
    return state === 'down' || state === 'recovering' ? this.outages.current() : undefined;
  }

  /** One commit for a transition and everything the ledger must say about it. */
  follow(transition: Transition, health: Health, newOutageId: () => OutageId): void {
    try {
      this.#storage.transactionSync(() => this.#write(transition, health, newOutageId));
    } finally {
      // Not committed, it must not be believed.
      this.outages.readAgain();
    }
  }

  #write(transition: Transition, health: Health, newOutageId: () => OutageId): void {
    if (transition.to === 'down' && transition.from !== 'recovering') this.#fallOver(transition, health, newOutageId);
    if (transition.from === 'recovering' && transition.to === 'up') this.#failBack(transition);
    // What was kept while we were not let in goes now; no outage was open for it.
    if (isBarred(transition.from) && transition.to === 'up') this.waiting.releaseDelayedByGateway(transition.at);
    // The canary goes at the pace, too, and the rest follows it without a new start.
    if (transition.to === 'recovering') this.#startSlowly();
    if (health.state === 'down') this.becomes(health.cause.kind, transition.at);
    if (this.#isWorthALine(transition)) {
      const { at, from, to, why, evidence } = transition;
      this.timeline.note({ at, kind: to, words: `${from} → ${to}: ${why}`, evidence, from });
    }
  }

  /** On a busy day a broken connection here and there is a suspicion every few minutes: one line for many of them. */
  #isWorthALine({ from, to, at }: Transition): boolean {
    const told = this.meta.get('suspicion');
    if (to === 'suspect') {
      const isTold = told === undefined || at - told.toldAt >= SUSPICION_LINE_MS;
      if (isTold || told.isTold) this.meta.set('suspicion', { toldAt: isTold ? at : told.toldAt, isTold });
      return isTold;
    }
    return !(from === 'suspect' && to === 'up') || told?.isTold !== false || this.notices.unacknowledged().length > 0;
  }

  /** A drill in which the server fails is none any more: its alarm gives way to a real one. True when that has just happened. */
  becomes(kind: DownCause['kind'], at: number): boolean {
    const outage = this.outages.current();
    if (outage === undefined || (kind !== 'threshold' && kind !== 'declared')) return false;
    const isNews = this.outages.becomes(kind, outage.id);
    if (isNews) this.notices.replaced('down', at);
    return isNews;
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
    this.waiting.adoptInto(id, transition.at);
  }

  #failBack({ at, evidence }: Transition): void {
    const outage = this.outages.current();
    if (outage !== undefined) this.outages.repaired(outage.id, at, evidence);
    this.waiting.releaseAll(at);
    this.replay.begins(at);
  }

  #startSlowly(): void {
    this.meta.forget('pacing');
    this.meta.hold('flow', FIRST_FLOW);
  }
}

/** New mail that had to wait belongs to no outage, and has a clock of its own. */
function clockOf({ outageId }: Pick<LedgerEntry, 'outageId'>): 'pacing' | 'livePacing' {
  return outageId === undefined ? 'livePacing' : 'pacing';
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the client object has lost its configuration');
  return value;
}

function isBarred(state: HealthState): boolean {
  return state === 'tls-broken' || state === 'refused-us';
}
