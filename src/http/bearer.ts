/** Bearer tokens (RFC 6750) for operators and for fronts. One comparison, in constant time. */
import type { Context, MiddlewareHandler } from 'hono';
import { timingSafeEqual } from 'hono/utils/buffer';
import { problem } from './problem.ts';

export function bearsToken(context: Context, token: string): Promise<boolean> {
  return timingSafeEqual(tokenOf(context), token);
}

export function bearer(token: string, what: string): MiddlewareHandler {
  return async (context, next) => {
    if (await bearsToken(context, token)) return next();
    return problem(context, {
      status: 401,
      title: 'Not authorised',
      detail: tokenOf(context) === '' ? 'No bearer token was sent.' : 'The bearer token is not the right one.',
      fix: `Send "Authorization: Bearer …" with the ${what} of this deployment.`,
    });
  };
}

function tokenOf(context: Context): string {
  return /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
}
