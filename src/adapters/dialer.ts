/** Opens SMTP sessions to configured peers: the sealed password is opened here, at the moment it is needed. */
import type { Peer } from '../core/client.ts';
import type { Dial } from '../pipeline/deliver.ts';
import { openSession } from '../smtp/session.ts';
import type { Endpoint, Timeouts } from '../smtp/session-types.ts';
import type { Seal } from './seal.ts';

export function createDial(settings: { readonly heloName: string; readonly timeouts: Timeouts }, seal: Seal): Dial {
  return async (peer) => openSession(await endpointOf(peer, seal), settings);
}

async function endpointOf(peer: Peer, seal: Seal): Promise<Endpoint> {
  const { host, port, tls, login } = peer;
  if (login === undefined) return { host, port, tls };
  return { host, port, tls, login: { username: login.username, password: await seal.open(login.sealedPassword) } };
}
