/**
 * Words as a reader sees them: what is done to letters so that a filter does not recognise a word (invisible characters, letters of
 * other alphabets that look alike, accents piled up, letters spaced out) is undone before words are compared.
 */

// Zero-width and filling characters: they show nothing. Soft hyphens as well.
const INVISIBLE =
  /\u034f|\u17b4|\u17b5|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]/g;
const MARKS = /\p{M}+/gu;
const NOT_ASCII = /[^\0-\x7f]/;
const WORD = /\p{L}{2,}/gu;
const LATIN = /[a-z]/;
const DRAWN_ALIKE = /[\u0370-\u058f]/;
// Four or more: "a b c" is a list, "v i a g r a" is a word.
const SPACED_LETTERS = /(?<![\p{L}\p{N}])(?:\p{L}[ .*_|-]){3,}\p{L}(?![\p{L}\p{N}])/gu;
const SPACING = /[ .*_|-]/g;

/** Greek, Cyrillic and Armenian small letters that are drawn like Latin ones (Unicode TR 39, the ones met in mail). */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    α: 'a',
    в: 'b',
    β: 'b',
    с: 'c',
    ϲ: 'c',
    ԁ: 'd',
    е: 'e',
    ε: 'e',
    һ: 'h',
    н: 'h',
    і: 'i',
    ι: 'i',
    ї: 'i',
    ј: 'j',
    к: 'k',
    κ: 'k',
    ӏ: 'l',
    м: 'm',
    п: 'n',
    η: 'n',
    о: 'o',
    ο: 'o',
    օ: 'o',
    р: 'p',
    ρ: 'p',
    ԛ: 'q',
    г: 'r',
    ѕ: 's',
    т: 't',
    τ: 't',
    υ: 'u',
    ս: 'u',
    ν: 'v',
    ѵ: 'v',
    ԝ: 'w',
    ω: 'w',
    х: 'x',
    χ: 'x',
    у: 'y',
    γ: 'y',
    ʏ: 'y',
  }),
);

// Ligatures stand for two or three letters, and there is one that stands for eighteen.
const MOST_OF_ONE = 3;

/** Lower case, without accents, without tricks. */
export function plainLetters(text: string): string {
  const lower = text.toLowerCase();
  const plain = NOT_ASCII.test(lower) ? unmask(lower) : lower;
  return plain.replace(SPACED_LETTERS, (spaced) => spaced.replace(SPACING, ''));
}

function unmask(lower: string): string {
  return (
    lower
      .replace(INVISIBLE, '')
      // Before as well: a hundred thousand marks on one letter would have to be brought into their order.
      .replace(MARKS, '')
      .normalize('NFKD')
      .replace(MARKS, '')
      .slice(0, MOST_OF_ONE * lower.length)
      .toLowerCase()
      .replace(WORD, unmaskWord)
  );
}

/** Looked into word by word: a pattern that looks ahead for both kinds of letters does so from every letter, which is quadratic. */
function unmaskWord(word: string): string {
  if (!LATIN.test(word) || !DRAWN_ALIKE.test(word)) return word;
  return Array.from(word, (letter) => LOOK_ALIKES.get(letter) ?? letter).join('');
}
