import { describe, expect, it } from 'vitest';
import { latin1, lines, utf8, walk } from './walk.ts';

const headers = (...fields: readonly string[]) => walk(lines(...fields, '')).headers;

describe('subject', () => {
  const cases: readonly { readonly what: string; readonly field: string | Uint8Array; readonly subject: string }[] = [
    { what: 'folded', field: 'Subject: one\r\n two\r\n\tthree', subject: 'one two three' },
    { what: 'missing', field: 'X-Other: x', subject: '' },
    {
      what: 'quoted-printable words, the space between them dropped',
      field: 'Subject: =?utf-8?q?Gr=C3=BC?= =?utf-8?q?=C3=9Fe?=',
      subject: 'Grüße',
    },
    {
      what: 'a character split across two base64 words',
      field: 'Subject: =?utf-8?B?w7zD?= =?utf-8?B?vA==?=',
      subject: 'üü',
    },
    {
      what: 'words of different charsets',
      field: 'Subject: =?iso-8859-1?q?=FC?= =?koi8-r?b?8NLJ18XU?=',
      subject: 'üПривет',
    },
    { what: 'an unknown charset', field: 'Subject: =?x-unheard-of?q?a=FCb?=', subject: 'aüb' },
    { what: 'a broken word', field: 'Subject: =?utf-8?q?never ended', subject: '=?utf-8?q?never ended' },
    { what: 'raw UTF-8', field: utf8('Subject: Grüße\r\n\r\n'), subject: 'Grüße' },
    { what: 'raw Latin-1', field: latin1('Subject: Gr\u00fc\u00dfe\r\n\r\n'), subject: 'Grüße' },
    {
      what: 'raw Latin-1 inside an encoded word',
      field: latin1('Subject: =?iso-8859-1?Q?Gr\u00fc=DFe?=\r\n\r\n'),
      subject: 'Grüße',
    },
    {
      what: 'control characters, in the raw and encoded',
      field: 'Subject: a\u0007b =?utf-8?q?c=0D=0Ad=00e?=',
      subject: 'a b c d e',
    },
    { what: 'text that would run backwards', field: 'Subject: =?utf-8?B?4oCuZ3BqLmV4ZQ==?=', subject: 'gpj.exe' },
    { what: 'the first of two', field: 'Subject: first\r\nSubject: second', subject: 'first' },
    { what: 'white space before the colon', field: 'Subject : x', subject: 'x' },
    {
      what: 'lines that are no fields around it',
      field: 'From anna Mon Nov 23\r\nno colon here\r\nSubject: x',
      subject: 'x',
    },
    { what: 'a first line that only looks folded is no field', field: ' Subject: hidden', subject: '' },
  ];
  it.each(cases)('$what', ({ field, subject }) => {
    const message = typeof field === 'string' ? `${field}\r\n\r\n` : field;
    expect(walk(message).headers.subject).toBe(subject);
  });

  it('is at most 500 characters and never half a character', () => {
    const { subject } = headers(`Subject: x${'😀'.repeat(400)}`);
    expect(subject.length).toBeLessThanOrEqual(500);
    expect(subject.isWellFormed()).toBe(true);
  });
});

