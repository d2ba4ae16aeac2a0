/** One message in quarantine, open: looked at safely, and let out where its reader may. */
import { Button } from '@cloudflare/kumo/components/button';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { InfoIcon } from '@phosphor-icons/react';
import { type ReactElement, useEffect, useRef } from 'react';
import { fullTime } from '../shared/format.ts';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { QuarantinePreview } from '../shared/quarantine-preview.tsx';
import type { QuarantinedContent } from '../shared/quarantine-shapes.ts';
import { senderWords, subjectWords, whyWords } from '../shared/quarantine-words.ts';
import { go } from '../shared/router.ts';
import { useTitle } from '../shared/use-title.ts';
import type { Me } from './api.ts';
import { PaneTop } from './message-tools.tsx';
import { PaneWaiting } from './pane-waiting.tsx';
import { ownPreviewPaths } from './quarantine-api.ts';
import { useOwnQuarantined, useReleaseOwn } from './quarantine-queries.ts';
import { notYoursWords, releasedWords } from './quarantine-words.ts';
import { formatRoute } from './route.ts';

const BACK = formatRoute({ kind: 'quarantine' });

export function QuarantinePane({ me, id }: { readonly me: Me; readonly id: string }): ReactElement {
  const { data: message, error, refetch } = useOwnQuarantined(id);
  if (message !== undefined) return <Opened me={me} message={message} />;
  return <PaneWaiting error={error} onRetry={() => void refetch()} backTo={BACK} />;
}

type OpenedProps = { readonly me: Me; readonly message: QuarantinedContent };

function Opened({ me, message }: OpenedProps): ReactElement {
  useTitle(`Quarantine: ${subjectWords(message.subject)}`);
  const releasing = useReleaseOwn();
  const toasts = useKumoToastManager();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const release = (): void =>
    releasing.mutate(message.id, {
      onSuccess: () => {
        toasts.add({ title: releasedWords(me.mailbox.state) });
        go(BACK);
      },
    });
  return (
    <>
      <PaneTop backTo={BACK}>
        {message.mayRelease ? (
          <Button variant="primary" loading={releasing.isPending} onClick={release} className="min-h-11 md:min-h-9">
            Let it out
          </Button>
        ) : (
          <p className="flex min-w-0 items-start gap-2 text-kumo-subtle max-lg:order-last max-lg:w-full lg:flex-1">
            <InfoIcon size={18} aria-hidden className="mt-0.5 shrink-0" />
            {notYoursWords(me.quarantine.users)}
          </p>
        )}
      </PaneTop>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <article className="mx-auto flex min-h-full w-full max-w-4xl flex-col gap-4 px-4 py-5 sm:px-6">
          <header>
            <h2
              ref={heading}
              tabIndex={-1}
              className="text-xl font-semibold tracking-tight text-balance break-words outline-none"
            >
              {subjectWords(message.subject)}
            </h2>
            <p className="mt-2 break-words">
              <span className="sr-only">From </span>
              {senderWords(message)}
            </p>
            <p className="text-sm break-words text-kumo-subtle">
              To {message.recipient} ·{' '}
              <time dateTime={new Date(message.receivedAtMs).toISOString()}>{fullTime(message.receivedAtMs)}</time>
            </p>
            <p className="mt-1 break-words">{whyWords(message)}</p>
          </header>
          <ProblemBelow error={releasing.error} />
          <QuarantinePreview message={message} paths={ownPreviewPaths(message)} />
        </article>
      </div>
    </>
  );
}
