/** Card numbers in a text: issuer's range, its length, Luhn's sum (ISO/IEC 7812-1). Groups may be parted by one space or hyphen. */

type Issuer = { readonly starts: RegExp; readonly lengths: readonly number[] };

const BETWEEN_16_AND_19 = [16, 17, 18, 19];
const ISSUERS: readonly Issuer[] = [
  // Visa, Mastercard, American Express
  { starts: /^4/, lengths: [13, 16, 19] },
  { starts: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { starts: /^3[47]/, lengths: [15] },
  // Discover, Diners Club, JCB, UnionPay, Maestro, Mir
  { starts: /^(?:6011|64[4-9]|65)/, lengths: BETWEEN_16_AND_19 },
  { starts: /^(?:30[0-5]|3095|36|3[89])/, lengths: [14, ...BETWEEN_16_AND_19] },
  { starts: /^35(?:2[89]|[3-8])/, lengths: BETWEEN_16_AND_19 },
  { starts: /^62/, lengths: BETWEEN_16_AND_19 },
  { starts: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [12, 13, 14, 15, ...BETWEEN_16_AND_19] },
  { starts: /^220[0-4]/, lengths: BETWEEN_16_AND_19 },
];
const SHORTEST = 12;
const LONGEST = 19;

// Digits in groups, no letter or digit beside them: part numbers and hashes are not cards.
const RUN = /(?<![\p{L}\p{N}])\d+(?:[ \u00a0-]\d+)*(?![\p{L}\p{N}])/gu;

export function cardNumbers(text: string): readonly string[] {
  return Array.from(text.matchAll(RUN)).flatMap(([run]) => withinRun(run.split(/[ \u00a0-]/)));
}

/** A number may stand among others: `4111 1111 1111 1111 12 26`. */
function withinRun(groups: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const length = cardLength(groups, first);
    if (length === 0) continue;
    found.push(groups.slice(first, first + length).join(''));
    first += length - 1;
  }
  return found;
}

/** How many groups from `first` on are a card; 0: none. */
function cardLength(groups: readonly string[], first: number): number {
  let digits = '';
  for (let count = 1; first + count <= groups.length; count += 1) {
    digits += groups[first + count - 1] ?? '';
    if (digits.length > LONGEST) return 0;
    if (digits.length >= SHORTEST && isCard(digits)) return count;
  }
  return 0;
}

function isCard(digits: string): boolean {
  return (
    ISSUERS.some(({ starts, lengths }) => lengths.includes(digits.length) && starts.test(digits)) && luhn(digits) === 0
  );
}

/** Luhn's sum modulo 10: 0 when the number is right. */
export function luhn(digits: string): number {
  let sum = 0;
  for (let fromEnd = 0; fromEnd < digits.length; fromEnd += 1) {
    const digit = Number(digits[digits.length - 1 - fromEnd]);
    const doubled = digit * 2;
    sum += fromEnd % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10;
}
