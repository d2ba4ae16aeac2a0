/**
 * What went wrong in a session → Cause and Outcome. Pure, and the only place where temporary is told from permanent.
 * What cannot be classified is temporary; what cannot be classified after the final dot is uncertain.
 */
import type { Cause, Fault, Outcome, Stage } from '../core/outcome.ts';
import { parseReply } from '../core/reply.ts';

/** As nodemailer and sockets make errors. Codes are text without a promise: new ones end as `unclassified`. */
export type SessionError = {
  readonly message: string;
  readonly code?: string | undefined;
  /** the socket's own code, when nodemailer has put its own over it */
  readonly originalCode?: string | undefined;
  /** the command that was answered; `CONN` when it was the connection */
  readonly command?: string | undefined;
  /** the peer's reply, lines joined by `\n` */
  readonly response?: string | undefined;
};

/** `stage`: what was being waited for when it happened. */
export type Failure =
  | { readonly kind: 'late'; readonly stage: Stage }
  | { readonly kind: 'ended'; readonly stage: Stage }
  | { readonly kind: 'error'; readonly stage: Stage; readonly error: SessionError };

export function causeOf(failure: Failure): Cause {
  const { stage } = failure;
  switch (failure.kind) {
    case 'late':
      return { kind: 'fault', stage, fault: { kind: 'timeout' } };
    case 'ended':
      return { kind: 'fault', stage, fault: lostAt(stage, 'the connection was closed') };
    case 'error':
      return failure.error.response === undefined
        ? { kind: 'fault', stage, fault: faultOf(failure.error, stage) }
        : causeOfReply(failure.error, failure.error.response, stage);
  }
}

export function outcomeOf(failure: Failure): Outcome {
  const cause = causeOf(failure);
  if (cause.kind === 'fault') {
    return cause.stage === 'dot' ? { kind: 'uncertain', fault: cause.fault } : { kind: 'deferred', cause };
  }
  const { stage, reply } = cause;
  return reply.code >= 500 && judgesMessage(stage) ? { kind: 'refused', stage, reply } : { kind: 'deferred', cause };
}

/** A 5xx before MAIL is about us (RFC 5321 §3.1, §4.3.2): a gateway that shuts us out has refused no message. */
function judgesMessage(stage: Stage): boolean {
  switch (stage) {
    case 'connect':
    case 'banner':
    case 'ehlo':
    case 'tls':
    case 'auth':
      return false;
    case 'mail':
    case 'rcpt':
    case 'data':
    case 'dot':
      return true;
  }
}

function causeOfReply(error: SessionError, response: string, waitingAt: Stage): Cause {
  const stage = stageOfReply(error, waitingAt);
  const reply = parseReply(response);
  if (reply === undefined || reply.code < 400) {
    return { kind: 'fault', stage, fault: { kind: 'unclassified', problem: `unexpected reply: ${excerpt(response)}` } };
  }
  return { kind: 'reply', stage, reply };
}

/**
 * With PIPELINING the refusal of MAIL or RCPT surfaces only when DATA has been answered: the command tells, not the moment.
 * The reply to DATA is EENVELOPE, the one after the dot EMESSAGE; nodemailer names both "DATA".
 */
function stageOfReply({ command = '', code }: SessionError, waitingAt: Stage): Stage {
  switch (command.split(' ')[0] ?? '') {
    case 'EHLO':
    case 'HELO':
      return 'ehlo';
    case 'STARTTLS':
      return 'tls';
    case 'AUTH':
      return 'auth';
    case 'MAIL':
    case 'RSET':
      return 'mail';
    case 'RCPT':
      return 'rcpt';
    case 'DATA':
      // EMESSAGE while content is still being written: a peer that would not hear it to its end.
      return code === 'EMESSAGE' && waitingAt === 'dot' ? 'dot' : 'data';
    default:
      return waitingAt;
  }
}

const FAULT_OF_CODE: Readonly<Record<string, Fault>> = {
  ECONNREFUSED: { kind: 'refused' },
  EHOSTUNREACH: { kind: 'unreachable' },
  ENETUNREACH: { kind: 'unreachable' },
  EADDRNOTAVAIL: { kind: 'unreachable' },
  ENOTFOUND: { kind: 'dns', answer: 'no-such-host' },
  EAI_AGAIN: { kind: 'dns', answer: 'failed-for-us' },
  EDNS: { kind: 'dns', answer: 'failed-for-us' },
  ETIMEDOUT: { kind: 'timeout' },
  ECONNRESET: { kind: 'lost' },
  ECONNABORTED: { kind: 'lost' },
  EPIPE: { kind: 'lost' },
  ECONNECTION: { kind: 'lost' },
};

function faultOf(error: SessionError, stage: Stage): Fault {
  // Before nodemailer's own code: ESOCKET over ECONNRESET.
  const known =
    FAULT_OF_CODE[error.originalCode ?? ''] ?? faultOfText(error.message) ?? FAULT_OF_CODE[error.code ?? ''];
  if (error.code === 'ETLS' || known === undefined || known.kind === 'lost')
    return lostOrUnclassified(error, stage, known);
  return known;
}

function lostOrUnclassified(error: SessionError, stage: Stage, known: Fault | undefined): Fault {
  if (stage === 'tls' || error.code === 'ETLS') return { kind: 'tls', problem: excerpt(error.message) };
  return known ?? { kind: 'unclassified', problem: excerpt(`${error.code ?? 'no code'}: ${error.message}`) };
}

/** Sockets of the platform have no codes. It says the first for whatever kept it from connecting: closed port, no route, no such host. */
function faultOfText(message: string): Fault | undefined {
  if (/proxy request failed|cannot connect to the specified address/i.test(message)) return { kind: 'unreachable' };
  if (/network connection lost|stream was cancelled|socket is closed/i.test(message)) return { kind: 'lost' };
  return undefined;
}

/** Whatever ends a connection between STARTTLS and the second EHLO is a TLS failure: certificate trouble looks like nothing else. */
function lostAt(stage: Stage, problem: string): Fault {
  return stage === 'tls' ? { kind: 'tls', problem } : { kind: 'lost' };
}

// A peer's text goes into the ledger: the sense is in the first words.
const MAX_EXCERPT = 200;

function excerpt(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_EXCERPT);
}
