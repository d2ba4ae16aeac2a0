/** Guessing is slow: ten tries, then five minutes of silence. Counted before anything is compared. */
import type { Context } from 'hono';
import type { LogInDoor } from '../pipeline/stores.ts';
import type { HttpNeeds } from './needs.ts';
import { problem } from './problem.ts';

export const MAX_TRIES = 10;
const LOCK_MS = 300_000;

type Counted = { readonly key: string; readonly atMost: number };

/** How long to wait (ms); 0 when this try is one of the first `atMost`. Tries made at the same time are all counted. */
export async function countTry(door: LogInDoor, { key, atMost }: Counted, needs: HttpNeeds): Promise<number> {
  const now = needs.now();
  const { tries, until } = await needs.accounts.countTry(door, key, { now, until: now + LOCK_MS, atMost });
  return tries > atMost ? until - now : 0;
}

/** Where a request comes from, as one counts: of IPv6 the first 64 bits, for whoever has one such address has them all (RFC 6177). */
export function networkOf(context: Context): string {
  const address = context.req.header('cf-connecting-ip') ?? 'unknown';
  if (!address.includes(':')) return address;
  const [left = '', right] = address.split('::');
  const groups = left === '' ? [] : left.split(':');
  const given = groups.length + (right === undefined || right === '' ? 0 : right.split(':').length);
  const zeros = right === undefined ? [] : Array.from({ length: Math.max(0, 8 - given) }, () => '0');
  const all = [...groups, ...zeros, ...(right ?? '').split(':')];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::`;
}

export function locked(
  context: Context,
  waitMs: number,
  words: { readonly who: string; readonly fix: string },
): Response {
  context.header('Retry-After', String(Math.ceil(waitMs / 1000)));
  return problem(context, {
    status: 429,
    title: 'Too many tries',
    detail: `After too many tries ${words.who} waits for ${Math.ceil(waitMs / 60_000)} min.`,
    fix: words.fix,
  });
}
