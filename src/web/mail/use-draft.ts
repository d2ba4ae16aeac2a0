/** The draft on the screen, kept in drafts.ts with every change. */
import { useState } from 'react';
import type { Draft } from './answer.ts';
import { type DraftPlace, dropDraft, keepDraft, newDraft, readDraft, type StoredDraft } from './drafts.ts';

export type DraftInHand = {
  readonly draft: StoredDraft;
  /** something was written that would be missed */
  readonly dirty: boolean;
  readonly change: (part: Partial<Draft>) => void;
  readonly drop: () => void;
};

export function useDraft(place: DraftPlace, start: Draft): DraftInHand {
  const [beginning] = useState(start);
  const [draft, setDraft] = useState<StoredDraft>(() => readDraft(place) ?? newDraft(start));
  const dirty = !sameDraft(draft, beginning);
  const change = (part: Partial<Draft>): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (sameDraft(next, beginning)) dropDraft(place);
    else keepDraft(place, next);
  };
  return { draft, dirty, change, drop: () => dropDraft(place) };
}

function sameDraft(one: Draft, other: Draft): boolean {
  const written = (draft: Draft): string => JSON.stringify([draft.to, draft.cc, draft.bcc, draft.subject, draft.text]);
  return written(one) === written(other);
}
