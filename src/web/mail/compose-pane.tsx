/** Writing: finds what the writing starts from, then hands over to the form. */

import { LinkButton } from '@cloudflare/kumo/components/button';
import { InfoIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { Notice } from '../shared/notice.tsx';
import { useTitle } from '../shared/use-title.ts';
import { answerDraft, EMPTY_DRAFT } from './answer.ts';
import type { Me } from './api.ts';
import { ComposeForm } from './compose-form.tsx';
import { readDraft } from './drafts.ts';
import { stateWords } from './mailbox-state.ts';
import { PaneTop } from './message-tools.tsx';
import { PaneWaiting } from './pane-waiting.tsx';
import { useMessage } from './queries.ts';
import { type Answer, composeTitle } from './route.ts';

type ComposePaneProps = { readonly me: Me; readonly answer: Answer | undefined; readonly backTo: string };

export function ComposePane({ me, answer, backTo }: ComposePaneProps): ReactElement {
  useTitle(composeTitle(answer));
  // Decided once: someone who began to write keeps the form, and the text, when writing closes meanwhile.
  const [began] = useState(
    () => me.mailbox.state === 'open' || readDraft({ account: me.address, answer }) !== undefined,
  );
  if (!began) return <WritingClosed me={me} backTo={backTo} />;
  if (answer === undefined) return <ComposeForm me={me} answer={answer} start={EMPTY_DRAFT} backTo={backTo} />;
  return <ComposeAnswer me={me} answer={answer} backTo={backTo} />;
}

function ComposeAnswer({ me, answer, backTo }: ComposePaneProps & { readonly answer: Answer }): ReactElement {
  const { data: message, error, refetch } = useMessage(answer.id);
  if (message !== undefined) {
    return (
      <ComposeForm
        me={me}
        answer={answer}
        start={answerDraft(message, answer.kind, me.address)}
        backTo={`/mail/m/${encodeURIComponent(answer.id)}`}
      />
    );
  }
  return <PaneWaiting error={error} onRetry={() => void refetch()} backTo={backTo} />;
}

function WritingClosed({ me, backTo }: Pick<ComposePaneProps, 'me' | 'backTo'>): ReactElement {
  const { writingClosed } = stateWords(me, Date.now());
  return (
    <>
      <PaneTop backTo={backTo}>
        <h2 className="text-lg font-semibold tracking-tight">Writing is closed here</h2>
      </PaneTop>
      <div className="mx-auto w-full max-w-xl p-5">
        <Notice
          tone="plain"
          icon={InfoIcon}
          action={
            <LinkButton href={backTo} variant="secondary">
              Back to the messages
            </LinkButton>
          }
        >
          {writingClosed ?? 'Writing has opened. Press “Write” to begin.'} Breakwater sends for you only while that
          server cannot.
        </Notice>
      </div>
    </>
  );
}
