/** How a fresh look at the newest messages joins the list a person is scrolling in. Pure. */
import type { Listing, Summary } from './api.ts';

/**
 * `fresh` is the newest page just fetched; `known` is what is on the screen, perhaps many pages.
 * Within its span the fresh page is the truth; below it the known rows stay, so that nothing jumps.
 * When the two do not touch (a whole page of new mail came), the fresh page starts the list anew: a gap would hide messages.
 */
export function mergeListing(known: Listing | undefined, fresh: Listing): Listing {
  if (known === undefined || fresh.next === null) return fresh;
  const positions = new Map(known.messages.map((message, index) => [message.id, index]));
  const seam = fresh.messages.findLast((message) => positions.has(message.id));
  const position = seam === undefined ? undefined : positions.get(seam.id);
  if (position === undefined) return fresh;
  const present = new Set(fresh.messages.map((message) => message.id));
  const older = known.messages.slice(position + 1).filter((message) => !present.has(message.id));
  return older.length === 0 ? fresh : { messages: [...fresh.messages, ...older], next: known.next };
}

export function appendListing(known: Listing, older: Listing): Listing {
  const present = new Set(known.messages.map((message) => message.id));
  return {
    messages: [...known.messages, ...older.messages.filter((message) => !present.has(message.id))],
    next: older.next,
  };
}

/** What the fresh look brought that was not known, newest first; nothing on the very first look. */
export function newcomers(known: Listing | undefined, fresh: Listing): readonly Summary[] {
  if (known === undefined) return [];
  const newest = known.messages[0]?.receivedAtMs ?? 0;
  const present = new Set(known.messages.map((message) => message.id));
  return fresh.messages.filter((message) => !present.has(message.id) && message.receivedAtMs >= newest);
}
