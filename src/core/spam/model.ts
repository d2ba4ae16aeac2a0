/**
 * What was learned of tokens: in how many honest and in how many spam messages each has been. A value, sorted by bucket; learning makes
 * a new one. The shipped model and a client's own have the same shape and are added up.
 */
import { BUCKETS } from './token-hash.ts';

export type SpamModel = {
  readonly hamMessages: number;
  readonly spamMessages: number;
  /** ascending, below BUCKETS */
  readonly buckets: Uint32Array;
  readonly ham: Uint32Array;
  readonly spam: Uint32Array;
};

export type Label = 'ham' | 'spam';

/** `tokens` as tokensOf gives them: each bucket once. */
export type Lesson = { readonly label: Label; readonly tokens: Uint32Array };

export const EMPTY_MODEL: SpamModel = {
  hamMessages: 0,
  spamMessages: 0,
  buckets: new Uint32Array(),
  ham: new Uint32Array(),
  spam: new Uint32Array(),
};

/**
 * A client's own judgement weighs as much as this many messages of the shipped model: what its people call junk is to count within
 * days, against a shipped model that has seen a few thousand.
 */
const OWN_WEIGHT = 4;

export function learn(model: SpamModel, lessons: readonly Lesson[]): SpamModel {
  return sum(model, modelOf(lessons), 1);
}

/** Takes back what `learn` of the same lessons did; of what was never learned nothing goes below zero. */
export function unlearn(model: SpamModel, lessons: readonly Lesson[]): SpamModel {
  return sum(model, modelOf(lessons), -1);
}

/** The model to score with: the shipped one and the client's. */
export function combine(base: SpamModel, own: SpamModel): SpamModel {
  return own.buckets.length === 0 ? base : sum(base, own, OWN_WEIGHT);
}

/** Keeps the buckets that were seen most often, so that a blob stays within what a row can hold. */
export function pruned(model: SpamModel, maxBuckets: number): SpamModel {
  if (model.buckets.length <= maxBuckets) return model;
  const seen = model.ham.map((count, index) => count + (model.spam[index] ?? 0));
  const floor = seen.toSorted()[seen.length - maxBuckets] ?? 0;
  const above = seen.filter((count) => count > floor).length;
  let room = maxBuckets - above;
  return kept(model, (index) => {
    const count = seen[index] ?? 0;
    if (count === floor) room -= 1;
    return count > floor || (count === floor && room >= 0);
  });
}

/** Only the buckets at these indexes. */
export function kept(model: SpamModel, isKept: (index: number) => boolean): SpamModel {
  const indexes = Array.from(model.buckets.keys()).filter(isKept);
  const pick = (from: Uint32Array) => Uint32Array.from(indexes, (index) => from[index] ?? 0);
  return { ...model, buckets: pick(model.buckets), ham: pick(model.ham), spam: pick(model.spam) };
}

/** Index of the bucket, or -1. */
export function indexOf({ buckets }: SpamModel, bucket: number): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((buckets[middle] ?? BUCKETS) < bucket) low = middle + 1;
    else high = middle;
  }
  return buckets[low] === bucket ? low : -1;
}

function modelOf(lessons: readonly Lesson[]): SpamModel {
  const ham = countsOf(lessons.filter(({ label }) => label === 'ham'));
  const spam = countsOf(lessons.filter(({ label }) => label === 'spam'));
  const none = (buckets: Uint32Array) => new Uint32Array(buckets.length);
  return sum(
    { ...EMPTY_MODEL, hamMessages: ham.messages, buckets: ham.buckets, ham: ham.counts, spam: none(ham.buckets) },
    { ...EMPTY_MODEL, spamMessages: spam.messages, buckets: spam.buckets, ham: none(spam.buckets), spam: spam.counts },
    1,
  );
}

function countsOf(lessons: readonly Lesson[]): {
  readonly messages: number;
  readonly buckets: Uint32Array;
  readonly counts: Uint32Array;
} {
  const all = new Uint32Array(lessons.reduce((total, { tokens }) => total + tokens.length, 0));
  let filled = 0;
  for (const { tokens } of lessons) {
    all.set(tokens, filled);
    filled += tokens.length;
  }
  all.sort();
  const buckets = new Uint32Array(all.length);
  const counts = new Uint32Array(all.length);
  let last = -1;
  for (let index = 0; index < all.length; index += 1) {
    if (index === 0 || all[index] !== all[index - 1]) {
      last += 1;
      buckets[last] = all[index] ?? 0;
    }
    counts[last] = (counts[last] ?? 0) + 1;
  }
  return { messages: lessons.length, buckets: buckets.slice(0, last + 1), counts: counts.slice(0, last + 1) };
}

/** One plus so many times the other; buckets of which nothing is left are gone. */
function sum(one: SpamModel, other: SpamModel, times: number): SpamModel {
  const room = one.buckets.length + other.buckets.length;
  const buckets = new Uint32Array(room);
  const ham = new Uint32Array(room);
  const spam = new Uint32Array(room);
  let size = 0;
  for (let left = 0, right = 0; left < one.buckets.length || right < other.buckets.length; ) {
    const bucket = Math.min(one.buckets[left] ?? BUCKETS, other.buckets[right] ?? BUCKETS);
    const inOne = one.buckets[left] === bucket;
    const inOther = other.buckets[right] === bucket;
    const both = (of: Uint32Array, and: Uint32Array) =>
      Math.max(0, (inOne ? (of[left] ?? 0) : 0) + times * (inOther ? (and[right] ?? 0) : 0));
    buckets[size] = bucket;
    ham[size] = both(one.ham, other.ham);
    spam[size] = both(one.spam, other.spam);
    if (ham[size] !== 0 || spam[size] !== 0) size += 1;
    left += inOne ? 1 : 0;
    right += inOther ? 1 : 0;
  }
  return {
    hamMessages: Math.max(0, one.hamMessages + times * other.hamMessages),
    spamMessages: Math.max(0, one.spamMessages + times * other.spamMessages),
    buckets: buckets.slice(0, size),
    ham: ham.slice(0, size),
    spam: spam.slice(0, size),
  };
}
