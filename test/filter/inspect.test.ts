import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1, lines, utf8, walk } from '../mime/walk.ts';
import { EICAR } from './archives.ts';
import { inspect, inspectInChunks } from './inspected.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function part(encoding: string, body: string, ...header: readonly string[]): string {
  return lines(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    `Content-Transfer-Encoding: ${encoding}`,
    ...header,
    '',
    body,
    '--b--',
  );
}

describe('the bytes of a part', () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 });

  it('are hashed as they were before they were put into base64, however they come', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 80 }), cuts, (content, width, sizes) => {
        const text = Buffer.from(content)
          .toString('base64')
          .replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
        const [facts] = inspectInChunks(part('base64', text), sizes).inspected.parts;
        expect(facts).toMatchObject({ sizeBytes: content.length, sha256: sha256(content) });
      }),
    );
  });

  it('are hashed as they were before quoted-printable, however they come', () => {
    fc.assert(
      fc.property(bytes, cuts, (content, sizes) => {
        const text = [...content]
          .map((byte) => `=${byte.toString(16).padStart(2, '0')}`)
          .join('')
          .replace(/.{60}/g, '$&= \t\r\n');
        const [facts] = inspectInChunks(part('quoted-printable', text), sizes).inspected.parts;
        expect(facts).toMatchObject({ sizeBytes: content.length, sha256: sha256(content) });
      }),
    );
  });

  it('go up to the line end that belongs to the delimiter', () => {
    const body = lines('one', 'two\r').slice(0, -2);
    const [facts] = inspect(part('8bit', body)).parts;
    expect(facts).toMatchObject({ sizeBytes: body.length, sha256: sha256(utf8(body)) });
  });

  it('of a line of any length are all there', () => {
    const body = 'x'.repeat(700_000);
    const [facts] = inspectInChunks(part('8bit', body), [50_000]).inspected.parts;
    expect(facts).toMatchObject({ sizeBytes: body.length, sha256: sha256(utf8(body)) });
  });

  it('do not count a delimiter with a long tail of blanks', () => {
    const message = part('8bit', 'x').replace('--b--', `--b--${' '.repeat(5_000)}`);
    expect(inspectInChunks(message, [700]).inspected.parts[0]?.sizeBytes).toBe(1);
  });
});

describe('texts', () => {
  const cases: readonly { readonly what: string; readonly message: Uint8Array; readonly texts: readonly string[] }[] = [
    {
      what: 'by their charset',
      message: latin1(lines('Content-Type: text/plain; charset=iso-8859-2', '', '\u00b1')),
      texts: ['plain ą'],
    },
    {
      what: 'by the charset of the page',
      message: latin1(lines('Content-Type: text/html', '', '<meta charset="koi8-r">\u00f0')),
      texts: ['html П'],
    },
    {
      what: 'a page that comes as a file',
      message: utf8(
        part(
          'base64',
          Buffer.from('<p>log in').toString('base64'),
          'Content-Type: application/octet-stream; name=invoice.HTM',
        ),
      ),
      texts: ['html log in'],
    },
    {
      what: 'a text that looks like a page',
      message: utf8(lines('Content-Type: text/plain', '', '<b>x</b>')),
      texts: ['plain <b>x</b>'],
    },
    { what: 'nothing of what is no text', message: utf8(part('8bit', 'x', 'Content-Type: image/png')), texts: [] },
  ];
  it.each(cases)('$what', ({ message, texts }) => {
    expect(inspect(message).texts.map(({ kind, text }) => `${kind} ${text}`)).toEqual(texts);
  });

  it('are cut at 65,536 characters, and that is noted', () => {
    const facts = inspect(lines('', 'ab '.repeat(30_000)));
    expect(facts.texts[0]?.text.length).toBe(65_536);
    expect(facts.texts[0]?.isTruncated).toBe(true);
    expect(facts.unscanned).toEqual(['text']);
  });

  it('are eight at most, and that is noted', () => {
    const facts = inspect(
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        ...Array.from({ length: 9 }, (_, index) => `--b\r\n\r\n${index}`),
      ),
    );
    expect(facts.texts.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(facts.unscanned).toEqual(['text']);
  });
});

describe('headers', () => {
  it('hold every From of every From field', () => {
    const facts = inspect(
      lines('from: a@x.example', 'FROM: "B" <b@x.example>, c@x.example', 'From: d@x.example', '', ''),
    );
    expect(facts.headers.from.map(({ address }) => address)).toEqual([
      'a@x.example',
      'b@x.example',
      'c@x.example',
      'd@x.example',
    ]);
  });

  it('hold every field in its order, decoded', () => {
    const facts = inspect(lines('X-One: =?utf-8?q?=C3=A4?=', 'Reply-To: a@x.example', 'x-one: two', ' three', '', ''));
    expect(facts.headers.fields).toEqual([
      { name: 'x-one', value: 'ä' },
      { name: 'reply-to', value: 'a@x.example' },
      { name: 'x-one', value: 'two three' },
    ]);
    expect(facts.headers.replyTo).toEqual([{ name: '', address: 'a@x.example' }]);
  });
});

