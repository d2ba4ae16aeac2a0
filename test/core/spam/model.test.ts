import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likeness } from '../../../src/core/spam/bayes.ts';
import { combine, EMPTY_MODEL, type Lesson, learn, pruned, unlearn } from '../../../src/core/spam/model.ts';
import { bytesOfModel, modelOfBytes } from '../../../src/core/spam/model-bytes.ts';
import { BUCKETS, bucketOf } from '../../../src/core/spam/token-hash.ts';

const tokens = fc
  .uniqueArray(fc.nat({ max: BUCKETS - 1 }), { maxLength: 30 })
  .map((buckets) => Uint32Array.from(buckets).sort());
const lesson: fc.Arbitrary<Lesson> = fc.record({ label: fc.constantFrom('ham', 'spam'), tokens });
const lessons = fc.array(lesson, { maxLength: 12 });

const of = (label: Lesson['label'], ...words: readonly string[]): Lesson => ({
  label,
  tokens: Uint32Array.from(words.map((word) => bucketOf('', word))).sort(),
});
const times = (count: number, one: Lesson) => Array.from({ length: count }, () => one);

describe('learning', () => {
  it('and unlearning the same gives back the same model', () => {
    fc.assert(
      fc.property(lessons, lessons, (before, more) => {
        const model = learn(EMPTY_MODEL, before);
        expect(unlearn(learn(model, more), more)).toEqual(model);
      }),
    );
  });

  it('at once and one by one is the same', () => {
    fc.assert(
      fc.property(lessons, (all) => {
        expect(all.reduce((model, one) => learn(model, [one]), EMPTY_MODEL)).toEqual(learn(EMPTY_MODEL, all));
      }),
    );
  });

  it('what was never learned takes nothing below zero', () => {
    fc.assert(
      fc.property(lessons, lessons, (known, strange) => {
        const { ham, spam, hamMessages, spamMessages } = unlearn(learn(EMPTY_MODEL, known), strange);
        expect(hamMessages >= 0 && spamMessages >= 0).toBe(true);
        expect([...ham, ...spam].every((count) => count >= 0 && count <= known.length)).toBe(true);
      }),
    );
  });
});

describe('as bytes', () => {
  it('a model comes back as it was', () => {
    fc.assert(
      fc.property(lessons, (all) => {
        const model = learn(EMPTY_MODEL, all);
        expect(modelOfBytes(bytesOfModel(model))).toEqual(model);
      }),
    );
  });

  it('large counts come back as well', () => {
    const model = learn(EMPTY_MODEL, [
      ...times(400, of('spam', 'casino')),
      ...times(15, of('ham', 'casino', 'minutes')),
    ]);
    expect(modelOfBytes(bytesOfModel(model))).toEqual(model);
  });

  it('anything else is no model, and nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const model = modelOfBytes(bytes);
        if (model !== undefined) expect(model.buckets.every((bucket) => bucket < BUCKETS)).toBe(true);
      }),
    );
    expect(modelOfBytes(new Uint8Array())).toBeUndefined();
    expect(modelOfBytes(Uint8Array.from([1, 0, 0, 255, 255, 127]))).toBeUndefined();
    expect(modelOfBytes(bytesOfModel(learn(EMPTY_MODEL, [of('ham', 'a', 'b')])).slice(0, -1))).toBeUndefined();
  });
});

describe('the shipped model and the client’s', () => {
  const base = learn(EMPTY_MODEL, [...times(40, of('spam', 'offer', 'pump')), ...times(40, of('ham', 'minutes'))]);

  it('without lessons of its own the shipped one counts', () => {
    expect(combine(base, EMPTY_MODEL)).toBe(base);
  });

  it('what a client’s people say counts more than what was shipped', () => {
    const own = learn(EMPTY_MODEL, times(20, of('ham', 'offer', 'pump')));
    const asked = of('ham', 'offer', 'pump').tokens;
    expect(likeness(asked, base).margin).toBeGreaterThan(0);
    expect(likeness(asked, combine(base, own)).margin).toBeLessThan(likeness(asked, base).margin / 2);
  });

  it('pruned, it keeps what was seen most', () => {
    const model = learn(EMPTY_MODEL, [...times(3, of('ham', 'often')), of('ham', 'once', 'else')]);
    expect([...pruned(model, 1).buckets]).toEqual([bucketOf('', 'often')]);
    expect(pruned(model, 3)).toBe(model);
  });
});

describe('likeness', () => {
  const model = learn(EMPTY_MODEL, [
    ...times(20, of('spam', 'casino', 'bonus', 'the')),
    ...times(20, of('ham', 'minutes', 'agenda', 'the')),
  ]);

  it.each([
    ['words of spam', ['casino', 'bonus'], 1],
    ['words of honest mail', ['minutes', 'agenda'], -1],
    ['words of both', ['casino', 'minutes', 'bonus', 'agenda'], 0],
    ['words that say nothing', ['the'], 0],
    ['words nobody has seen', ['zebrafish'], 0],
    ['no words', [], 0],
  ] as const)('%s', (_, words, sign) => {
    expect(Math.sign(Math.round(likeness(of('ham', ...words).tokens, model).margin))).toBeCloseTo(sign);
  });

  it('says nothing before it has seen some of both', () => {
    expect(likeness(of('ham', 'casino').tokens, learn(EMPTY_MODEL, times(50, of('spam', 'casino'))))).toEqual({
      margin: 0,
      evidence: 0,
    });
  });

  it('is a number, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(lesson, { minLength: 25, maxLength: 60 }), tokens, (all, asked) => {
        expect(Number.isFinite(likeness(asked, learn(EMPTY_MODEL, all)).margin)).toBe(true);
      }),
    );
  });
});
