/**
 * Facts and a model → a score with its reasons. The reasons' points are added up, and the sum is turned into 0 to 100, where 50 would be a
 * toss-up. It only counts where a client's rule uses it: nothing is refused for a score alone.
 */
import type { MessageFacts, SpamFacts, SpamReason } from '../message-facts.ts';
import { likeness } from './bayes.ts';
import type { SpamModel } from './model.ts';
import { readingOf } from './reading.ts';
import { scannerReasons } from './scanner-reasons.ts';
import { seen } from './sign.ts';
import { SIGNS } from './signs.ts';
import { tokensOf } from './tokens.ts';

/** From here on: quarantined and marked by the default plan (core/filter-plan.ts). */
export const SPAM_FROM = 90;
export const UNSURE_FROM = 60;

// So many points are a toss-up: most mail that reaches a filter behind somebody's MX is honest, and a lost letter costs more than a read
// advertisement. From there, so many make spam e times as likely: 90 is reached with 23 points, 60 with 16.
const TOSS_UP = 14.4;
const PER_E = 3.9;

// The margin of the words (bayes.ts) in points, by its root: the words of one message hang together, so twice the margin is not twice
// the evidence. Words like those of honest mail excuse less than words like those of spam accuse: whoever pretends writes like the one
// he pretends to be.
const PER_ROOT_NAT = 10.5;
const MOST_HONEST = -12;
const MOST_SPAM = 38;

export function scoreSpam(facts: MessageFacts, model: SpamModel): SpamFacts {
  const ours = [...likenessReason(tokensOf(facts), model), ...seen(SIGNS, readingOf(facts))];
  const reasons = [...ours, ...scannerReasons(facts.scans, pointsOf(ours))];
  const score = scoreOf(pointsOf(reasons));
  return {
    score,
    answer: answerOf(score),
    reasons: reasons.toSorted((one, other) => Math.abs(other.points) - Math.abs(one.points)),
  };
}

function pointsOf(reasons: readonly SpamReason[]): number {
  return reasons.reduce((total, reason) => total + reason.points, 0);
}

export function scoreOf(points: number): number {
  return Math.round(100 / (1 + Math.exp((TOSS_UP - points) / PER_E)));
}

export function answerOf(score: number): SpamFacts['answer'] {
  if (score >= SPAM_FROM) return 'spam';
  return score >= UNSURE_FROM ? 'unsure' : 'ham';
}

function likenessReason(tokens: Uint32Array, model: SpamModel): readonly SpamReason[] {
  const { margin } = likeness(tokens, model);
  const points = Math.max(
    MOST_HONEST,
    Math.min(MOST_SPAM, Math.round(PER_ROOT_NAT * Math.sign(margin) * Math.sqrt(Math.abs(margin)))),
  );
  if (points === 0) return [];
  return [
    {
      name: points > 0 ? 'words-like-spam' : 'words-like-honest-mail',
      words: `its words are ${points > 0 ? 'like those of spam' : 'like those of honest mail'}`,
      points,
    },
  ];
}