describe('addresses', () => {
  const cases: readonly { readonly from: string; readonly name: string; readonly address: string }[] = [
    { from: 'anna@harbour.example', name: '', address: 'anna@harbour.example' },
    {
      from: '"Berg, Anna" <anna@harbour.example>, other@harbour.example',
      name: 'Berg, Anna',
      address: 'anna@harbour.example',
    },
    { from: '=?utf-8?q?=C3=84nne?= <anna@harbour.example>', name: 'Änne', address: 'anna@harbour.example' },
    { from: 'anna@harbour.example (Anna)', name: 'Anna', address: 'anna@harbour.example' },
    { from: 'Office: anna@harbour.example;', name: '', address: 'anna@harbour.example' },
    { from: 'nobody at all', name: 'nobody at all', address: '' },
    { from: `${'('.repeat(20_000)}x <anna@harbour.example>`, name: '', address: '' },
  ];
  it.each(cases)('From: $address', ({ from, name, address }) => {
    expect(headers(`From: ${from}`).from ?? { name: '', address: '' }).toMatchObject(
      address === '' && name === '' ? { address: expect.any(String) } : { name, address },
    );
  });

  it('of two From headers the first is the sender, whatever its case', () => {
    expect(headers('FROM: one@harbour.example', 'From: two@harbour.example').from?.address).toBe('one@harbour.example');
  });

  it('a message without From has no sender', () => {
    expect(headers('Subject: x').from).toBeUndefined();
  });

  it('To and Cc are all that were written, at most 50 of each', () => {
    const many = Array.from({ length: 60 }, (_, at) => `p${at}@harbour.example`).join(', ');
    const { to, cc } = headers(`To: ${many}`, 'Cc: a@harbour.example', 'Cc: b@harbour.example');
    expect(to.length).toBe(50);
    expect(cc.map(({ address }) => address)).toEqual(['a@harbour.example', 'b@harbour.example']);
  });
});

describe('date', () => {
  const cases: readonly { readonly date: string; readonly iso: string | undefined }[] = [
    { date: 'Mon, 23 Nov 2026 21:06:00 +0100', iso: '2026-11-23T20:06:00.000Z' },
    { date: '23 Nov 2026 21:06 -0530', iso: '2026-11-24T02:36:00.000Z' },
    { date: 'Mon, 23 Nov 98 21:06:00 EST', iso: '1998-11-24T02:06:00.000Z' },
    { date: 'Wed, 20 Sep 1995 00:19:00 (EDT) -0400', iso: '1995-09-20T04:19:00.000Z' },
    { date: 'Mon, 23 Nov 2026 21:06:00', iso: '2026-11-23T21:06:00.000Z' },
    { date: '2026-03-04T09:12:44Z', iso: '2026-03-04T09:12:44.000Z' },
    { date: 'yesterday 12', iso: undefined },
    { date: '99 Foo 2026 99:99:99', iso: undefined },
  ];
  it.each(cases)('$date', ({ date, iso }) => {
    const { dateMs } = headers(`Date: ${date}`);
    expect(dateMs === undefined ? undefined : new Date(dateMs).toISOString()).toBe(iso);
  });
});

describe('ids and traces', () => {
  it('Message-IDs keep their angle brackets; what is no id is absent', () => {
    expect(headers('Message-ID: (c) <a@b>', 'In-Reply-To: <x@y> <z@y>')).toMatchObject({
      messageId: '<a@b>',
      inReplyTo: '<x@y>',
    });
    expect(headers('Message-ID: no id at all').messageId).toBeUndefined();
    expect(headers('Message-ID:').messageId).toBeUndefined();
  });

  it('every Received is counted, and our traces come outermost first', () => {
    const facts = headers('Received: a', 'X-Breakwater-Trace: one/1', 'received: b', 'X-Breakwater-Trace: two/2');
    expect(facts).toMatchObject({ receivedCount: 2, traces: ['one/1', 'two/2'], isMarkedSent: false });
  });

  it.each(['X-Breakwater-Sent: yes', 'x-breakwater-sent: no', 'X-Breakwater-Sent :yes'])('%s is our mark', (field) => {
    expect(headers(field).isMarkedSent).toBe(true);
  });
});

