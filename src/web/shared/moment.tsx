/** A moment as this reader's clock has it, with the servers' own time (UTC) on hover and for screen readers of the code. */
import type { ReactElement } from 'react';
import { exactTime, sinceTime, utcTime } from './format.ts';

/** `exact`: to the second */
export function Moment({
  atMs,
  look = 'short',
}: {
  readonly atMs: number;
  readonly look?: 'short' | 'exact';
}): ReactElement {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={utcTime(atMs)} className="whitespace-nowrap tabular-nums">
      {look === 'exact' ? exactTime(atMs) : sinceTime(atMs, Date.now())}
    </time>
  );
}
