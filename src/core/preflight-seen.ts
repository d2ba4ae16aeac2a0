/** What a preflight has seen of a gateway, before anybody judges it. Pure. */
import type { TlsMode } from './client.ts';
import type { Cause, Outcome, Stage } from './outcome.ts';
import type { Reply } from './reply.ts';

/** What one gateway was seen to do; what is absent was not come to. `late`: the time for all of it was up. */
export type GatewaySeen = {
  /** `host:port` */
  readonly gateway: string;
  readonly configured: { readonly tls: TlsMode; readonly hasLogin: boolean };
  readonly opened: OpenedSeen;
  /** of a message that comes from a stranger */
  readonly message?: Outcome | 'late';
  readonly replies: readonly StagedReply[];
  /** MAIL FROM:<> and RCPT, as sent copies and bounces come */
  readonly emptySender?: EmptySenderSeen;
  readonly connections?: ConnectionsSeen;
};

export type OpenedSeen =
  | {
      readonly kind: 'open';
      readonly tls: TlsMode;
      readonly isLoggedIn: boolean;
      readonly extensions: readonly string[];
      readonly roundTripMs: number | undefined;
    }
  | { readonly kind: 'failed'; readonly cause: Cause }
  | { readonly kind: 'late' };

export type StagedReply = { readonly stage: Stage; readonly line: string };

export type EmptySenderSeen =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'failed'; readonly cause: Cause };

/** Sessions open at once, the first among them; `cause`: why there were no more. */
export type ConnectionsSeen = { readonly asked: number; readonly opened: number; readonly cause?: Cause };

/** RFC 1870 §3: without a number, or with 0, no fixed limit. */
export function sizeLimitOf(extensions: readonly string[]): number | undefined {
  const limit = Number(parameterOf('SIZE', extensions) ?? 0);
  return Number.isSafeInteger(limit) && limit > 0 ? limit : undefined;
}

/** What follows a keyword of EHLO; undefined where it is not offered. */
export function parameterOf(keyword: string, extensions: readonly string[]): string | undefined {
  const line = extensions.find((one) => one.toUpperCase() === keyword || one.toUpperCase().startsWith(`${keyword} `));
  return line?.slice(keyword.length + 1);
}
