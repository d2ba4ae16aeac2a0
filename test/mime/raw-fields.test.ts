import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerOf, rawFields } from '../../src/mime/raw-fields.ts';
import { SmtpLines } from '../../src/mime/smtp-lines.ts';

test.each([
  ['A: 1\r\nB: 2\r\n\r\nC: 3', ['A: 1', 'B: 2']],
  ['A: 1\r\n\tmore\r\n\r\n', ['A: 1\r\n\tmore']],
  ['A: 1\nB: 2\n\nC: 3', ['A: 1', 'B: 2']],
  ['A: 1\rB: 2\r\rC: 3', ['A: 1', 'B: 2']],
  ['\r\nA: 1', []],
  ['', undefined],
  ['A: 1\r\nB: 2', undefined],
])('%j holds the fields %j', (text, fields) => {
  const header = headerOf(text);
  expect(header === undefined ? undefined : rawFields(header)).toEqual(fields);
});

test('they are those that whoever verifies sees, whatever the line ends', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ':', ' ', '\t', '\r', '\n'), maxLength: 30 });
  fc.assert(
    fc.property(text, (head) => {
      const message = `${head}\r\n\r\nbody`;
      const lines = new SmtpLines();
      lines.write(Buffer.from(message, 'latin1'));
      expect(rawFields(headerOf(message) ?? 'none')).toEqual(lines.fields());
    }),
    { numRuns: 2000 },
  );
});
