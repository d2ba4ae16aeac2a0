/** The outages with their reports: every message accounted for, in one line each. */
import { CheckCircleIcon, WarningCircleIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { counted, span } from '../shared/format.ts';
import { Moment } from '../shared/moment.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import type { Outage } from './api.ts';
import { useOutages } from './queries.ts';

export function Outages({ id }: { readonly id: string }): ReactElement | null {
  const outages = useOutages(id);
  if (outages.data === undefined)
    return outages.isError ? <ProblemNotice error={outages.error} onRetry={() => void outages.refetch()} /> : null;
  if (outages.data.length === 0) return null;
  return (
    <Card title="Outages">
      <ul className="divide-y divide-kumo-hairline">
        {outages.data.map((outage) => (
          <Report key={outage.id} outage={outage} />
        ))}
      </ul>
    </Card>
  );
}

function Report({ outage }: { readonly outage: Outage }): ReactElement {
  const { detectedAtMs, repairedAtMs, closedAtMs, addsUp, missing, unexplained } = outage;
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <p className="font-semibold break-words">{headline(outage)}</p>
      <p>
        <Moment atMs={detectedAtMs} />{' '}
        {repairedAtMs === null ? 'and still going on' : `for ${span(repairedAtMs - detectedAtMs)}`}
        {repairedAtMs !== null && closedAtMs === null ? '; mail is being given back' : ''}
      </p>
      <p>{accounted(outage)}</p>
      <p className="flex items-center gap-1.5">
        {addsUp ? (
          <CheckCircleIcon size={18} aria-hidden className="shrink-0 text-(--bw-calm-mark)" />
        ) : (
          <WarningCircleIcon size={18} aria-hidden className="shrink-0 text-(--bw-trouble-mark)" />
        )}
        {addsUp
          ? 'Every message is accounted for.'
          : `${missing} missing, ${unexplained} unexplained: tell the operator.`}
      </p>
    </li>
  );
}

function headline({ kind, cause }: Outage): string {
  return kind === 'threshold' ? `Found by itself: ${cause}` : `${cause.charAt(0).toUpperCase()}${cause.slice(1)}`;
}

/** P5 in a sentence; what is nought is left out. */
function accounted({ received, replayed, waiting, held, quarantined, rejectedByRule }: Outage): string {
  const parts = [
    [replayed, 'given back'],
    [waiting, 'waiting'],
    [held, 'held for a person'],
    [quarantined, 'in quarantine'],
    [rejectedByRule, 'rejected by your rules'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? 'No mail came.' : `${counted(received, 'message')}: ${told.join(', ')}.`;
}
