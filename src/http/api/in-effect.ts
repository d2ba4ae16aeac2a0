/** A change of a client's configuration: stored, audited, and in effect before the answer. */
import type { Context } from 'hono';
import { problemOf } from '../../core/problem-of.ts';
import type { ClientPatch, ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { notFound, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';

export async function changeSettings(
  context: Context<ClientScope>,
  needs: HttpNeeds,
  { name, settings = {} }: ClientPatch,
): Promise<Response> {
  const { id } = context.get('client');
  const detail = { ...(name === undefined ? {} : { name }), ...settings };
  await needs.clients.update(
    id,
    { name, settings },
    changeBy(context.get('actor'), 'settings-changed', detail, needs.now()),
  );
  return inEffect(context, needs, id, 200);
}

/** The change is in D1; here it reaches the client object. When that fails the answer says so, and the schedule tries again. */
export async function inEffect(
  context: Context,
  needs: HttpNeeds,
  clientId: ClientRecord['id'],
  status: 200 | 201,
): Promise<Response> {
  try {
    const pushed = await needs.push(clientId);
    switch (pushed.kind) {
      case 'in-effect':
        return context.json({ id: clientId, version: pushed.version, inEffect: true }, status);
      case 'unknown-client':
        return notFound(context, `client "${clientId}"`, 'GET /api/v1/clients lists them.');
      case 'domain-taken':
        return domainTaken(context, pushed.domain);
    }
  } catch (cause) {
    needs.log({ kind: 'trouble', clientId, where: 'push', problem: problemOf(cause) });
    return problem(context, {
      status: 503,
      title: 'Saved, but not yet in effect',
      detail: 'The change is stored; the part that handles mail could not be told.',
      fix: 'Nothing: it is tried again within five minutes. Ask again to see "inEffect".',
    });
  }
}

/** For what is done when it is stored: whether the client object hears of it now or within five minutes, nobody waits for. */
export async function tellObject(needs: HttpNeeds, clientId: ClientRecord['id']): Promise<void> {
  await needs.push(clientId).catch((cause: unknown) => {
    needs.log({ kind: 'trouble', clientId, where: 'push', problem: problemOf(cause) });
  });
}

export function domainTaken(context: Context, domain: string): Response {
  return problem(context, {
    status: 409,
    title: 'The domain belongs to another client',
    detail: `${domain} is already routed to a client of this deployment.`,
    fix: 'Remove it there first.',
  });
}
