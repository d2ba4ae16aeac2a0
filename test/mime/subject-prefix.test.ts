/** Words before the subject of what is handed on: of its bytes nothing else changes, however they come. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digest } from '../../src/mime/dkim-sign.ts';
import { subjectGrowth, withPrefixedSubject, withSubjectPrefix } from '../../src/mime/subject-prefix.ts';
import { walk } from './walk.ts';

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function prefixed(text: string, prefix = '[mark]'): string {
  const body = withSubjectPrefix(bytes(text), prefix);
  if (!(body instanceof Uint8Array)) throw new Error('bytes were given');
  return Buffer.from(body).toString('latin1');
}

it.each([
  ['a subject', 'From: a\r\nSubject: tide\r\n\r\nbody', 'From: a\r\nSubject: [mark] tide\r\n\r\nbody'],
  ['none', 'From: a\r\n\r\nbody', 'From: a\r\nSubject: [mark]\r\n\r\nbody'],
  ['no header at all', '\r\nSubject: body', 'Subject: [mark]\r\n\r\nSubject: body'],
  ['no body', 'From: a', 'From: a\r\nSubject: [mark]\r\n'],
  ['nothing', '', 'Subject: [mark]\r\n'],
  ['an empty subject', 'Subject:\r\n\r\n', 'Subject: [mark]\r\n\r\n'],
  ['no space after the colon', 'Subject:tide\r\n\r\n', 'Subject: [mark] tide\r\n\r\n'],
  ['one in capitals, with a space before the colon', 'SUBJECT : tide\r\n\r\n', 'SUBJECT : [mark] tide\r\n\r\n'],
  ['a folded one', 'Subject:\r\n tide\r\n at nine\r\n\r\n', 'Subject: [mark]\r\n tide\r\n at nine\r\n\r\n'],
  ['bare LF', 'From: a\nSubject: tide\n\nSubject: body', 'From: a\nSubject: [mark] tide\n\nSubject: body'],
  ['bare CR', 'From: a\rSubject: tide\r\rSubject: body', 'From: a\rSubject: [mark] tide\r\rSubject: body'],
  ['two of them', 'Subject: a\r\nSubject: b\r\n\r\n', 'Subject: [mark] a\r\nSubject: [mark] b\r\n\r\n'],
  ['one within another field', 'X: a\r\n Subject: b\r\n\r\n', 'X: a\r\n Subject: b\r\nSubject: [mark]\r\n\r\n'],
  ['raw 8-bit', 'Subject: \xfcber\r\n\r\n\xff', 'Subject: [mark] \xfcber\r\n\r\n\xff'],
])('the prefix stands before %s', (_, given, wanted) => {
  expect(prefixed(given)).toBe(wanted);
});

it.each([
  ['text', 'Subject: tide\r\n\r\n', 'Markiert: ü tide'],
  ['an encoded word', 'Subject: =?utf-8?q?=C3=BCber?=\r\n\r\n', 'Markiert: ü über'],
])('words beyond ASCII are encoded, and one space is shown between them and %s', (_, given, wanted) => {
  const text = prefixed(given, 'Markiert: ü');
  expect(text).toMatch(/^[\x20-\x7e\r\n]*$/);
  expect(walk(bytes(text)).headers.subject).toBe(wanted);
});

it('a line that would be too long for SMTP is folded', () => {
  const long = `Subject: ${'x'.repeat(985)}\r\n\r\n`;
  expect(prefixed(long)).toBe(`Subject: [mark]\r\n ${'x'.repeat(985)}\r\n\r\n`);
});

it('a prefix with a line end begins no field', () => {
  expect(prefixed('Subject: a\r\n\r\n', 'x\r\nBcc: eve@world.example')).toBe(
    'Subject: x Bcc: eve@world.example a\r\n\r\n',
  );
});

it('a header without end goes on as it is', async () => {
  const endless = bytes(`Subject: a\r\n${'X: y\r\n'.repeat(100_000)}`);
  expect(withSubjectPrefix(endless, '[mark]')).toBe(endless);
  const streamed = withSubjectPrefix(streamOf([endless.subarray(0, 7), endless.subarray(7)]), '[mark]');
  expect(Buffer.from(await new Response(streamed).arrayBuffer()).equals(endless)).toBe(true);
});

it('cut anywhere, a stream comes out as the whole does, and grows by no more than was said', async () => {
  const line = fc.constantFrom(
    'Subject: tide',
    'X-A: b',
    ' more',
    '',
    'subject:x',
    'no field',
    'Subject: =?utf-8?q?a?=',
  );
  const ending = fc.constantFrom('\r\n', '\n', '\r');
  const messages = fc.array(fc.tuple(line, ending), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(messages, fc.array(fc.nat(80), { maxLength: 4 }), async (lines, cuts) => {
      const message = bytes(lines.flat().join(''));
      const whole = bytes(prefixed(Buffer.from(message).toString('latin1'), 'ü'));
      const places = [0, ...cuts.filter((cut) => cut < message.length).sort((a, b) => a - b), message.length];
      const chunks = places.slice(1).map((end, n) => message.subarray(places[n], end));
      const streamed = withSubjectPrefix(streamOf(chunks), 'ü');
      expect(Buffer.from(await new Response(streamed).arrayBuffer()).equals(whole)).toBe(true);
      const subjects = Math.max(
        1,
        Buffer.from(whole)
          .toString('latin1')
          .match(/subject/gi)?.length ?? 0,
      );
      expect(whole.length - message.length).toBeLessThanOrEqual(subjects * subjectGrowth('ü') + 2);
    }),
  );
});

it('whoever signs the header signs the one that is handed on', async () => {
  for (const message of ['From: a\r\nSubject: tide\r\n x\r\n\r\nb', 'From: a\r\n\r\nb', 'Subject:tide\nFrom: b\n\nc']) {
    const before = await digest(bytes(message));
    const after = await digest(bytes(prefixed(message)));
    expect({ ...before, fields: withPrefixedSubject(before.fields, '[mark]') }).toEqual(after);
  }
});

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) if (chunk.byteLength > 0) controller.enqueue(chunk);
      controller.close();
    },
  });
}
