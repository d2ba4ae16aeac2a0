/**
 * Who asks, and whether they may: the one place where roles are checked. The operator comes with the bearer token or with a session
 * of the console, an admin with the session that opens the webmail too. An admin may what an operation is declared for with
 * `by: 'admin'` (operation.ts), at one client; whatever is not declared is the operator's.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import type { ClientId } from '../../core/ids.ts';
import type { Account } from '../../pipeline/stores.ts';
import { bearsToken } from '../bearer.ts';
import { hasOperatorSession } from '../console/operator-session.ts';
import { accountOfCookie } from '../mail/session.ts';
import type { HttpNeeds } from '../needs.ts';
import { problem } from '../problem.ts';

export type Role = 'operator' | 'admin';
export type Actor = { readonly kind: 'operator' } | { readonly kind: 'admin'; readonly account: Account };

type Asker = Actor | { readonly kind: 'user'; readonly account: Account } | { readonly kind: 'nobody' };

/** How OpenAPI says it; `adminOperations` reads it back. */
export function securityFor(role: Role): Record<string, string[]>[] {
  switch (role) {
    case 'operator':
      return [{ operator: [] }];
    case 'admin':
      return [{ operator: [] }, { admin: [] }];
  }
}

/** As the audit log and the timeline name them. */
export function actorName(actor: Actor): string {
  return actor.kind === 'operator' ? 'operator' : actor.account.address;
}

export function sees(actor: Actor, clientId: ClientId): boolean {
  return actor.kind === 'operator' || actor.account.clientId === clientId;
}

export async function whoAsks(context: Context, needs: HttpNeeds): Promise<Asker> {
  // Whoever sends a token means it: a wrong one is not made good by a cookie that happens to be there.
  if (context.req.header('authorization') !== undefined)
    return (await bearsToken(context, needs.operatorToken)) ? { kind: 'operator' } : { kind: 'nobody' };
  if (await hasOperatorSession(context, needs)) return { kind: 'operator' };
  const account = await accountOfCookie(context, needs);
  if (account === undefined) return { kind: 'nobody' };
  return account.role === 'admin' ? { kind: 'admin', account } : { kind: 'user', account };
}

export type ActorScope = { Variables: { actor: Actor } };
type Registry = OpenAPIHono['openAPIRegistry'];

export function requireActor(needs: HttpNeeds, registry: Registry): MiddlewareHandler<ActorScope> {
  const sameSite = csrf();
  let open: readonly OpenOperation[] | undefined;
  return async (context, next) => {
    const asker = await whoAsks(context, needs);
    if (asker.kind === 'nobody') return unknownCaller(context);
    if (asker.kind === 'user') return noAdmin(context, asker.account);
    open ??= adminOperations(registry);
    if (asker.kind === 'admin' && !isOpen(open, context)) return operatorOnly(context);
    context.set('actor', asker);
    // A browser sends cookies by itself, a token never: only the former can be made to ask by another site.
    return context.req.header('authorization') === undefined ? sameSite(context, next) : next();
  };
}

/** `path`: by segments; one in braces stands for any */
type OpenOperation = { readonly method: string; readonly path: readonly string[] };

// Where http/app.ts has the operations.
const BASE = '/api/v1';

/** Read from the operations themselves, so that nothing is open that does not say so. */
function adminOperations(registry: Registry): readonly OpenOperation[] {
  return registry.definitions.flatMap((definition) => {
    if (definition.type !== 'route' || !definition.route.security?.some((one) => 'admin' in one)) return [];
    const { method, path } = definition.route;
    return [{ method: method.toUpperCase(), path: `${BASE}${path}`.split('/') }];
  });
}

function isOpen(open: readonly OpenOperation[], context: Context): boolean {
  const { method, path } = context.req;
  // GET is answered for HEAD too.
  const asked = method === 'HEAD' ? 'GET' : method;
  return open.some((one) => one.method === asked && isAt(one.path, path.split('/')));
}

/** From the first segment to the last: a path that only ends like an open one is another path, whatever its client is called. */
function isAt(open: readonly string[], asked: readonly string[]): boolean {
  return (
    open.length === asked.length &&
    open.every((segment, index) => (segment.startsWith('{') ? asked[index] !== '' : segment === asked[index]))
  );
}

function unknownCaller(context: Context): Response {
  const wrong = context.req.header('authorization') !== undefined;
  return problem(context, {
    status: 401,
    title: 'Not authorised',
    detail: wrong
      ? 'The bearer token is not the right one.'
      : 'There is no bearer token and no session, or it has ended.',
    fix: 'Send "Authorization: Bearer …" with the operator token of this deployment, or log in at /console.',
  });
}

export function noAdmin(context: Context, { address }: Account): Response {
  return problem(context, {
    status: 403,
    title: 'Not for this account',
    detail: `${address} may read its mail, but not steer Breakwater.`,
    fix: 'Log in with the account of an administrator, or ask whoever runs Breakwater for you to make this account one.',
  });
}

function operatorOnly(context: Context): Response {
  return problem(context, {
    status: 403,
    title: 'For the operator only',
    detail: 'An administrator of a client cannot do this.',
    fix: 'Ask whoever runs Breakwater for you.',
  });
}
