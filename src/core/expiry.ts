/**
 * When a message that its recipient keeps from being delivered goes back to its sender, and who must never hear of it. A row ages by
 * the waits that its own or its recipient's trouble has caused, and by nothing else: pacing, pauses, holds, the gateway's trouble and
 * outages add nothing (P7). Pure.
 */
import { parseAddress, type ReversePath } from './address.ts';
import type { ExpiryPlan } from './client.ts';
import type { OutageId } from './ids.ts';
import { waitedMs } from './retry.ts';

/**
 * What the sender has heard from us. `due`: word of the delay, or the message itself where its row is `expired`, is still to be written;
 * `person`: somebody has had it in hand, and it goes back there.
 */
export type Told = '' | 'due' | 'delay' | 'returned' | 'person';

/** What age is told by. `tries` counts deferrals by the recipient or for the message, the one just made included. */
export type Ageing = { readonly tries: number; readonly receivedAt: number };

/**
 * Never more than the time since it came: a row that was tried ahead of its schedule has not waited the step, and no sender hears
 * after three days that five have passed.
 */
export function ageMs({ tries, receivedAt }: Ageing, now: number): number {
  return Math.max(0, Math.min(waitedMs(tries), now - receivedAt));
}

/** When it goes back at the latest, if its trouble goes on and nothing else keeps it waiting. */
export function expiresAt(row: Ageing, expiry: ExpiryPlan, now: number): number {
  return now + Math.max(0, expiry.afterMs - ageMs(row, now));
}

export type Returnable = Ageing & {
  readonly kind: 'inbound' | 'sent-copy' | 'outbound';
  readonly reversePath: ReversePath;
  readonly outageId: OutageId | undefined;
  readonly told: Told;
  /** a machine says that it wrote it (RFC 3834 §5) */
  readonly isAutomatic: boolean;
};

export type ExpiryContext = {
  readonly now: number;
  readonly expiry: ExpiryPlan;
  /** by which word can go to a sender */
  readonly hasRelay: boolean;
  /** while people can read their mail, no sender is told that they do not get it */
  readonly areMailboxesOpen: boolean;
};

export type Course =
  | { readonly kind: 'wait' }
  /** it goes on waiting, and its sender hears so */
  | { readonly kind: 'tell-of-delay' }
  | { readonly kind: 'return' }
  /** its time is up, and nobody may be told by us: a person looks at it; `why` completes "not returned: …" */
  | { readonly kind: 'hold'; readonly why: string };

/** Asked after a try that the recipient, or the message itself, has put off. */
export function courseOf(row: Returnable, context: ExpiryContext): Course {
  const { now, expiry } = context;
  const age = ageMs(row, now);
  const why = whyNotReturned(row, context);
  if (age >= expiry.afterMs) return why === undefined ? { kind: 'return' } : { kind: 'hold', why };
  const { delayNoticeAfterMs = Number.POSITIVE_INFINITY } = expiry;
  const isNews = age >= delayNoticeAfterMs && row.told === '' && why === undefined && !context.areMailboxesOpen;
  return { kind: isNews ? 'tell-of-delay' : 'wait' };
}

function whyNotReturned(row: Returnable, { hasRelay }: ExpiryContext): string | undefined {
  if (row.kind !== 'inbound') return 'it was written here, and its writer sees how it stands';
  if (row.outageId !== undefined) return 'it belongs to an outage, and may have been read here';
  if (row.reversePath === '') return 'nothing may ever be returned to its sender, <> (RFC 5321 §4.5.5)';
  if (row.isAutomatic || isMailSystem(row.reversePath))
    return 'a machine has sent it, which must not be answered by one';
  if (parseAddress(row.reversePath) === undefined) return "its sender's address is none that mail can be sent to";
  if (row.told === 'person') return 'a person has had it in hand before';
  return hasRelay ? undefined : 'there is no relay by which its sender could be told';
}

// RFC 5321 §4.5.5 and RFC 5230 §4.6: bounces that came with a sender all the same; two servers would write to each other for ever.
const MAIL_SYSTEMS: ReadonlySet<string> = new Set(['mailer-daemon', 'mailerdaemon', 'mail-daemon', 'double-bounce']);

function isMailSystem(reversePath: ReversePath): boolean {
  return MAIL_SYSTEMS.has(reversePath.slice(0, Math.max(0, reversePath.lastIndexOf('@'))).toLowerCase());
}

/** `5 days`, `30 hours`: as people say it. */
export function inWords(ms: number): string {
  const hours = Math.max(1, Math.round(ms / HOUR_MS));
  if (hours === 1) return 'an hour';
  return hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`;
}

const HOUR_MS = 3_600_000;
