/** What a rule would have done with the last messages, and which those are. */
import type { ReactElement } from 'react';
import { Moment } from '../shared/moment.tsx';
import type { Trial } from './filter-api.ts';
import { trialWords, VERDICTS } from './filter-words.ts';

export function TrialOutcome({ trial }: { readonly trial: Trial }): ReactElement {
  return (
    <div role="status" className="rounded-lg bg-kumo-recessed px-4 py-3 text-kumo-default">
      {trialWords(trial).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {trial.examples.length === 0 ? null : (
        <ul className="mt-2 list-disc pl-5">
          {trial.examples.map(({ id, verdict, atMs, from, to }) => (
            <li key={`${verdict} ${id}`} className="break-words">
              {atMs === null ? null : <Moment atMs={atMs} />} from {from} to {to}: {VERDICTS[verdict]}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
