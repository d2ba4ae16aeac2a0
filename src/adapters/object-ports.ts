/** Durable Object stubs as the ports the pipeline speaks to. The casts of the project's RPC are all here. */
import type { ClientId } from '../core/ids.ts';
import type { LocationHint } from '../core/region.ts';
import type { ClientPort, ClientPorts, DomainPort } from '../pipeline/client-port.ts';

export type ObjectNamespace = Pick<DurableObjectNamespace, 'idFromName' | 'get'>;

export function createClientPorts(namespace: ObjectNamespace): ClientPorts {
  return (clientId: ClientId, home?: LocationHint) => {
    const where = home === undefined ? {} : { locationHint: home };
    return namespace.get(namespace.idFromName(clientId), where) as unknown as ClientPort;
  };
}

export type DomainPorts = (domain: string) => DomainPort;

export function createDomainPorts(namespace: ObjectNamespace): DomainPorts {
  return (domain: string) => namespace.get(namespace.idFromName(domain)) as unknown as DomainPort;
}
