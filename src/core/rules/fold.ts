/** Case does not count in any rule: texts and patterns are folded alike before they are compared. */

/** Lower case; the sigma at the end of a word is the one within it, or `ΟΔΟΣ` would not be found in `ΟΔΟΣΤΡΩΜΑ`. */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}

/** One character for one: those that fold into two (`İ`) stay themselves. */
export function foldedCharacter(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  const folded = fold(character);
  const first = folded.codePointAt(0) ?? codePoint;
  return String.fromCodePoint(first) === folded ? first : codePoint;
}

/** As a reader sees it: line breaks and runs of spaces are one space each. */
export function foldedWords(text: string): string {
  return fold(text).replace(/\s+/g, ' ').trim();
}
