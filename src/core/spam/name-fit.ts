/** Whether an address may be that of the name beside it: people and companies have addresses that are made of their names. */
import { chosenName, localPartOf } from './domains.ts';
import { plainLetters } from './plain-letters.ts';

const MAX_NAME = 100;
// So much of a word is enough: addresses shorten.
const MAX_COMPARED = 6;
const WORDS = /[a-z]{2,}/g;
const NOT_LETTERS = /[^a-z]/g;
const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe', æ: 'ae', ß: 'ss' };

/** Also where there is nothing to compare: no name, or one in other letters than addresses have. */
export function fitsAddress(name: string, address: string): boolean {
  const shown = name.slice(0, MAX_NAME).toLowerCase();
  const plain = wordsOf(shown);
  const words = [...plain, ...wordsOf(shown.replace(/[äöüåøæß]/g, (letter) => WRITTEN_OUT[letter] ?? letter))];
  const long = words.filter(({ length }) => length >= 3);
  if (long.length === 0) return true;
  const letters = address.toLowerCase().replace(/[^a-z0-9]/g, '');
  return long.some((word) => letters.includes(word.slice(0, MAX_COMPARED))) || hasInitials(plain, address);
}

function wordsOf(name: string): readonly string[] {
  return plainLetters(name).match(WORDS) ?? [];
}

function hasInitials(words: readonly string[], address: string): boolean {
  const initials = words.map((word) => word.charAt(0)).join('');
  return (
    initials.length >= 2 &&
    [localPartOf(address), chosenName(address.slice(address.lastIndexOf('@') + 1))].some((part) =>
      part.toLowerCase().replace(NOT_LETTERS, '').startsWith(initials),
    )
  );
}
