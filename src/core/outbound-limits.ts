/** How much a client's people may send to the world in an hour: a stolen password must not become a spam run. Pure. */

/** Limits are over any 60 minutes, not by the clock: at the full hour nobody could send twice as much. */
export const LIMIT_SPAN_MS = 3_600_000;

/** `user`: one person, whose password may be stolen; `client`: all of them, for where many passwords were. */
export type LimitScope = 'user' | 'client';

/** All in recipients outside the client's own domains. `sent`: in the last span */
export type Sending = { readonly asked: number; readonly sent: number; readonly perHour: number };

/** `leave`: how many of the oldest must be out of the span before there is room; `too-large`: it never fits. */
export type Room =
  | { readonly kind: 'room' }
  | { readonly kind: 'full'; readonly leave: number }
  | { readonly kind: 'too-large' };

export function roomFor({ asked, sent, perHour }: Sending): Room {
  if (asked === 0 || sent + asked <= perHour) return { kind: 'room' };
  return asked > perHour ? { kind: 'too-large' } : { kind: 'full', leave: sent + asked - perHour };
}

/** Sending was refused. `waitMs`: after which as many may be sent; null: never in one message */
export type LimitReached = {
  readonly scope: LimitScope;
  readonly perHour: number;
  readonly asked: number;
  readonly waitMs: number | null;
};
