/** Who changed what, and when. */
import { Button } from '@cloudflare/kumo/components/button';
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { actionWords, detailPairs } from './log-words.ts';
import { useAudit } from './queries.ts';
import type { AuditLine } from './settings-api.ts';

export function AuditSection({ id }: { readonly id: string }): ReactElement {
  const audit = useAudit(id);
  return (
    <Card
      title="Who changed what"
      intro="Newest first. Nothing is ever removed from it; secrets and mail are never in it."
    >
      <Loaded query={audit} what="Opening the log…">
        {(lines) => (
          <ol className="divide-y divide-kumo-hairline">
            {lines.map((line) => (
              <Line key={line.id} line={line} />
            ))}
          </ol>
        )}
      </Loaded>
      {audit.hasNextPage ? (
        <Button className="mt-3" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          Earlier ones
        </Button>
      ) : null}
    </Card>
  );
}

function Line({ line }: { readonly line: AuditLine }): ReactElement {
  const pairs = detailPairs(line.detail);
  return (
    <li className="flex flex-wrap gap-x-4 gap-y-0.5 py-2 first:pt-0">
      <span className="basis-36 text-sm text-kumo-subtle">
        <Moment atMs={line.atMs} look="exact" />
      </span>
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words">
          <span className="font-semibold">{line.actor}</span> {actionWords(line.action)}
        </p>
        {pairs.length === 0 ? null : (
          <dl className="text-sm">
            {pairs.map(([name, value]) => (
              <div key={name} className="break-words">
                <dt className="inline text-kumo-subtle">{name}: </dt>
                <dd className="inline">{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
