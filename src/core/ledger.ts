/** The spool is the ledger: what a row may be, and how an outage adds up (P5). Pure. */

import type { Address, ReversePath } from './address.ts';
import { weigh } from './evidence.ts';
import { courseOf, type ExpiryContext, inWords, type Told } from './expiry.ts';
import type { HealthState } from './health-state.ts';
import type { ClientId, MessageId, OutageId } from './ids.ts';
import type { Marks } from './marks.ts';
import { describeOutcome, type Outcome } from './outcome.ts';
import { asksForLogin } from './reply.ts';
import { retryAt } from './retry.ts';

/** `inbound`: from outside or from a colleague; `sent-copy`: for the sender's own record (R23); `outbound`: to the world, by the relay. */
export type LedgerKind = 'inbound' | 'sent-copy' | 'outbound';

/**
 * `sending`: claimed, the attempt is recorded, its outcome is not. Only `waiting` rows are claimed. `expired`: it went back to its
 * sender, which nothing does that belongs to an outage.
 */
export type LedgerState = 'waiting' | 'sending' | 'delivered' | 'held' | 'quarantined' | 'expired';

/** What the index and the screens need, small enough for a row; the bytes are in R2 under `contentKey`. */
export type Summary = {
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly cc: readonly { readonly name: string; readonly address: string }[];
  readonly dateMs?: number;
  readonly headerMessageId?: string;
  readonly preview: string;
  readonly attachmentCount: number;
  readonly partCount: number;
  readonly shortfalls: readonly string[];
  /** a machine says that it wrote it (RFC 3834 §5); absent: it does not */
  readonly isAutomatic?: true;
};

/** Where the message came from, for our Received header (RFC 5321 §4.4). */
export type Origin = { readonly helo: string; readonly remoteIp: string };

export type NewEntry = {
  readonly id: MessageId;
  readonly clientId: ClientId;
  readonly kind: LedgerKind;
  /** equal for a sender's own retry of the same message to the same recipient (P6) */
  readonly retryKey: string;
  readonly reversePath: ReversePath;
  readonly recipient: Address;
  readonly contentKey: string;
  readonly sizeBytes: number;
  /** hex SHA-256 of the bytes as received */
  readonly sha256: string;
  readonly receivedAt: number;
  readonly origin: Origin;
  readonly summary: Summary;
  /** the submission a sent copy and its outbound rows share; absent for mail from outside */
  readonly submissionId?: MessageId;
  /** whom it was written to, when a rule or a person has given it to somebody else */
  readonly originalRecipient?: string;
  /** what the client's filter has put on it */
  readonly marks?: Marks;
};

export type LedgerEntry = NewEntry & {
  readonly seq: number;
  readonly state: LedgerState;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  /** the last outcome in words: the gateway's own reply line, or what happened instead */
  readonly detail: string;
  readonly uncertainAttempts: number;
  /** deferrals by its recipient or for the message itself: what it ages by (core/expiry.ts) */
  readonly tries: number;
  readonly told: Told;
  readonly outageId: OutageId | undefined;
  readonly settledAt: number | undefined;
};

export type Settlement =
  | { readonly kind: 'delivered'; readonly detail: string }
  | { readonly kind: 'held'; readonly detail: string }
  | { readonly kind: 'expired'; readonly detail: string }
  | {
      readonly kind: 'waiting';
      readonly detail: string;
      readonly nextAttemptAt: number;
      readonly uncertain: boolean;
      readonly delays: Delay;
      /** its recipient, or the message itself, keeps it waiting */
      readonly ages: boolean;
      /** its sender is to hear of the delay */
      readonly tellsSender: boolean;
    };

/** Whom the delay concerns: the row alone, every row of its recipient, or the whole gateway (then nothing ages: P7). */
export type Delay = 'message' | 'recipient' | 'gateway';

// A server that takes the content and never answers may keep every copy: after so many a person looks, before the reader has a hundred.
const MAX_UNCERTAIN = 10;

/** `areMailboxesOpen`: an outage goes on, or what it has kept is being given back */
export type SettleContext = ExpiryContext & { readonly state: HealthState };

