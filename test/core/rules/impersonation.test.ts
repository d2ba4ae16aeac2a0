/** Names of the client's people and looks of its domains: what is taken for them, and what must not be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKey, nameKeysOf, ownNames } from '../../../src/core/rules/impersonation.ts';
import { lookAlike } from '../../../src/core/rules/look-alike.ts';

describe('a name is the same', () => {
  it.each([
    ['in other case', 'ANN ADAMS'],
    ['the other way round', 'Adams, Ann'],
    ['with accents', 'Ànn Ádams'],
    ['in Cyrillic letters that look like it', 'Аnn Аdаms'],
    ['with what nobody sees', 'Ann\u200b Ad\u00adams'],
    ['with a department', 'Ann Adams (Sales)'],
    ['with an address', 'Ann Adams <ann@firm.example>'],
    ['via a form', 'Ann Adams via Forms'],
    ['with a title', 'Dr. Ann Adams'],
    ['in wide letters', 'Ａｎｎ Ａｄａｍｓ'],
  ])('%s', (_, name) => {
    expect(nameKey(name)).toBe(nameKey('Ann Adams'));
  });

  it.each(['Ann Adamson', 'Anna Adams', 'Ann', 'Ann A.', ''])('but %j is another', (name) => {
    expect(nameKey(name)).not.toBe(nameKey('Ann Adams'));
  });
});

describe('the keys of a plan', () => {
  it('know their people and nobody else', () => {
    const isOwn = ownNames(nameKeysOf(['Ann Adams', 'Bob Brown', '李 小龙']));
    expect(['adams ann', 'BOB BROWN', '小龙 李'].map(isOwn)).toEqual([true, true, true]);
    expect(['Cleo Clark', 'Ann', '', 'Ann Brown'].map(isOwn)).toEqual([false, false, false, false]);
  });

  it('leave out what is one word: every Anna would be theirs', () => {
    expect(nameKeysOf(['Info', 'Anna'])).toBe('');
    expect(ownNames(nameKeysOf(['Anna', 'Ann Adams']))('Anna')).toBe(false);
  });

  it('of a name with all its words taken away say nothing', () => {
    expect(ownNames(nameKeysOf(['(x) (y)']))('<a@b> <c@d>')).toBe(false);
  });

  it('that do not decode have no names', () => {
    expect(ownNames('%%%')('Ann Adams')).toBe(false);
    expect(ownNames('AAA=')('Ann Adams')).toBe(false);
  });

  it('hold whatever names there are', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const isOwn = ownNames(nameKeysOf(names));
        const both = names.map((one) => `${one} Adams`).filter((one) => nameKeysOf([one]) !== '');
        const known = ownNames(nameKeysOf(both));
        expect(both.every(known)).toBe(true);
        expect(typeof isOwn('Ann Adams')).toBe('boolean');
      }),
    );
  });
});

const own = ['northwind.example', 'firm.co.uk', 'abc.example'];

describe('a domain looks like one of the client’s', () => {
  it.each([
    ['rn for m', 'firrn.co.uk', 'firm.co.uk'],
    ['1 for l, 0 for o', 'n0rthw1nd.example', 'northwind.example'],
    ['vv for w', 'northvvind.example', 'northwind.example'],
    ['Cyrillic', 'nоrthwind.example', 'northwind.example'],
    ['Cyrillic as punycode', 'xn--nrthwind-nbh.example', 'northwind.example'],
    ['accents', 'nörthwind.example', 'northwind.example'],
    ['a letter more', 'northwinds.example', 'northwind.example'],
    ['a letter less', 'northwnd.example', 'northwind.example'],
    ['another letter', 'northwing.example', 'northwind.example'],
    ['two letters changed round', 'norhtwind.example', 'northwind.example'],
    ['a word more', 'northwind-invoices.example', 'northwind.example'],
    ['a word before', 'my-northwind.example', 'northwind.example'],
    ['a bait word without a hyphen', 'northwindsupport.example', 'northwind.example'],
    ['a hyphen', 'north-wind.example', 'northwind.example'],
    ['another ending', 'northwind.test', 'northwind.example'],
    ['below somebody else', 'northwind.example.evil.test', 'northwind.example'],
    ['in the middle', 'mail.firm.co.uk.evil.test', 'firm.co.uk'],
    ['with hyphens for dots', 'northwind-example.test', 'northwind.example'],
    ['below a look-alike', 'mail.northwlnd.example', 'northwind.example'],
    ['the same letters of a short name', 'аbc.example', 'abc.example'],
    ['deep below somebody else', 'a.northwind.example.b.test', 'northwind.example'],
  ])('%s: %s', (_, domain, expected) => {
    expect(lookAlike(domain, own)).toBe(expected);
  });

  it.each([
    ['itself', 'northwind.example'],
    ['itself in capitals', 'NORTHWIND.example.'],
    ['below it', 'mail.northwind.example'],
    ['an honest longer name', 'northwindow.example'],
    ['one letter of a short name', 'abd.example'],
    ['a word more to a short name', 'abc-news.example'],
    ['another ending of a short name', 'abc.test'],
    ['somebody else', 'elsewhere.example'],
    ['one shape of a short name', 'a6c.example'],
    ['a country below a short ending', 'firm.co.uk.example'],
    ['a word that only holds its letters', 'crabc-examples.test'],
    ['no domain', ''],
    ['a host without a dot', 'northwind'],
  ])('not %s: %s', (_, domain) => {
    expect(lookAlike(domain, own)).toBeUndefined();
  });

  it('is never one of them, nor below one', () => {
    const below = fc.domain();
    fc.assert(
      fc.property(below, fc.constantFrom(...own), (prefix, domain) => {
        expect(lookAlike(`${prefix}.${domain}`, own)).toBeUndefined();
        expect(lookAlike(prefix, [prefix, ...own])).toBeUndefined();
      }),
    );
  });
});
