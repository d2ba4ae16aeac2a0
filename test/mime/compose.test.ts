import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { compose, type Draft } from '../../src/mime/compose.ts';
import { walk } from './walk.ts';

const IDS = { messageId: '<01jd@harbour.example>', date: new Date(Date.UTC(2026, 10, 23, 21, 6)) };

const DRAFT: Draft = {
  from: { name: 'Anna Berg', address: 'anna@harbour.example' },
  to: [{ name: 'Öl & Söhne, "Einkauf"', address: 'einkauf@oel.example' }],
  cc: [{ name: '', address: 'bo@harbour.example' }],
  subject: 'Grüße aus dem Hafen',
  text: 'Hallo,\n\ndas ist alles.\n.\n',
};

async function bytesOf(draft: Draft): Promise<Uint8Array> {
  const composed = await compose(draft, IDS);
  if (composed.kind !== 'composed') throw new Error(composed.problem);
  return composed.content;
}

describe('what a user writes', () => {
  it('arrives as it was written', async () => {
    const content = await bytesOf({
      ...DRAFT,
      inReplyTo: '<first@oel.example>',
      references: ['<zero@oel.example>', '<first@oel.example>'],
    });
    const email = await PostalMime.parse(content);
    expect(email).toMatchObject({
      from: DRAFT.from,
      to: DRAFT.to,
      cc: DRAFT.cc,
      subject: DRAFT.subject,
      messageId: IDS.messageId,
      inReplyTo: '<first@oel.example>',
      references: '<zero@oel.example> <first@oel.example>',
      date: IDS.date.toISOString(),
    });
    expect(email.text?.trimEnd()).toBe(DRAFT.text.trimEnd());
  });

  it('is read by our own walker as the same message', async () => {
    const { headers, preview } = walk(await bytesOf(DRAFT));
    expect(headers).toMatchObject({
      subject: DRAFT.subject,
      from: DRAFT.from,
      to: DRAFT.to,
      cc: DRAFT.cc,
      messageId: IDS.messageId,
      dateMs: IDS.date.getTime(),
    });
    expect(preview).toBe('Hallo, das ist alles. .');
  });

  it('has CRLF line ends and lines that SMTP can carry, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom('\n', '\r\n', '\r', 'x'.repeat(2_000)),
        async (text, end) => {
          const content = Buffer.from(await bytesOf({ ...DRAFT, text: text + end + text })).toString('latin1');
          expect(content.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
          expect(Math.max(...content.split('\r\n').map((line: string) => line.length))).toBeLessThanOrEqual(998);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never names a Bcc', async () => {
    expect(new TextDecoder().decode(await bytesOf(DRAFT))).not.toMatch(/^bcc/im);
  });

  it('says how it may be wrong by naming the field', async () => {
    const cases: readonly { readonly change: Partial<Draft>; readonly field: string }[] = [
      { change: { subject: 'x\r\nBcc: victim@oel.example' }, field: 'subject' },
      { change: { subject: 'x\u0000' }, field: 'subject' },
      { change: { from: { name: 'Anna\nX: y', address: 'anna@harbour.example' } }, field: 'from' },
      { change: { to: [{ name: '', address: 'a@oel.example\r\nRCPT TO:<b@oel.example>' }] }, field: 'to' },
      { change: { to: [{ name: '', address: 'not an address' }] }, field: 'to' },
      { change: { cc: [{ name: 'x\u0000', address: 'a@oel.example' }] }, field: 'cc' },
      { change: { inReplyTo: '<a@b>\r\nX: y' }, field: 'inReplyTo' },
      { change: { references: ['<a@b>', '<c@d>\n'] }, field: 'references' },
    ];
    for (const { change, field } of cases) {
      expect(await compose({ ...DRAFT, ...change }, IDS)).toMatchObject({ kind: 'invalid', field });
    }
    expect(await compose(DRAFT, { ...IDS, messageId: '<a@b>\r\nX: y' })).toMatchObject({
      kind: 'invalid',
      field: 'messageId',
    });
  });
});
