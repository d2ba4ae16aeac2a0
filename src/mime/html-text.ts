/** The words of an HTML part, for a preview of one line. No sanitiser: its result is shown as text. */
import { readTokens } from './html-tokens.ts';

// Elements that do not separate words.
const INLINE: ReadonlySet<string> = new Set(
  'a abbr b big code em font i ins small span strong sub sup u wbr'.split(' '),
);

export function htmlText(html: string): string {
  const text: string[] = [];
  // What stands in the head is for machines; a body that begins without one ends it.
  let isInHead = false;
  readTokens(html, {
    text: (piece) => {
      if (!isInHead) text.push(piece);
    },
    open: ({ name }) => {
      isInHead = name === 'head' || (isInHead && name !== 'body');
      if (!INLINE.has(name)) text.push(' ');
    },
    close: (name) => {
      if (name === 'head') isInHead = false;
      if (!INLINE.has(name)) text.push(' ');
    },
    comment: () => undefined,
  });
  return text.join('').replace(/[\u00ad\u200c]/g, '');
}
