import { describe, expect, test } from 'vitest';
import { clamdAnswer, httpAnswer, type RspamdSaid, rspamdAnswer } from '../../src/core/scanner-answers.ts';

describe('what clamd says', () => {
  test.each([
    ['stream: OK', { kind: 'clean' }],
    ['stream: Eicar-Test-Signature FOUND', { kind: 'found', names: ['Eicar-Test-Signature'] }],
    ['stream: Win.A FOUND FOUND', { kind: 'found', names: ['Win.A FOUND'] }],
    ['INSTREAM size limit exceeded. ERROR', { kind: 'failed', why: 'the message is larger than its StreamMaxLength' }],
    ['stream: lstat() failed. ERROR', { kind: 'failed', why: 'it answered "stream: lstat() failed. ERROR"' }],
    ['UNKNOWN COMMAND', { kind: 'failed', why: 'it answered "UNKNOWN COMMAND"' }],
    ['stream: OK but', { kind: 'failed', why: 'it answered "stream: OK but"' }],
    ['stream:  FOUND', { kind: 'failed', why: 'it answered "stream:  FOUND"' }],
    ['', { kind: 'failed', why: 'it answered ""' }],
    ['\u0007<b>\r\nX: y', { kind: 'failed', why: 'it answered "<b> X: y"' }],
  ])('%j', (line, expected) => {
    expect(clamdAnswer(line)).toEqual(expected);
  });

  test('a name without end is cut', () => {
    expect(clamdAnswer(`stream: ${'x'.repeat(5000)} FOUND`)).toEqual({ kind: 'found', names: ['x'.repeat(120)] });
  });
});

describe('what rspamd says, of 100', () => {
  const said = (change: Partial<RspamdSaid>): RspamdSaid => ({
    score: 0,
    required: 15,
    action: 'no action',
    symbols: [],
    ...change,
  });

  test.each<readonly [string, Partial<RspamdSaid>, number]>([
    ['nothing against it', { score: 0 }, 0],
    ['more for it than against it', { score: -7 }, 0],
    ['half of what it marks at', { score: 3 }, 30],
    ['what it would greylist', { score: 4.2, action: 'greylist' }, 42],
    ['what it marks at', { score: 6, action: 'add header' }, 60],
    ['between', { score: 10.5, action: 'add header' }, 75],
    ['what it rejects at', { score: 15, action: 'reject' }, 90],
    ['twice that', { score: 30, action: 'reject' }, 100],
    ['a hundred times that', { score: 1500, action: 'reject' }, 100],
    ['a forced reject without points', { score: 0, action: 'reject' }, 90],
    ['a forced mark without points', { score: 0, action: 'rewrite subject' }, 60],
    ['a forced pass with points', { score: 40, action: 'no action' }, 59],
    ['a deployment that marks and never rejects', { score: 40, action: 'add header' }, 89],
    ['a threshold that is none', { score: 5, required: 0 }, 0],
    ['for a while', { score: 3, action: 'soft reject' }, 30],
  ])('%s', (_name, change, score) => {
    expect(rspamdAnswer(said(change))).toMatchObject({ kind: 'scored', score });
  });

  test('the reasons are its symbols, the weightiest first, and at most twelve', () => {
    const light = Array.from({ length: 20 }, (_, index) => ({ name: `LIGHT_${index}`, score: 0.1 }));
    const symbols = [...light, { name: 'NONE', score: 0 }, { name: 'GOOD', score: -2 }, { name: 'BAD', score: 7.25 }];
    const answer = rspamdAnswer(said({ symbols }));
    expect(answer).toMatchObject({ reasons: ['BAD 7.3', 'GOOD -2.0', ...light.slice(0, 10).map(named)] });
  });

  test('where none has a weight, what it has seen is the reason', () => {
    const symbols = [{ name: 'GTUBE', score: 0 }];
    expect(rspamdAnswer(said({ action: 'reject', symbols }))).toMatchObject({ reasons: ['GTUBE 0.0'] });
  });
});

describe('what a scanner behind HTTP says', () => {
  test.each([
    [{ verdict: 'clean', names: [] }, { kind: 'clean' }],
    [{ verdict: 'clean', names: ['ignored'] }, { kind: 'clean' }],
    [
      { verdict: 'found', names: ['A', 'B'] },
      { kind: 'found', names: ['A', 'B'] },
    ],
    [
      { verdict: 'found', names: [] },
      { kind: 'found', names: ['unnamed'] },
    ],
    [
      { verdict: 'found', names: ['\u0000'] },
      { kind: 'found', names: ['unnamed'] },
    ],
  ] as const)('%j', (said, expected) => {
    expect(httpAnswer(said)).toEqual(expected);
  });

  test('a thousand names are twelve', () => {
    expect(httpAnswer({ verdict: 'found', names: Array.from({ length: 1000 }, () => 'A') })).toEqual({
      kind: 'found',
      names: Array.from({ length: 12 }, () => 'A'),
    });
  });
});

function named({ name }: { readonly name: string }): string {
  return `${name} 0.1`;
}
