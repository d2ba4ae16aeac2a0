/** The conditions of a client's rules that can be judged by the envelope alone; whatever needs more does not match here. */
import type { EnvelopeFacts } from './message-facts.ts';
import type { Action, Condition, Rule, Verdict } from './rules/rule.ts';

export type RuleSubject = Pick<EnvelopeFacts, 'reversePath' | 'recipient'>;

export function judge(rules: readonly Rule[], subject: RuleSubject): Verdict {
  const rule = rules.find(({ isOn, when, then }) => isOn && ends(then) && matches(when, subject));
  return rule === undefined ? { kind: 'accept' } : verdictOf(rule);
}

function ends({ kind }: Action): boolean {
  return kind !== 'tag' && kind !== 'redirect' && kind !== 'notify';
}

function verdictOf({ id, name, then }: Rule): Verdict {
  switch (then.kind) {
    case 'reject':
      return { kind: 'reject', ruleId: id, reason: then.text };
    case 'quarantine':
    case 'discard':
    case 'hold':
      return { kind: then.kind, ruleId: id, reason: name };
    case 'accept':
    case 'tag':
    case 'redirect':
    case 'notify':
      return { kind: 'accept' };
  }
}

function matches(condition: Condition, { reversePath, recipient }: RuleSubject): boolean {
  if (condition.kind !== 'address') return condition.kind === 'always';
  if (condition.of !== 'sender' && condition.of !== 'recipient') return false;
  const value = (condition.of === 'sender' ? reversePath : recipient).toLowerCase();
  return condition.matches.some((pattern) => isLike(pattern.toLowerCase(), value));
}

function isLike(pattern: string, value: string): boolean {
  if (pattern === '<>') return value === '';
  return pattern.startsWith('@') ? value.endsWith(pattern) : value === pattern;
}
