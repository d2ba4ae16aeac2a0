/** What came of one attempt to hand one message to a gateway or a relay. */
import { formatReply, type Reply } from './reply.ts';

/** How far the dialogue had come. `dot`: the content was sent to its end and its reply was awaited. */
export type Stage = 'connect' | 'banner' | 'ehlo' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot';

/** `failed`: other resolvers could not find the name either; `failed-for-us`: our own could not, and nobody has confirmed it. */
export type DnsAnswer = 'no-such-host' | 'failed' | 'failed-for-us';

/** Why there was no answer in SMTP. */
export type Fault =
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'dns'; readonly answer: DnsAnswer }
  | { readonly kind: 'tls'; readonly problem: string }
  | { readonly kind: 'unsupported'; readonly what: string }
  /** no access token was to be had for the login: the peer answers, and was not asked to let us in */
  | { readonly kind: 'token'; readonly problem: string }
  | { readonly kind: 'unclassified'; readonly problem: string };

export type Cause =
  | { readonly kind: 'reply'; readonly stage: Stage; readonly reply: Reply }
  | { readonly kind: 'fault'; readonly stage: Stage; readonly fault: Fault };

export type Outcome =
  /** the peer answered 2xx after the final dot */
  | { readonly kind: 'delivered'; readonly reply: Reply }
  /** temporary: keep and try again */
  | { readonly kind: 'deferred'; readonly cause: Cause }
  /** the peer's own 5xx at MAIL, RCPT, DATA or the dot */
  | { readonly kind: 'refused'; readonly stage: Stage; readonly reply: Reply }
  /** no answer after the final dot: the peer may have it (RFC 5321 §4.5.3.2.6) */
  | { readonly kind: 'uncertain'; readonly fault: Fault };

/** One line for people: what the peer said, or what happened instead. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return formatReply(outcome.reply);
    case 'refused':
      return `${formatReply(outcome.reply)} (at ${STAGE_WORDS[outcome.stage]})`;
    case 'deferred':
      return describeCause(outcome.cause);
    case 'uncertain':
      return `${describeFault(outcome.fault)} after the final dot: the server may or may not have the message`;
  }
}

export function describeCause(cause: Cause): string {
  const where = `at ${STAGE_WORDS[cause.stage]}`;
  return cause.kind === 'reply' ? `${formatReply(cause.reply)} (${where})` : `${describeFault(cause.fault)} (${where})`;
}

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'refused':
      return 'connection refused';
    case 'unreachable':
      return 'no connection: it is refused, or there is no way to the host';
    case 'timeout':
      return 'no answer in time';
    case 'lost':
      return 'connection lost';
    case 'dns':
      return DNS_WORDS[fault.answer];
    case 'tls':
      return `TLS failed: ${fault.problem}`;
    case 'unsupported':
      return `the server does not offer ${fault.what}`;
    case 'token':
      return `no access token for the login: ${fault.problem}`;
    case 'unclassified':
      return `unclassified: ${fault.problem}`;
  }
}

const DNS_WORDS: Readonly<Record<DnsAnswer, string>> = {
  'no-such-host': 'no such host in DNS',
  failed: 'the host name cannot be resolved, by other resolvers neither',
  'failed-for-us': 'our own resolver did not find the host name',
};

const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  connect: 'connect',
  banner: 'the banner',
  ehlo: 'EHLO',
  tls: 'TLS',
  auth: 'AUTH',
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  dot: 'the final dot',
};
