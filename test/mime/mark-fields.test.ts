/** What a rule puts above a message is harmless fields, whatever the rule says. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markFields, mayMark } from '../../src/mime/mark-fields.ts';
import { walk } from './walk.ts';

function written(...fields: readonly (readonly [string, string])[]): string {
  return Buffer.from(markFields(fields.map(([name, value]) => ({ name, value })))).toString('latin1');
}

it('fields stand in the order of the rules, each on its own line', () => {
  expect(written(['X-Spam-Flag', 'YES'], ['X-Class', 'a b'])).toBe('X-Spam-Flag: YES\r\nX-Class: a b\r\n');
});

it.each([
  'From',
  'subject',
  'Content-Type',
  'DKIM-Signature',
  'ARC-Seal',
  'Received',
  'X-Breakwater-Sent',
  'X-Breakwater-Trace',
  'Resent-To',
  'no colon:',
  'two words',
  '',
  'X-Ü',
])('no rule writes a field "%s"', (name) => {
  expect(mayMark(name)).toBe(false);
  expect(written([name, 'x'])).toBe('');
});

it('what is beyond ASCII is encoded, a long value is folded, and a line end ends nothing', () => {
  expect(written(['X-A', 'ü'])).toBe('X-A: =?utf-8?B?w7w=?=\r\n');
  expect(written(['X-A', 'a\r\nBcc: eve@world.example'])).toBe('X-A: a Bcc: eve@world.example\r\n');
  expect(
    written(['X-A', 'word '.repeat(40)])
      .split('\r\n')
      .every((line) => line.length <= 78),
  ).toBe(true);
});

it('whatever the values are, the message below begins where it began, with every line in bounds', () => {
  const field = fc.tuple(fc.constantFrom('X-A', 'X-B-C', 'From', 'X D'), fc.string({ unit: 'binary', maxLength: 700 }));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
      const head = written(...fields);
      expect(head).toMatch(/^(?:X-[A-C-]+:[\x20-\x7e]*\r\n(?:[ \t][\x20-\x7e]+\r\n)*)*$/);
      expect(head.split('\r\n').every((line) => line.length <= 998)).toBe(true);
      expect(walk(Buffer.from(`${head}Subject: mine\r\n\r\n`)).headers.subject).toBe('mine');
    }),
  );
});
