import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { buildDsn, type Dsn } from '../../src/mime/dsn.ts';
import { originalHeader } from '../../src/mime/dsn-original.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const ORIGINAL = bytes('Message-ID: <tide@world.example>\r\nFrom: sender@world.example\r\nSubject: The tide\r\n');

const FAILED: Dsn = {
  action: 'failed',
  from: 'mailer-daemon@edge.example',
  to: 'sender@world.example',
  subject: 'Not delivered: your message to anna@harbour.example',
  text: 'Your message could not be delivered.\n\n    452 4.2.2 Mailbox full\n',
  messageId: '<01jd.failed@edge.example>',
  at: Date.UTC(2026, 10, 28, 10),
  reportingMta: 'edge.example',
  arrivedAt: Date.UTC(2026, 10, 23, 10),
  finalRecipient: 'anna@harbour.example',
  status: '4.2.2',
  diagnostic: { kind: 'smtp', words: '452 4.2.2 Mailbox full' },
  remoteMta: 'mx.harbour.example',
  lastAttemptAt: Date.UTC(2026, 10, 28, 10),
  original: { header: ORIGINAL, messageId: '<tide@world.example>' },
};

// RFC 3464 §2.1 and RFC 6522 §3, byte for byte: who changes this line of bytes has read both.
const GOLDEN = `Date: Sat, 28 Nov 2026 10:00:00 +0000
From: Mail Delivery System <mailer-daemon@edge.example>
To: <sender@world.example>
Subject: Not delivered: your message to anna@harbour.example
Message-ID: <01jd.failed@edge.example>
In-Reply-To: <tide@world.example>
References: <tide@world.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="=_01jd.failed_edge.example"

This is a delivery status notification in MIME format.
--=_01jd.failed_edge.example
Content-Type: text/plain; charset=utf-8
Content-Description: Notification
Content-Transfer-Encoding: 7bit

Your message could not be delivered.

    452 4.2.2 Mailbox full

--=_01jd.failed_edge.example
Content-Type: message/delivery-status
Content-Description: Delivery report
Content-Transfer-Encoding: 7bit

Reporting-MTA: dns; edge.example
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; anna@harbour.example
Action: failed
Status: 4.2.2
Remote-MTA: dns; mx.harbour.example
Diagnostic-Code: smtp; 452 4.2.2 Mailbox full
Last-Attempt-Date: Sat, 28 Nov 2026 10:00:00 +0000

--=_01jd.failed_edge.example
Content-Type: text/rfc822-headers
Content-Description: Headers of your message
Content-Transfer-Encoding: 7bit

Message-ID: <tide@world.example>
From: sender@world.example
Subject: The tide

--=_01jd.failed_edge.example--
`;

const textOf = (content: Uint8Array): string => Buffer.from(content).toString('latin1');

