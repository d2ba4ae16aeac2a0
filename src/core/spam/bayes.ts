/**
 * How much the words of a message are like those of spam, by what was learned: each token's share of spam (Robinson), the strongest of
 * them combined by Fisher's method as SpamBayes does: evidence for and against is added up separately, so that a message which speaks
 * for both, or for neither, comes out in the middle instead of at an end.
 */
import { indexOf, type SpamModel } from './model.ts';

export type Likeness = {
  /**
   * How much less likely it is that chance made the evidence for spam than that it made the evidence for honest mail, in nats:
   * below 0 honest, above 0 spam, near 0 says nothing or both.
   */
  readonly margin: number;
  /** tokens that said something */
  readonly evidence: number;
};

const NO_LIKENESS: Likeness = { margin: 0, evidence: 0 };
// Robinson's s and x: a token seen once moves a little, one never seen not at all.
const STRENGTH = 1;
const UNKNOWN = 0.5;
// Tokens nearer to the middle than this are noise.
const MIN_DISTANCE = 0.05;
// More than the strongest so many say the same again: long messages would always come out at an end.
const MAX_EVIDENCE = 250;
// With fewer messages than these of either kind every word is a sure sign.
const MIN_MESSAGES = 10;

export function likeness(tokens: Uint32Array, model: SpamModel): Likeness {
  if (model.hamMessages < MIN_MESSAGES || model.spamMessages < MIN_MESSAGES) return NO_LIKENESS;
  const strongest = probabilitiesOf(tokens, model)
    .filter((probability) => Math.abs(probability - 0.5) >= MIN_DISTANCE)
    .sort((one, other) => Math.abs(other - 0.5) - Math.abs(one - 0.5))
    .slice(0, MAX_EVIDENCE);
  const degrees = 2 * strongest.length;
  const chanceOfSpam = logChiSquareTail(-2 * logSum(strongest.map((probability) => 1 - probability)), degrees);
  const chanceOfHam = logChiSquareTail(-2 * logSum(strongest), degrees);
  return { margin: chanceOfHam - chanceOfSpam, evidence: strongest.length };
}

function probabilitiesOf(tokens: Uint32Array, model: SpamModel): readonly number[] {
  const found: number[] = [];
  for (const bucket of tokens) {
    const index = indexOf(model, bucket);
    if (index >= 0) found.push(probabilityOf(model, index));
  }
  return found;
}

export function probabilityOf({ ham, spam, hamMessages, spamMessages }: SpamModel, index: number): number {
  const inHam = ham[index] ?? 0;
  const inSpam = spam[index] ?? 0;
  const hamShare = inHam / Math.max(1, hamMessages);
  const spamShare = inSpam / Math.max(1, spamMessages);
  const raw = spamShare / (hamShare + spamShare);
  const seen = inHam + inSpam;
  return (STRENGTH * UNKNOWN + seen * raw) / (STRENGTH + seen);
}

function logSum(values: readonly number[]): number {
  return values.reduce((total, value) => total + Math.log(value), 0);
}

/**
 * The logarithm of how likely a chi-square value at least this large is by chance, for an even number of degrees of freedom. Summed up
 * as logarithms: the chances themselves are soon smaller than any number.
 */
function logChiSquareTail(value: number, degrees: number): number {
  const half = value / 2;
  let term = -half;
  let total = -half;
  for (let index = 1; index < degrees / 2; index += 1) {
    term += Math.log(half / index);
    const larger = Math.max(total, term);
    total = larger + Math.log(Math.exp(total - larger) + Math.exp(term - larger));
  }
  return degrees === 0 ? 0 : Math.min(0, total);
}
