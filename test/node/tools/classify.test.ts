/** `npm run classify`, run as people run it, and the labelled lines where they are at hand (CORPUS, or `shared/corpus` beside the project). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findingOfSaid } from '../../../src/core/finding.ts';
import { readLine } from '../../../src/core/log-line.ts';
import { scoreCsv } from '../../../tools/classify/score.ts';

const ROOT = process.env['CORPUS'] ?? fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const LABELLED = join(ROOT, 'smtp_replies.csv');
const isHere = existsSync(LABELLED);
if (!isHere) process.stdout.write(`classify: skipped, there are no labelled replies at ${LABELLED} (set CORPUS)\n`);

// Issue "Detection": of the labelled real replies.
const MIN_RIGHT = 0.97;
// Some milliseconds in fact; a pattern that looks back and forth would take minutes.
const MAX_MS = 500;

describe.skipIf(!isHere)('labelled replies', () => {
  it('are read right, 97 of 100 at least', () => {
    const scored = scoreCsv(readFileSync(LABELLED, 'utf8'));
    if (scored.kind === 'invalid') throw new Error(scored.problem);
    const { lines, right, misses } = scored.score;
    expect(lines).toBeGreaterThan(50);
    expect(right / lines, JSON.stringify(misses)).toBeGreaterThanOrEqual(MIN_RIGHT);
  });
});

// In Node, because the clock of workerd stands still while code runs.
describe('a hostile text', () => {
  const pieces = ['a', 'user ', 'connection ', '@<', '<a@', 'said: ', 'after RCPT TO:', '((((', '\u0130', 'to '];

  it.each(pieces)('made of "%s" is read at once', (piece) => {
    const started = performance.now();
    expect(findingOfSaid(readLine(piece.repeat(50_000))).class).toBeTypeOf('string');
    expect(findingOfSaid({ code: 451, text: piece.repeat(50_000) }).class).toBeTypeOf('string');
    expect(performance.now() - started).toBeLessThan(MAX_MS);
  });
});

describe('npm run classify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'classify-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function classify(csv: string, ...flags: readonly string[]): { code: number | null; out: string; problem: string } {
    const file = join(folder, 'lines.csv');
    writeFileSync(file, csv);
    return run(file, ...flags);
  }

  function run(...args: readonly string[]): { code: number | null; out: string; problem: string } {
    const program = fileURLToPath(new URL('../../../tools/classify.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    return { code: status, out: stdout, problem: stderr };
  }

  const CSV = [
    'reply,code,enhanced,class,also_acceptable,source',
    '"451 4.3.0 ""Lookup"" failure, later",451,4.3.0,server-down,,ours',
    'Recipient unknown,550,5.1.1,permanent-mailbox,,ours',
    '421 4.7.0 slow down,,,greylist/policy-temporary,server-busy|connection,ours',
    '550 5.1.1 no such user,550,5.1.1,dns,,ours',
    '',
  ].join('\r\n');

  it('counts what is right, what is strictly right, and names every miss', () => {
    const { code, out } = classify(CSV, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      lines: 4,
      right: 3,
      strict: 2,
      misses: [{ reply: '550 5.1.1 no such user', expected: 'dns', got: 'permanent-mailbox' }],
    });
  });

  it('says the same to people', () => {
    const { out } = classify(CSV);
    expect(out).toContain('4 lines: 3 right (75.0 %), 2 strictly (50.0 %)');
    expect(out).toMatch(/dns +permanent-mailbox +550 5\.1\.1 no such user/);
  });

  it('refuses what it cannot read, with the reason and exit code 2', () => {
    expect(run(join(folder, 'missing.csv'))).toMatchObject({
      code: 2,
      problem: expect.stringContaining('no such file'),
    });
    expect(run()).toMatchObject({ code: 2, problem: expect.stringContaining('give one file') });
    expect(run('--loud', 'x.csv')).toMatchObject({ code: 2, problem: expect.stringContaining('--loud') });
    expect(classify('text,class\na,dns\n')).toMatchObject({
      code: 2,
      problem: expect.stringContaining('no column reply'),
    });
    expect(classify('')).toMatchObject({ code: 2, problem: expect.stringContaining('empty') });
    expect(classify('reply,class\n"never closed,dns\n')).toMatchObject({
      code: 2,
      problem: expect.stringContaining('record 2'),
    });
  });
});
