/** The same trouble with every message is one line a minute: a scanner that is away must not fill the log with the day's mail. */
import type { LogEvent } from '../core/event.ts';

const MINUTE_MS = 60_000;
// What is forgotten is logged once more.
const MAX_TOLD = 1_000;

export function sparingLog(log: (event: LogEvent) => void, now: () => number): (event: LogEvent) => void {
  const told = new Map<string, number>();
  return (event) => {
    if (event.kind !== 'filter-trouble') return log(event);
    const key = `${event.clientId} ${event.why}`;
    if (now() - (told.get(key) ?? 0) < MINUTE_MS) return;
    told.delete(key);
    told.set(key, now());
    const [oldest] = told.keys();
    if (told.size > MAX_TOLD && oldest !== undefined) told.delete(oldest);
    log(event);
  };
}
