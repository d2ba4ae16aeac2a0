import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/mime/walk-limits.ts';
import { latin1, lines, utf8, walk, walkInChunks } from './walk.ts';

const NESTED = lines(
  'Content-Type: multipart/mixed; boundary=a',
  '',
  'preamble',
  '--a',
  'Content-Type: multipart/alternative; boundary="ab"',
  '',
  '--ab',
  '',
  'first words',
  '--ab',
  'Content-Type: text/html',
  '',
  '<p>first words</p>',
  '--ab--',
  'epilogue of the inner one',
  '--a',
  'Content-Type: application/pdf; name="report.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'JVBERi0=',
  '--a--',
  'epilogue',
);

function shape(message: string | Uint8Array): readonly string[] {
  return walk(message).parts.map(({ path, contentType, sizeBytes }) => `${path} ${contentType} ${sizeBytes}`);
}

describe('parts', () => {
  const cases: readonly { readonly what: string; readonly message: string; readonly parts: readonly string[] }[] = [
    { what: 'nothing at all is one empty text', message: '', parts: ['1 text/plain 0'] },
    { what: 'a header without a body', message: 'Subject: x', parts: ['1 text/plain 0'] },
    { what: 'a header and an empty body', message: 'Subject: x\r\n\r\n', parts: ['1 text/plain 0'] },
    { what: 'a body without a header', message: '\r\nhello', parts: ['1 text/plain 5'] },
    { what: 'bare LF line ends', message: 'Content-Type: text/html\n\nab\ncd\n', parts: ['1 text/html 6'] },
    {
      what: 'CRs before the LF are part of the line end',
      message: 'Content-Type: text/html\r\r\n\r\r\nab\r\n',
      parts: ['1 text/html 4'],
    },
    {
      what: 'a bare CR ends no line',
      message: 'Subject: x\rContent-Type: text/html\r\n\r\n',
      parts: ['1 text/plain 0'],
    },
    {
      what: 'nested multiparts, numbered as IMAP does, whose boundaries begin alike',
      message: NESTED,
      parts: ['1.1 text/plain 11', '1.2 text/html 18', '2 application/pdf 8'],
    },
    {
      what: 'an outer delimiter ends an inner multipart that was never ended',
      message: lines(
        'Content-Type: multipart/mixed; boundary=o',
        '',
        '--o',
        'Content-Type: multipart/mixed; boundary=i',
        '',
        '--i',
        '',
        'x',
        '--o',
        '',
        'y',
      ),
      parts: ['1.1 text/plain 1', '2 text/plain 3'],
    },
    {
      what: 'a multipart whose end is missing',
      message: 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx',
      parts: ['1 text/plain 1'],
    },
    {
      what: 'a part whose header a delimiter cuts short',
      message: lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: image/png',
        '--b',
        '',
        'x',
        '--b--',
      ),
      parts: ['1 image/png 0', '2 text/plain 1'],
    },
    {
      what: 'no boundary named',
      message: lines('Content-Type: multipart/mixed', '', '--b', '', 'x'),
      parts: ['1 multipart/mixed 10'],
    },
    {
      what: 'an empty boundary: signature lines are no delimiters',
      message: lines('Content-Type: multipart/mixed; boundary=" "', '', 'x', '-- ', 'Anna'),
      parts: ['1 multipart/mixed 14'],
    },
    {
      what: 'the first of two boundaries counts',
      message: lines('Content-Type: multipart/mixed; boundary=b; boundary=c', '', '--b', '', 'x', '--c', 'y', '--b--'),
      parts: ['1 text/plain 9'],
    },
    {
      what: 'white space after a delimiter',
      message: lines('Content-Type: multipart/mixed; boundary=b', '', '--b \t', '', 'x', '--b-- '),
      parts: ['1 text/plain 1'],
    },
    {
      what: 'an embedded message and its parts',
      message: lines(
        'Content-Type: message/rfc822',
        '',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'x',
        '--b',
        '',
        'y',
        '--b--',
      ),
      parts: ['1 message/rfc822 72', '1.1 text/plain 1', '1.2 text/plain 1'],
    },
    {
      what: 'an encoded message is not looked into',
      message: lines('Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', 'U3ViamVjdDogeAo='),
      parts: ['1 message/rfc822 18'],
    },
    {
      what: 'the parts of a digest are messages',
      message: lines('Content-Type: multipart/digest; boundary=b', '', '--b', '', 'Subject: x', '', 'y', '--b--'),
      parts: ['1 message/rfc822 15', '1.1 text/plain 1'],
    },
    {
      what: 'comments around the type',
      message: lines('Content-Type: (a;(b)) text/html (c); charset=utf-8', '', 'x'),
      parts: ['1 text/html 3'],
    },
    { what: 'an unreadable type', message: lines('Content-Type: =?broken', '', 'x'), parts: ['1 text/plain 3'] },
  ];
  it.each(cases)('$what', ({ message, parts }) => {
    expect(shape(message)).toEqual(parts);
  });

  it('an 8-bit boundary is compared as bytes', () => {
    const message = latin1(
      lines('Content-Type: multipart/mixed; boundary="\u00e4"', '', '--\u00e4', '', 'x', '--\u00e4--'),
    );
    expect(shape(message)).toEqual(['1 text/plain 1']);
  });
});

