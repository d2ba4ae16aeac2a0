/** Characters that are there for filters and not for readers: letters of another alphabet that look like Latin ones, and invisible ones. */

// Cyrillic and Greek letters that nobody tells from Latin ones.
const LOOK_ALIKES = 'аеорсухіѕјһԁԛԝАВЕКМНОРСТХІЅЈԌҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρυικτ';
const LOOK_ALIKE = new RegExp(`[${LOOK_ALIKES}]`, 'g');
const LATIN = 'A-Za-z\\u00c0-\\u024f';
const WORD = new RegExp(`[${LATIN}\\u0370-\\u03ff\\u0400-\\u052f]+`, 'g');
const HAS_LATIN = new RegExp(`[${LATIN}]`);
// Joiners have their work in other scripts and between emoji; between Latin letters they have none.
const INVISIBLE_IN_WORD = new RegExp(
  `(?<=[${LATIN}])[\\u034f\\u180e\\u200b-\\u200d\\u2060-\\u2064\\ufeff]+(?=[${LATIN}])`,
  'g',
);
// A soft hyphen says where a long word may break, which is never after its first letter.
const SHY_AFTER_ONE = new RegExp(`(?<![${LATIN}])[${LATIN}]\\u00ad(?=[${LATIN}])`, 'g');
// "Mathematical" letters: bold and italic to the eye, other words to a filter.
const STYLED = /[\u{1d400}-\u{1d7ff}]/gu;

/** Letters of other alphabets within words of Latin ones; names use it too. */
export function lookAlikesIn(text: string): number {
  if (!hasMatch(LOOK_ALIKE, text)) return 0;
  let count = 0;
  for (const [word] of text.matchAll(WORD)) if (HAS_LATIN.test(word)) count += countOf(LOOK_ALIKE, word);
  return count;
}

export function obfuscatedIn(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whether there is anything to look for
  if (/^[\u0000-\u007f]*$/.test(text)) return 0;
  return lookAlikesIn(text) + lengthOf(INVISIBLE_IN_WORD, text) + countOf(SHY_AFTER_ONE, text) + countOf(STYLED, text);
}

/** As a reader sees it: without what has no width. */
export function withoutInvisible(text: string): string {
  return text.replace(/[\u00ad\u180e\u200b\u2060-\u2064\ufeff]/g, '').replace(INVISIBLE_IN_WORD, '');
}

function hasMatch(pattern: RegExp, text: string): boolean {
  return text.search(pattern) !== -1;
}

function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

function lengthOf(pattern: RegExp, text: string): number {
  return (text.match(pattern) ?? []).reduce((sum, run) => sum + run.length, 0);
}
