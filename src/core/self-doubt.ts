/** When many unrelated servers fail in the same minute, the fault is more likely ours than theirs. Pure. */
import type { Health, HealthState, Transition } from './health-state.ts';
import type { ClientId } from './ids.ts';

/** A client's gateway began to fail; `at`: epoch ms. */
export type Trouble = { readonly clientId: ClientId; readonly at: number };

export type SelfDoubt = {
  readonly doubted: boolean;
  /** clients that began to fail within the same minute */
  readonly failing: number;
  readonly known: number;
};

export const SAME_TIME_MS = 60_000;
// Two may share a provider. Three that do not is what a small deployment can still reach.
const LEAST_CLIENTS = 3;
// In a large deployment three a minute is any busy morning; a fifth of all is not.
const LEAST_SHARE = 0.2;
// The same cause, as long as it goes on: people are called once.
const EPISODE_ENDS_AFTER_MS = 600_000;

/** How many began to fail together with the one at `at`: the most in any minute that holds it. */
export function doubtAt(at: number, troubles: readonly Trouble[], known: number): SelfDoubt {
  const near = troubles.filter((trouble) => Math.abs(trouble.at - at) < SAME_TIME_MS);
  const failing = mostInAMinute(
    near.toSorted((one, other) => one.at - other.at),
    at,
  );
  // One that fails and was never counted is known all the same.
  const all = Math.max(known, failing);
  return { doubted: failing >= LEAST_CLIENTS && failing >= LEAST_SHARE * all, failing, known: all };
}

/** `troubles`: oldest first. The minute begins with one of them, `latest` or before. One pass, for all clients may fail at once. */
function mostInAMinute(troubles: readonly Trouble[], latest: number): number {
  const inside = new Map<ClientId, number>();
  let most = 0;
  let end = 0;
  for (const first of troubles) {
    if (first.at > latest) break;
    for (let next = troubles[end]; next !== undefined && next.at - first.at < SAME_TIME_MS; next = troubles[end]) {
      inside.set(next.clientId, (inside.get(next.clientId) ?? 0) + 1);
      end += 1;
    }
    most = Math.max(most, inside.size);
    const left = (inside.get(first.clientId) ?? 0) - 1;
    if (left > 0) inside.set(first.clientId, left);
    else inside.delete(first.clientId);
  }
  return most;
}

export function doubtWords({ failing, known }: SelfDoubt): string {
  return `${failing} of ${known} clients began to fail within the same minute: the fault may be ours`;
}

export type Episode = { readonly since: number; readonly lastAt: number };

/** `new` when nothing was doubted for ten minutes: then people are told. */
export function episodeAfter(before: Episode | undefined, at: number): { kind: 'new' | 'same'; episode: Episode } {
  if (before === undefined || at - before.lastAt >= EPISODE_ENDS_AFTER_MS)
    return { kind: 'new', episode: { since: at, lastAt: at } };
  return { kind: 'same', episode: { since: before.since, lastAt: Math.max(before.lastAt, at) } };
}

/** What a person declares or a plan begins is no sign of anything of ours. */
export function isTrouble({ from, to }: Transition, health: Health): boolean {
  if (from !== 'up' || !FAILING[to]) return false;
  return health.state !== 'down' || health.cause.kind === 'threshold';
}

const FAILING: Readonly<Record<HealthState, boolean>> = {
  up: false,
  suspect: true,
  'tls-broken': true,
  'refused-us': true,
  down: true,
  recovering: false,
};

/** A client's own part in it: it asks at once, so that an alarm is early, and again when the minute is over, so that its evidence is whole. */
export type Asking = Pick<Trouble, 'at'> & { readonly askAt: number; readonly isSaid: boolean };

// Who has had no answer for so long has no use for one.
const GIVE_UP_MS = 600_000;

export function beginAsking(at: number): Asking {
  return { at, askAt: at, isSaid: false };
}

/** undefined: nothing more is asked. `say`: the words for the client's timeline, once. */
export function heardDoubt(
  asking: Asking,
  doubt: SelfDoubt,
): { readonly next: Asking | undefined; readonly say: string | undefined } {
  const say = doubt.doubted && !asking.isSaid ? doubtWords(doubt) : undefined;
  const isLast = asking.askAt > asking.at;
  const next = isLast ? undefined : { ...asking, askAt: asking.at + SAME_TIME_MS, isSaid: doubt.doubted };
  return { next, say };
}

export function isGivenUp({ at }: Asking, now: number): boolean {
  return now - at > GIVE_UP_MS;
}
