import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { buildNotice, type Notice } from '../../src/mime/notice.ts';

const NOTICE: Notice = {
  from: { name: 'Breakwater', address: 'breakwater@edge.example' },
  to: { name: 'Jürgen "J" Öse', address: 'juergen@home.example' },
  subject: 'Der Mailserver von Müller & Söhne antwortet seit zehn Minuten nicht mehr; Ihre Post ist sicher 😀',
  text: 'Zeile eins\nZeile zwei: ä 😀\n',
  messageId: '<01jd@edge.example>',
  date: new Date(Date.UTC(2026, 10, 23, 21, 6)),
};

describe('a notice', () => {
  it('arrives as it was written', async () => {
    const email = await PostalMime.parse(buildNotice(NOTICE));
    expect(email).toMatchObject({
      from: NOTICE.from,
      to: [NOTICE.to],
      subject: NOTICE.subject,
      messageId: NOTICE.messageId,
      date: NOTICE.date.toISOString(),
    });
    expect(email.text?.replace(/\r\n/g, '\n')).toBe(NOTICE.text);
    expect(email.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  });

  it('is ASCII with CRLF line ends and short lines, whatever is in it', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused, by the test below
    const safe = fc.string({ unit: 'grapheme', maxLength: 300 }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
    fc.assert(
      fc.property(safe, safe, fc.string({ unit: 'binary', maxLength: 500 }), (subject, name, text) => {
        const content = Buffer.from(buildNotice({ ...NOTICE, subject, text, to: { ...NOTICE.to, name } })).toString(
          'latin1',
        );
        expect(content).toMatch(/^[\x20-\x7e\r\n]*$/);
        expect(content.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
        expect(Math.max(...content.split('\r\n').map((line: string) => line.length))).toBeLessThanOrEqual(120);
      }),
    );
  });

  it('is refused loudly when a header would be broken', () => {
    const broken: readonly Partial<Notice>[] = [
      { subject: 'a\r\nBcc: x@y.example' },
      { from: { name: 'a\nb', address: 'a@b.example' } },
      { to: { name: '', address: 'a@b.example\r\nX: y' } },
      { messageId: '<a@b>\u0000' },
    ];
    for (const change of broken) expect(() => buildNotice({ ...NOTICE, ...change })).toThrow(TypeError);
  });
});
