/** What rules name outside of themselves: checked when they are saved, and kept there while they do. Pure. */
import type { Condition, Rule } from './rule.ts';

/** `index`: of the rule in its list, from 0 */
export type Reference = { readonly index: number; readonly rule: Rule } & (
  | { readonly kind: 'list'; readonly list: string }
  | { readonly kind: 'redirect'; readonly to: string }
);

export function referencesOf(rules: readonly Rule[]): readonly Reference[] {
  return rules.flatMap((rule, index): readonly Reference[] => [
    ...listsIn(rule.when).map((list) => ({ index, rule, kind: 'list', list }) as const),
    ...(rule.then.kind === 'redirect' ? [{ index, rule, kind: 'redirect', to: rule.then.to } as const] : []),
  ]);
}

/** Whether a name is that of one of the client's people: only then its plan carries them. */
export function asksForOwnNames({ when }: Rule): boolean {
  return leavesOf(when).some((one) => one.kind === 'impersonation' && one.of === 'own-account');
}

function listsIn(condition: Condition): readonly string[] {
  const lists = leavesOf(condition).flatMap((one) => (one.kind === 'listed' ? [one.list] : []));
  return [...new Set(lists)];
}

function leavesOf(condition: Condition): readonly Condition[] {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.flatMap(leavesOf);
  return condition.kind === 'not' ? leavesOf(condition.of) : [condition];
}
