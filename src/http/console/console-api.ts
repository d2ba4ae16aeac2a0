/** The way into the console. The operator logs in here with the token; an admin logs in where the webmail does. */
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { timingSafeEqual } from 'hono/utils/buffer';
import { z } from 'zod';
import { problemOf } from '../../core/problem-of.ts';
import { OPERATORS_DOOR } from '../../pipeline/stores.ts';
import { noAdmin, whoAsks } from '../api/actor.ts';
import { countTry, locked, MAX_TRIES, networkOf } from '../log-in-tries.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { closeOperatorSession, openOperatorSession } from './operator-session.ts';

const credentials = z.strictObject({ token: z.string().max(1_000) });

export function consoleApi(needs: HttpNeeds): Hono {
  const app = new Hono();
  // Beside SameSite=Strict, as in the webmail.
  app.use('*', csrf());

  app.post('/operator-login', async (context) => {
    const given = credentials.safeParse(await context.req.json().catch(() => undefined));
    if (!given.success) return invalid(context, given.error.issues);
    // By where it comes from: whoever guesses must not lock the operator out of an emergency.
    const from = networkOf(context);
    const log = (result: 'opened' | 'wrong' | 'locked') => needs.log({ kind: 'operator-login', result });
    // A token of 32 random characters is guessed by nobody: while D1 is away it opens without a count (P9).
    const waitMs = await countTry(OPERATORS_DOOR, { key: from, atMost: MAX_TRIES }, needs).catch(uncounted(needs));
    if (waitMs > 0) {
      log('locked');
      return locked(context, waitMs, { who: 'this network address', fix: 'Wait, then try again.' });
    }
    if (!(await timingSafeEqual(given.data.token.trim(), needs.operatorToken))) {
      log('wrong');
      return wrong(context);
    }
    await needs.accounts.forgetTries(OPERATORS_DOOR, [from]).catch(uncounted(needs));
    await openOperatorSession(context, needs);
    log('opened');
    return context.json({ role: 'operator' });
  });

  app.post('/operator-logout', (context) => {
    closeOperatorSession(context);
    return context.body(null, 204);
  });

  app.get('/me', async (context): Promise<Response> => {
    const asker = await whoAsks(context, needs);
    switch (asker.kind) {
      case 'operator':
        return context.json({ role: 'operator' });
      case 'admin': {
        const { address, name, clientId } = asker.account;
        const client = await needs.clients.find(clientId);
        return context.json({ role: 'admin', address, name, clientId, clientName: client?.name ?? clientId });
      }
      case 'user':
        return noAdmin(context, asker.account);
      case 'nobody':
        return nobody(context);
    }
  });

  return app;
}

function uncounted({ log }: HttpNeeds): (cause: unknown) => number {
  return (cause) => {
    log({ kind: 'trouble', where: 'operator-login', problem: problemOf(cause) });
    return 0;
  };
}

function wrong(context: Context): Response {
  return problem(context, {
    status: 401,
    title: 'That did not work',
    detail: 'This is not the operator token of this deployment.',
    fix: 'Copy the whole token, as it was given to "wrangler secret put OPERATOR_TOKEN".',
  });
}

function nobody(context: Context): Response {
  return problem(context, {
    status: 401,
    title: 'Not logged in',
    detail: 'There is no session, or it has ended.',
    fix: 'Log in again.',
  });
}
