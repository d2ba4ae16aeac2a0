/** Whether what is shown is as new as can be. In an emergency people ask this of every screen; so it is always answered. */
import { CheckIcon, WifiSlashIcon } from '@phosphor-icons/react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { clockTime } from './format.ts';

/** `how`: how often it is asked for, for who wonders */
type FreshnessProps = { readonly query: UseQueryResult<unknown>; readonly how: string };

export function Freshness({ query, how }: FreshnessProps): ReactElement | null {
  if (query.isPending) return null;
  if (query.isError) {
    return (
      <p role="status" className="flex items-center gap-1.5 text-sm text-(--bw-trouble-mark)">
        <WifiSlashIcon size={16} aria-hidden />
        {query.data === undefined ? 'No answer' : `No answer since ${clockTime(query.dataUpdatedAt)}`}
        <button
          type="button"
          onClick={() => void query.refetch()}
          className="min-h-6 cursor-pointer font-semibold underline"
        >
          Try now
        </button>
      </p>
    );
  }
  return (
    <p className="flex items-center gap-1.5 text-sm text-kumo-subtle" title={how}>
      <CheckIcon size={15} weight="bold" aria-hidden className="text-(--bw-calm-mark)" />
      Up to date
      <span className="tabular-nums">{clockTime(query.dataUpdatedAt)}</span>
    </p>
  );
}
