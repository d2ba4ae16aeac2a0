/** The shapes of an SMTP session we open. This folder knows no clients: only peers, envelopes and bytes. */
import type { Address, ReversePath } from '../core/address.ts';
import type { TlsMode } from '../core/client.ts';
import type { Cause, Outcome, Stage } from '../core/outcome.ts';
import type { Reply } from '../core/reply.ts';

export type Endpoint = {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly login?: SessionLogin;
};

export type PasswordLogin = { readonly username: string; readonly password: string };
/** XOAUTH2: `accessToken` is one that the server's provider has given */
export type TokenLogin = { readonly username: string; readonly accessToken: string };
export type SessionLogin = PasswordLogin | TokenLogin;

/** Every wait has a bound, each with its reason in smtp/timeouts.ts. All in milliseconds. */
export type Timeouts = {
  readonly connectMs: number;
  readonly bannerMs: number;
  /** for one reply to EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, RSET, and for a TLS handshake */
  readonly commandMs: number;
  /** for the peer to take some of the content (RFC 5321 §4.5.3.2.5) */
  readonly blockMs: number;
  /** for the reply to the final dot (RFC 5321 §4.5.3.2.6 asks for 10 minutes of a client that can wait) */
  readonly dotMs: number;
  /** all of opening a session, and all of one message: a peer that is slow at each step must not add the steps up */
  readonly openMs: number;
  readonly messageMs: number;
  /** for the reply to QUIT: nothing depends on it */
  readonly closeMs: number;
};

export type Envelope = {
  readonly reversePath: ReversePath;
  readonly recipient: Address;
  /** of the body, where it is known before it is read; said to peers that ask for it (RFC 1870) */
  readonly bodyBytes?: number;
  /** said to peers that offer DSN (RFC 3461); to others nothing is said of it */
  readonly notification?: Notification;
};

export type Notification =
  /** no report of any kind may be made of it */
  | { readonly kind: 'never' }
  /** whom the sender wrote to, where a person has given the message another recipient */
  | { readonly kind: 'original-recipient'; readonly address: string };

/** The bytes of one message: `head` (our trace headers) and then the message as it was received. */
export type Outgoing = {
  readonly head: Uint8Array;
  readonly body: Uint8Array | ReadableStream<Uint8Array>;
};

export type RecipientReply = { readonly recipient: Address; readonly reply: Reply };

export type ProbeDialogue =
  /** in the order in which they were asked for, up to the first that was taken; replies of 4xx and 5xx are answers as well */
  | { readonly kind: 'asked'; readonly replies: readonly RecipientReply[] }
  | { readonly kind: 'failed'; readonly cause: Cause };

/** What was seen of the peer, for somebody who looks for the reason of something. */
export type SessionFacts = {
  /** what the session runs under, which may be less than what was configured only where nothing was */
  readonly tls: TlsMode;
  readonly isLoggedIn: boolean;
  /** lines of the last EHLO reply without their codes and the greeting: `SIZE 35882577`, `AUTH PLAIN LOGIN` */
  readonly extensions: readonly string[];
  /** the banner, and what was said to the last message, in order; the first line of each, cut at 500 characters */
  readonly replies: readonly { readonly stage: Stage; readonly line: string }[];
};

/** One connection, logged in and ready; many messages may follow one another on it. */
export type Session = {
  /** never throws for what the peer does; a session that has had a fault answers every further send with `deferred` */
  send(envelope: Envelope, outgoing: Outgoing): Promise<Outcome>;
  /** MAIL FROM:<>, RCPT until one is taken, RSET: the whole dialogue but no message. Who cannot be written on this wire is left out. */
  probe(recipients: readonly Address[]): Promise<ProbeDialogue>;
  /** false after a fault or a 421: open a new one */
  readonly usable: boolean;
  /** from an EHLO to its reply */
  readonly roundTripMs: number | undefined;
  readonly facts: SessionFacts;
  /** QUIT, bounded; never throws */
  close(): Promise<void>;
};

export type Opened =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly cause: Cause };
