/** Tells a screen reader, politely, what has just arrived; the list itself changes silently. */
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { Listing } from './api.ts';
import { newcomers } from './merge-listing.ts';
import { nameOf } from './recipients.ts';

export function NewMailVoice({ listing }: { readonly listing: Listing | undefined }): ReactElement {
  const before = useRef<Listing | undefined>(undefined);
  const [words, setWords] = useState('');
  useEffect(() => {
    if (listing === undefined) return;
    const fresh = newcomers(before.current, listing).filter((message) => message.folder === 'inbox');
    before.current = listing;
    const [first] = fresh;
    if (first === undefined) return;
    setWords(
      fresh.length === 1 ? `New message from ${nameOf(first.from)}: ${first.subject}` : `${fresh.length} new messages`,
    );
  }, [listing]);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
