/** Opens SMTP sessions to configured peers: the sealed password is opened here, at the moment it is needed. */
import type { Peer } from '../core/client.ts';
import type { Cause } from '../core/outcome.ts';
import type { Dial, OpenedPeer } from '../pipeline/deliver.ts';
import { openSession } from '../smtp/session.ts';
import type { Endpoint, Timeouts } from '../smtp/session-types.ts';
import type { Seal } from './seal.ts';

export function createDial(settings: DialSettings, seal: Seal): Dial {
  return async (peer) => {
    const endpoint = await endpointOf(peer, seal).catch(() => undefined);
    // Mail must be kept and the trouble seen: a throw here would send every message back to its sender in silence.
    return endpoint === undefined ? { kind: 'failed', cause: SEAL_BROKEN } : openSession(endpoint, settings);
  };
}

export type DialSettings = { readonly heloName: string; readonly timeouts: Timeouts };

const SEAL_BROKEN: Cause = {
  kind: 'fault',
  stage: 'auth',
  fault: {
    kind: 'unclassified',
    problem: 'the stored password of the gateway cannot be opened: was SEAL_KEY changed? Set the password again',
  },
};

/** To the deployment's own relay, whose password is a secret of the deployment and needs no seal. */
export function relayOpener(
  relay: Endpoint | undefined,
  settings: DialSettings,
): (() => Promise<OpenedPeer>) | undefined {
  if (relay === undefined) return undefined;
  return async () => ({ ...(await openSession(relay, settings)), peer: `${relay.host}:${relay.port}` });
}

async function endpointOf(peer: Peer, seal: Seal): Promise<Endpoint> {
  const { host, port, tls, login } = peer;
  if (login === undefined) return { host, port, tls };
  if ('oauth' in login) throw new Error('no token can be had yet');
  return { host, port, tls, login: { username: login.username, password: await seal.open(login.sealedPassword) } };
}
