/** Finds web addresses in plain text. Only http and https ever become links: a message must not be able to run anything. Pure. */

/** `at`: where in the text the piece begins */
export type TextPiece = { readonly kind: 'text' | 'link'; readonly text: string; readonly at: number };

// Stops before white space and quotes; punctuation that ends a sentence or closes a bracket is not part of an address.
const LINK = /\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/gi;

export function linkify(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index), at: end });
    pieces.push({ kind: 'link', text: match[0], at: match.index });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end), at: end });
  return pieces;
}
