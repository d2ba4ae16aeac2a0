/**
 * Logging in to the webmail. Needs nothing of the client's own systems (P9): accounts, passwords and sessions are ours. The
 * cookie is a random token of which only the hash is stored.
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { parseAddress } from '../../core/address.ts';
import type { Account, Credentials } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { describeMe } from './me.ts';

export type MailScope = { Variables: { account: Account } };

const credentials = z.object({ address: z.string().max(320), password: z.string().max(200) });

// The `__Host-` prefix binds the cookie to this host over TLS: no sibling domain can set or read it (RFC 6265bis §4.1.3.2).
const COOKIE = '__Host-breakwater';
// A working day and the night after it: nobody is thrown out in the middle of an emergency.
const SESSION_MS = 24 * 3_600_000;
// Password guessing: ten tries, then five minutes of silence for this account.
const MAX_FAILED_LOGINS = 10;
const LOCK_MS = 300_000;

export function sessionApi(needs: HttpNeeds): Hono {
  const app = new Hono();

  app.post('/login', async (context) => {
    const given = credentials.safeParse(await context.req.json().catch(() => undefined));
    if (!given.success) return invalid(context, given.error.issues);
    const known = await findCredentials(given.data.address, needs);
    const now = needs.now();
    if (known !== undefined && known.lockedUntil > now) return locked(context, known.lockedUntil - now);
    const right = await needs.verifyPassword(given.data.password, known?.passwordHash ?? null);
    if (known === undefined || !right) return wrong(context, known, needs);
    await needs.accounts.noteLogin(known.account.clientId, known.account.id, { failedLogins: 0, lockedUntil: 0 });
    await open(context, known.account, needs);
    return context.json(await describeMe(known.account, needs));
  });

  app.post('/logout', async (context) => {
    const token = getCookie(context, COOKIE);
    if (token !== undefined) await needs.accounts.closeSession(await sha256(token));
    deleteCookie(context, COOKIE, { path: '/', secure: true });
    return context.body(null, 204);
  });

  return app;
}

export function requireSession(needs: HttpNeeds): MiddlewareHandler<MailScope> {
  return async (context, next) => {
    const token = getCookie(context, COOKIE);
    const account =
      token === undefined ? undefined : await needs.accounts.accountOfSession(await sha256(token), needs.now());
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

async function findCredentials(text: string, needs: HttpNeeds): Promise<Credentials | undefined> {
  const address = parseAddress(text.trim());
  const clientId = address === undefined ? undefined : await needs.findClient(address.domain);
  return address === undefined || clientId === undefined
    ? undefined
    : needs.accounts.credentials(clientId, address.key);
}

/** One answer for a wrong password and an unknown address: neither tells which addresses exist. */
async function wrong(context: Context, known: Credentials | undefined, needs: HttpNeeds): Promise<Response> {
  if (known !== undefined) {
    const failedLogins = known.failedLogins + 1;
    const isLast = failedLogins >= MAX_FAILED_LOGINS;
    const standing = isLast
      ? { failedLogins: 0, lockedUntil: needs.now() + LOCK_MS }
      : { failedLogins, lockedUntil: 0 };
    await needs.accounts.noteLogin(known.account.clientId, known.account.id, standing);
  }
  return problem(context, {
    status: 401,
    title: 'That did not work',
    detail: 'The address or the password is not right.',
    fix: 'Check both. The password is the one for this emergency mailbox; your administrator can set a new one.',
  });
}

function locked(context: Context, ms: number): Response {
  context.header('Retry-After', String(Math.ceil(ms / 1000)));
  return problem(context, {
    status: 429,
    title: 'Too many tries',
    detail: `After ${MAX_FAILED_LOGINS} wrong passwords this account waits for ${Math.ceil(ms / 60_000)} min.`,
    fix: 'Wait, or ask your administrator to set a new password: that unlocks it at once.',
  });
}

async function open(context: Context, account: Account, needs: HttpNeeds): Promise<void> {
  const token = crypto.getRandomValues(Buffer.alloc(32)).toString('base64url');
  const now = needs.now();
  await needs.accounts.openSession(account, await sha256(token), { now, expiresAt: now + SESSION_MS });
  setCookie(context, COOKIE, token, {
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
