/**
 * Messages of 10 MB that are made to keep a reader busy: what is quadratic in them takes minutes, what is linear a fraction of a second.
 * In Node, because the clock of workerd stands still while code runs.
 */
import { describe, expect, it } from 'vitest';
import type { InspectedFacts } from '../../src/core/message-facts.ts';
import { createInspector } from '../../src/filter/inspect.ts';

const SIZE = 10_000_000;
// Measured 0.05 to 0.4 s; a busy machine may take some times as long.
const MAX_CPU_MS = 3_000;

const repeated = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length));
const letter = (type: string, body: string) => Buffer.from(`Content-Type: ${type}\r\n\r\n${body}`, 'latin1');
const mixed = (body: string) => letter('multipart/mixed; boundary=b', body);
const file = (content: Buffer) =>
  letter(
    'a/b; name=a.zip\r\nContent-Transfer-Encoding: base64',
    content.toString('base64').replace(/.{76}/g, '$&\r\n'),
  );
const bytes = (...pieces: readonly string[]) => Buffer.from(pieces.join(''), 'latin1');

function inspect(message: Uint8Array): { readonly facts: InspectedFacts; readonly cpuMs: number } {
  const inspector = createInspector();
  const before = process.cpuUsage();
  for (let at = 0; at < message.length; at += 65_536) inspector.write(message.subarray(at, at + 65_536));
  const facts = inspector.end().inspected;
  const { user, system } = process.cpuUsage(before);
  return { facts, cpuMs: (user + system) / 1_000 };
}

const TAR_HEADER = Buffer.alloc(512);
TAR_HEADER.write('a');
TAR_HEADER.write('0', 156);
TAR_HEADER.write('ustar', 257);

const CASES: readonly { readonly what: string; readonly message: () => Buffer }[] = [
  { what: 'empty lines', message: () => letter('text/plain', repeated('\n')) },
  { what: 'one line', message: () => letter('text/plain', repeated('x')) },
  { what: 'a delimiter with blanks', message: () => mixed(`--b${repeated(' ')}`) },
  { what: 'lines that are almost delimiters', message: () => mixed(repeated('--c\r\n')) },
  { what: 'empty parts', message: () => mixed(repeated('--b\r\n\r\n')) },
  { what: 'header fields', message: () => bytes(repeated('a:b\r\n')) },
  { what: 'addresses', message: () => bytes('From: ', repeated('a@b.example, '), '\r\n\r\n') },
  {
    what: 'a long file name',
    message: () => bytes('Content-Disposition: attachment; filename="', repeated('a.pdf  .'), '"\r\n\r\nx'),
  },
  {
    what: 'soft breaks that are none',
    message: () => letter('text/plain\r\nContent-Transfer-Encoding: quoted-printable', repeated(`=${' '.repeat(77)}`)),
  },
  { what: 'links', message: () => letter('text/plain', repeated('http://a.b/ ')) },
  { what: 'links of dots', message: () => letter('text/plain', repeated(`www.${'.'.repeat(1_990)}a `)) },
  { what: 'zip signatures cut short', message: () => file(bytes('PK\x03\x04', repeated('PK'))) },
  { what: 'zip entries without a name', message: () => file(bytes(repeated(`PK\x03\x04${'\0'.repeat(26)}`))) },
  {
    what: 'a zip entry without a size',
    message: () => file(bytes('PK\x03\x04\x14\0\x08\0\0\0', '\0'.repeat(20), repeated('PK\x07\x08'))),
  },
  { what: 'a gzip name', message: () => file(bytes('\x1f\x8b\x08\x08\0\0\0\0\0\0', repeated('n'))) },
  { what: 'tar entries', message: () => file(Buffer.alloc(SIZE).fill(TAR_HEADER)) },
  { what: 'RAR blocks', message: () => file(bytes('Rar!\x1a\x07\x01\0', repeated('\0\0\0\0\x02\x02\0'))) },
];

describe('a message that is made to keep a reader busy', () => {
  it.each(CASES)('$what', ({ message }) => {
    const { facts, cpuMs } = inspect(message());
    expect(facts.unscanned).not.toContain('fault');
    expect(cpuMs).toBeLessThan(MAX_CPU_MS);
  });

  const PIECES = [
    '<',
    '<style ',
    '<!--',
    '<!-- -->',
    '<a href="',
    '<p>',
    '<div style="',
    '</a',
    '<b ',
    '<b a=b c',
    '&#',
    '&amp',
    '<a href=x>',
    "='",
    '</style',
    '<p style=display:none>',
    '<img alt=x src=y>',
    '<meta ',
    'a\u0430',
    '\u200b',
  ];
  it.each(PIECES)('HTML of %s', (piece) => {
    const { facts, cpuMs } = inspect(Buffer.from(`Content-Type: text/html; charset=utf-8\r\n\r\n${repeated(piece)}`));
    expect(facts.unscanned).not.toContain('fault');
    expect(cpuMs).toBeLessThan(MAX_CPU_MS);
  });
});
