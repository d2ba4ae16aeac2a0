/** The client an operator's request is about: parsed and looked up once, before any handler under /clients/:clientId. */
import type { MiddlewareHandler } from 'hono';
import { parseClientId } from '../../core/ids.ts';
import type { Change, ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { notFound } from '../problem.ts';

export type ClientScope = { Variables: { client: ClientRecord } };

export function clientScope(needs: HttpNeeds): MiddlewareHandler<ClientScope> {
  return async (context, next) => {
    const clientId = parseClientId(context.req.param('clientId') ?? '');
    const client = clientId === undefined ? undefined : await needs.clients.find(clientId);
    if (client === undefined)
      return notFound(context, `client "${context.req.param('clientId')}"`, 'GET /api/v1/clients lists them.');
    context.set('client', client);
    return next();
  };
}

/** The audit line of a change by the operator. */
export function operatorChange(action: string, detail: unknown, now: number): Change {
  return { at: now, actor: 'operator', action, detail };
}