export function delayOf(outcome: Outcome): Delay {
  switch (outcome.kind) {
    case 'delivered':
    case 'uncertain':
      return 'message';
    case 'refused':
      return outcome.stage === 'mail' && asksForLogin(outcome.reply) ? 'gateway' : 'message';
    case 'deferred': {
      const { scope } = weigh(outcome);
      return scope === 'recipient' || scope === 'message' ? scope : 'gateway';
    }
  }
}

/**
 * By which outcomes a row ages. Not by an uncertain one: the message may have arrived. Not by a refusal of a server in doubt: it is
 * believed later or not at all.
 */
export function ages(outcome: Outcome): boolean {
  return outcome.kind === 'deferred' && delayOf(outcome) !== 'gateway';
}

/** What of a row its fate depends on. */
export type Attempted = Pick<
  LedgerEntry,
  'kind' | 'reversePath' | 'receivedAt' | 'attempts' | 'tries' | 'uncertainAttempts' | 'told' | 'outageId'
> & { readonly summary: Pick<Summary, 'isAutomatic'> };

/** What a row becomes after an attempt from the spool; `entry` as it was claimed, so that `attempts` counts the one just made. */
export function settle(outcome: Outcome, entry: Attempted, context: SettleContext): Settlement {
  const { now, state } = context;
  const detail = describeOutcome(outcome);
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'delivered', detail };
    case 'refused':
      if (delayOf(outcome) === 'gateway')
        return { ...WAITING, detail, nextAttemptAt: retryAt(1, now), delays: 'gateway' };
      // A server in suspicion, or just repaired, answers false 5xx: ask again when it is clear of it. A person looks at what is refused then.
      return state === 'up'
        ? { kind: 'held', detail }
        : { ...WAITING, detail, nextAttemptAt: retryAt(entry.tries + 1, now) };
    case 'uncertain':
      return settleUncertain(detail, entry, now);
    case 'deferred': {
      const delays = delayOf(outcome);
      // The gateway's trouble is no fault of the row: probes say when it is over, so the row's schedule does not grow (P7).
      if (delays === 'gateway') return { ...WAITING, detail, nextAttemptAt: retryAt(1, now), delays };
      return putOff({ ...entry, tries: entry.tries + 1 }, { detail, delays }, context);
    }
  }
}

/** An attempt whose end nobody knows: it goes again, in the rhythm of its own failures, and not for ever. */
export function settleUncertain(
  detail: string,
  { tries, uncertainAttempts }: Pick<LedgerEntry, 'tries' | 'uncertainAttempts'>,
  now: number,
): Extract<Settlement, { kind: 'held' | 'waiting' }> {
  const uncertain = uncertainAttempts + 1;
  if (uncertain >= MAX_UNCERTAIN) return { kind: 'held', detail: `${detail}; so it went every time` };
  return { ...WAITING, detail, nextAttemptAt: retryAt(tries + uncertain, now), uncertain: true };
}

/**
 * Whom a row that waits delays: with it waits what is behind it, so that order is kept, until the row's time comes or the gateway is itself
 * again. A message that is a trouble in itself delays itself only; but the first connection lost after its dot says more of the server,
 * which died or was restarted, than of the message.
 */
export function lastingDelay(
  outcome: Outcome,
  { delays }: Extract<Settlement, { kind: 'waiting' }>,
  { uncertainAttempts }: Pick<LedgerEntry, 'uncertainAttempts'>,
): Delay {
  const isFirstLoss = outcome.kind === 'uncertain' && outcome.fault.kind === 'lost' && uncertainAttempts === 0;
  return isFirstLoss ? 'gateway' : delays;
}

const WAITING = { kind: 'waiting', uncertain: false, delays: 'message', ages: false, tellsSender: false } as const;

