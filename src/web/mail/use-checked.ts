/** Sending only what can be sent: the first press of Send finds what is wrong, and puts the focus there. */
import { useState } from 'react';
import { checkDraft, type DraftFault } from './check-draft.ts';
import type { StoredDraft } from './drafts.ts';

type Checked = {
  readonly submit: () => void;
  readonly faults: readonly DraftFault[];
  /** an empty subject is asked about once, then respected */
  readonly askedForSubject: boolean;
};

export function useChecked(draft: StoredDraft, submit: (draft: StoredDraft) => void): Checked {
  const [tried, setTried] = useState(false);
  const [askedForSubject, setAsked] = useState(false);
  const noSubject = draft.subject.trim() === '';
  const faults = checkDraft(draft);
  const attempt = (): void => {
    setTried(true);
    const [first] = faults;
    if (first !== undefined) document.getElementById(first.field)?.focus();
    else if (noSubject && !askedForSubject) setAsked(true);
    else submit(draft);
  };
  return {
    submit: attempt,
    faults: tried ? faults : [],
    askedForSubject: askedForSubject && noSubject && faults.length === 0,
  };
}
