/** Numbers that should not leave: found by their own check, told from numbers that only look like them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SensitiveKind, sensitiveNumbers } from '../../../src/core/rules/sensitive.ts';

function count(kind: SensitiveKind, ...texts: readonly string[]): number {
  return sensitiveNumbers(kind, texts).size;
}

// Test numbers that the issuers publish, and examples from the standards.
describe('cards', () => {
  it.each([
    ['Visa', '4111111111111111'],
    ['Visa in groups', 'card 4111 1111 1111 1111, 12/29'],
    ['with the date behind', '4111-1111-1111-1111 12 29'],
    ['Visa, 13 digits', '4222222222222'],
    ['Mastercard', '5555 5555 5555 4444'],
    ['Mastercard, 2 series', '2223003122003222'],
    ['American Express', '3782 822463 10005'],
    ['Discover', '6011111111111117'],
    ['Diners Club', '3056 930902 5904'],
    ['JCB', '3530111333300000'],
    ['UnionPay', '6200000000000005'],
    ['Maestro', '6759649826438453'],
    ['with a narrow space', '4111\u00a01111\u00a01111\u00a01111'],
  ])('%s', (_, text) => {
    expect(count('card', text)).toBe(1);
  });

  it.each([
    ['a wrong sum', '4111111111111112'],
    ['no issuer', '1234567812345670'],
    ['a wrong length', '411111111111116'],
    ['within a longer number', '94111111111111111'],
    ['within a word', 'A4111111111111111'],
    ['a phone number', '+49 30 1234567'],
    ['two spaces', '4111  1111  1111  1111'],
    ['nothing', ''],
  ])('not %s', (_, text) => {
    expect(count('card', text)).toBe(0);
  });

  it('the same number in text and HTML counts once, different ones each', () => {
    expect(count('card', '4111111111111111', '4111 1111 1111 1111')).toBe(1);
    expect(count('card', '4111111111111111 5555555555554444')).toBe(2);
  });
});

describe('IBANs', () => {
  it.each([
    ['GB', 'GB82 WEST 1234 5698 7654 32'],
    ['DE', 'IBAN: DE89370400440532013000.'],
    ['NL, lower case', 'nl91 abna 0417 1643 00'],
    ['NO, the shortest', 'NO93 8601 1117 947'],
    ['MT, letters', 'MT84MALT011000012345MTLCAST001S'],
    ['words behind', 'BE68 5390 0754 7034 bitte'],
  ])('%s', (_, text) => {
    expect(count('iban', text)).toBe(1);
  });

  it.each([
    ['a wrong remainder', 'GB82 WEST 1234 5698 7654 33'],
    ['a country without', 'US82 WEST 1234 5698 7654 32'],
    ['too short', 'DE8937040044053201300'],
    ['longer', 'DE893704004405320130001'],
    ['within a word', 'xDE89370400440532013000'],
  ])('not %s', (_, text) => {
    expect(count('iban', text)).toBe(0);
  });
});

describe('national identity numbers', () => {
  it.each([
    ['ES', '12345678Z'],
    ['ES, foreigner', 'X-1234567-L'],
    ['IT', 'RSSMRA85T10A562S'],
    ['NL, named', 'BSN: 111222333'],
    ['PL, named', 'PESEL 44051401359'],
    ['SE', '811218-9876'],
    ['SE with its century', '198112189876'],
    ['FR', '2 69 05 49 588 157 80'],
    ['FI', '131052-308T'],
    ['NO', '010190 00083'],
    ['BE', '85.07.30-033.28'],
  ])('%s', (_, text) => {
    expect(count('national-id', text)).toBe(1);
  });

  it.each([
    ['ES, another letter', '12345678A'],
    ['IT, another letter', 'RSSMRA85T10A562T'],
    ['NL, not named', '111222333'],
    ['NL, wrong', 'BSN 111222334'],
    ['PL, not named', '44051401359'],
    ['SE, no such month', '811318-9876'],
    ['SE, bare digits', '8112189876'],
    ['FR, another key', '2 69 05 49 588 157 81'],
    ['FI, another control', '131052-308U'],
    ['NO, wrong', '01019000084'],
    ['BE, wrong', '85.07.30-033.29'],
    ['US, which has no check', '123-45-6789'],
  ])('not %s', (_, text) => {
    expect(count('national-id', text)).toBe(0);
  });
});

describe('laws', () => {
  const kinds: readonly SensitiveKind[] = ['card', 'iban', 'national-id'];

  it('whatever the text, the search ends and finds at most what is there', () => {
    const text = fc.array(fc.constantFrom('1', '4', '9', ' ', '-', '.', 'A', 'DE', 'X', '\u00a0', '+', 'BSN '), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(text, fc.constantFrom(...kinds), (pieces, kind) => {
        const given = pieces.join('');
        for (const number of sensitiveNumbers(kind, [given])) {
          const bare = given.toUpperCase().replace(/[\s.+-]/g, '');
          expect(bare).toContain(number.replace(/^[A-Z]{2} /, ''));
        }
      }),
    );
  });

  it.each([
    '1 '.repeat(100_000),
    '4'.repeat(200_000),
    'DE12 '.repeat(40_000),
    '850730-'.repeat(30_000),
    'A'.repeat(200_000),
  ])('a text of 200,000 characters made to be slow is read in a moment (%#)', (text) => {
    const begin = performance.now();
    for (const kind of kinds) count(kind, text);
    expect(performance.now() - begin).toBeLessThan(1_500);
  });
});
