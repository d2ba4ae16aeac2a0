/**
 * National identity numbers that can be told from other numbers by their own check: letters in known places, a date within, a remainder.
 * Bare digits with a weak check (NL, PL) count only behind a word that names them. Countries whose numbers have no check (US) are left out.
 */
import { luhn } from './card-numbers.ts';
import { mod97 } from './iban.ts';

type NationalId = {
  readonly country: string;
  /** bounded and without choices that overlap, so that a search is linear */
  readonly form: RegExp;
  /** `bare`: without spaces, dots and hyphens, in upper case */
  readonly isRight: (bare: string, written: string) => boolean;
  /** must stand shortly before */
  readonly named?: RegExp;
};

const CONTROL_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const FINNISH_CONTROLS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

const NATIONAL_IDS: readonly NationalId[] = [
  {
    country: 'ES',
    form: /(?<![\p{L}\p{N}])(?:\d{8}|[XYZ][- ]?\d{7})[- ]?[A-HJ-NP-TV-Z](?![\p{L}\p{N}])/giu,
    isRight: (bare) =>
      CONTROL_LETTERS[Number(bare.slice(0, -1).replace(/^[XYZ]/, (letter) => `${'XYZ'.indexOf(letter)}`)) % 23] ===
      bare.at(-1),
  },
  {
    country: 'IT',
    form: /(?<![\p{L}\p{N}])[A-Z]{6}[\dL-NP-V]{2}[A-EHLMPRST][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}[A-Z](?![\p{L}\p{N}])/giu,
    isRight: isCodiceFiscale,
  },
  { country: 'NL', form: bareDigits(9), isRight: isBsn, named: /\b(?:bsn|burgerservicenummer|sofi)/i },
  { country: 'PL', form: bareDigits(11), isRight: isPesel, named: /\bpesel/i },
  {
    country: 'SE',
    form: /(?<![\p{L}\p{N}-])(?:(?:19|20)\d{6}[-+]?|\d{6}[-+])\d{4}(?![\p{L}\p{N}-])/gu,
    isRight: (bare) => isDay(bare.slice(-8, -6), bare.slice(-6, -4)) && luhn(bare.slice(-10)) === 0,
  },
  {
    country: 'FR',
    form: /(?<![\p{L}\p{N}])[1278] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\p{L}\p{N}])/giu,
    isRight: isNir,
  },
  {
    country: 'FI',
    form: /(?<![\p{L}\p{N}])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![\p{L}\p{N}])/giu,
    isRight: (_, written) =>
      FINNISH_CONTROLS[Number(written.slice(0, 6) + written.slice(7, 10)) % 31] === written.at(-1)?.toUpperCase(),
  },
  { country: 'NO', form: /(?<![\p{L}\p{N}])\d{6} ?\d{5}(?![\p{L}\p{N}])/gu, isRight: isFodselsnummer },
  {
    country: 'BE',
    form: /(?<![\p{L}\p{N}])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\p{L}\p{N}])/gu,
    isRight: (bare) =>
      ['', '2'].some((century) => 97 - (Number(century + bare.slice(0, 9)) % 97) === Number(bare.slice(9))),
  },
];

// "BSN: 111222333", "PESEL-nummer van mevrouw …"
const NAMED_WITHIN = 40;

export function nationalIds(text: string): readonly string[] {
  return NATIONAL_IDS.flatMap(({ country, form, isRight, named }) =>
    Array.from(text.matchAll(form)).flatMap(({ 0: written, index }) => {
      if (named !== undefined && !named.test(text.slice(Math.max(0, index - NAMED_WITHIN), index))) return [];
      const bare = written.replace(/[\s.+-]/g, '').toUpperCase();
      return isRight(bare, written) ? [`${country} ${bare}`] : [];
    }),
  );
}

function bareDigits(length: number): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])\\d{${length}}(?![\\p{L}\\p{N}])`, 'gu');
}

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}

function isDay(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}

function isBsn(bare: string): boolean {
  return weighted(bare, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(bare) > 0;
}

function isPesel(bare: string): boolean {
  const month = `${Number(bare.slice(2, 4)) % 20}`;
  return isDay(month, bare.slice(4, 6)) && weighted(bare, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Corsica's 2A and 2B count as 19 and 18. */
function isNir(bare: string): boolean {
  const digits = bare.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - mod97(digits) === Number(bare.slice(13));
}

function isFodselsnummer(bare: string): boolean {
  return (
    isDay(`${Number(bare.slice(2, 4)) % 40}`, `${Number(bare.slice(0, 2)) % 40}`) &&
    weighted(bare, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(bare, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

// Decree of 23 December 1976: what a character counts in odd places.
const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isCodiceFiscale(bare: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const value = Number.parseInt(bare[index] ?? '', 36);
    const place = value > 9 ? value - 10 : value;
    sum += index % 2 === 0 ? (ODD_VALUES[place] ?? 0) : place;
  }
  return String.fromCharCode(0x41 + (sum % 26)) === bare[15];
}
