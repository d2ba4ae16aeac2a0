import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unicodeHost } from '../../src/core/punycode.ts';

it.each([
  ['XN--Mnchen-3ya.example.', 'münchen.example'],
  ['mail.xn--bcher-kva.example', 'mail.bücher.example'],
  ['xn--80ak6aa92e.com', 'аррӏе.com'],
  ['xn--fiqs8s', '中国'],
  // RFC 3492 §7.1
  ['xn--ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
  ['xn--4dbcagdahymbxekheh6e0a7fei0b', 'למההםפשוטלאמדבריםעברית'],
  ['xn--', 'xn--'],
  ['xn--a!', 'xn--a!'],
  ['xn--99999999', 'xn--99999999'],
  ['plain.example', 'plain.example'],
])('%s reads as %s', (host, expected) => {
  expect(unicodeHost(host)).toBe(expected);
});

it('whatever stands behind xn--, something comes of it', () => {
  const label = fc
    .array(fc.constantFrom(...Array.from('abz019-')), { maxLength: 70 })
    .map((letters) => `xn--${letters.join('')}`);
  fc.assert(
    fc.property(label, (host) => {
      expect(typeof unicodeHost(host)).toBe('string');
    }),
  );
});

it('a name in letters of any script is read back', () => {
  const letters = fc.array(fc.constantFrom(...Array.from('abcäößéñаеіορ中文字😀')), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(letters, (given) => {
      const name = given.join('');
      const encoded = new URL(`http://${name}.example/`).hostname;
      fc.pre(encoded.startsWith('xn--'));
      expect(unicodeHost(encoded)).not.toContain('xn--');
      expect(new URL(`http://${unicodeHost(encoded)}/`).hostname).toBe(encoded);
    }),
  );
});
