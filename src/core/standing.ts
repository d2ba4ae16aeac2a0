/** What is known of one gateway from our own dealings with it, where the choice among several is made. Pure. */
import { type Evidence, weigh, weighCause } from './evidence.ts';
import type { Cause, Outcome } from './outcome.ts';

export type Standing = {
  /** in a row, since the last success */
  readonly failures: number;
  /** epoch ms of the last of them */
  readonly failedAt: number | undefined;
  /** smoothed; undefined until it was measured */
  readonly roundTripMs: number | undefined;
  /** messages it has taken since `from` (epoch ms), the beginning of a minute */
  readonly minute: { readonly from: number; readonly messages: number };
};

export const UNKNOWN_STANDING: Standing = {
  failures: 0,
  failedAt: undefined,
  roundTripMs: undefined,
  minute: { from: 0, messages: 0 },
};

/** One dealing with a gateway, as far as the choice is concerned. */
export type Dealing =
  | { readonly kind: 'no-session' }
  | { readonly kind: 'session'; readonly roundTripMs: number | undefined }
  | { readonly kind: 'message'; readonly outcome: Outcome }
  | { readonly kind: 'question'; readonly evidence: Evidence };

const MINUTE_MS = 60_000;
// RFC 6298 §2.3 smooths the round trips of TCP with the same eighth: one slow answer is no slow server.
const SMOOTHING = 1 / 8;

export function after(standing: Standing, dealing: Dealing, at: number): Standing {
  switch (dealing.kind) {
    case 'no-session':
      return failed(standing, at);
    case 'session':
      return { ...standing, roundTripMs: smoothed(standing.roundTripMs, dealing.roundTripMs) };
    case 'message': {
      const judged = judgedBy(standing, weigh(dealing.outcome), at);
      return dealing.outcome.kind === 'delivered' ? { ...judged, minute: oneMore(standing, at) } : judged;
    }
    case 'question':
      return judgedBy(standing, dealing.evidence, at);
  }
}

/** How many messages it has taken in the minute that `at` falls into. */
export function messagesThisMinute({ minute }: Standing, at: number): number {
  return minute.from === minuteOf(at) ? minute.messages : 0;
}

/**
 * No session, or the server's own trouble before any content was sent: another gateway may be asked for the same message, and no
 * duplicate can come of it. A full mailbox, or a message that is not liked, would do no better there.
 */
export function isPassedOver(outcome: Outcome): boolean {
  return outcome.kind === 'deferred' && maySendElsewhere(outcome.cause);
}

function maySendElsewhere(cause: Cause): boolean {
  switch (cause.stage) {
    case 'connect':
    case 'banner':
    case 'ehlo':
    case 'tls':
    case 'auth':
      return true;
    case 'mail':
    case 'rcpt':
      return isServersOwn(weighCause(cause));
    // An answer to DATA may come in the middle of the content, and a connection lost there says nothing of what has arrived.
    case 'data':
    case 'dot':
      return false;
  }
}

function judgedBy(standing: Standing, evidence: Evidence, at: number): Standing {
  if (isServersOwn(evidence) || evidence.alive === 'no') return failed(standing, at);
  return evidence.alive === 'yes' ? { ...standing, failures: 0, failedAt: undefined } : standing;
}

/** Trouble of the system, or "too many": no outage then, but another server is the better one to ask. */
function isServersOwn({ scope, weight }: Evidence): boolean {
  return scope === 'load' || (scope === 'host' && weight > 0);
}

function failed(standing: Standing, at: number): Standing {
  return { ...standing, failures: standing.failures + 1, failedAt: at };
}

function smoothed(before: number | undefined, measured: number | undefined): number | undefined {
  if (before === undefined || measured === undefined) return measured ?? before;
  return before + (measured - before) * SMOOTHING;
}

function oneMore(standing: Standing, at: number): Standing['minute'] {
  return { from: minuteOf(at), messages: messagesThisMinute(standing, at) + 1 };
}

function minuteOf(at: number): number {
  return at - (at % MINUTE_MS);
}
