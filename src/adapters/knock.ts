/** Does a port open? One TCP connection, closed again without a word: for a probe's second opinion. */
import { isIP } from 'node:net';
import { peerProblem } from '../core/peer-host.ts';
import type { SecondOpinionNeeds } from '../pipeline/second-opinion.ts';
import { connect } from '../smtp/connect.ts';
import { KNOCK_MS } from '../smtp/timeouts.ts';

/** An address out of somebody's DNS must not lead us into a private network (server-side request forgery). */
export function createKnock(policy: { readonly allowPrivate: boolean }): SecondOpinionNeeds['knock'] {
  return async (host, port) => {
    if (isIP(host) !== 0 && peerProblem(host, port, policy) !== undefined) return false;
    const connected = await connect({ host, port, tls: 'none' }, KNOCK_MS);
    if (connected.kind === 'connected') connected.socket.destroy();
    return connected.kind === 'connected';
  };
}