describe('a DSN', () => {
  it('is what RFC 3464 and RFC 6522 ask for, byte for byte', () => {
    expect(textOf(buildDsn(FAILED))).toBe(GOLDEN.replaceAll('\n', '\r\n'));
  });

  it('says of a delay until when it is tried', () => {
    const delayed = textOf(buildDsn({ ...FAILED, action: 'delayed', willRetryUntil: Date.UTC(2026, 10, 30) }));
    expect(delayed).toContain('\r\nAction: delayed\r\n');
    expect(delayed).toContain('\r\nWill-Retry-Until: Mon, 30 Nov 2026 00:00:00 +0000\r\n');
  });

  it('is read by a parser that is not ours, and gives the header back byte for byte', async () => {
    const header = Uint8Array.from([...ORIGINAL, ...Buffer.from('X-Odd: \xff\x00=\xe4\rX: y \r\n', 'latin1')]);
    const parsed = await PostalMime.parse(buildDsn({ ...FAILED, text: 'Zurück: ä 😀', original: { header } }));
    expect(parsed.text?.trim()).toBe('Zurück: ä 😀');
    expect(parsed.attachments.map(({ mimeType }) => mimeType)).toEqual([
      'message/delivery-status',
      'text/rfc822-headers',
    ]);
    const [, headers] = parsed.attachments;
    const content = headers?.content;
    // That parser gives the line ends of text as LF, and counts the one that belongs to the boundary.
    const got = content instanceof ArrayBuffer ? textOf(new Uint8Array(content)) : '';
    expect(got.replace(/\n$/, '')).toBe(textOf(header).replaceAll('\r\n', '\n'));
  });

  it('answers nothing when the original names itself in a way that no header may', () => {
    for (const messageId of [
      '<a\r\nBcc: x@y.example>',
      '<ä@world.example>',
      'bare@world.example',
      `<${'a'.repeat(999)}>`,
    ])
      expect(textOf(buildDsn({ ...FAILED, original: { header: ORIGINAL, messageId } }))).not.toContain('In-Reply-To');
  });

  it('names addresses beyond ASCII as RFC 6533 wants it, and servers without a name by their address', () => {
    const dsn = textOf(buildDsn({ ...FAILED, finalRecipient: 'jürgen@harbour.example', remoteMta: '192.0.2.7' }));
    expect(dsn).toContain('\r\nFinal-Recipient: utf-8; j\\x{FC}rgen@harbour.example\r\n');
    expect(dsn).toContain('\r\nRemote-MTA: dns; [192.0.2.7]\r\n');
    const ours = textOf(buildDsn({ ...FAILED, diagnostic: { kind: 'ours', words: 'connection lost (at DATA)' } }));
    expect(ours).toContain('\r\nDiagnostic-Code: X-Breakwater; connection lost (at DATA)\r\n');
  });

  it('has the same fields, in ASCII and in lines any server carries, whatever a peer or a sender has written', () => {
    const odd = fc.string({ unit: 'binary', maxLength: 1_200 });
    const dirty = fc.uint8Array({ maxLength: 3_000 });
    fc.assert(
      fc.property(odd, odd, odd, dirty, (subject, text, words, header) => {
        const diagnostic = { kind: 'smtp', words } as const;
        const content = textOf(buildDsn({ ...FAILED, subject, text, diagnostic, original: { header } }));
        const lines: readonly string[] = content.split('\r\n');
        expect(content).toMatch(/^[\t\r\n\x20-\x7e]*$/);
        expect(content.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        expect(lines.every((line) => line.length <= 998)).toBe(true);
        const head = lines.slice(0, lines.indexOf(''));
        expect(head.filter((line) => !/^[ \t]/.test(line)).map((line) => line.split(':')[0])).toEqual([
          'Date',
          'From',
          'To',
          'Subject',
          'Message-ID',
          'Auto-Submitted',
          'MIME-Version',
          'Content-Type',
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses an address or an id that would begin a header of its own', () => {
    expect(() => buildDsn({ ...FAILED, to: 'a@b.example\r\nBcc: c@d.example' })).toThrow(TypeError);
    expect(() => buildDsn({ ...FAILED, finalRecipient: 'a b@c.example' })).toThrow(TypeError);
  });
});

describe('the header of what came', () => {
  const read = (text: string, chunkBytes = 7) =>
    originalHeader(
      new ReadableStream({
        start(controller) {
          const all = Buffer.from(text, 'latin1');
          for (let at = 0; at < all.length; at += chunkBytes) controller.enqueue(all.subarray(at, at + chunkBytes));
          controller.close();
        },
      }),
    ).then(textOf);

  it('ends before the body, with CRLF, wherever the chunks end', async () => {
    expect(await read('A: 1\r\nB: \xe4\r\n\r\nbody')).toBe('A: 1\r\nB: \xe4\r\n');
    expect(await read('A: 1\nB: 2\n\nbody', 1)).toBe('A: 1\r\nB: 2\r\n');
    expect(await read('A: 1')).toBe('A: 1\r\n');
    expect(await read('\r\nbody')).toBe('');
  });

  it('is cut at a line, however much a forger has written', async () => {
    const long = await read(`A: 1\r\n${`X: ${'x'.repeat(95)}\r\n`.repeat(1_000)}\r\nbody`, 4_096);
    expect(long.length).toBeLessThanOrEqual(32_768);
    expect(long.length).toBeGreaterThan(32_000);
    expect(long.endsWith('x\r\n')).toBe(true);
    expect(await read(`A: 1\r\nB: ${'x'.repeat(99_000)}\r\n\r\n`, 4_096)).toBe('A: 1\r\n');
  });
});
