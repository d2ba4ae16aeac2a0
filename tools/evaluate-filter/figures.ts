/** Answers beside labels → the figures of `npm run evaluate:filter`; what each means stands in its USAGE. */
import type { Label } from '../../src/core/spam/model.ts';

export type Answer = 'ham' | 'unsure' | 'spam';
export type Judged = { readonly path: string; readonly label: Label; readonly answer: Answer };

export type Figures = {
  readonly ham: number;
  readonly spam: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly unsure: number;
  /** 0 to 1; 1 when nothing was called spam */
  readonly precision: number;
  readonly recall: number;
  readonly msPerMessage: number;
};

export function figuresOf(judged: readonly Judged[], totalMs: number): Figures {
  const count = (label: Label, answer: Answer) =>
    judged.filter((one) => one.label === label && one.answer === answer).length;
  const [caught, falsePositives] = [count('spam', 'spam'), count('ham', 'spam')];
  const spam = judged.filter(({ label }) => label === 'spam').length;
  return {
    ham: judged.length - spam,
    spam,
    falsePositives,
    falseNegatives: count('spam', 'ham'),
    unsure: count('ham', 'unsure') + count('spam', 'unsure'),
    precision: rounded(caught + falsePositives === 0 ? 1 : caught / (caught + falsePositives)),
    recall: rounded(spam === 0 ? 0 : caught / spam),
    msPerMessage: rounded(totalMs / Math.max(1, judged.length)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
