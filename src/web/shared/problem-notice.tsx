/** A failure, with what it means and what to do. Never a dead end: there is always a way on. */
import { Button } from '@cloudflare/kumo/components/button';
import { WarningCircleIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { Notice } from './notice.tsx';
import { problemOf } from './problem.ts';

type ProblemNoticeProps = { readonly error: unknown; readonly onRetry?: () => void };

export function ProblemNotice({ error, onRetry }: ProblemNoticeProps): ReactElement {
  const { title, detail, fix } = problemOf(error);
  const action = onRetry === undefined ? {} : { action: <Button onClick={onRetry}>Try again</Button> };
  return (
    <Notice tone="trouble" icon={WarningCircleIcon} title={title} role="alert" {...action}>
      <p>{detail}</p>
      {fix === undefined ? null : <p className="mt-1">{fix}</p>}
    </Notice>
  );
}
