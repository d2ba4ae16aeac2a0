/** What has happened: the week at a glance, the outages with their reports, and every line with its evidence. */
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import type { TimelineEvent } from './api.ts';
import { eventLook } from './log-words.ts';
import { MailboxExport } from './mailbox-export.tsx';
import { Outages } from './outages.tsx';
import { useEvents } from './queries.ts';
import { UptimeCard } from './uptime-card.tsx';

export function TimelineSection({ id }: { readonly id: string }): ReactElement {
  const events = useEvents(id);
  return (
    <div className="flex flex-col gap-4">
      <UptimeCard id={id} />
      <Outages id={id} />
      <MailboxExport id={id} />
      <Card
        title="Every line, newest first"
        intro="Times are yours; the servers’ own time (UTC) stands under the pointer."
      >
        <Loaded query={events} what="Opening the timeline…">
          {(lines) => (lines.length === 0 ? <p>Nothing has happened yet.</p> : <Lines lines={lines} />)}
        </Loaded>
      </Card>
    </div>
  );
}

const DOTS = {
  plain: 'bg-(--text-color-kumo-subtle)',
  calm: 'bg-(--bw-calm-mark)',
  emergency: 'bg-(--bw-emergency-mark)',
  trouble: 'bg-(--bw-trouble-mark)',
} as const;

function Lines({ lines }: { readonly lines: readonly TimelineEvent[] }): ReactElement {
  return (
    <ol className="ml-1.5 border-l border-kumo-line">
      {lines.map((line) => (
        <li key={`${line.atMs} ${line.kind} ${line.words}`} className="relative pb-4 pl-5 last:pb-0">
          <span
            aria-hidden="true"
            className={`absolute top-1.5 -left-[5px] size-2.5 rounded-full ${DOTS[eventLook(line.kind).tone]}`}
          />
          <p className="text-sm text-kumo-subtle">
            <Moment atMs={line.atMs} look="exact" />
          </p>
          <p className="font-semibold">{eventLook(line.kind).name}</p>
          <p className="break-words">{line.words}</p>
          {line.evidence.length === 0 ? null : (
            <details className="mt-0.5">
              <summary className="inline-flex min-h-6 cursor-pointer items-center text-kumo-link underline">
                What was heard ({line.evidence.length})
              </summary>
              <ul className="mt-1 rounded-lg bg-kumo-recessed px-3 py-2 font-mono text-[13px] text-kumo-default">
                {line.evidence.map((heard) => (
                  <li key={heard} className="break-words">
                    {heard}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
