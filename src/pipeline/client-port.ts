/** What the steps may ask of a client's object; durable/client-object.ts answers, adapters/client-stubs.ts carries it. */
import type { ClientSnapshot, ReplayPlan } from '../core/client.ts';
import type { DownCause } from '../core/down-cause.ts';
import type { Easing } from '../core/easing.ts';
import type { FilterPlan } from '../core/filter-plan.ts';
import type { Choice } from '../core/gateway-choice.ts';
import type { Health, HealthState } from '../core/health-state.ts';
import type { ClientId, MessageId, OutageId } from '../core/ids.ts';
import type { LedgerEntry, NewEntry, OutageReport } from '../core/ledger.ts';
import type { OpenWindow } from '../core/maintenance.ts';
import type { LimitReached } from '../core/outbound-limits.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Preflight } from '../core/preflight.ts';
import type { Progress } from '../core/progress.ts';
import type { Quarantining } from '../core/quarantine.ts';
import type { Recorded } from '../core/record.ts';
import type { LocationHint } from '../core/region.ts';
import type { RuleNotice } from '../core/rule-notices.ts';
import type { KeptMessage } from '../core/rules/dry-run.ts';
import type { SystemMeaning } from '../core/system-address.ts';
import type { TimelineKind } from '../core/timeline.ts';
import type { Turn } from '../core/turn.ts';
import type { HourRecord } from '../core/uptime.ts';

/** What `receive` routes by, cached for seconds. */
export type ClientView = {
  /** the filter's plan is fetched on its own (`filterPlan`): it is large, and changes with the version only */
  readonly snapshot: Omit<ClientSnapshot, 'filter'>;
  /** of what the client's people have taught the filter (`filterModel`); 0: nothing yet */
  readonly modelVersion: number;
  readonly state: HealthState;
  /** the gateway has asked for less: new mail waits its turn */
  readonly isEased: boolean;
  /** the gateway is trusted again, and what was kept is still being given back */
  readonly isReplaying: boolean;
  /** suspicion is about: successes are news, tell them at once */
  readonly attentive: boolean;
  /** epoch ms until which the ledger may know a sender's retry; 0 when it holds nothing */
  readonly remembersUntil: number;
};

/** How a new row enters the ledger. */
export type Placement =
  | {
      readonly kind: 'waiting';
      /** the attempt already made at the edge, if one was */
      readonly attempted?: { readonly outcome: Outcome; readonly gateway: string; readonly startedAt: number };
    }
  /** `nobody`: no mailbox shows it before a person lets it go */
  | { readonly kind: 'held'; readonly detail: string; readonly shown: 'in-mailbox' | 'nobody' }
  | ({ readonly kind: 'quarantined' } & Quarantining);

export type Spooled = {
  readonly kind: 'spooled' | 'already-held';
  readonly state: HealthState;
};

/** Successes and rule rejections at the edge since the last report. */
export type TrafficReport = {
  readonly delivered: number;
  /** epoch ms of the last success: a report is seconds late, and what failed since then is not undone by it */
  readonly lastDeliveredAt: number;
  readonly rejectedByRule: number;
  /** recipients the gateway accepted: accounts to be, should it fail (R13) */
  readonly recipients: readonly string[];
  /** of the last messages that passed the filter, oldest first, cut to be kept (core/recent-facts.ts) */
  readonly facts?: readonly KeptMessage[];
  /** rules that want somebody to be told */
  readonly notices?: readonly RuleNotice[];
};

export type OutageRecord = {
  readonly id: OutageId;
  readonly kind: DownCause['kind'];
  readonly cause: string;
  /** the evidence, a line each */
  readonly openedBy: readonly string[];
  readonly closedBy: readonly string[];
  readonly firstDeferralAt: number | null;
  readonly downAt: number;
  readonly mailboxesReadyAt: number | null;
  readonly mailboxes: number | null;
  readonly repairedAt: number | null;
  readonly closedAt: number | null;
};

export type OutageView = OutageRecord & { readonly report: OutageReport };

