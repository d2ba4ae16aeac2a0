/** The one emitter of log lines: a line of JSON per event, errors where the platform counts them. */
import type { LogEvent } from '../core/event.ts';

export function log(event: LogEvent): void {
  const line = JSON.stringify(event);
  if (event.kind === 'trouble') console.error(line);
  else console.log(line);
}
