/** A failure, with what it means and what to do. Never a dead end: there is always a way on. */
import { Button } from '@cloudflare/kumo/components/button';
import { WarningCircleIcon } from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';
import { Notice } from './notice.tsx';
import { problemOf } from './problem.ts';

type ProblemNoticeProps = {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** another way on, a link: the only one when trying again cannot help (404) */
  readonly way?: ReactNode;
};

export function ProblemNotice({ error, onRetry, way }: ProblemNoticeProps): ReactElement {
  const { title, detail, fix, status } = problemOf(error);
  const retry =
    onRetry === undefined || status === 404 ? null : (
      <Button key="retry" onClick={onRetry}>
        Try again
      </Button>
    );
  const action = retry === null && way === undefined ? {} : { action: [retry, way] };
  return (
    <Notice tone="trouble" icon={WarningCircleIcon} title={title} role="alert" {...action}>
      <p>{detail}</p>
      {fix === undefined ? null : <p className="mt-1">{fix}</p>}
    </Notice>
  );
}