export type ClientStatus = {
  readonly health: Health;
  readonly easing: Easing | null;
  readonly outage: OutageRecord | null;
  /** under way now, with its extension */
  readonly maintenance: OpenWindow | null;
  readonly snapshotVersion: number;
  readonly spool: {
    readonly waiting: number;
    readonly inMailboxes: number;
    readonly held: number;
    readonly uncertain: number;
    readonly quarantined: number;
    /** went back to their senders */
    readonly expired: number;
  };
  readonly replay: { readonly waiting: number; readonly replayed: number; readonly messagesPerMinute: number };
  /** null: mail to the world goes out, or none has had to since it last did */
  readonly relayTrouble: RelayTrouble | null;
};

export type ReplayPaused = 'paused' | 'paused-before' | 'nothing-to-pause';

/** Why what was kept is not given back now. */
export type ReplayHold = { readonly at: number; readonly by: string; readonly reason: string };

/** A replay as people follow and steer it. `turns`: what was said of recipients; all numbers are of the outage that has not closed. */
export type ReplayView = {
  readonly plan: ReplayPlan;
  readonly hold: ReplayHold | null;
  readonly waiting: number;
  readonly waitingBytes: number;
  /** of those waiting: behind a recipient whom a person has paused; behind trouble of their own or of their recipient's */
  readonly paused: number;
  readonly delayed: number;
  readonly replayed: number;
  readonly held: number;
  /** may be open now; `ceiling`: the most the gateway has borne, null while it has refused none */
  readonly connections: number;
  readonly ceiling: number | null;
  /** the gateway asked for less: the pace is divided by 2 to the power of it */
  readonly easedBy: number;
  readonly progress: Progress;
  readonly turns: readonly { readonly recipient: string; readonly turn: Turn }[];
};

export type Readdressed =
  | { readonly kind: 'readdressed'; readonly recipient: string }
  | { readonly kind: 'not-held' }
  | { readonly kind: 'not-yours'; readonly domains: readonly string[] };

/** One line of the client's timeline, in words a mail admin understands. */
export type TimelineEntry = {
  readonly at: number;
  readonly kind: TimelineKind;
  readonly outageId: OutageId | null;
  readonly words: string;
  /** what was seen, a line each: the gateway's own replies among them */
  readonly evidence: readonly string[];
};

export type Declaration = { readonly by: string; readonly reason: string; readonly isDrill?: true };

export type DeclarationResult =
  | { readonly kind: 'done'; readonly state: HealthState }
  | { readonly kind: 'not-possible'; readonly why: string };

/** `until`: epoch ms */
export type ExtensionResult =
  | { readonly kind: 'done'; readonly until: number }
  | { readonly kind: 'not-possible'; readonly why: string };

/** Somebody who knows the token wrote to a system address; `from`: the reverse path, which anybody can write. */
export type SystemMessage = {
  readonly meaning: SystemMeaning;
  readonly from: string;
  readonly retryKey: string;
  /** for so long the same key is the sender's retry */
  readonly knownForMs: number;
};

/** What one press in a notice does. */
export type LinkAction = 'declare-failure' | 'declare-repair' | 'acknowledge';

type LinkStanding = { readonly action: LinkAction; readonly clientName: string; readonly state: HealthState };

/** `unknown`: never made, or forgotten */
export type DeadLink = ({ readonly kind: 'used' | 'expired' } & LinkStanding) | { readonly kind: 'unknown' };

export type LinkView = ({ readonly kind: 'usable' } & LinkStanding) | DeadLink;

/** `done` and `not-possible` use the link up, unless what it asks is over: that may come back; `by`: to whom the link was sent. */
export type LinkResult =
  | ({ readonly kind: 'done'; readonly by: string } & LinkStanding)
  | ({ readonly kind: 'not-possible'; readonly why: string } & LinkStanding)
  | DeadLink;

/** An alarm that nobody has said to have seen, and that is not over. */
export type StandingAlarm = Pick<TimelineEntry, 'kind' | 'at' | 'words'> & { readonly number: number };

/** `mutedUntil`: epoch ms */
export type NoticesView = { readonly mutedUntil: number | null; readonly unacknowledged: readonly StandingAlarm[] };

/** `answers`: none when there is nobody to be told; `waitMs`: until the next test may be sent */
export type NoticeTrial =
  | { readonly kind: 'tried'; readonly answers: readonly NoticeTest[] }
  | { readonly kind: 'too-soon'; readonly waitMs: number };

/** What one way of telling people answered to a test. */
export type NoticeTest = {
  readonly way: 'mail' | 'webhook';
  readonly to: string;
  readonly taken: boolean;
  readonly answer: string;
};

