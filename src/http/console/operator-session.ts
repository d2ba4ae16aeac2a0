/**
 * The operator's session in the console: a cookie that says until when, signed with a key made from the operator's token. Nothing is
 * stored, so it works while D1 does not (P9); a new token ends every session at once.
 */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { timingSafeEqual } from 'hono/utils/buffer';
import type { HttpNeeds } from '../needs.ts';

type SessionNeeds = Pick<HttpNeeds, 'operatorToken' | 'now'>;

const COOKIE = '__Host-breakwater-operator';
// A shift: an operator's session opens every client, so it does not last the night.
const SESSION_MS = 12 * 3_600_000;

export async function openOperatorSession(context: Context, { operatorToken, now }: SessionNeeds): Promise<void> {
  const expiresAt = String(now() + SESSION_MS);
  setCookie(context, COOKIE, `${expiresAt}.${await signature(expiresAt, operatorToken)}`, {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: SESSION_MS / 1000,
  });
}

export async function hasOperatorSession(context: Context, { operatorToken, now }: SessionNeeds): Promise<boolean> {
  const [expiresAt = '', signed = ''] = (getCookie(context, COOKIE) ?? '').split('.', 2);
  if (expiresAt === '' || !(await timingSafeEqual(signed, await signature(expiresAt, operatorToken)))) return false;
  return Number(expiresAt) > now();
}

export function closeOperatorSession(context: Context): void {
  deleteCookie(context, COOKIE, { path: '/', secure: true });
}

/** HMAC-SHA-256 under a key for this purpose alone (HKDF, RFC 5869): what is signed here says nothing about the token. */
async function signature(text: string, operatorToken: string): Promise<string> {
  const bytes = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', bytes.encode(operatorToken), 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes.encode('breakwater console session 1') },
    secret,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
  return Buffer.from(await crypto.subtle.sign('HMAC', key, bytes.encode(text))).toString('base64url');
}
