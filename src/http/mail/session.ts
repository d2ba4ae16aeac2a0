/**
 * Logging in to the webmail. Needs nothing of the client's own systems (P9): accounts, passwords and sessions are ours. The
 * cookie is a random token of which only the hash is stored.
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { parseAddress } from '../../core/address.ts';
import type { ClientId } from '../../core/ids.ts';
import { type Account, triesKeys } from '../../pipeline/stores.ts';
import { countTry, locked, MAX_TRIES, networkOf } from '../log-in-tries.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { describeMe } from './me.ts';

export type MailScope = { Variables: { account: Account } };

const credentials = z.object({ address: z.string().max(320), password: z.string().max(200) });

// The `__Host-` prefix binds the cookie to this host over TLS: no sibling domain can set or read it (RFC 6265bis §4.1.3.2).
export const SESSION_COOKIE = '__Host-breakwater';
// A working day and the night after it: nobody is thrown out in the middle of an emergency.
const SESSION_MS = 24 * 3_600_000;
// Counted by the address, whether anyone has it or not: the answer tells nobody which addresses exist. Ten from one network stop
// whoever guesses from there, and lock nobody else out: an admin must get in during the emergency that somebody made. So many from
// everywhere stop whoever guesses from many networks; one network adds no more than its ten to them.
const MAX_TRIES_FROM_EVERYWHERE = 300;
const LOCKED = {
  who: 'this address, from here,',
  fix: 'Wait, or ask your administrator to set a new password: that unlocks it at once.',
};

export function sessionApi(needs: HttpNeeds): Hono {
  const app = new Hono();

  app.post('/login', async (context) => {
    const given = credentials.safeParse(await context.req.json().catch(() => undefined));
    if (!given.success) return invalid(context, given.error.issues);
    const asked = await addressed(given.data.address, needs);
    // Counted before anything is compared: guesses made at the same time are no cheaper than one after the other.
    const waitMs = asked === undefined ? 0 : await countTries(asked, networkOf(context), needs);
    if (waitMs > 0) return locked(context, waitMs, LOCKED);
    const known = asked === undefined ? undefined : await needs.accounts.credentials(asked.clientId, asked.key);
    const right = await needs.verifyPassword(given.data.password, known?.passwordHash ?? null);
    if (known === undefined || !right) return wrong(context);
    await needs.accounts.forgetTries(known.account.clientId, triesKeys(known.account.address, networkOf(context)));
    await open(context, known.account, needs);
    return context.json(await describeMe(known.account, needs));
  });

  app.post('/logout', async (context) => {
    const token = getCookie(context, SESSION_COOKIE);
    if (token !== undefined) await needs.accounts.closeSession(await sha256(token));
    deleteCookie(context, SESSION_COOKIE, { path: '/', secure: true });
    return context.body(null, 204);
  });

  return app;
}

export function requireSession(needs: HttpNeeds): MiddlewareHandler<MailScope> {
  return async (context, next) => {
    const account = await accountOfCookie(context, needs);
    if (account === undefined) {
      return problem(context, {
        status: 401,
        title: 'Not logged in',
        detail: 'There is no session, or it has ended.',
        fix: 'Log in again; nothing you wrote is lost.',
      });
    }
    context.set('account', account);
    return next();
  };
}

export async function accountOfCookie(context: Context, needs: HttpNeeds): Promise<Account | undefined> {
  const token = getCookie(context, SESSION_COOKIE);
  return token === undefined ? undefined : needs.accounts.accountOfSession(await sha256(token), needs.now());
}

type Asked = { readonly clientId: ClientId; readonly key: string };

/** Undefined when the domain is none of ours: public knowledge, so that it may be answered without a count. */
async function addressed(text: string, needs: HttpNeeds): Promise<Asked | undefined> {
  const address = parseAddress(text.trim());
  const clientId = address === undefined ? undefined : await needs.findClient(address.domain);
  return address === undefined || clientId === undefined ? undefined : { clientId, key: address.key };
}

/** How long to wait (ms). A try that its own network has used up is not counted against the address. */
async function countTries({ clientId, key }: Asked, network: string, needs: HttpNeeds): Promise<number> {
  const [fromHere, fromEverywhere] = triesKeys(key, network);
  const waitMs = await countTry(clientId, { key: fromHere, atMost: MAX_TRIES }, needs);
  return waitMs > 0 ? waitMs : countTry(clientId, { key: fromEverywhere, atMost: MAX_TRIES_FROM_EVERYWHERE }, needs);
}

/** One answer for a wrong password and an unknown address: neither tells which addresses exist. */
function wrong(context: Context): Response {
  return problem(context, {
    status: 401,
    title: 'That did not work',
    detail: 'The address or the password is not right.',
    fix: 'Check both. The password is the one for this emergency mailbox; your administrator can set a new one.',
  });
}

async function open(context: Context, account: Account, needs: HttpNeeds): Promise<void> {
  const token = crypto.getRandomValues(Buffer.alloc(32)).toString('base64url');
  const now = needs.now();
  await needs.accounts.openSession(account, await sha256(token), { now, expiresAt: now + SESSION_MS });
  setCookie(context, SESSION_COOKIE, token, {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: SESSION_MS / 1000,
  });
}

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');
}