/** `waitMs`: until the next may be asked for */
export type PreflightStart =
  | { readonly kind: 'begun' | 'running'; readonly number: number }
  | { readonly kind: 'too-soon'; readonly waitMs: number }
  | { readonly kind: 'not-possible'; readonly why: string };

/** `by`: who asked, or `schedule`; `interrupted`: our own restart or store */
export type PreflightRun = { readonly number: number; readonly at: number; readonly by: string } & (
  | { readonly state: 'running' }
  | { readonly state: 'interrupted'; readonly endedAt: number }
  | { readonly state: 'done'; readonly endedAt: number; readonly preflight: Preflight }
);

/** `nextAt`: epoch ms, null while none comes by itself; `recipient`: null when there is nobody to write to; newest run first */
export type PreflightsView = {
  readonly recipient: string | null;
  readonly nextAt: number | null;
  readonly runs: readonly PreflightRun[];
};

export type UptimeSpan = { readonly from: number; readonly to: number; readonly records: readonly HourRecord[] };

/** Where a page of the record begins: so long before now, or where the page before it ended. */
export type ObservationsFrom = { readonly lastMs: number } | { readonly cursor: number };

/** `cursor`: where the next page begins; absent at the end of the record */
export type ObservationPage = { readonly observations: readonly Recorded[]; readonly cursor?: number };

export type HeldEntry = Pick<
  LedgerEntry,
  'id' | 'kind' | 'recipient' | 'receivedAt' | 'sizeBytes' | 'state' | 'detail' | 'attempts'
> &
  // Whoever has to decide about it may download it as well.
  Pick<LedgerEntry['summary'], 'fromName' | 'fromAddress' | 'subject'>;

/** What went back to its sender. `isTold`: the DSN is written; `expiredAt`: epoch ms */
export type ExpiredEntry = Pick<
  LedgerEntry,
  'id' | 'recipient' | 'reversePath' | 'receivedAt' | 'sizeBytes' | 'detail' | 'attempts'
> & { readonly expiredAt: number; readonly isTold: boolean };

/** Newest first. `cursor`: where the next page begins; absent at the end */
export type ExpiredPage = { readonly expired: readonly ExpiredEntry[]; readonly cursor?: number };

export type RecipientDelivery = {
  readonly recipient: string;
  readonly state: 'waiting' | 'delivered' | 'refused' | 'held';
  readonly detail: string;
};

export type SubmitResult =
  | { readonly kind: 'kept' }
  /** the same submission came before: an answer was lost on its way */
  | { readonly kind: 'kept-before'; readonly id: MessageId }
  | { readonly kind: 'not-open'; readonly state: HealthState }
  | { readonly kind: 'too-many'; readonly limit: LimitReached };

/** One recipient's message to the world. `from`: `''` for what the service itself had to say. */
export type OutboundMessage = {
  readonly id: MessageId;
  readonly from: string;
  readonly to: string;
  readonly receivedAt: number;
  readonly sizeBytes: number;
  /** `refused`: or given up, or stopped by a person; `detail` says which */
  readonly state: 'waiting' | 'delivered' | 'refused';
  /** the relay's last words */
  readonly detail: string;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly settledAt: number | null;
};

/** Strictly older than this. */
export type OutboundCursor = { readonly receivedAt: number; readonly seq: number };

export type OutboundQuery = {
  readonly state: OutboundMessage['state'] | undefined;
  readonly before: OutboundCursor | undefined;
  readonly limit: number;
};

/** Newest first; `next`: where the page after it begins */
export type OutboundPage = { readonly messages: readonly OutboundMessage[]; readonly next?: OutboundCursor };

/** The way to the world gives no session, or refuses us: since when, and in whose words. No matter of the gateway's health. */
export type RelayTrouble = { readonly since: number; readonly words: string };

/** One gateway in its turn, as the client object sees it; `reasons` in words. Its password is sealed, and is shown to nobody. */
export type GatewayView = Choice & { readonly messagesThisMinute: number; readonly reasons: readonly string[] };

