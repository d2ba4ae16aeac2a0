/** Configuration on its way from D1 to where mail is handled: the domains' pointers, then the client object's snapshot. */
import type { ClientId } from '../core/ids.ts';
import type { ClientPorts, DomainPort } from './client-port.ts';
import type { ClientStore } from './stores.ts';

export type Push =
  | { readonly kind: 'in-effect'; readonly version: number }
  | { readonly kind: 'unknown-client' }
  | { readonly kind: 'domain-taken'; readonly domain: string };

export type PushNeeds = {
  readonly clients: ClientStore;
  readonly ports: ClientPorts;
  domain(name: string): DomainPort;
};

/** The object first: a domain must never point at an object that does not know its client. Throws when an object cannot be asked. */
export async function push(clientId: ClientId, needs: PushNeeds): Promise<Push> {
  const snapshot = await needs.clients.snapshot(clientId);
  if (snapshot === undefined) return { kind: 'unknown-client' };
  const { version } = await needs.ports(clientId, snapshot.home).configure(snapshot);
  for (const domain of snapshot.domains) {
    if ((await needs.domain(domain).assign(clientId)) === 'taken') return { kind: 'domain-taken', domain };
  }
  await needs.clients.pushed(clientId, version);
  return { kind: 'in-effect', version };
}
