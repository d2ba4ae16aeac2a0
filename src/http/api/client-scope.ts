/** The client a request is about: parsed and looked up once, before any handler under /clients/:clientId. */
import type { MiddlewareHandler } from 'hono';
import { parseClientId } from '../../core/ids.ts';
import type { Change, ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { notFound } from '../problem.ts';
import { type Actor, type ActorScope, actorName, sees } from './actor.ts';

export type ClientScope = { Variables: ActorScope['Variables'] & { client: ClientRecord } };

export function clientScope(needs: HttpNeeds): MiddlewareHandler<ClientScope> {
  return async (context, next) => {
    const clientId = parseClientId(context.req.param('clientId') ?? '');
    const client = clientId === undefined ? undefined : await needs.clients.find(clientId);
    // To an admin the clients of others do not exist: the answer is the one for an id that was never given.
    if (client === undefined || !sees(context.get('actor'), client.id))
      return notFound(context, `client "${context.req.param('clientId')}"`, 'GET /api/v1/clients lists them.');
    context.set('client', client);
    return next();
  };
}

/** The audit line of a change, by whoever asked for it. */
export function changeBy(actor: Actor, action: string, detail: unknown, now: number): Change {
  return { at: now, actor: actorName(actor), action, detail };
}
