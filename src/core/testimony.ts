/** The evidence that opened or closed an outage, in lines a mail admin understands: what the server said, how often, since when. Pure. */
import type { History } from './history.ts';

// The kinds of answer that decide a case are few; what is left is counted.
const MAX_LINES = 6;

/** For the opening: the gateway's own words, most frequent first. */
export function testimonyAgainst(history: History, at: number): readonly string[] {
  const { run } = history.tally;
  const counts = new Map<string, number>();
  const since = run?.firstAt ?? 0;
  const deferrals = history.deferrals.filter((deferral) => deferral.at >= since);
  for (const { what } of deferrals) counts.set(what, (counts.get(what) ?? 0) + 1);
  const lines = [...counts].sort(([, one], [, other]) => other - one).map(([what, count]) => `${count} × ${what}`);
  const rest = lines.length - MAX_LINES;
  return [
    ...(run === undefined
      ? []
      : [`${plural(run.failures, 'failure')} in ${seconds(at - run.firstAt)}${successes(run.successes)}`]),
    ...lines.slice(0, MAX_LINES),
    ...(rest > 0 ? [`and ${plural(rest, 'other answer')}`] : []),
    lastSuccess(history, since),
  ];
}

function successes(count: number): string {
  return count === 0 ? ', no success in between' : `, ${plural(count, 'success', 'successes')} in between`;
}

function lastSuccess({ aliveAt }: History, firstFailureAt: number): string {
  if (aliveAt === undefined) return 'no success is on record before it';
  const beforeMs = firstFailureAt - aliveAt;
  return beforeMs >= 0
    ? `the last success was ${seconds(beforeMs)} before the first failure`
    : 'the server also took mail in this time';
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function seconds(ms: number): string {
  return ms < 600_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
