/** Facts of real and hostile messages, where they are at hand (see mime-corpus.test.ts): bounded, the same however cut, and not deceived. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InspectedFacts } from '../../src/core/message-facts.ts';
import { dangerousName } from '../../src/core/rules/dangerous.ts';
import { createInspector } from '../../src/filter/inspect.ts';
import { scanBuiltIn } from '../../src/filter/virus.ts';
import { inspectInChunks } from '../filter/inspected.ts';

const ROOT = process.env['CORPUS'] ?? new URL('../../../shared/corpus', import.meta.url).pathname;
const isHere = existsSync(`${ROOT}/hostile_index.json`);
if (!isHere) process.stdout.write(`facts of sample mail: skipped, there is none at ${ROOT} (set CORPUS)\n`);

const FILES = !isHere
  ? []
  : ['ham', 'spam', 'mime', 'hostile'].flatMap((folder) =>
      readdirSync(`${ROOT}/${folder}`)
        .filter((name) => /\.(?:eml|msg|txt)$/.test(name))
        .map((name) => `${folder}/${name}`),
    );

function read(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${ROOT}/${name}`));
}

function inspect(name: string): InspectedFacts {
  return inspectInChunks(read(name), [65_536]).inspected;
}

const MAX_CPU_MS = 1_000;
const MAX_GROWN_BYTES = 64 * 1_048_576;

describe.skipIf(!isHere)('sample mail', () => {
  it('ends in facts, every file, within a second of CPU and 64 MB', () => {
    expect(FILES.length).toBeGreaterThan(480);
    for (const name of FILES) {
      const bytes = read(name);
      const before = process.memoryUsage.rss();
      const started = process.cpuUsage();
      const facts = inspect(name);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1_000, name).toBeLessThan(MAX_CPU_MS);
      expect(process.memoryUsage.rss() - before, name).toBeLessThan(MAX_GROWN_BYTES);
      expect(facts.sizeBytes, name).toBe(bytes.length);
      expect(facts.unscanned, name).not.toContain('fault');
      expect(JSON.stringify(facts).isWellFormed(), name).toBe(true);
    }
  });

  it('gives the same facts however it is cut into chunks', () => {
    const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 20_000 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom(...FILES), cuts, (name, sizes) => {
        expect(inspectInChunks(read(name), sizes).inspected).toEqual(inspect(name));
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

type Indexed = { readonly file: string; readonly checks: readonly string[] };
const INDEX: readonly Indexed[] = isHere ? JSON.parse(readFileSync(`${ROOT}/hostile_index.json`, 'utf8')) : [];
const BAD = { deployment: new Set<string>(), client: new Set<string>() };

/** What the facts say on each of the things that a layer is expected to report. */
const DETECTED: Readonly<Record<string, (facts: InspectedFacts) => boolean>> = {
  'detect:virus': (facts) => scanBuiltIn(facts, BAD).kind === 'found',
  'detect:policy': ({ parts }) => parts.some((part) => dangerousName(part) !== undefined),
  'detect:policy (executable attachment)': ({ parts }) => parts.some((part) => dangerousName(part) !== undefined),
  'detect:policy (macro)': ({ parts }) => parts.some(({ hasMacros }) => hasMacros),
  'one-from': ({ headers }) => headers.from.length > 1,
};

describe.skipIf(!isHere)('a hostile message', () => {
  const expected = INDEX.flatMap(({ file, checks }) =>
    checks.filter((check) => /^detect:|^one-from$/.test(check)).map((check) => ({ file, check })),
  );

  it.each(expected)('$file: $check', ({ file, check }) => {
    expect(DETECTED[check]?.(inspect(file))).toBe(true);
  });
});

describe('four messages of 25 MiB at once', () => {
  it('are never held', () => {
    const head = 'Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAIAA';
    const chunk = new TextEncoder().encode(`${'QUJD'.repeat(19)}\r\n`.repeat(840));
    const inspectors = [1, 2, 3, 4].map(() => createInspector());
    for (const inspector of inspectors) inspector.write(new TextEncoder().encode(head));
    const before = heldBytes();
    for (let sent = 0; sent < 25 * 1_048_576; sent += chunk.length)
      for (const inspector of inspectors) inspector.write(chunk);
    const grown = heldBytes() - before;
    for (const inspector of inspectors) expect(inspector.end().inspected.sizeBytes).toBeGreaterThan(25 * 1_048_576);
    expect(grown).toBeLessThan(MAX_GROWN_BYTES / 2);
  });
});

/** What is held, not what is merely not collected yet: else it would depend on when the collector last ran. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().arrayBuffers;
}
