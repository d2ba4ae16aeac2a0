import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { addRecipients, initials, isAddress, parseRecipients } from '../../src/web/mail/recipients.ts';

describe('recipients are taken as people type and paste them', () => {
  test.each([
    ['anna@harbour.example', [{ name: '', address: 'anna@harbour.example' }]],
    ['  anna@harbour.example , ', [{ name: '', address: 'anna@harbour.example' }]],
    ['Anna Berg <anna@harbour.example>', [{ name: 'Anna Berg', address: 'anna@harbour.example' }]],
    ['"Berg, Anna" <anna@harbour.example>', [{ name: 'Berg, Anna', address: 'anna@harbour.example' }]],
    ['"Anna \\"Quay\\" Berg" <a@b.example>', [{ name: 'Anna "Quay" Berg', address: 'a@b.example' }]],
    [
      'a@b.example; Bo <bo@b.example>\nc@b.example',
      [
        { name: '', address: 'a@b.example' },
        { name: 'Bo', address: 'bo@b.example' },
        { name: '', address: 'c@b.example' },
      ],
    ],
    ['nonsense', [{ name: '', address: 'nonsense' }]],
    ['"never closed', [{ name: '', address: '"never closed' }]],
    [' ,;\n', []],
  ])('%j', (typed, people) => {
    expect(parseRecipients(typed)).toEqual(people);
  });

  it('keeps every address of any list, in order', () => {
    const address = fc.stringMatching(/^[a-z0-9]{1,8}@[a-z]{1,8}\.example$/);
    const separator = fc.constantFrom(',', '; ', '\n', ',,', ' , ');
    fc.assert(
      fc.property(fc.array(fc.tuple(address, separator), { maxLength: 20 }), (list) => {
        const typed = list.map(([text, end]) => text + end).join('');
        expect(parseRecipients(typed).map((person) => person.address)).toEqual(list.map(([text]) => text));
      }),
    );
  });
});

describe('a slip in an address is seen before it is sent', () => {
  test.each([
    ['anna@harbour.example', true],
    ["o'hara+tag@sub.harbour.example", true],
    ['änna@häfen.example', true],
    ['anna', false],
    ['anna@harbour', false],
    ['anna@@harbour.example', false],
    ['anna@harbour..example', false],
    ['anna @harbour.example', false],
    ['@harbour.example', false],
    [`${'a'.repeat(65)}@harbour.example`, false],
    ['a@b.example\r\nBcc: c@d.example', false],
  ])('%j: %s', (text, valid) => {
    expect(isAddress(text)).toBe(valid);
  });
});

it('nobody is added twice, whatever the case of the address', () => {
  const anna = { name: 'Anna', address: 'anna@harbour.example' };
  const present = [anna];
  expect(addRecipients(present, [{ name: '', address: 'ANNA@harbour.example' }])).toBe(present);
  expect(addRecipients([], [anna, anna])).toEqual([anna]);
});

test.each([
  ['Anna Berg', 'anna@harbour.example', 'AB'],
  ['', 'clara.okafor@harbour.example', 'CO'],
  ['', 'info@harbour.example', 'I'],
  ['Müller & Söhne GmbH', 'x@y.example', 'MG'],
  ['渡辺 健二', 'x@y.example', '渡健'],
  ['***', 'x@y.example', '@'],
])('the round sign of %j <%s> is %s', (name, address, letters) => {
  expect(initials({ name, address })).toBe(letters);
});
