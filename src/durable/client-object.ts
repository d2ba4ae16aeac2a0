/**
 * One object per client: its health, its spool, its outages, its due-times over one alarm. Every method loads, asks core or
 * pipeline, and stores; the work of the alarm is in durable/jobs.ts. It must never throw for what an SMTP peer does, and never
 * answer before what it says is durable (the output gate sees to that).
 */
import { DurableObject } from 'cloudflare:workers';
import type { ClientSnapshot } from '../core/client.ts';
import { weigh } from '../core/evidence.ts';
import { advance, healthy } from '../core/health.ts';
import type { Health, HealthEvent, Transition } from '../core/health-state.ts';
import { hasFailedLately, rememberLate } from '../core/history.ts';
import type { MessageId, OutageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import { describeOutcome } from '../core/outcome.ts';
import { problemOf } from '../core/problem-of.ts';
import { retryAt } from '../core/retry.ts';
import type {
  ClientPort,
  ClientStatus,
  ClientView,
  Declaration,
  DeclarationResult,
  ExtensionResult,
  GatewayView,
  HeldEntry,
  LinkResult,
  LinkView,
  NoticesView,
  NoticeTrial,
  ObservationPage,
  ObservationsFrom,
  OutageView,
  Placement,
  RecipientDelivery,
  Spooled,
  SubmitResult,
  SystemMessage,
  TimelineEntry,
  TrafficReport,
  UptimeSpan,
} from '../pipeline/client-port.ts';
import { gatewaysOf, outagesOf, statusOf } from './client-answers.ts';
import { ClientState } from './client-state.ts';
import { Declarations } from './declarations.ts';
import type { ErrandNeeds } from './errand-needs.ts';
import { Jobs } from './jobs.ts';
import { tryNotices } from './notice-trial.ts';
import { witnessOf } from './witness-of.ts';

export type ClientObjectNeeds = ErrandNeeds & {
  /** 0-1 */
  readonly random: () => number;
  readonly newOutageId: () => OutageId;
};

export class ClientObjectBase extends DurableObject implements ClientPort {
  /** replaced by tests, which bring their own clock and break stores on purpose */
  needs: ClientObjectNeeds;
  readonly #jobs: Jobs;
  #state: ClientState | undefined;
  #alarmAt: number | undefined;
  #keptAt = 0;

  constructor(ctx: DurableObjectState, env: unknown, needs: ClientObjectNeeds) {
    super(ctx, env as Cloudflare.Env);
    this.needs = needs;
    this.#state = ClientState.load(ctx.storage);
    this.#jobs = new Jobs(
      () => this.needs,
      (event) => this.#happened(event),
    );
    this.#state?.ledger.recoverInterrupted(needs.now());
    this.#rearm();
  }

  async configure(snapshot: ClientSnapshot): Promise<{ readonly version: number }> {
    const state = this.#state ?? ClientState.create(this.ctx.storage, snapshot, healthy(this.needs.now()));
    this.#state = state;
    if (snapshot.version > state.snapshot.version) state.meta.set('snapshot', snapshot);
    this.needs.log({ kind: 'configured', clientId: snapshot.clientId, version: state.snapshot.version });
    this.#introduce(state);
    // New thresholds and plans take effect now, not with the next message.
    this.#happened({ kind: 'time-passed' });
    return { version: state.snapshot.version };
  }

  async view(): Promise<ClientView | null> {
    const state = this.#state;
    if (state === undefined) return null;
    const newest = state.ledger.newestReceivedAt();
    return {
      snapshot: state.snapshot,
      state: state.health.state,
      isEased: state.easing !== undefined,
      attentive: state.health.state !== 'up' || hasFailedLately(state.health.history, this.needs.now()),
      remembersUntil: newest === undefined ? 0 : newest + RETRY_LIFE_MS,
    };
  }

  async holds(retryKey: string): Promise<boolean> {
    return this.#known().ledger.holds(retryKey);
  }

  async spool(entry: NewEntry, placement: Placement): Promise<Spooled> {
    const state = this.#known();
    const now = this.needs.now();
    const attempted = placement.kind === 'waiting' ? placement.attempted : undefined;
    const dueAt = attempted === undefined ? now : retryAt(1, now);
    const kind = state.ledger.add(entry, placement, { now, dueAt, outageId: state.openOutage()?.id });
    if (kind === 'spooled' && attempted !== undefined) {
      const { outcome } = attempted;
      this.#happened({
        kind: 'outcome',
        from: entry.retryKey,
        evidence: weigh(outcome),
        what: describeOutcome(outcome),
        witness: witnessOf(entry),
      });
    }
    this.#rearm();
    return { kind, state: state.health.state };
  }

  async abandon(id: MessageId): Promise<'held' | 'not-held'> {
    return this.#known().ledger.holdsId(id) ? 'held' : 'not-held';
  }

  async report(traffic: TrafficReport): Promise<void> {
    const state = this.#known();
    state.recipients.accepted(traffic.recipients, this.needs.now());
    const outage = state.openOutage();
    if (outage !== undefined && traffic.rejectedByRule > 0)
      state.outages.countRejected(outage.id, traffic.rejectedByRule);
    const lastDeferralAt = state.health.history.deferrals.at(-1)?.at ?? 0;
    if (traffic.delivered > 0 && traffic.lastDeliveredAt > lastDeferralAt) {
      this.#happened({
        kind: 'outcome',
        from: 'traffic',
        evidence: { scope: 'none', weight: 0, alive: 'yes' },
        what: 'messages are taken',
        count: traffic.delivered,
      });
    } else if (traffic.delivered > 0) {
      state.record.taken(traffic.delivered, this.needs);
      const { health, plan } = state;
      const news = { count: traffic.delivered, lastAt: traffic.lastDeliveredAt };
      const history = rememberLate(health.history, news, plan.thresholds, this.needs.now());
      state.meta.hold('health', { ...health, history });
    }
    this.#rearm();
  }

  async submit(entries: readonly NewEntry[]): Promise<SubmitResult> {
    const state = this.#known();
    const before = entries[0] === undefined ? undefined : state.ledger.idOf(entries[0].retryKey);
    if (before !== undefined) return { kind: 'kept-before', id: before };
    const outage = state.openOutage();
    if (outage === undefined) return { kind: 'not-open', state: state.health.state };
    const now = this.needs.now();
    this.ctx.storage.transactionSync(() => {
      for (const entry of entries)
        state.ledger.add(entry, { kind: 'waiting' }, { now, dueAt: now, outageId: outage.id });
    });
    this.#rearm();
    return { kind: 'kept' };
  }

  async deliveriesOf(submissionId: MessageId): Promise<readonly RecipientDelivery[]> {
    return this.#known().views.deliveriesOf(submissionId);
  }

  async declareFailure(declaration: Declaration): Promise<DeclarationResult> {
    return this.#declare((people) => people.failure(declaration));
  }

  async declareRepair(declaration: Declaration): Promise<DeclarationResult> {
    return this.#declare((people) => people.repair(declaration));
  }

  async declareByMessage(message: SystemMessage): Promise<'done' | 'not-possible' | 'known'> {
    return this.#declare((people) => people.byMessage(message));
  }

  async extendMaintenance(minutes: number, by: string): Promise<ExtensionResult> {
    return this.#declare((people) => people.extend(minutes, by));
  }

  /** An address with a token is anybody's to try: an object that is nobody's answers like one that does not know it. */
  async peekLink(token: string): Promise<LinkView> {
    return this.#state === undefined ? { kind: 'unknown' } : this.#declare((people) => people.peekLink(token));
  }

  async useLink(token: string): Promise<LinkResult> {
    return this.#state === undefined ? { kind: 'unknown' } : this.#declare((people) => people.pressLink(token));
  }

  async status(): Promise<ClientStatus> {
    return statusOf(this.#known());
  }

  async gateways(): Promise<readonly GatewayView[]> {
    return gatewaysOf(this.#known(), this.needs.now);
  }

  async outages(): Promise<readonly OutageView[]> {
    const state = this.#known();
    return outagesOf(state, await this.needs.countShown(state.snapshot.clientId).catch(() => undefined));
  }

  async timeline(limit: number): Promise<readonly TimelineEntry[]> {
    return this.#known().timeline.newest(limit);
  }

  async notices(): Promise<NoticesView> {
    const { notices } = this.#known();
    return { mutedUntil: notices.mutedUntil(this.needs.now()) ?? null, unacknowledged: notices.unacknowledged() };
  }

  async acknowledge(by: string): Promise<number> {
    const count = this.#known().notices.acknowledge(by, this.needs.now());
    this.#rearm();
    return count;
  }

  async mute(minutes: number, by: string): Promise<number> {
    const until = this.#known().notices.mute(minutes, by, this.needs.now());
    this.#rearm();
    return until;
  }

  async unmute(by: string): Promise<'unmuted' | 'not-muted'> {
    const unmuted = this.#known().notices.unmute(by, this.needs.now());
    this.#rearm();
    return unmuted;
  }

  async tryNotices(): Promise<NoticeTrial> {
    return tryNotices(this.#known(), this.needs);
  }

  async uptime(lastMs: number): Promise<UptimeSpan> {
    return this.#known().record.uptime(lastMs, this.needs.now());
  }

  async observations(from: ObservationsFrom, limit: number): Promise<ObservationPage> {
    return this.#known().record.observations(from, limit, this.needs.now());
  }

  async held(): Promise<readonly HeldEntry[]> {
    return this.#known().views.held();
  }

  async retryHeld(id: MessageId): Promise<'released' | 'not-held'> {
    const state = this.#known();
    const outage = state.openOutage();
    const seq = state.ledger.retryHeld(id, { now: this.needs.now(), outageId: outage?.id });
    if (seq !== undefined && outage !== undefined) state.outages.projectAgainFrom(outage.id, seq);
    this.#rearm();
    return seq === undefined ? 'not-held' : 'released';
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = undefined;
    if (this.#state !== undefined) await this.#jobs.run(this.#state);
    this.#rearm();
  }

  /** Health moves on; a transition is stored with its reason, and what follows from it is set going. */
  #happened(event: HealthEvent): void {
    const state = this.#known();
    if (this.needs.now() - (state.meta.get('introducedAt') ?? 0) >= INTRODUCED_AGAIN_MS) this.#introduce(state);
    const moment = { at: this.needs.now(), jitter: this.needs.random() };
    const { health, transition, notes } = advance(state.health, event, state.plan, moment);
    state.record.hear(event, this.needs);
    this.#keep(state, health);
    if (transition !== undefined) this.#follow(state, transition, health);
    for (const note of notes) state.timeline.note({ at: moment.at, ...note });
    state.notices.settle(health, moment.at);
    if ('evidence' in event && event.evidence.scope === 'load') state.ease(event.what, moment.at);
    this.#rearm();
  }

  /** The watch counts its clients; what it misses now it hears a week later, and nothing here waits for it. */
  #introduce(state: ClientState): void {
    const { clientId } = state.snapshot;
    state.meta.set('introducedAt', this.needs.now());
    const introduced = this.needs.introduce(clientId).catch((problem: unknown) => {
      this.needs.log({ kind: 'trouble', clientId, where: 'introduce', problem: problemOf(problem) });
    });
    this.ctx.waitUntil(introduced);
  }

  /** A success on a good day is written down once a minute, not with every message; what that loses is a minute of successes. */
  #keep(state: ClientState, health: Health): void {
    const isQuiet = state.health.state === 'up' && health.state === 'up' && health.history.tally.run === undefined;
    const now = this.needs.now();
    if (isQuiet && now - this.#keptAt < QUIET_WRITE_MS) {
      state.meta.hold('health', health);
      return;
    }
    this.#keptAt = now;
    state.meta.set('health', health);
  }

  #follow(state: ClientState, transition: Transition, health: Health): void {
    this.needs.log({
      kind: 'health',
      clientId: state.snapshot.clientId,
      from: transition.from,
      to: transition.to,
      why: transition.why,
    });
    state.follow(transition, health, this.needs.newOutageId);
    state.doubts.follow(transition, health);
  }

  #rearm(): void {
    if (this.#state === undefined || this.#jobs.wake()) return;
    const dueAt = this.#jobs.dueAt(this.#state);
    if (dueAt === undefined) return;
    // The alarm is a row: it is written only when it has to ring earlier than it already will. One that is due and has not rung
    // is left alone, or a stream of mail would push it ahead of itself for ever; one that is long overdue is set again.
    const now = this.needs.now();
    const willRing = this.#alarmAt !== undefined && this.#alarmAt <= dueAt && this.#alarmAt > now - OVERDUE_MS;
    if (willRing) return;
    this.#alarmAt = dueAt;
    void this.ctx.storage.setAlarm(dueAt);
  }

  /** What people say is a line of the timeline, of which others are to be told. */
  #declare<Answer>(say: (people: Declarations) => Answer): Answer {
    const answer = say(new Declarations(this.#known(), this.needs.now, (event) => this.#happened(event)));
    this.#rearm();
    return answer;
  }

  #known(): ClientState {
    if (this.#state === undefined) throw new Error('this client is not configured yet');
    return this.#state;
  }
}

// An alarm rings within a second or so of its time; after this long something has swallowed it.
const OVERDUE_MS = 30_000;
// Rows written are the cost that counts (docs/platform.md 26): a busy client's successes cost one a minute.
const QUIET_WRITE_MS = 60_000;
// The watch forgets a client of which it has heard nothing for 30 days (durable/watch-object.ts).
const INTRODUCED_AGAIN_MS = 7 * 86_400_000;
// The longest a sender's queue keeps a message: five days is what RFC 5321 §4.5.4.1 asks for at least.
const RETRY_LIFE_MS = 5 * 86_400_000;
