/** "Junk" and "Not junk": what a person teaches the filter by a message, and the way to take it back. The message stays where it is. */
import { Button } from '@cloudflare/kumo/components/button';
import { ProhibitIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import type { Judged, Message } from './api.ts';
import { judgedWords } from './judged-words.ts';
import type { useJudge } from './queries.ts';

type Judging = ReturnType<typeof useJudge>;

export function JunkButton({ judging }: { readonly judging: Judging }): ReactElement {
  return (
    <Button
      variant="ghost"
      loading={judging.isPending}
      onClick={() => judging.mutate('spam')}
      icon={<ProhibitIcon size={18} aria-hidden />}
    >
      <span className="sr-only xl:not-sr-only">Junk</span>
    </Button>
  );
}

/** Always there for screen readers, who hear a change of it. */
export function JudgedNotice({ message, judging }: { readonly message: Message; readonly judging: Judging }) {
  const { judged } = message;
  return (
    <>
      <div role="status">
        {judged === null ? null : (
          <Notice tone="plain" icon={ProhibitIcon} action={<Ways judged={judged} judging={judging} />}>
            {judgedWords(judged)}
          </Notice>
        )}
      </div>
      <ProblemBelow error={judging.error} />
    </>
  );
}

function Ways({ judged, judging }: { readonly judged: NonNullable<Judged>; readonly judging: Judging }): ReactElement {
  return (
    <>
      {judged === 'spam' ? (
        <Button size="sm" disabled={judging.isPending} onClick={() => judging.mutate('ham')}>
          Not junk
        </Button>
      ) : null}
      <Button size="sm" disabled={judging.isPending} onClick={() => judging.mutate(null)}>
        Undo
      </Button>
    </>
  );
}
