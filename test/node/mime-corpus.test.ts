/**
 * Real and hostile messages, where they are at hand. They are not ours to ship: without them these tests say so and are skipped.
 * The directory is CORPUS, or `shared/corpus` beside the project.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/mime/display-text.ts';
import type { ContentFacts } from '../../src/mime/facts.ts';
import { readMessage } from '../../src/mime/read.ts';
import { createWalker } from '../../src/mime/walker.ts';
import { walk, walkInChunks } from '../mime/walk.ts';

const ROOT = process.env['CORPUS'] ?? new URL('../../../shared/corpus', import.meta.url).pathname;
const isHere = existsSync(`${ROOT}/mail_labels.csv`);
if (!isHere) process.stdout.write(`mime corpus: skipped, there is no sample mail at ${ROOT} (set CORPUS)\n`);

type Sample = { readonly name: string; readonly bytes: Uint8Array };

function samples(folder: string): readonly Sample[] {
  if (!isHere) return [];
  return readdirSync(`${ROOT}/${folder}`)
    .filter((name) => /\.(?:eml|msg|txt)$/.test(name))
    .toSorted()
    .map((name) => ({ name: `${folder}/${name}`, bytes: new Uint8Array(readFileSync(`${ROOT}/${folder}/${name}`)) }));
}

const REAL = [...samples('ham'), ...samples('spam')];
const ODD = [...samples('mime'), ...samples('hostile')];
const ALL = [...REAL, ...ODD];

// The files are 1 MB at most; what takes two seconds for that is an attack that worked.
const MAX_MS = 2_000;

describe.skipIf(!isHere)('sample mail', () => {
  it('ends in facts, every file, in bounded time', () => {
    expect(ALL.length).toBeGreaterThan(480);
    for (const { name, bytes } of ALL) {
      const started = performance.now();
      const facts = walk(bytes);
      expect(performance.now() - started, name).toBeLessThan(MAX_MS);
      expect(facts.sizeBytes, name).toBe(bytes.length);
      expect(facts.parts.length, name).toBeGreaterThan(0);
      expect(JSON.stringify(facts).isWellFormed(), name).toBe(true);
    }
  });

  it('gives the same facts however it is cut into chunks', () => {
    const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 20_000 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom(...ALL), cuts, ({ bytes }, sizes) => {
        expect(walkInChunks(bytes, sizes)).toEqual(walk(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is readable or says why not, every file, and never throws', async () => {
    for (const { name, bytes } of ALL) {
      const { sizeBytes, parts } = walk(bytes);
      const read = await readMessage({ sizeBytes, partCount: parts.length }, async () => bytes);
      expect(['read', 'too-complex'], name).toContain(read.kind);
      if (REAL.some((sample) => sample.name === name)) expect(read.kind, name).toBe('read');
    }
  }, 60_000);

  // Looked at one by one. Raw 8-bit in a header that is no UTF-8: we read windows-1252, postal-mime shows replacement characters.
  const RAW_8BIT = ['spam/spam-025.eml', 'spam/spam-033.eml', 'spam/spam-098.eml'];

  it('shows the subject and the sender that the opened message shows', async () => {
    const different: string[] = [];
    for (const { name, bytes } of REAL) {
      const { headers } = walk(bytes);
      const email = await PostalMime.parse(bytes);
      const same = headers.subject === oneLine(email.subject ?? '', 500) && sender(headers) === firstSender(email);
      if (!same) different.push(name);
    }
    expect(different).toEqual(RAW_8BIT);
  }, 60_000);

  // "Greenwich Standard Time" and a day without a time: read by one, not by the other. "+05-30" is no zone: we take the time as UTC.
  const ODD_DATES = ['spam/spam-017.eml', 'spam/spam-076.eml', 'spam/spam-102.eml', 'spam/spam-182.eml'];

  it('reads the dates that a lenient reader reads', async () => {
    const different: string[] = [];
    for (const { name, bytes } of REAL) {
      const email = await PostalMime.parse(bytes);
      const expected = Date.parse(email.date ?? '');
      if (!Object.is(walk(bytes).headers.dateMs ?? Number.NaN, expected)) different.push(name);
    }
    expect(different).toEqual(ODD_DATES);
  }, 60_000);
});

describe.skipIf(!isHere)("other parsers' own difficult messages", () => {
  const readings = isHere
    ? readdirSync(`${ROOT}/mime`)
        .filter((name) => /^mail-parser-.*\d\.json$/.test(name))
        .map((name) => ({
          name: name.replace('.json', '.eml'),
          reading: readingOf(JSON.parse(readFileSync(`${ROOT}/mime/${name}`, 'utf8'))),
        }))
    : [];

  // A name in raw Latin-1: read as that; the reading published has a replacement character.
  const BETTER: Readonly<Record<string, string>> = { 'HasenundFr\ufffdsche.txt': 'HasenundFrösche.txt' };

  it.each(readings)('$name: subject and file names as that project publishes them', ({ name, reading }) => {
    const { headers, parts } = walk(new Uint8Array(readFileSync(`${ROOT}/mime/${name}`)));
    expect(headers.subject).toBe(reading.subject);
    expect(parts.flatMap(({ fileName }) => fileName ?? [])).toEqual(
      reading.fileNames.map((fileName) => BETTER[fileName] ?? fileName),
    );
  });
});

describe('a message of 25 MiB', () => {
  const CHUNK = new Uint8Array(65_536).fill(0x41);
  const LINES = new TextEncoder().encode(`${'QUJD'.repeat(19)}\r\n`.repeat(840));

  function walkLarge(chunk: Uint8Array): { readonly facts: ContentFacts; readonly grownBytes: number } {
    const walker = createWalker();
    walker.write(
      new TextEncoder().encode('Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
    );
    const before = process.memoryUsage();
    for (let sent = 0; sent < 25 * 1_048_576; sent += chunk.length) walker.write(chunk);
    const after = process.memoryUsage();
    return { facts: walker.end(), grownBytes: after.arrayBuffers - before.arrayBuffers };
  }

  it.each([
    { what: 'in one line', chunk: CHUNK },
    { what: 'in lines of 76', chunk: LINES },
  ])('is never held: $what', ({ chunk }) => {
    const { facts, grownBytes } = walkLarge(chunk);
    expect(facts.sizeBytes).toBeGreaterThan(25 * 1_048_576);
    expect(facts.shortfalls).toEqual([]);
    expect(grownBytes).toBeLessThan(2 * 1_048_576);
  });
});

function sender({ from }: ContentFacts['headers']): string {
  return from === undefined ? '' : `${from.name} <${from.address}>`;
}

function firstSender({ from }: Email): string {
  const first = from?.group === undefined ? from : from.group[0];
  return first === undefined ? '' : `${oneLine(first.name, 200)} <${oneLine(first.address ?? '', 320)}>`;
}

type Attributes = readonly { readonly name: string; readonly value: string }[] | null;
type PublishedHeader = {
  readonly name: unknown;
  readonly value: { readonly Text?: string; readonly ContentType?: { readonly attributes: Attributes } } | string;
};
type Published = { readonly parts: readonly { readonly headers: readonly PublishedHeader[] }[] };

function readingOf({ parts }: Published): { readonly subject: string; readonly fileNames: readonly string[] } {
  const subject = parts[0]?.headers.find(({ name }) => name === 'subject')?.value;
  const fileNames = parts.flatMap(({ headers }) => {
    const attributes = headers.flatMap(({ value }) =>
      typeof value === 'string' ? [] : (value.ContentType?.attributes ?? []),
    );
    return (
      attributes.find(({ name }) => name === 'filename')?.value ??
      attributes.find(({ name }) => name === 'name')?.value ??
      []
    );
  });
  return { subject: typeof subject === 'object' ? (subject.Text ?? '') : '', fileNames };
}
