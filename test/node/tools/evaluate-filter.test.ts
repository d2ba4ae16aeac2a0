/**
 * `npm run evaluate:filter`, run as people run it: on letters of our own, and on the sample of mail where it is at hand (CORPUS, or
 * `shared/corpus` beside the project). The floors lie somewhat below what docs/spam.md tells.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../../tools/classify/csv.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const FIXTURES = join(PROJECT, 'test/fixtures/spam');
const ROOT = process.env['CORPUS'] ?? fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const hasCorpus = existsSync(join(ROOT, 'mail_labels.csv')) && existsSync(join(ROOT, 'train.tar.gz'));
if (!hasCorpus) console.warn(`skipped: the filter on the sample of mail, for it is not at ${ROOT}`);

type Figures = Readonly<
  Record<
    'ham' | 'spam' | 'falsePositives' | 'falseNegatives' | 'unsure' | 'precision' | 'recall' | 'msPerMessage',
    number
  >
>;

function evaluate(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/evaluate-filter.ts', ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function figures(...args: readonly string[]): Figures {
  const { status, stdout, stderr } = evaluate(...args, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('modern mail of many kinds, with what was shipped', () => {
  it('honest business mail in eight languages is never called spam, phishing always', () => {
    const found = figures('--ham', join(FIXTURES, 'ham'), '--spam', join(FIXTURES, 'spam'));
    expect(found).toMatchObject({ ham: 38, spam: 12, falsePositives: 0, falseNegatives: 0, precision: 1, recall: 1 });
    expect(found.unsure).toBeLessThanOrEqual(3);
    expect(found.msPerMessage).toBeGreaterThan(0);
  }, 60_000);

  it('names the mistakes, and learns what it is given', () => {
    const ham = join(FIXTURES, 'ham');
    const spam = join(FIXTURES, 'spam');
    const { status, stdout } = evaluate('--train-ham', ham, '--train-spam', spam, '--ham', spam, '--mistakes');
    expect(status).toBe(0);
    expect(stdout).toContain('50 messages learned, 12 judged');
    expect(stdout).toMatch(/ham called spam\s+test\/fixtures\/spam\/spam\/wallet\.eml/);
  }, 60_000);
});

describe('what is wrong is said', () => {
  it.each([
    [[], 'give mail to judge'],
    [['--ham', '/nowhere'], '/nowhere: no such directory'],
    [['--ham', join(PROJECT, 'docs')], 'no .eml file in it'],
    [['--ham', FIXTURES, '--train-ham', FIXTURES], 'learning wants both kinds'],
    [['--ham', FIXTURES, '--compare', 'razor'], '--compare: razor is none of'],
    [['--hamm', FIXTURES], '--hamm'],
  ])(
    '%j',
    (args, words) => {
      const { status, stderr } = evaluate(...args);
      expect(status).toBe(2);
      expect(stderr).toContain(words);
      expect(stderr).toContain('npm run evaluate:filter');
    },
    30_000,
  );
});

describe.skipIf(!hasCorpus)('the sample of mail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const all = ['--ham', join(ROOT, 'ham'), '--spam', join(ROOT, 'spam')];

  it('with the shipped model: nearly nothing honest is called spam, and most spam is', () => {
    const found = figures(...all);
    expect(found.precision).toBeGreaterThanOrEqual(0.99);
    expect(found.recall).toBeGreaterThanOrEqual(0.82);
    expect(found.unsure / 400).toBeLessThanOrEqual(0.07);
  }, 120_000);

  it('taught with the training mail and one half, it knows the other', () => {
    spawnSync('tar', ['-xzf', join(ROOT, 'train.tar.gz'), '-C', folder]);
    const halves = split();
    const train = ['train', halves.learned].flatMap((name) => [
      '--train-ham',
      join(folder, name, 'ham'),
      '--train-spam',
      join(folder, name, 'spam'),
    ]);
    const found = figures(
      ...train,
      '--ham',
      join(folder, halves.judged, 'ham'),
      '--spam',
      join(folder, halves.judged, 'spam'),
    );
    expect(found.precision).toBeGreaterThanOrEqual(0.98);
    expect(found.recall).toBeGreaterThanOrEqual(0.82);
    expect(found.unsure / (found.ham + found.spam)).toBeLessThanOrEqual(0.07);
  }, 300_000);

  /** Every other message of each collection, in the order of the list. */
  function split() {
    const table = readCsv(readFileSync(join(ROOT, 'mail_labels.csv'), 'utf8'));
    if (table.kind === 'invalid') throw new Error(table.problem);
    const at = (name: string) => table.columns.indexOf(name);
    const seen = new Map<string, number>();
    const envelopes: Record<string, string[]> = { even: [], odd: [] };
    for (const row of table.rows) {
      const [file = '', label = '', collection = ''] = [row[at('file')], row[at('label')], row[at('collection')]];
      const turn = (seen.get(label + collection) ?? 0) + 1;
      seen.set(label + collection, turn);
      const half = turn % 2 === 0 ? 'even' : 'odd';
      const target = join(folder, half, file);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(ROOT, file), target);
      const recorded = ['client_ip', 'helo', 'mail_from', 'spf', 'dkim', 'dmarc'].map(
        (name) => `"${row[at(name)] ?? ''}"`,
      );
      envelopes[half]?.push([file, ...recorded].join(','));
    }
    for (const [half, rows] of Object.entries(envelopes))
      writeFileSync(
        join(folder, half, 'envelope.csv'),
        ['path,client_ip,helo,mail_from,spf,dkim,dmarc', ...rows, ''].join('\n'),
      );
    return { learned: 'even', judged: 'odd' };
  }
});
