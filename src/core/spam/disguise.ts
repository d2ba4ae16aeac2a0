/** Words written so that a filter does not know them: in letters that only look right, or with something invisible between them. */
const STACKED_MARKS = /\p{Script=Latin}\p{M}{2,}|(?:\p{Script=Latin}[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]){4}/u;
const STYLED_LETTERS = /[\u{1d400}-\u{1d7ff}\u{1f110}-\u{1f189}\uff21-\uff3a\uff41-\uff5a]{3}/u;
const MIXED_WORD =
  /\b[a-z]+[\u0391-\u03c9\u0410-\u044f]+|(?<![\u0391-\u03c9\u0410-\u044f])[\u0391-\u03c9\u0410-\u044f]+[a-z]+\b/i;
const INVISIBLE_IN_WORD = /\p{L}(?:[\u00ad\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\ufeff]|\u034f)+\p{L}/u;

export function isDisguised(text: string): boolean {
  return INVISIBLE_IN_WORD.test(text) || STACKED_MARKS.test(text) || STYLED_LETTERS.test(text) || MIXED_WORD.test(text);
}

/** Invisible characters stand in honest long words as well, to say where they may be parted. */
export function hasOddLetters(text: string): boolean {
  return STYLED_LETTERS.test(text) || MIXED_WORD.test(text) || STACKED_MARKS.test(text);
}
