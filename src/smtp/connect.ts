/** Opens the socket of a session. nodemailer is handed an open one: its own resolver is not made for the platform. */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Cause } from '../core/outcome.ts';
import { causeOf, type Failure } from './classify.ts';
import type { Endpoint } from './session-types.ts';

export type Connected =
  | { readonly kind: 'connected'; readonly socket: Socket }
  | { readonly kind: 'failed'; readonly cause: Cause };

/** For `implicit` the TLS handshake is part of it. */
export async function connect(endpoint: Endpoint, connectMs: number): Promise<Connected> {
  const attempt = await open(endpoint, connectMs);
  if (attempt.kind === 'connected') return attempt;
  const { failure } = attempt;
  if (endpoint.tls !== 'implicit' || failure.kind !== 'error' || !(await answersPlainly(endpoint, connectMs))) {
    return { kind: 'failed', cause: causeOf(failure) };
  }
  return { kind: 'failed', cause: { kind: 'fault', stage: 'tls', fault: { kind: 'tls', problem: HANDSHAKE_FAILED } } };
}

// The error's own text is the one for a closed port, and would lead people astray.
const HANDSHAKE_FAILED = 'the port is open, but the certificate or the TLS handshake was not accepted';

/** The platform has one error for a closed port and for a bad certificate. One is an outage, the other a configuration to mend. */
async function answersPlainly({ host, port }: Endpoint, connectMs: number): Promise<boolean> {
  const attempt = await open({ host, port, tls: 'none' }, connectMs);
  if (attempt.kind === 'connected') attempt.socket.destroy();
  return attempt.kind === 'connected';
}

type Attempt =
  | { readonly kind: 'connected'; readonly socket: Socket }
  | { readonly kind: 'failed'; readonly failure: Failure };

function open({ host, port, tls }: Endpoint, connectMs: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls === 'implicit' ? connectTls({ host, port, ...servername }) : connectPlain({ host, port });
    const opening = tls === 'implicit' ? 'secureConnect' : 'connect';
    const settle = (attempt: Attempt) => {
      clearTimeout(timer);
      // Ours only: sockets listen to themselves.
      socket.off(opening, onOpen).off('error', onError).off('close', onClose);
      // An error that comes after the last word must not become an uncaught one.
      if (attempt.kind === 'failed') socket.on('error', () => {}).destroy();
      resolve(attempt);
    };
    const fail = (failure: Failure) => settle({ kind: 'failed', failure });
    const onOpen = () => settle({ kind: 'connected', socket });
    const onError = (error: Error) => fail({ kind: 'error', stage: 'connect', error });
    const onClose = () => fail({ kind: 'ended', stage: 'connect' });
    const timer = setTimeout(() => fail({ kind: 'late', stage: 'connect' }), connectMs);
    socket.once(opening, onOpen).once('error', onError).once('close', onClose);
  });
}
