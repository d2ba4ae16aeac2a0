/** What was asked for, or that it is on its way, or why it does not come. What is there already stays while it is asked for again. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Opening } from './opening.tsx';
import { ProblemNotice } from './problem-notice.tsx';

type LoadedProps<T> = {
  readonly query: UseQueryResult<T>;
  /** `Opening the timeline…` */
  readonly what: string;
  readonly children: (found: T) => ReactNode;
};

export function Loaded<T>({ query, what, children }: LoadedProps<T>): ReactElement {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Opening what={what} />;
}
