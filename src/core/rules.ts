/** A client's own filter rules, first form: who sends, who receives, what follows. The first that matches decides. */
import type { Address, ReversePath } from './address.ts';

/** `pattern`: a whole address (`a@b.example`), a whole domain (`@b.example`), or `<>` for the null reverse path. */
export type Rule = {
  readonly id: string;
  readonly field: 'sender' | 'recipient';
  readonly pattern: string;
  readonly verdict: 'accept' | 'quarantine' | 'reject' | 'discard';
  readonly reason: string;
};

export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'quarantine'; readonly ruleId: string; readonly reason: string }
  | { readonly kind: 'reject'; readonly ruleId: string; readonly reason: string }
  | { readonly kind: 'discard'; readonly ruleId: string; readonly reason: string };

export type RuleSubject = { readonly reversePath: ReversePath; readonly recipient: Address };

export function judge(rules: readonly Rule[], subject: RuleSubject): Verdict {
  const rule = rules.find((candidate) => matches(candidate, subject));
  if (rule === undefined || rule.verdict === 'accept') return { kind: 'accept' };
  return { kind: rule.verdict, ruleId: rule.id, reason: rule.reason };
}

function matches(rule: Rule, subject: RuleSubject): boolean {
  const value = (rule.field === 'sender' ? subject.reversePath : subject.recipient.key).toLowerCase();
  const pattern = rule.pattern.toLowerCase();
  if (pattern === '<>') return value === '';
  return pattern.startsWith('@') ? value.endsWith(pattern) : value === pattern;
}