describe('file names', () => {
  const cases: readonly {
    readonly what: string;
    readonly header: string | Uint8Array;
    readonly fileName: string | undefined;
  }[] = [
    { what: 'bare', header: 'Content-Disposition: attachment; filename=a b.pdf', fileName: 'a b.pdf' },
    {
      what: 'quoted, with a semicolon and an escape',
      header: 'Content-Disposition: attachment; filename="a;\\"b.pdf"',
      fileName: 'a;"b.pdf',
    },
    {
      what: 'a quote that never closes',
      header: 'Content-Disposition: attachment; filename="a.pdf',
      fileName: 'a.pdf',
    },
    {
      what: 'RFC 2231',
      header: "Content-Disposition: attachment; filename*=iso-8859-1'de'Gr%FC%DFe.pdf",
      fileName: 'Grüße.pdf',
    },
    {
      what: 'RFC 2231 in pieces, out of order, a character split',
      header: "Content-Disposition: attachment; filename*1*=%BC.p; filename*0*=utf-8''Gr%C3; filename*2=df",
      fileName: 'Grü.pdf',
    },
    {
      what: 'RFC 2231 outranks its fallback',
      header: "Content-Disposition: attachment; filename=x.txt; filename*=utf-8''y.exe",
      fileName: 'y.exe',
    },
    {
      what: 'an encoded word',
      header: 'Content-Disposition: attachment; filename="=?utf-8?q?Gr=C3=BC=C3=9Fe.pdf?="',
      fileName: 'Grüße.pdf',
    },
    {
      what: 'raw Latin-1',
      header: latin1('Content-Disposition: attachment; filename="Gr\u00fc\u00dfe.pdf"'),
      fileName: 'Grüße.pdf',
    },
    { what: 'only a name', header: 'Content-Type: application/pdf; name=a.pdf', fileName: 'a.pdf' },
    {
      what: 'a way out of the folder',
      header: 'Content-Disposition: attachment; filename="..\\\\..\\\\etc/passwd"',
      fileName: '.._.._etc_passwd',
    },
    {
      what: 'an extension in disguise',
      header: "Content-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe",
      fileName: 'invoice fdp.exe',
    },
    { what: 'none', header: 'Content-Disposition: attachment; filename=""', fileName: undefined },
  ];
  it.each(cases)('$what', ({ header, fileName }) => {
    const bytes = typeof header === 'string' ? utf8(header) : header;
    expect(walk(Uint8Array.of(...bytes, 13, 10, 13, 10)).parts[0]?.fileName).toBe(fileName);
  });
});

describe('preview', () => {
  const body = (header: readonly string[], ...text: readonly string[]) => walk(lines(...header, '', ...text)).preview;

  it('is the first text, decoded and folded to one line', () => {
    expect(
      body(
        ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable'],
        'Gr=FC=DF=',
        'e',
        '  an  alle',
      ),
    ).toBe('Grüße an alle');
  });

  it('is decoded from base64, padded in the middle or not', () => {
    const encoding = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'];
    expect(body(encoding, 'SGFsbG8g', 'V2VsdA==')).toBe('Hallo Welt');
    expect(body(encoding, 'SGFsbG8=', 'IFdlbHQ=')).toBe('Hallo Welt');
  });

  it('is the words of the HTML when there is no other text', () => {
    expect(
      body(
        ['Content-Type: text/html'],
        '<style>p{}</style><!-- x --><p>One&nbsp;&amp; <b>tw</b>o</p><script>x()</script><p>three',
      ),
    ).toBe('One & two three');
  });

  it('prefers plain text that comes later', () => {
    const message = ['--b', 'Content-Type: text/html', '', '<p>html', '--b', '', 'plain', '--b--'];
    expect(body(['Content-Type: multipart/mixed; boundary=b'], ...message)).toBe('plain');
  });

  it('never shows an attachment', () => {
    expect(body(['Content-Disposition: attachment'], 'secret')).toBe('');
  });

  it('is at most 200 characters', () => {
    expect(body([], 'x'.repeat(5_000)).length).toBe(200);
  });

  it('of HTML without an end takes time in proportion to its size', () => {
    const started = performance.now();
    expect(body(['Content-Type: text/html'], '<style '.repeat(9_000))).toBe('');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
