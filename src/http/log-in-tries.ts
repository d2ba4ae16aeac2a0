/** Guessing is slow: ten tries, then five minutes of silence. Counted before anything is compared. */
import type { Context } from 'hono';
import type { LogInDoor } from '../pipeline/stores.ts';
import type { HttpNeeds } from './needs.ts';
import { problem } from './problem.ts';

const MAX_TRIES = 10;
const LOCK_MS = 300_000;

/** How long to wait (ms); 0 when this try is one of the first ten. Tries made at the same time are all counted. */
export async function countTry(door: LogInDoor, key: string, needs: HttpNeeds): Promise<number> {
  const now = needs.now();
  const { tries, until } = await needs.accounts.countTry(door, key, { now, until: now + LOCK_MS, atMost: MAX_TRIES });
  return tries > MAX_TRIES ? until - now : 0;
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
    detail: `After ${MAX_TRIES} tries ${words.who} waits for ${Math.ceil(waitMs / 60_000)} min.`,
    fix: words.fix,
  });
}
