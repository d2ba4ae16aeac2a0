/** What the rules were, who changed them and when; and the way back. */
import { Button } from '@cloudflare/kumo/components/button';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { counted } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import { Moment } from '../shared/moment.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { fetchVersion, fetchVersions, type RuleVersion, restoreVersion } from './filter-api.ts';
import { useChange } from './queries.ts';

type RuleVersionsCardProps = { readonly id: string; readonly newest: number };

export function RuleVersionsCard({ id, newest }: RuleVersionsCardProps): ReactElement {
  const versions = useInfiniteQuery({
    queryKey: ['client', id, 'rule-versions'],
    queryFn: async ({ pageParam, signal }) => fetchVersions(id, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.versions),
  });
  return (
    <Card title="Versions of your rules" intro="Every change is one. Going back is a new version, so nothing is lost.">
      <Loaded query={versions} what="Opening the versions…">
        {(found) => (
          <ul className="divide-y divide-kumo-hairline">
            {found.map((version) => (
              <VersionRow key={version.number} id={id} version={version} newest={newest} />
            ))}
          </ul>
        )}
      </Loaded>
      {versions.hasNextPage ? (
        <div className="mt-3">
          <Button loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
            Older ones
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

type VersionRowProps = RuleVersionsCardProps & { readonly version: RuleVersion };

function VersionRow({ id, version, newest }: VersionRowProps): ReactElement {
  const { number, atMs, by, note, count } = version;
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="break-words">
            <span className="font-semibold">Version {number}</span>
            {number === newest ? ' (in effect)' : ''}
            {note === '' ? '' : `: ${note}`}
          </p>
          <p className="break-words text-kumo-subtle">
            {atMs === null ? null : <Moment atMs={atMs} />} {by === null ? '' : `by ${by}`}, {counted(count, 'rule')}
          </p>
        </div>
        <Button onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {isOpen ? 'Close' : 'Look'}
          <span className="sr-only"> at version {number}</span>
        </Button>
      </div>
      {isOpen ? <Sentences id={id} number={number} newest={newest} /> : null}
    </li>
  );
}

type SentencesProps = RuleVersionsCardProps & { readonly number: number };

function Sentences({ id, number, newest }: SentencesProps): ReactElement {
  const version = useQuery({
    queryKey: ['client', id, 'rule-version', number],
    queryFn: async ({ signal }) => fetchVersion(id, number, signal),
  });
  const restoring = useChange(id, restoreVersion);
  const toasts = useKumoToastManager();
  const restore = (): void =>
    restoring.mutate(
      { number, basedOn: newest },
      { onSuccess: () => toasts.add({ title: `Version ${number} is in effect again.` }) },
    );
  return (
    <Loaded query={version} what="Opening the version…">
      {({ rules, words }) => (
        <div className="mt-2 rounded-lg bg-kumo-recessed px-4 py-3 text-kumo-default">
          {rules.length === 0 ? (
            <p>No rules.</p>
          ) : (
            <ol className="list-decimal pl-5">
              {rules.map((rule, index) => (
                <li key={rule.id} className="break-words">
                  {rule.isOn ? '' : 'Off: '}
                  {words[index]}
                </li>
              ))}
            </ol>
          )}
          {number === newest ? null : (
            <div className="mt-3">
              <Button loading={restoring.isPending} onClick={restore}>
                Let these hold again
              </Button>
            </div>
          )}
          <ProblemBelow error={restoring.error} />
        </div>
      )}
    </Loaded>
  );
}
