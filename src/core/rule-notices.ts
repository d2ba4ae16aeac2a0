/** Which rules want somebody to be told, gathered so that a rule which meets every message tells people once an hour. Pure. */
import type { Decision, Rule } from './rules/rule.ts';

export type RuleNotice = { readonly ruleId: string; readonly name: string; readonly count: number };

/** Until the next line may be written: what it will say. `toldAt`: epoch ms of the last one */
export type GatheredNotices = { readonly toldAt: number; readonly waiting: readonly RuleNotice[] };

/** How seldom people are told: somebody else decides how often a rule matches. */
export const NOTICE_GAP_MS = 3_600_000;
// A line of the timeline is read by a person.
const MAX_RULES = 10;

/** The rules by which the client's admins are to be told of this message. */
export function adminNotices(decision: Pick<Decision, 'matched'>, rules: readonly Rule[]): readonly RuleNotice[] {
  const matched = new Set(decision.matched.map(({ ruleId }) => ruleId));
  return rules
    .filter(({ id, then }) => then.kind === 'notify' && then.whom === 'admins' && matched.has(id))
    .map(({ id, name }) => ({ ruleId: id, name, count: 1 }));
}

export function summed(notices: readonly RuleNotice[]): readonly RuleNotice[] {
  const byRule = new Map<string, RuleNotice>();
  for (const notice of notices) {
    const known = byRule.get(notice.ruleId);
    byRule.set(notice.ruleId, { ...notice, count: notice.count + (known?.count ?? 0) });
  }
  return [...byRule.values()].slice(0, MAX_RULES);
}

/** When what waits is said; undefined while nothing does. */
export function noticesDueAt({ toldAt, waiting }: GatheredNotices): number | undefined {
  return waiting.length === 0 ? undefined : toldAt + NOTICE_GAP_MS;
}

export function noticeWordsOf(notices: readonly RuleNotice[]): string {
  return notices
    .map(({ name, count }) => `${count} message${count === 1 ? '' : 's'} met the rule "${name}"`)
    .join('; ');
}
