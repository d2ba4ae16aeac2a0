/** The outages with their reports: every message accounted for, in one line each; and all of it as files. */
import { CheckCircleIcon, WarningCircleIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { DownloadLink } from '../shared/download-link.tsx';
import { counted, span } from '../shared/format.ts';
import { Moment } from '../shared/moment.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import type { Outage } from './api.ts';
import { type MailFormat, outageExportPath, outageReportPath } from './export-links.ts';
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
          <Report key={outage.id} id={id} outage={outage} />
        ))}
      </ul>
    </Card>
  );
}

function Report({ id, outage }: { readonly id: string; readonly outage: Outage }): ReactElement {
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
      {outage.received === 0 ? null : <Files id={id} outage={outage} />}
    </li>
  );
}

function Files({ id, outage }: { readonly id: string; readonly outage: Outage }): ReactElement {
  const mail = (format: MailFormat, quarantined: 'yes' | 'no') =>
    outageExportPath(id, { outageId: outage.id, format, quarantined });
  return (
    <details className="mt-1">
      <summary className="inline-flex min-h-6 cursor-pointer items-center text-kumo-link underline">
        Download<span className="sr-only"> the report or the mail of this outage</span>
      </summary>
      <div className="mt-1 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr] sm:items-center">
        <span>Report, a line for each message</span>
        <div className="flex flex-wrap gap-1">
          <DownloadLink href={outageReportPath(id, outage.id, 'csv')}>CSV</DownloadLink>
          <DownloadLink href={outageReportPath(id, outage.id, 'json')}>JSON</DownloadLink>
        </div>
        <span>All its mail</span>
        <div className="flex flex-wrap gap-1">
          <DownloadLink href={mail('mbox', 'no')}>mbox</DownloadLink>
          <DownloadLink href={mail('zip', 'no')}>zip of .eml</DownloadLink>
        </div>
        {outage.quarantined === 0 ? null : (
          <>
            <span>With the quarantine, which may do harm</span>
            <div className="flex flex-wrap gap-1">
              <DownloadLink href={mail('mbox', 'yes')}>mbox with quarantine</DownloadLink>
              <DownloadLink href={mail('zip', 'yes')}>zip with quarantine</DownloadLink>
            </div>
          </>
        )}
      </div>
    </details>
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
