/** A pane whose message is on its way, or does not come. */
import { LinkButton } from '@cloudflare/kumo/components/button';
import type { ReactElement } from 'react';
import { Opening } from '../shared/opening.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { PaneTop } from './message-tools.tsx';

type PaneWaitingProps = { readonly error: unknown; readonly onRetry: () => void; readonly backTo: string };

export function PaneWaiting({ error, onRetry, backTo }: PaneWaitingProps): ReactElement {
  const way = (
    <LinkButton key="way" href={backTo} variant="secondary">
      Back to the messages
    </LinkButton>
  );
  return (
    <>
      <PaneTop backTo={backTo} />
      {error === null ? (
        <Opening what="Opening the message…" />
      ) : (
        <div className="mx-auto w-full max-w-xl p-5">
          <ProblemNotice error={error} onRetry={onRetry} way={way} />
        </div>
      )}
    </>
  );
}
