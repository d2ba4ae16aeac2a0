/** The form in which people write. */
import { Button } from '@cloudflare/kumo/components/button';
import { InfoIcon, PaperPlaneTiltIcon } from '@phosphor-icons/react';
import { type KeyboardEvent, type ReactElement, useCallback } from 'react';
import { flushSync } from 'react-dom';
import { CopyButton } from '../shared/copy-button.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { navigate } from '../shared/router.ts';
import type { Draft } from './answer.ts';
import type { Me } from './api.ts';
import type { DraftFault } from './check-draft.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { stateWords } from './mailbox-state.ts';
import { PaneTop } from './message-tools.tsx';
import { RecipientFields } from './recipient-fields.tsx';
import { type Answer, composeTitle } from './route.ts';
import { useChecked } from './use-checked.ts';
import { type DraftInHand, useDraft } from './use-draft.ts';
import { useLeaving } from './use-leaving.ts';
import { useSending } from './use-sending.ts';

type ComposeFormProps = {
  readonly me: Me;
  readonly answer: Answer | undefined;
  readonly start: Draft;
  readonly backTo: string;
};

export function ComposeForm({ me, answer, start, backTo }: ComposeFormProps): ReactElement {
  const hand = useDraft({ account: me.address, answer }, start);
  const leaving = useLeaving(hand);
  const sending = useSending({ answer, onSent: leaving.settle, backTo });
  const check = useChecked(hand.draft, sending.submit);
  const { writingClosed } = stateWords(me, Date.now());
  return (
    <form
      aria-label={composeTitle(answer)}
      className="flex min-h-0 flex-1 flex-col"
      noValidate
      onKeyDown={onlyOnPurpose}
      onSubmit={(event) => {
        event.preventDefault();
        if (writingClosed === undefined && !sending.pending) check.submit();
      }}
    >
      <PaneTop backTo={backTo}>
        <h2 className="text-lg font-semibold tracking-tight">{composeTitle(answer)}</h2>
        <div className="ml-auto flex items-center gap-2">
          <Button variant="ghost" className="hidden md:inline-flex" onClick={() => navigate(backTo)}>
            Close
          </Button>
          {writingClosed === undefined ? <SendButton pending={sending.pending} /> : null}
        </div>
      </PaneTop>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex min-h-full w-full max-w-4xl flex-col gap-3 px-4 py-4 sm:px-6">
          {writingClosed === undefined ? null : <ClosedWhileWriting why={writingClosed} text={hand.draft.text} />}
          {sending.error === null ? null : <ProblemNotice error={sending.error} />}
          {check.askedForSubject ? (
            <Notice tone="plain" icon={InfoIcon} role="alert">
              There is no subject. Add one, or press Send again to send it without.
            </Notice>
          ) : null}
          <Fields hand={hand} faults={check.faults} focus={answer === undefined ? 'to' : 'text'} />
          <p className="text-sm text-kumo-subtle">
            Sent as {me.address}, in plain text. Files cannot be attached yet. A copy of everything you send is kept
            under Sent.
          </p>
        </div>
      </div>
      <LeaveDialog
        open={leaving.target !== undefined}
        onStay={leaving.stay}
        onKeep={leaving.keep}
        onDiscard={leaving.discard}
      />
    </form>
  );
}

/** Enter in a field would send the form; only the button and Ctrl+Enter may. */
function onlyOnPurpose(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  const field = event.target;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    // Leaving an address field makes a recipient of what is typed in it: that has to be so before the form is read.
    if (field instanceof HTMLElement) flushSync(() => field.blur());
    event.currentTarget.requestSubmit();
  } else if (field instanceof HTMLInputElement) event.preventDefault();
}

function SendButton({ pending }: { readonly pending: boolean }): ReactElement {
  return (
    <Button
      type="submit"
      variant="primary"
      loading={pending}
      className="min-h-11 md:min-h-9"
      icon={<PaperPlaneTiltIcon size={18} weight="fill" aria-hidden />}
    >
      {pending ? 'Sending…' : 'Send'}
    </Button>
  );
}

function ClosedWhileWriting({ why, text }: { readonly why: string; readonly text: string }): ReactElement {
  return (
    <Notice
      tone="calm"
      icon={InfoIcon}
      title="This can no longer be sent from here"
      action={<CopyButton text={text} words="Copy the text" />}
    >
      {why} Your text is still here: copy it and send it from there.
    </Notice>
  );
}

type FieldsProps = {
  readonly hand: DraftInHand;
  readonly faults: readonly DraftFault[];
  readonly focus: 'to' | 'text';
};

function Fields({ hand: { draft, change }, faults, focus }: FieldsProps): ReactElement {
  // Above the quotation, where the answer goes.
  const atStart = useCallback(
    (area: HTMLTextAreaElement | null) => {
      if (area === null || focus !== 'text') return;
      area.focus({ preventScroll: true });
      area.setSelectionRange(0, 0);
    },
    [focus],
  );
  return (
    <>
      <div className="flex flex-col rounded-lg border border-kumo-line">
        <RecipientFields draft={draft} faults={faults} onChange={change} focusTo={focus === 'to'} />
        <div className="flex items-center gap-2 px-3">
          <label htmlFor="subject" className="w-14 shrink-0 text-kumo-subtle">
            Subject
          </label>
          <input
            id="subject"
            value={draft.subject}
            onChange={(event) => change({ subject: event.target.value })}
            className="min-h-11 min-w-0 flex-1 bg-transparent font-semibold [--focus-offset:-2px]"
          />
        </div>
      </div>
      <textarea
        ref={atStart}
        aria-label="Message text"
        value={draft.text}
        onChange={(event) => change({ text: event.target.value })}
        className="min-h-64 w-full flex-1 resize-none rounded-lg border border-kumo-line bg-kumo-base p-3 text-[15px] leading-relaxed"
      />
    </>
  );
}