describe('the inspector', () => {
  const pieces = [
    '\r',
    '\n',
    '\r\n',
    '--a',
    '--a--',
    'Content-Type: multipart/mixed; boundary=a',
    'Content-Type: text/html',
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    ' ',
    '=',
    '=\r\n',
    '=4',
    '\u00e4',
    'QUJD',
    '<p>',
    '<a href="http://a.example">',
    '\u0000',
    'x'.repeat(1_100),
  ];
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => utf8(parts.join('')));
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

  it('finds the same however the message is cut into chunks', () => {
    fc.assert(
      fc.property(soup, cuts, (message, sizes) => {
        expect(inspectInChunks(message, sizes)).toEqual(inspectInChunks(message, [Number.POSITIVE_INFINITY]));
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends in facts for arbitrary bytes, and has no fault to report', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        expect(inspect(bytes).unscanned).not.toContain('fault');
      }),
    );
  });

  it('tells of the content what the walker tells', () => {
    fc.assert(
      fc.property(soup, (message) => {
        expect(inspectInChunks(message, [1_000]).content).toEqual(walk(message));
      }),
    );
  });
});

describe('a message within a message', () => {
  const inner = lines(
    'Content-Type: multipart/mixed; boundary=i',
    '',
    '--i',
    '',
    'within',
    '--i',
    'Content-Type: image/png; name=a.png',
    '',
    'x',
    '--i--',
  );
  const encoded = Buffer.from(inner).toString('base64');
  const cases: readonly { readonly what: string; readonly message: string; readonly paths: readonly string[] }[] = [
    { what: 'in the open', message: part('8bit', inner, 'Content-Type: message/rfc822'), paths: ['1.1', '1.2'] },
    { what: 'encoded', message: part('base64', encoded, 'Content-Type: message/rfc822'), paths: ['1', '1.1', '1.2'] },
    {
      what: 'as a file',
      message: part('base64', encoded, 'Content-Type: application/octet-stream; name=fwd.EML'),
      paths: ['1', '1.1', '1.2'],
    },
  ];
  it.each(cases)('is looked into: $what', ({ message, paths }) => {
    const facts = inspect(message);
    expect(facts.parts.map(({ path }) => path)).toEqual(paths);
    expect(facts.texts.map(({ text }) => text)).toEqual(['within']);
  });

  it('four times encoded is noted', () => {
    const wrap = (message: string) =>
      part('base64', Buffer.from(message).toString('base64'), 'Content-Type: message/rfc822');
    expect(inspect(wrap(wrap(wrap(inner)))).unscanned).toEqual([]);
    expect(inspect(wrap(wrap(wrap(wrap(inner))))).unscanned).toEqual(['depth']);
  });
});

describe('a file within a plain text', () => {
  // As uuencode writes it.
  const file = ['begin 644 run.exe', '#0V%T', '`', 'end'];

  it('is looked into', () => {
    const facts = inspect(lines('Subject: x', '', 'See:', ...file, 'Bye'));
    expect(
      facts.parts.map(({ path, fileName = '', sizeBytes, sha256: hash }) => [path, fileName, sizeBytes, hash]),
    ).toEqual([
      ['1', '', 45, expect.any(String)],
      ['1.1', 'run.exe', 3, sha256(utf8('Cat'))],
    ]);
  });

  it('is none where only a line looks like its beginning', () => {
    const facts = inspect(
      lines('Subject: x', '', 'begin 644 run.exe', 'is how it begins, and that was all of it', 'end'),
    );
    expect(facts.parts.map(({ path }) => path)).toEqual(['1']);
  });

  it('is shown for what it is', () => {
    const bytes = Buffer.from(EICAR);
    const line = (part: Buffer) =>
      `${uu(part.length)}${[...Array(Math.ceil(part.length / 3)).keys()].map((at) => quad(part.subarray(at * 3, at * 3 + 3))).join('')}`;
    const uu = (value: number) => String.fromCharCode(32 + value);
    const quad = (three: Buffer) => {
      const bits = ((three[0] ?? 0) << 16) | ((three[1] ?? 0) << 8) | (three[2] ?? 0);
      return [18, 12, 6, 0].map((shift) => uu((bits >> shift) & 63)).join('');
    };
    const facts = inspect(
      lines('Subject: x', '', 'begin 644 a.com', line(bytes.subarray(0, 45)), line(bytes.subarray(45)), '`', 'end'),
    );
    expect(facts.threats).toEqual([{ name: 'EICAR-Test-File', path: '1.1' }]);
  });
});