/** The object's RPC surface. Answers are data; a throw is the platform's. */
export type ClientPort = {
  view(): Promise<ClientView | null>;
  configure(snapshot: ClientSnapshot): Promise<{ readonly version: number }>;
  holds(retryKey: string): Promise<boolean>;
  /** the copy of what was submitted under that key; null: nothing was */
  submittedBefore(retryKey: string): Promise<MessageId | null>;
  spool(entry: NewEntry, placement: Placement): Promise<Spooled>;
  abandon(id: MessageId): Promise<'held' | 'not-held'>;
  report(traffic: TrafficReport): Promise<void>;
  filterPlan(): Promise<{ readonly version: number; readonly plan: FilterPlan }>;
  /** what the client's people have taught the filter (core/spam/model.ts); null: nothing */
  filterModel(): Promise<{ readonly version: number; readonly bytes: Uint8Array | null }>;
  /** newest first, without the text of any body */
  recentFacts(limit: number): Promise<readonly KeptMessage[]>;
  /** `placements`: of each entry, where one does not simply go on its way */
  submit(entries: readonly NewEntry[], placements?: readonly Placement[]): Promise<SubmitResult>;
  deliveriesOf(submissionId: MessageId): Promise<readonly RecipientDelivery[]>;
  declareFailure(declaration: Declaration): Promise<DeclarationResult>;
  declareRepair(declaration: Declaration): Promise<DeclarationResult>;
  extendMaintenance(minutes: number, by: string): Promise<ExtensionResult>;
  /** `known`: this message was obeyed before */
  declareByMessage(message: SystemMessage): Promise<'done' | 'not-possible' | 'known'>;
  peekLink(token: string): Promise<LinkView>;
  useLink(token: string): Promise<LinkResult>;
  status(): Promise<ClientStatus>;
  /** in the order in which they are tried now */
  gateways(): Promise<readonly GatewayView[]>;
  outages(): Promise<readonly OutageView[]>;
  timeline(limit: number): Promise<readonly TimelineEntry[]>;
  /** of the time that long before now; oldest first */
  uptime(lastMs: number): Promise<UptimeSpan>;
  observations(from: ObservationsFrom, limit: number): Promise<ObservationPage>;
  notices(): Promise<NoticesView>;
  /** how many alarms were waiting to be seen */
  acknowledge(by: string): Promise<number>;
  /** no notice by mail for so long, seven days at most; answers its end (epoch ms) */
  mute(minutes: number, by: string): Promise<number>;
  unmute(by: string): Promise<'unmuted' | 'not-muted'>;
  tryNotices(): Promise<NoticeTrial>;
  /** begins, and does not wait for its end: `preflights` has it */
  preflight(by: string): Promise<PreflightStart>;
  preflights(limit: number): Promise<PreflightsView>;
  outbound(query: OutboundQuery): Promise<OutboundPage>;
  /** held for a person instead of sent, with the reason; nothing is deleted */
  stopOutbound(id: MessageId, by: string): Promise<'stopped' | 'not-waiting'>;
  held(): Promise<readonly HeldEntry[]>;
  /** `before`: the cursor of the page before, or null */
  expired(before: number | null, limit: number): Promise<ExpiredPage>;
  retryHeld(id: MessageId): Promise<'released' | 'not-held'>;
  /** `to`: an address of one of the client's domains; the message goes there from now on, and is tried at once */
  readdressHeld(id: MessageId, to: string, by: string): Promise<Readdressed>;
  replay(): Promise<ReplayView>;
  /** nothing of what was kept is given back until it is resumed; new mail goes on. While an outage is open, also before the repair */
  pauseReplay(declaration: Declaration): Promise<ReplayPaused>;
  resumeReplay(by: string): Promise<'resumed' | 'not-paused'>;
  /** who goes first, and who waits, in this replay; `recipients`: addresses in lower case */
  setTurn(recipients: readonly string[], turn: Turn, by: string): Promise<void>;
  /** the gateway has taken mail for this recipient before */
  knowsRecipient(recipient: string): Promise<boolean>;
};

/** The port of one client, found by its id. `home` counts for the object's very first start only (docs/platform.md 22). */
export type ClientPorts = (clientId: ClientId, home?: LocationHint) => ClientPort;

/** The object of one domain: the pointer to its client. */
export type DomainPort = {
  owner(): Promise<ClientId | null>;
  assign(clientId: ClientId): Promise<'assigned' | 'taken'>;
  release(clientId: ClientId): Promise<void>;
};
