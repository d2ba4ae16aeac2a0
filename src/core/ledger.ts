/** The spool is the ledger: what a row may be, and how an outage adds up (P5). Pure. */

import type { Address, ReversePath } from './address.ts';
import { weigh } from './evidence.ts';
import type { HealthState } from './health-state.ts';
import type { ClientId, MessageId, OutageId } from './ids.ts';
import { describeOutcome, type Outcome } from './outcome.ts';
import { asksForLogin } from './reply.ts';
import { retryAt } from './retry.ts';

/** `inbound`: from outside or from a colleague; `sent-copy`: for the sender's own record (R23); `outbound`: to the world, by the relay. */
export type LedgerKind = 'inbound' | 'sent-copy' | 'outbound';

/** `sending`: claimed, the attempt is recorded, its outcome is not. Only `waiting` rows are claimed. */
export type LedgerState = 'waiting' | 'sending' | 'delivered' | 'held' | 'quarantined';

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
};

export type LedgerEntry = NewEntry & {
  readonly seq: number;
  readonly state: LedgerState;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  /** the last outcome in words: the gateway's own reply line, or what happened instead */
  readonly detail: string;
  readonly uncertainAttempts: number;
  readonly outageId: OutageId | undefined;
  readonly settledAt: number | undefined;
};

export type Settlement =
  | { readonly kind: 'delivered'; readonly detail: string }
  | { readonly kind: 'held'; readonly detail: string }
  | {
      readonly kind: 'waiting';
      readonly detail: string;
      readonly nextAttemptAt: number;
      readonly uncertain: boolean;
      readonly delays: Delay;
    };

/** Whom the delay concerns: the row alone, every row of its recipient, or the whole gateway (then nothing ages: P7). */
export type Delay = 'message' | 'recipient' | 'gateway';

// Hourly tries for five days (RFC 5321 §4.5.4.1) at one full mailbox: then a person is asked, and the outage can close.
const MAX_ATTEMPTS = 125;
// A server that takes the content and never answers may keep every copy: after so many a person looks, before the reader has a hundred.
const MAX_UNCERTAIN = 10;

export type SettleContext = { readonly now: number; readonly attempts: number; readonly state: HealthState };

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

/** What a row becomes after an attempt from the spool. `attempts` counts the one just made. */
export function settle(outcome: Outcome, context: SettleContext): Settlement {
  const detail = describeOutcome(outcome);
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'delivered', detail };
    case 'refused':
      if (delayOf(outcome) === 'gateway') {
        return { kind: 'waiting', detail, nextAttemptAt: retryAt(1, context.now), uncertain: false, delays: 'gateway' };
      }
      // A server in suspicion, or just repaired, answers false 5xx: ask again when it is clear of it. A person looks at what is refused then.
      return context.state === 'up'
        ? { kind: 'held', detail }
        : {
            kind: 'waiting',
            detail,
            nextAttemptAt: retryAt(context.attempts, context.now),
            uncertain: false,
            delays: 'message',
          };
    case 'uncertain':
      if (context.attempts >= MAX_UNCERTAIN) return { kind: 'held', detail: `${detail}; so it went every time` };
      return {
        kind: 'waiting',
        detail,
        nextAttemptAt: retryAt(context.attempts, context.now),
        uncertain: true,
        delays: 'message',
      };
    case 'deferred': {
      const delays = delayOf(outcome);
      // The gateway's trouble is no fault of the row: probes say when it is over, so the row's schedule does not grow (P7).
      const nextAttemptAt = retryAt(delays === 'gateway' ? 1 : context.attempts, context.now);
      if (delays !== 'gateway' && context.attempts >= MAX_ATTEMPTS)
        return { kind: 'held', detail: `${detail}; tried for five days` };
      return { kind: 'waiting', detail, nextAttemptAt, uncertain: false, delays };
    }
  }
}

export type StateCounts = Readonly<Record<LedgerState, number>>;

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
    sentHeld: sentCopies.held + outbound.held,
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
