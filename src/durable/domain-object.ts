/**
 * One object per mail domain, named by it, holding a single pointer: whose domain this is. It lets `receive` find the client
 * without D1. A domain belongs to one client at a time: a second claim is refused, never taken over.
 */
import { DurableObject } from 'cloudflare:workers';
import type { ClientId } from '../core/ids.ts';
import type { DomainPort } from '../pipeline/client-port.ts';

export class DomainObjectBase extends DurableObject implements DomainPort {
  async owner(): Promise<ClientId | null> {
    return (await this.ctx.storage.get<ClientId>('clientId')) ?? null;
  }

  async assign(clientId: ClientId): Promise<'assigned' | 'taken'> {
    const owner = await this.owner();
    if (owner !== null && owner !== clientId) return 'taken';
    await this.ctx.storage.put('clientId', clientId);
    return 'assigned';
  }

  async release(clientId: ClientId): Promise<void> {
    if ((await this.owner()) === clientId) await this.ctx.storage.delete('clientId');
  }
}
