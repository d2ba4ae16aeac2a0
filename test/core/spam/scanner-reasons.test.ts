import { expect, test } from 'vitest';
import type { ScanFacts } from '../../../src/core/message-facts.ts';
import { scannerReasons } from '../../../src/core/spam/scanner-reasons.ts';
import { answerOf, scoreOf } from '../../../src/core/spam/score.ts';

const scored = (score: number, reasons: readonly string[] = []): ScanFacts => ({
  scanner: 'rspamd',
  kind: 'scored',
  score,
  reasons,
});

test.each([
  [0, -4],
  [14, -2],
  [30, 0],
  [60, 16],
  [90, 23],
  [100, 25],
])('%i of 100 is %i points', (score, points) => {
  expect(scannerReasons([scored(score)], 0).map((reason) => reason.points)).toEqual(points === 0 ? [] : [points]);
});

test.each([
  [59, 'ham'],
  [60, 'unsure'],
  [86, 'unsure'],
  [90, 'spam'],
] as const)('alone, its %i is our %s', (score, answer) => {
  const [reason] = scannerReasons([scored(score)], 0);
  expect(answerOf(scoreOf(reason?.points ?? 0))).toBe(answer);
});

test('more is never less', () => {
  const points = Array.from({ length: 101 }, (_, score) => scannerReasons([scored(score)], 0)[0]?.points ?? 0);
  expect(points).toEqual(points.toSorted((one, other) => one - other));
});

test.each([
  [90, -30, 46, 'unsure'],
  [100, -12, 28, 'unsure'],
  [100, 0, 25, 'spam'],
  [89, -30, 23, 'ham'],
] as const)(
  'its %i against our %i points is %i: what it would refuse is marked at least',
  (score, ours, points, answer) => {
    const [reason] = scannerReasons([scored(score)], ours);
    expect(reason?.points).toBe(points);
    expect(answerOf(scoreOf(ours + (reason?.points ?? 0)))).toBe(answer);
  },
);

test('it says who and why; what gives no score gives no reason', () => {
  const others: readonly ScanFacts[] = [
    { scanner: 'clamd', kind: 'found', names: ['A'] },
    { scanner: 'built-in', kind: 'clean' },
    { scanner: 'rspamd', kind: 'failed', why: 'no answer' },
  ];
  expect(scannerReasons([...others, scored(75, ['PHISHING 5.0', 'R_SPF_ALLOW -0.2'])], 0)).toEqual([
    { name: 'scanner-rspamd', words: 'rspamd gives it 75 of 100: PHISHING 5.0, R_SPF_ALLOW -0.2', points: 20 },
  ]);
});
