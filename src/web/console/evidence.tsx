/** What was heard from the mail server: the ground that a state stands on, in the server's own words. */
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Moment } from '../shared/moment.tsx';
import type { Status } from './api.ts';

// Newest first; more are in the timeline.
const SHOWN = 20;

export function Evidence({ status: { health, outage } }: { readonly status: Status }): ReactElement | null {
  const { deferrals } = health;
  const newest = deferrals.slice(-SHOWN).toReversed();
  const opened = outage?.openedBy ?? [];
  if (newest.length === 0 && opened.length === 0) return null;
  return (
    <Card
      title="What was heard"
      intro="The mail server’s own answers, newest first, and what each weighs: 1 is a failure of the whole server."
    >
      {opened.length === 0 ? null : (
        <>
          <h3 className="font-semibold">This opened the emergency</h3>
          <ul className="mt-1 mb-4 list-disc pl-5">
            {opened.map((line) => (
              <li key={line} className="break-words">
                {line}
              </li>
            ))}
          </ul>
        </>
      )}
      <ol className="divide-y divide-kumo-hairline">
        {newest.map(({ atMs, weight, what }) => (
          <li key={`${atMs} ${what}`} className="flex flex-wrap gap-x-4 py-1.5">
            <Moment atMs={atMs} look="exact" />
            <span className="tabular-nums">weight {weight}</span>
            <span className="min-w-0 flex-1 basis-60 break-words">{what}</span>
          </li>
        ))}
      </ol>
      {deferrals.length > SHOWN ? <p className="mt-2">And {deferrals.length - SHOWN} before.</p> : null}
    </Card>
  );
}
