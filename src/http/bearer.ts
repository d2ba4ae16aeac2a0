/** Bearer tokens (RFC 6750) for operators and for fronts. One comparison, in constant time. */
import type { MiddlewareHandler } from 'hono';
import { timingSafeEqual } from 'hono/utils/buffer';
import { problem } from './problem.ts';

export function bearer(token: string, what: string): MiddlewareHandler {
  return async (context, next) => {
    const given = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    if (await timingSafeEqual(given, token)) return next();
    return problem(context, {
      status: 401,
      title: 'Not authorised',
      detail: given === '' ? 'No bearer token was sent.' : 'The bearer token is not the right one.',
      fix: `Send "Authorization: Bearer …" with the ${what} of this deployment.`,
    });
  };
}
