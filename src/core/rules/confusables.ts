/** Letters that look like others, as data (after Unicode TS #39, the part that occurs in names and hosts). */

const LATIN_LIKE: Readonly<Record<string, string>> = {
  // Cyrillic
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  з: '3',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ӏ: 'l',
  ь: 'b',
  г: 'r',
  п: 'n',
  ѵ: 'v',
  ԍ: 'g',
  // Greek
  α: 'a',
  β: 'b',
  γ: 'y',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  μ: 'u',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  // Armenian, and Latin of other kinds
  օ: 'o',
  ո: 'n',
  ս: 'u',
  ց: 'g',
  հ: 'h',
  ա: 'w',
  ı: 'i',
  ɑ: 'a',
  ɡ: 'g',
  ɩ: 'i',
  ʋ: 'v',
  ƅ: 'b',
  ⅼ: 'l',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'p',
  ŋ: 'n',
  ħ: 'h',
};

// What a quick look takes for one letter. Applied to both sides, so it never matters which was meant.
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[1|!]/g, 'l'],
  [/i/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
  [/3/g, 'e'],
  [/8/g, 'b'],
];

// Zero-width and formatting characters: nobody sees them.
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** Lower case, without accents, in Latin letters where others look like them. */
export function plainLetters(text: string): string {
  const bare = text
    .normalize('NFKD')
    .replace(UNSEEN, '')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return Array.from(bare, (character) => LATIN_LIKE[character] ?? character).join('');
}

/** Equal for two words that a quick look takes for the same. */
export function skeleton(word: string): string {
  return SHAPES.reduce((shaped, [shape, letter]) => shaped.replace(shape, letter), plainLetters(word));
}
