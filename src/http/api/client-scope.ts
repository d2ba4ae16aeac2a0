/** The client a request is about: parsed and looked up once, before any handler under /clients/:clientId. */
import type { MiddlewareHandler } from 'hono';
import { type ClientId, parseClientId } from '../../core/ids.ts';
import { problemOf } from '../../core/problem-of.ts';
import type { Change, ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { notFound } from '../problem.ts';
import { type Actor, type ActorScope, actorName, sees } from './actor.ts';

/** What the client object itself answers: without D1 too. */
export type ObjectScope = { Variables: ActorScope['Variables'] & { clientId: ClientId } };
export type ClientScope = { Variables: ObjectScope['Variables'] & { client: ClientRecord } };

// The operations of emergency.ts, quarantine.ts, replayControlApi and the queue of outbound.ts, which know the ObjectScope only. The plan of a replay is
// a setting: of its address itself only the reading is among them.
const OF_THE_OBJECT =
  /^\/api\/v1\/clients\/[^/]+\/(status|declare-failure|declare-repair|outages|events|held|quarantine|outbound|replay\/(pause|resume|turns))(\/|$)/;
const THE_REPLAY = /^\/api\/v1\/clients\/[^/]+\/replay$/;

export function clientScope(needs: HttpNeeds): MiddlewareHandler<ClientScope> {
  return async (context, next) => {
    const clientId = parseClientId(context.req.param('clientId') ?? '');
    // To an admin the clients of others do not exist: the answer is the one for an id that was never given.
    const client =
      clientId === undefined || !sees(context.get('actor'), clientId)
        ? undefined
        : await found(clientId, context.req, needs);
    if (clientId === undefined || client === undefined)
      return notFound(context, `client "${context.req.param('clientId')}"`, 'GET /api/v1/clients lists them.');
    context.set('clientId', clientId);
    if (client !== 'unread') context.set('client', client);
    return next();
  };
}

/** A D1 that is away stops nobody from steering an emergency (P9): that there is such a client its object knows as well. */
async function found(clientId: ClientId, asked: Asked, needs: HttpNeeds): Promise<ClientRecord | 'unread' | undefined> {
  try {
    return await needs.clients.find(clientId);
  } catch (cause) {
    if (!isOfTheObject(asked)) throw cause;
    await needs.view(clientId);
    return 'unread';
  }
}

type Asked = { readonly method: string; readonly path: string };

function isOfTheObject({ method, path }: Asked): boolean {
  return OF_THE_OBJECT.test(path) || (method === 'GET' && THE_REPLAY.test(path));
}

/**
 * For what was done in the client object. The audit log is in D1; when that is away, what was done counts all the same and stands in
 * the timeline (P9).
 */
export async function recordDone(needs: HttpNeeds, clientId: ClientId, change: Change): Promise<void> {
  await needs.clients.record(clientId, change).catch((cause: unknown) => {
    needs.log({ kind: 'trouble', clientId, where: 'audit', problem: problemOf(cause) });
  });
}

/** The audit line of a change, by whoever asked for it. */
export function changeBy(actor: Actor, action: string, detail: unknown, now: number): Change {
  return { at: now, actor: actorName(actor), action, detail };
}