describe('what counts as attached', () => {
  const part = (...header: readonly string[]) => lines(...header, '', 'x');
  const cases: readonly { readonly what: string; readonly message: string; readonly isAttachment: boolean }[] = [
    { what: 'text', message: part('Content-Type: text/plain'), isAttachment: false },
    {
      what: 'text sent as an attachment',
      message: part('Content-Disposition: attachment; filename=a.txt'),
      isAttachment: true,
    },
    { what: 'a file with no disposition', message: part('Content-Type: application/pdf'), isAttachment: true },
    { what: 'an embedded message shown in place', message: part('Content-Type: message/rfc822'), isAttachment: false },
    { what: 'a multipart that cannot be read', message: part('Content-Type: multipart/mixed'), isAttachment: false },
  ];
  it.each(cases)('$what: $isAttachment', ({ message, isAttachment }) => {
    expect(walk(message).parts[0]?.isAttachment).toBe(isAttachment);
  });

  it('a picture within the text is not attached', () => {
    const image = ['--r', 'Content-Type: image/png', 'Content-ID: <logo>', '', 'x'];
    const facts = walk(lines('Content-Type: multipart/related; boundary=r', '', ...image, '--r--'));
    expect(facts.parts).toEqual([{ path: '1', contentType: 'image/png', isAttachment: false, sizeBytes: 1 }]);
  });
});

describe('limits', () => {
  const limits = { headerBytes: 100, parts: 3, depth: 2 };

  it('parts past the limit are noted and not listed', () => {
    const message = lines(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'x',
      '--b',
      '',
      'x',
      '--b',
      '',
      'x',
      '--b--',
    );
    const facts = walk(message, limits);
    expect(facts.parts.length).toBe(2);
    expect(facts.shortfalls).toEqual(['parts']);
    expect(facts.sha256).toBe(walk(message).sha256);
  });

  it('nesting past the limit is noted and its content is one part', () => {
    const open = (boundary: string) => [`Content-Type: multipart/mixed; boundary=${boundary}`, '', `--${boundary}`];
    const facts = walk(lines(...open('one'), ...open('two'), ...open('three'), '', 'x'), limits);
    expect(facts.parts.map(({ path, contentType }) => `${path} ${contentType}`)).toEqual(['1.1 multipart/mixed']);
    expect(facts.shortfalls).toEqual(['depth']);
  });

  it('a header block past the limit is noted, and its start is read', () => {
    const facts = walk(
      lines('Subject: first', `X-Filler: ${'x'.repeat(200)}`, 'From: late@harbour.example', '', 'body'),
      limits,
    );
    expect(facts.headers.subject).toBe('first');
    expect(facts.headers.from).toBeUndefined();
    expect(facts.preview).toBe('body');
    expect(facts.shortfalls).toEqual(['header-bytes']);
  });

  it('an honest message has no shortfall', () => {
    expect(walk(NESTED).shortfalls).toEqual([]);
  });
});

describe('the walker', () => {
  it('hashes and counts every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const facts = walk(bytes);
        expect(facts.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect(facts.sizeBytes).toBe(bytes.length);
      }),
    );
  });

  // Pieces that meet at every awkward place: line ends in halves, delimiters, folds, nothing.
  const pieces = [
    '\r',
    '\n',
    '\r\n',
    '--a',
    '--a--',
    '--ab',
    'Content-Type: multipart/mixed; boundary=a',
    'Content-Type: message/rfc822',
    ' ',
    'Received: x',
    'Subject: =?utf-8?q?=C3=A4?=',
    ':',
    '\u00e4',
    'word',
    '\u0000',
  ];
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => utf8(parts.join('')));

  it('finds the same however the message is cut into chunks', () => {
    fc.assert(
      fc.property(soup, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), (message, cuts) => {
        expect(walkInChunks(message, cuts)).toEqual(walk(message));
      }),
      { numRuns: 500 },
    );
  });

  it('counts no byte of a message twice, whatever its structure', () => {
    fc.assert(
      fc.property(soup, (message) => {
        const leaves = walk(message).parts.filter(({ contentType }) => contentType !== 'message/rfc822');
        const total = leaves.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        expect(total).toBeLessThanOrEqual(message.length);
      }),
    );
  });

  it('reads a line of any length', () => {
    const facts = walk(`Subject: x\r\n\r\n${'A'.repeat(DEFAULT_LIMITS.headerBytes * 3)}\r\n`);
    expect(facts.parts).toEqual([
      { path: '1', contentType: 'text/plain', isAttachment: false, sizeBytes: DEFAULT_LIMITS.headerBytes * 3 + 2 },
    ]);
    expect(facts.shortfalls).toEqual([]);
  });
});
