/**
 * What a failed connect really was. The platform has one error for a closed port, no route and an unknown host name, but one is an
 * outage, one is for the client to mend, and one may be our own resolver. Asked by probes only: the accept path has no time for it.
 */
import type { Peer } from '../core/client.ts';
import type { Cause, DnsAnswer } from '../core/outcome.ts';
import { agreed, isPublicName, type Resolution } from '../core/resolution.ts';

export type SecondOpinionNeeds = {
  /** independent resolvers, side by side; never throws */
  readonly askResolvers: (host: string) => Promise<readonly Resolution[]>;
  /** whether a connection opens, without a word on it; never throws */
  readonly knock: (host: string, port: number) => Promise<boolean>;
};

/** The same cause, or a truer one. Certificate trouble is told from a closed port before it comes here (smtp/connect.ts). */
export async function secondOpinion(peer: Peer, cause: Cause, needs: SecondOpinionNeeds): Promise<Cause> {
  if (!isOpenQuestion(cause) || !isPublicName(peer.host)) return cause;
  const resolution = agreed(await needs.askResolvers(peer.host));
  switch (resolution.kind) {
    case 'silent':
      return cause;
    case 'no-such-host':
      return dnsFault('no-such-host');
    case 'failed':
      return dnsFault('failed');
    case 'addresses':
      return (await isOurResolver(peer, resolution.addresses, needs)) ? dnsFault('failed-for-us') : cause;
  }
}

/** Up to the connection nobody has spoken for the gateway: what failed may be the way to it. */
function isOpenQuestion(cause: Cause): boolean {
  if (cause.kind !== 'fault' || cause.stage !== 'connect') return false;
  switch (cause.fault.kind) {
    case 'refused':
    case 'unreachable':
    case 'timeout':
    case 'dns':
      return true;
    case 'lost':
    case 'tls':
    case 'unsupported':
    case 'token':
    case 'unclassified':
      return false;
  }
}

/** The address first: a server that came back in this moment then opens by its name too, and is not taken for trouble of ours. */
async function isOurResolver(
  { host, port }: Peer,
  addresses: readonly string[],
  { knock }: SecondOpinionNeeds,
): Promise<boolean> {
  const address = addresses.find((one) => !one.includes(':')) ?? addresses[0];
  if (address === undefined || !(await knock(address, port))) return false;
  return !(await knock(host, port));
}

function dnsFault(answer: DnsAnswer): Cause {
  return { kind: 'fault', stage: 'connect', fault: { kind: 'dns', answer } };
}
