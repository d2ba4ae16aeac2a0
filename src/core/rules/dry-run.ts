/**
 * What a list of rules would have done with messages whose facts are kept: the same judgement as in earnest. A store keeps no text; where a rule
 * asks about what was not kept and could have decided, the verdict is said to be unknown, not guessed.
 */
import type { MessageFacts } from '../message-facts.ts';
import { judgeRule, verdictOf } from './evaluate.ts';
import type { Rule, RuleContext, Verdict } from './rule.ts';
import { type NotKept, StepBudget, Subject } from './subject.ts';
import type { Truth } from './truth.ts';

export type KeptMessage = {
  readonly id: string;
  readonly facts: MessageFacts;
  readonly notKept: readonly NotKept[];
};

/** `cannot-be-said`: it depends on what was not kept, or the dry run has used up its time */
export type DryVerdict = Verdict['kind'] | 'cannot-be-said';

/** `ids`: the first of them */
export type Tally = { readonly count: number; readonly ids: readonly string[] };

export type DryRun = {
  readonly messages: number;
  readonly verdicts: Readonly<Record<DryVerdict, Tally>>;
  /** in the order of the rules: how many messages each has matched, and for how many nobody can say */
  readonly rules: readonly { readonly ruleId: string; readonly matched: number; readonly unknown: number }[];
};

// A page of a console shows fewer.
const MAX_IDS = 100;
// About a second of patterns, whatever they are: it is asked for by a person who waits.
const MAX_STEPS = 50_000_000;

export function dryRun(rules: readonly Rule[], messages: readonly KeptMessage[], context: RuleContext): DryRun {
  const budget = new StepBudget(MAX_STEPS);
  const tallies = emptyTallies();
  const seen = new Map(rules.map(({ id }) => [id, { matched: 0, unknown: 0 }]));
  for (const { id, facts, notKept } of messages) {
    const outcome = foresee(rules, new Subject(facts, context, budget, notKept));
    for (const [ruleId, truth] of outcome.truths) count(seen.get(ruleId), truth);
    const tally = tallies[budget.isSpent ? 'cannot-be-said' : outcome.verdict];
    tally.count += 1;
    if (tally.ids.length < MAX_IDS) tally.ids.push(id);
  }
  return {
    messages: messages.length,
    verdicts: tallies,
    rules: rules.map(({ id }) => ({ ruleId: id, matched: 0, unknown: 0, ...seen.get(id) })),
  };
}

type Foreseen = { readonly verdict: DryVerdict; readonly truths: readonly (readonly [string, Truth['kind']])[] };

function foresee(rules: readonly Rule[], subject: Subject): Foreseen {
  const truths: [string, Truth['kind']][] = [];
  const possible = new Set<Verdict['kind']>();
  for (const rule of rules) {
    if (!rule.isOn) continue;
    const truth = judgeRule(subject, rule);
    const mayMatch = truth.kind === 'yes' || (truth.kind === 'unknown' && truth.because === 'not-kept');
    if (!mayMatch) continue;
    truths.push([rule.id, truth.kind]);
    const verdict = verdictOf(rule, '');
    if (verdict === undefined) continue;
    possible.add(verdict.kind);
    if (truth.kind === 'yes') return { verdict: onlyOf(possible), truths };
  }
  possible.add('accept');
  return { verdict: onlyOf(possible), truths };
}

/** Where all that may have happened is the same, it can be said. */
function onlyOf(possible: ReadonlySet<Verdict['kind']>): DryVerdict {
  const [only = 'accept', ...others] = possible;
  return others.length === 0 ? only : 'cannot-be-said';
}

function count(seen: { matched: number; unknown: number } | undefined, truth: Truth['kind']): void {
  if (seen === undefined) return;
  if (truth === 'yes') seen.matched += 1;
  if (truth === 'unknown') seen.unknown += 1;
}

function emptyTallies(): Record<DryVerdict, { count: number; ids: string[] }> {
  const empty = () => ({ count: 0, ids: [] });
  return {
    accept: empty(),
    quarantine: empty(),
    reject: empty(),
    discard: empty(),
    hold: empty(),
    'cannot-be-said': empty(),
  };
}
