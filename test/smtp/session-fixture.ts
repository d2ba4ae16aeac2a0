/** What the session tests share: an envelope, a message, short waits, and opening a session to a scripted peer. */
import {
  type Address,
  NULL_REVERSE_PATH,
  parseAddress,
  parseReversePath,
  type ReversePath,
} from '../../src/core/address.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { openSession } from '../../src/smtp/session.ts';
import type { Endpoint, Envelope, Opened, Session, Timeouts } from '../../src/smtp/session-types.ts';
import type { Peer } from '../support/peer.ts';

/** Long enough for loopback on a busy machine, for tests in which nothing is late. */
export const AMPLE: Timeouts = {
  connectMs: 5_000,
  bannerMs: 5_000,
  commandMs: 5_000,
  blockMs: 5_000,
  dotMs: 5_000,
  openMs: 10_000,
  messageMs: 30_000,
  closeMs: 1_000,
};

/** For tests in which the peer is silent: the whole wait is the test's own. */
export const SHORT: Timeouts = {
  connectMs: 1_000,
  bannerMs: 150,
  commandMs: 150,
  blockMs: 150,
  dotMs: 150,
  openMs: 1_000,
  messageMs: 1_000,
  closeMs: 100,
};

export const EMPTY = new Uint8Array(0);
export const ENVELOPE: Envelope = {
  reversePath: reversePath('bo@sender.example'),
  recipient: address('anna@harbour.example'),
};
export const MESSAGE = bytes('Subject: hello\r\n\r\nA line.\r\n');

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

export function reversePath(text: string): ReversePath {
  return parseReversePath(text) ?? NULL_REVERSE_PATH;
}

export function open(
  peer: Pick<Peer, 'host' | 'port'>,
  endpoint: Partial<Endpoint> = {},
  timeouts = AMPLE,
): Promise<Opened> {
  return openSession(
    { host: peer.host, port: peer.port, tls: 'none', ...endpoint },
    { heloName: 'edge.breakwater.test', timeouts },
  );
}

export async function opened(
  peer: Pick<Peer, 'host' | 'port'>,
  endpoint: Partial<Endpoint> = {},
  timeouts = AMPLE,
): Promise<Session> {
  const result = await open(peer, endpoint, timeouts);
  if (result.kind === 'failed') throw new Error(`no session: ${JSON.stringify(result.cause)}`);
  return result.session;
}

/** One message over a session of its own; a session that does not open is its outcome, as in pipeline/deliver.ts. */
export async function deliver(
  peer: Pick<Peer, 'host' | 'port'>,
  endpoint: Partial<Endpoint> = {},
  timeouts = AMPLE,
): Promise<Outcome> {
  const result = await open(peer, endpoint, timeouts);
  if (result.kind === 'failed') return { kind: 'deferred', cause: result.cause };
  const outcome = await result.session.send(ENVELOPE, { head: EMPTY, body: MESSAGE });
  await result.session.close();
  return outcome;
}

/** `refused rcpt 550`, `deferred data timeout`, `uncertain lost`: an outcome in one line. */
export function brief(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return `delivered ${outcome.reply.code}`;
    case 'refused':
      return `refused ${outcome.stage} ${outcome.reply.code}`;
    case 'uncertain':
      return `uncertain ${outcome.fault.kind}`;
    case 'deferred':
      return `deferred ${outcome.cause.stage} ${outcome.cause.kind === 'reply' ? outcome.cause.reply.code : outcome.cause.fault.kind}`;
  }
}
