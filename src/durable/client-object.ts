/**
 * One object per client: its health, its spool, its outages, its due-times over one alarm. Every method loads, asks core or
 * pipeline, and stores; the work of the alarm is in durable/jobs.ts. It must never throw for what an SMTP peer does, and never
 * answer before what it says is durable (the output gate sees to that).
 */
import { DurableObject } from 'cloudflare:workers';
import { parseAddress } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import { weigh } from '../core/evidence.ts';
import type { FilterPlan } from '../core/filter-plan.ts';
import { hasFailedLately, rememberLate } from '../core/history.ts';
import type { MessageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { LimitReached } from '../core/outbound-limits.ts';
import { describeOutcome } from '../core/outcome.ts';
import { retryAt } from '../core/retry.ts';
import type { KeptMessage } from '../core/rules/dry-run.ts';
import type { Label } from '../core/spam/model.ts';
import { type Turn, turnWords } from '../core/turn.ts';
import type {
  ClientPort,
  ClientStatus,
  ClientView,
  Declaration,
  DeclarationResult,
  ExpiredPage,
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
  OutboundPage,
  OutboundQuery,
  Placement,
  PreflightStart,
  PreflightsView,
  Readdressed,
  RecipientDelivery,
  ReplayPaused,
  ReplayView,
  Spooled,
  SubmitResult,
  SystemMessage,
  TimelineEntry,
  TrafficReport,
  UptimeSpan,
} from '../pipeline/client-port.ts';
import type { ExportPort, ExportRow, OutageExport, RowRange } from '../pipeline/export-port.ts';
import type {
  Asker,
  Deletion,
  Lesson,
  QuarantinedMessage,
  QuarantinePage,
  QuarantinePort,
  QuarantineQuery,
  Released,
  Taught,
} from '../pipeline/quarantine-port.ts';
import { gatewaysOf, outagesOf, replayOf, statusOf } from './client-answers.ts';
import { ClientCore, type ClientObjectNeeds } from './client-core.ts';
import { Declarations } from './declarations.ts';
import { ExportRows, outageExportOf } from './export-rows.ts';
import { tryNotices } from './notice-trial.ts';
import { askForPreflight, preflightsOf } from './preflight-errand.ts';
import { deleteOne, ownQuarantine, quarantinedMessage, quarantinePage, releaseAll } from './quarantine-desk.ts';
import { witnessOf } from './witness-of.ts';

export class ClientObjectBase extends DurableObject implements ClientPort, ExportPort, QuarantinePort {
  readonly #core: ClientCore;

  constructor(ctx: DurableObjectState, env: unknown, needs: ClientObjectNeeds) {
    super(ctx, env as Cloudflare.Env);
    this.#core = new ClientCore(ctx, needs);
  }

  /** replaced by tests, which bring their own clock and break stores on purpose */
  get needs(): ClientObjectNeeds {
    return this.#core.needs;
  }

  set needs(needs: ClientObjectNeeds) {
    this.#core.needs = needs;
  }

  async configure(snapshot: ClientSnapshot): Promise<{ readonly version: number }> {
    return { version: this.#core.configure(snapshot).snapshot.version };
  }

  async view(): Promise<ClientView | null> {
    const state = this.#core.state;
    if (state === undefined) return null;
    const { filter: _, ...snapshot } = state.snapshot;
    const newest = state.ledger.newestReceivedAt();
    return {
      snapshot,
      modelVersion: state.lessons.version,
      state: state.health.state,
      isEased: state.easing !== undefined,
      isReplaying: state.health.state === 'up' && state.outages.current() !== undefined,
      attentive: state.health.state !== 'up' || hasFailedLately(state.health.history, this.needs.now()),
      remembersUntil: newest === undefined ? 0 : newest + RETRY_LIFE_MS,
    };
  }

  async holds(retryKey: string): Promise<boolean> {
    return this.#core.known().ledger.holds(retryKey);
  }

  async spool(entry: NewEntry, placement: Placement): Promise<Spooled> {
    const state = this.#core.known();
    const now = this.needs.now();
    const attempted = placement.kind === 'waiting' ? placement.attempted : undefined;
    const dueAt = attempted === undefined ? now : retryAt(1, now);
    // A refusal is kept only where it is doubted: it belongs to the outage whose replay is under way.
    const outage = attempted?.outcome.kind === 'refused' ? state.outages.current() : state.openOutage();
    const kind = state.ledger.add(entry, placement, { now, dueAt, outageId: outage?.id });
    if (kind === 'spooled' && attempted !== undefined) {
      const { outcome } = attempted;
      this.#core.happened({
        kind: 'outcome',
        from: entry.retryKey,
        evidence: weigh(outcome),
        what: describeOutcome(outcome),
        witness: witnessOf(entry),
      });
      const refusal = state.replay.met(entry, outcome, now);
      if (refusal !== undefined) this.#core.happened({ kind: 'people-refused', what: refusal });
    }
    this.#core.rearm();
    return { kind, state: state.health.state };
  }

  async abandon(id: MessageId): Promise<'held' | 'not-held'> {
    return this.#core.known().ledger.holdsId(id) ? 'held' : 'not-held';
  }

  async report(traffic: TrafficReport): Promise<void> {
    const state = this.#core.known();
    const now = this.needs.now();
    state.recipients.accepted(traffic.recipients, now);
    state.recentFacts.add(traffic.facts ?? [], now);
    state.ruleNotices.add(traffic.notices ?? [], now);
    const outage = state.openOutage();
    if (outage !== undefined && traffic.rejectedByRule > 0)
      state.outages.countRejected(outage.id, traffic.rejectedByRule);
    const lastDeferralAt = state.health.history.deferrals.at(-1)?.at ?? 0;
    if (traffic.delivered > 0 && traffic.lastDeliveredAt > lastDeferralAt) {
      this.#core.happened({
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
      const history = rememberLate(health.history, news, plan.thresholds, now);
      state.meta.hold('health', { ...health, history });
    }
    this.#core.rearm();
  }

  async filterPlan(): Promise<{ readonly version: number; readonly plan: FilterPlan }> {
    const { version, filter } = this.#core.known().snapshot;
    return { version, plan: filter };
  }

  async filterModel(): Promise<{ readonly version: number; readonly bytes: Uint8Array | null }> {
    return this.#core.known().lessons.stored();
  }

  async recentFacts(limit: number): Promise<readonly KeptMessage[]> {
    return this.#core.known().recentFacts.newest(limit, this.needs.now());
  }

  async submittedBefore(retryKey: string): Promise<MessageId | null> {
    return this.#core.known().ledger.idOf(retryKey) ?? null;
  }

  async submit(entries: readonly NewEntry[], placements: readonly Placement[] = []): Promise<SubmitResult> {
    const state = this.#core.known();
    const before = entries[0] === undefined ? undefined : state.ledger.idOf(entries[0].retryKey);
    if (before !== undefined) return { kind: 'kept-before', id: before };
    const outage = state.openOutage();
    if (outage === undefined) return { kind: 'not-open', state: state.health.state };
    const now = this.needs.now();
    const limit = this.#limitReached(entries, now);
    if (limit !== undefined) return { kind: 'too-many', limit };
    this.ctx.storage.transactionSync(() => {
      // By one clock, and not by that of whichever Worker was asked: limits are counted by it.
      for (const [n, entry] of entries.entries()) {
        const context = { now, dueAt: now, outageId: outage.id };
        state.ledger.add({ ...entry, receivedAt: now }, placements[n] ?? { kind: 'waiting' }, context);
      }
    });
    this.#core.rearm();
    return { kind: 'kept' };
  }

  async outbound(query: OutboundQuery): Promise<OutboundPage> {
    return this.#core.known().outbound.page(query);
  }

  async stopOutbound(id: MessageId, by: string): Promise<'stopped' | 'not-waiting'> {
    return this.#core.known().outbound.stop(id, `stopped by ${by}`, this.needs.now());
  }

  async deliveriesOf(submissionId: MessageId): Promise<readonly RecipientDelivery[]> {
    return this.#core.known().views.deliveriesOf(submissionId);
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
    return this.#core.state === undefined ? { kind: 'unknown' } : this.#declare((people) => people.peekLink(token));
  }

  async useLink(token: string): Promise<LinkResult> {
    return this.#core.state === undefined ? { kind: 'unknown' } : this.#declare((people) => people.pressLink(token));
  }

  async status(): Promise<ClientStatus> {
    return statusOf(this.#core.known());
  }

  async gateways(): Promise<readonly GatewayView[]> {
    return gatewaysOf(this.#core.known(), this.needs.now);
  }

  async outages(): Promise<readonly OutageView[]> {
    const state = this.#core.known();
    return outagesOf(state, await this.needs.countShown(state.snapshot.clientId).catch(() => undefined));
  }

  async timeline(limit: number): Promise<readonly TimelineEntry[]> {
    return this.#core.known().timeline.newest(limit);
  }

  async notices(): Promise<NoticesView> {
    const { notices } = this.#core.known();
    return { mutedUntil: notices.mutedUntil(this.needs.now()) ?? null, unacknowledged: notices.unacknowledged() };
  }

  async acknowledge(by: string): Promise<number> {
    const count = this.#core.known().notices.acknowledge(by, this.needs.now());
    this.#core.rearm();
    return count;
  }

  async mute(minutes: number, by: string): Promise<number> {
    const until = this.#core.known().notices.mute(minutes, by, this.needs.now());
    this.#core.rearm();
    return until;
  }

  async unmute(by: string): Promise<'unmuted' | 'not-muted'> {
    const unmuted = this.#core.known().notices.unmute(by, this.needs.now());
    this.#core.rearm();
    return unmuted;
  }

  async tryNotices(): Promise<NoticeTrial> {
    return tryNotices(this.#core.known(), this.needs);
  }

  async preflight(by: string): Promise<PreflightStart> {
    const start = askForPreflight(this.#core.known(), by, this.needs.now());
    this.#core.rearm();
    return start;
  }

  async preflights(limit: number): Promise<PreflightsView> {
    return preflightsOf(this.#core.known(), this.needs.now(), limit);
  }

  async uptime(lastMs: number): Promise<UptimeSpan> {
    return this.#core.known().record.uptime(lastMs, this.needs.now());
  }

  async observations(from: ObservationsFrom, limit: number): Promise<ObservationPage> {
    return this.#core.known().record.observations(from, limit, this.needs.now());
  }

  async expired(before: number | null, limit: number): Promise<ExpiredPage> {
    return this.#core.known().returns.page(before, limit);
  }

  async outageExport(outageId: string): Promise<OutageExport | null> {
    const state = this.#core.known();
    const shown = await this.needs.countShown(state.snapshot.clientId).catch(() => undefined);
    return outageExportOf(state, outageId, { rows: this.#exportRows, shown }) ?? null;
  }

  async exportRows(outageId: string, range: RowRange): Promise<readonly ExportRow[]> {
    return this.#exportRows.page(outageId, range);
  }

  async heldRow(id: MessageId): Promise<ExportRow | null> {
    return this.#exportRows.held(id) ?? null;
  }

  async held(): Promise<readonly HeldEntry[]> {
    return this.#core.known().views.held();
  }

  async retryHeld(id: MessageId): Promise<'released' | 'not-held'> {
    const state = this.#core.known();
    const outageId = state.openOutage()?.id;
    const retried = state.held.retry(id, { now: this.needs.now(), outageId, isShown: outageId !== undefined });
    this.#core.rearm();
    return retried;
  }

  async readdressHeld(id: MessageId, to: string, by: string): Promise<Readdressed> {
    const state = this.#core.known();
    const { snapshot, timeline, held, outages } = state;
    const recipient = parseAddress(to);
    if (recipient === undefined || !snapshot.domains.includes(recipient.domain))
      return { kind: 'not-yours', domains: snapshot.domains };
    // Until everything is given back the mailboxes can be read.
    const isShown = outages.current() !== undefined;
    const moved = held.readdress(id, recipient, {
      now: this.needs.now(),
      outageId: state.openOutage()?.id,
      isShown,
    });
    if (moved === undefined) return { kind: 'not-held' };
    this.#core.rearm();
    const words = `${by} gives a held message for ${moved.from} to ${recipient.text}`;
    timeline.note({ at: this.needs.now(), kind: 'readdressed', words });
    return { kind: 'readdressed', recipient: recipient.text };
  }

  async quarantine(asker: Asker, query: QuarantineQuery): Promise<QuarantinePage> {
    return quarantinePage(this.#core.known(), asker, query);
  }

  async ownQuarantine(address: string): ReturnType<QuarantinePort['ownQuarantine']> {
    return ownQuarantine(this.#core.known(), address);
  }

  async quarantined(asker: Asker, id: MessageId): Promise<QuarantinedMessage | null> {
    return quarantinedMessage(this.#core.known(), asker, id);
  }

  async release(asker: Asker, ids: readonly MessageId[]): Promise<readonly Released[]> {
    const released = releaseAll(this.#core.known(), asker, { ids, now: this.needs.now() });
    this.#core.rearm();
    return released;
  }

  async deleteQuarantined(id: MessageId, by: string): Promise<Deletion> {
    const deletion = deleteOne(this.#core.known(), id, { by, now: this.needs.now() });
    this.#core.rearm();
    return deletion;
  }

  async learn(asker: Asker, lessons: readonly Lesson[]): Promise<readonly Taught[]> {
    return this.#core.known().lessons.teach(asker, lessons, this.needs.now());
  }

  async taughtOf(id: MessageId): Promise<Label | null> {
    return this.#core.known().lessons.labelOf(id) ?? null;
  }

  async resetModel(): Promise<number> {
    return this.#core.known().lessons.reset();
  }

  async replay(): Promise<ReplayView> {
    return replayOf(this.#core.known(), this.needs.now());
  }

  async pauseReplay({ by, reason }: Declaration): Promise<ReplayPaused> {
    const paused = this.#core.known().replay.pause({ by, reason, at: this.needs.now() });
    this.#core.rearm();
    return paused;
  }

  async resumeReplay(by: string): Promise<'resumed' | 'not-paused'> {
    const resumed = this.#core.known().replay.resume(by, this.needs.now());
    this.#core.rearm();
    return resumed;
  }

  async setTurn(recipients: readonly string[], turn: Turn, by: string): Promise<void> {
    const { waiting, timeline } = this.#core.known();
    waiting.setTurn(recipients, turn);
    timeline.note({ at: this.needs.now(), kind: 'turn-set', words: turnWords(turn, recipients, by) });
    this.#core.rearm();
  }

  async knowsRecipient(recipient: string): Promise<boolean> {
    return this.#core.known().recipients.knows(recipient);
  }

  override async alarm(): Promise<void> {
    await this.#core.alarm();
  }

  /** Counted in the object, where one submission comes after another: two at once cannot both take the last place. */
  #limitReached(entries: readonly NewEntry[], now: number): LimitReached | undefined {
    const [first] = entries;
    const { outbound, snapshot } = this.#core.known();
    const asked = entries.filter(({ kind }) => kind === 'outbound').length;
    return first === undefined
      ? undefined
      : outbound.limitReached(first.reversePath, asked, { ...snapshot.outbound, now });
  }

  get #exportRows(): ExportRows {
    return new ExportRows(this.ctx.storage.sql);
  }

  /** What people say is a line of the timeline, of which others are to be told. */
  #declare<Answer>(say: (people: Declarations) => Answer): Answer {
    const answer = say(new Declarations(this.#core.known(), this.needs.now, (event) => this.#core.happened(event)));
    this.#core.rearm();
    return answer;
  }
}

// The longest a sender's queue keeps a message: five days is what RFC 5321 §4.5.4.1 asks for at least.
const RETRY_LIFE_MS = 5 * 86_400_000;