function putOff(
  entry: Attempted,
  { detail, delays }: { readonly detail: string; readonly delays: Delay },
  context: SettleContext,
): Settlement {
  const course = courseOf({ ...entry, isAutomatic: entry.summary.isAutomatic === true }, context);
  const tried = `${detail}; tried for ${inWords(context.expiry.afterMs)}`;
  switch (course.kind) {
    case 'wait':
    case 'tell-of-delay': {
      const nextAttemptAt = retryAt(entry.tries, context.now);
      return { ...WAITING, detail, nextAttemptAt, delays, ages: true, tellsSender: course.kind === 'tell-of-delay' };
    }
    case 'return':
      return { kind: 'expired', detail: `${tried}, and returned to its sender` };
    case 'hold':
      return { kind: 'held', detail: `${tried}; not returned: ${course.why}` };
  }
}

/** What a sender is told of a row. */
export type Word = 'failed' | 'delayed' | 'nothing';

/** What there is to say of a row that is `due`: it may have been delivered since, or have come into a mailbox. */
export function wordDue(
  row: { readonly state: LedgerState; readonly outageId: OutageId | undefined },
  { areMailboxesOpen }: Pick<ExpiryContext, 'areMailboxesOpen'>,
): Word {
  if (row.state === 'expired') return 'failed';
  return row.state === 'waiting' && row.outageId === undefined && !areMailboxesOpen ? 'delayed' : 'nothing';
}

/** Of an outage, so nothing that went back to its sender is among them. */
export type StateCounts = Readonly<Record<Exclude<LedgerState, 'expired'>, number>>;

/** Rows of one outage, counted in the ledger and, for the cross-check, in the mailboxes. */
export type LedgerCounts = {
  readonly inbound: StateCounts;
  readonly sentCopies: StateCounts;
  readonly outbound: StateCounts;
  readonly rejectedByRule: number;
  /** rows with at least one attempt whose answer after the final dot never came */
  readonly uncertain: number;
  /** settled rows without the words that explain them: must be 0 */
  readonly unexplained: number;
  /** inbound messages the mailbox index knows for this outage; absent while D1 cannot be asked */
  readonly shown?: number;
};

export type OutageReport = {
  /** inbound: taken, or rejected by the client's own rule, while the outage ran */
  readonly received: number;
  readonly replayed: number;
  readonly quarantined: number;
  readonly rejectedByRule: number;
  readonly held: number;
  readonly waiting: number;
  /** what users wrote: copies given back for their record, deliveries to the world, and what is left of either */
  readonly sentCopies: number;
  readonly sentToWorld: number;
  readonly sentHeld: number;
  readonly sentWaiting: number;
  readonly uncertain: number;
  /** known to a mailbox but not to the ledger: must be 0 */
  readonly missing: number;
  readonly unexplained: number;
  readonly addsUp: boolean;
};

/** P5: received = replayed + quarantined + rejected by rule + held with a reason (+ what still waits, while it runs). */
export function outageReport(counts: LedgerCounts): OutageReport {
  const { inbound, sentCopies, outbound } = counts;
  const taken = inbound.waiting + inbound.sending + inbound.delivered + inbound.held + inbound.quarantined;
  const missing = Math.max(0, (counts.shown ?? 0) + inbound.quarantined - taken);
  return {
    received: taken + missing + counts.rejectedByRule,
    replayed: inbound.delivered,
    quarantined: inbound.quarantined,
    rejectedByRule: counts.rejectedByRule,
    held: inbound.held,
    waiting: inbound.waiting + inbound.sending,
    sentCopies: sentCopies.delivered,
    sentToWorld: outbound.delivered,
    sentHeld: sentCopies.held + outbound.held + outbound.quarantined,
    sentWaiting: sentCopies.waiting + sentCopies.sending + outbound.waiting + outbound.sending,
    uncertain: counts.uncertain,
    missing,
    unexplained: counts.unexplained,
    addsUp: missing === 0 && counts.unexplained === 0,
  };
}

/** An outage closes when nothing of it waits any more: given back, held with a reason, or quarantined. */
export function nothingWaits(counts: LedgerCounts): boolean {
  return [counts.inbound, counts.sentCopies, counts.outbound].every((states) => states.waiting + states.sending === 0);
}
