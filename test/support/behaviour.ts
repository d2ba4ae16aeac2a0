/** What a scripted peer does, as data: composed by tests inside workerd, played by test/support/node. */
import type { TlsMode } from '../../src/core/client.ts';

/**
 * Where a rule applies: the command that the peer has just read. `banner`: the connection was accepted; `content`: the first bytes
 * after 354 have come, the final dot has not been answered; `dot`: the whole content has come, and is kept.
 */
export type PeerStage =
  | 'banner'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'content'
  | 'dot'
  | 'rset'
  | 'quit';

export type PeerAction =
  /** lines of a whole reply, codes included, `\n` between them; after a 421 the connection is closed */
  | { readonly kind: 'reply'; readonly text: string }
  /** the connection is closed without a reply; at `dot` the content has been taken */
  | { readonly kind: 'drop' }
  /** nothing is ever said again on this connection */
  | { readonly kind: 'stall' }
  /** the healthy reply, so much later */
  | { readonly kind: 'delay'; readonly ms: number };

export type PeerRule = {
  readonly stage: PeerStage;
  readonly action: PeerAction;
  /** only for this sender or recipient: a whole address, or `@domain`; `''` is the null sender */
  readonly sender?: string;
  readonly recipient?: string;
  /** so many times, then the rule is spent; always when absent */
  readonly times?: number;
};

/** Everything absent is healthy: plain text, no login, any recipient taken. The first rule that applies decides. */
export type Behaviour = {
  readonly tls?: TlsMode;
  /** `elsewhere`: for another name; `stranger`: signed by nobody known. Good for `localhost` when absent. */
  readonly certificate?: 'localhost' | 'elsewhere' | 'stranger';
  /** asked for before MAIL when given */
  readonly login?: { readonly username: string; readonly password: string };
  /** XOAUTH2, asked for before MAIL when given: the tokens that are good at this moment */
  readonly token?: { readonly username: string; readonly accessTokens: readonly string[] };
  /** PLAIN and LOGIN, or XOAUTH2 with `token`, when absent */
  readonly mechanisms?: readonly string[];
  /** as offered in EHLO; STARTTLS, AUTH and SIZE are added by themselves */
  readonly extensions?: readonly string[];
  readonly rules?: readonly PeerRule[];
  /** before every reply */
  readonly delayMs?: number;
  readonly maxSizeBytes?: number;
  readonly maxMessagesPerConnection?: number;
  /** the connection is ended after the reply to that many messages */
  readonly hangUpAfterMessages?: number;
  readonly maxConnections?: number;
};

/** A message as the peer took it: dot-unstuffed, without the final dot. `content` is base64 on the wire between the two sides. */
export type TakenMessage<Content> = {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly content: Content;
  readonly sizeBytes: number;
  /** hex */
  readonly sha256: string;
  /** 1 for the peer's first connection */
  readonly connection: number;
  readonly overTls: boolean;
  readonly username?: string;
  /** by which it logged in */
  readonly mechanism?: string;
  /** what stood behind the address in MAIL, `BODY=8BITMIME` */
  readonly parameters: string;
  /** false when a rule at `dot` answered otherwise than 2xx, or not at all */
  readonly acknowledged: boolean;
};

/** One line of the dialogue; content and secrets are not in it. */
export type DialogueLine = { readonly connection: number; readonly from: 'peer' | 'us'; readonly line: string };

export const HEALTHY: Behaviour = {};
export const BLACK_HOLE: Behaviour = { rules: [{ stage: 'banner', action: { kind: 'stall' } }] };

export function replyAt(stage: PeerStage, text: string): Behaviour {
  return { rules: [{ stage, action: { kind: 'reply', text } }] };
}

export function dropAt(stage: PeerStage): Behaviour {
  return { rules: [{ stage, action: { kind: 'drop' } }] };
}

export function stallAt(stage: PeerStage): Behaviour {
  return { rules: [{ stage, action: { kind: 'stall' } }] };
}

/** What a scripted resolver says of one name. A name that it was told nothing of does not exist. */
export type DnsAnswer =
  | { readonly kind: 'addresses'; readonly a?: readonly string[]; readonly aaaa?: readonly string[] }
  /** each as a zone file has it: `"v=spf1 -all"`, `10 mail.example.` */
  | { readonly kind: 'records'; readonly txt?: readonly string[]; readonly mx?: readonly string[] }
  /** the name is an alias, and its target has no address */
  | { readonly kind: 'alias' }
  /** RFC 1035 §4.1.1: 2 is SERVFAIL, 3 NXDOMAIN, 5 REFUSED */
  | { readonly kind: 'rcode'; readonly status: number }
  /** nothing is ever said */
  | { readonly kind: 'stall' }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'body'; readonly text: string }
  /** so many bytes that nobody should want them */
  | { readonly kind: 'flood' };

export type Zone = Readonly<Record<string, DnsAnswer>>;

/** What a scripted receiver of webhooks answers. */
export type HookAnswer =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'json'; readonly status: number; readonly value: object }
  /** nothing, until it is released */
  | { readonly kind: 'stall' }
  /** 200, and so many bytes that nobody should want them */
  | { readonly kind: 'flood' };

export type HookCall = {
  readonly method: string;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** An SMTP server of somebody else's making, with one mechanism. `accessToken`: what XOAUTH2 must bring; the others bring the password. */
export type LoginServerOptions = {
  readonly mechanism: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2';
  readonly username: string;
  readonly password: string;
  readonly accessToken: string;
};

/** What a scripted clamd does with a message. */
export type ClamdBehaviour =
  /** as the real one: it knows EICAR. `certificate`: behind TLS, good for `localhost` or for another name */
  | { readonly kind: 'works'; readonly certificate?: 'localhost' | 'elsewhere' }
  | { readonly kind: 'answer'; readonly text: string }
  /** to the first bytes that come; then it closes */
  | { readonly kind: 'answer-early'; readonly text: string }
  /** what it has said until then has no end */
  | { readonly kind: 'close'; readonly text: string }
  | { readonly kind: 'close-at-once' }
  /** it takes the connection, and reads nothing of what comes */
  | { readonly kind: 'deaf' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'flood' };
