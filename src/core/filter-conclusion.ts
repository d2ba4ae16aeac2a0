/**
 * What becomes of a decision when not everything could be looked at: a scanner that gave no answer, a message past a cap, a rule that
 * could not be judged. The client has said what it wants then: the message goes on and says so in a header, or it is held for a person. Pure.
 */
import { parseAddress } from './address.ts';
import type { FilterPlan, WhenFailed } from './filter-plan.ts';
import type { MessageFacts, ScanFacts } from './message-facts.ts';
import type { Decision, Rule } from './rules/rule.ts';
import { readSystemAddress } from './system-address.ts';

/** The field that says what was not looked at. */
export const FILTER_FIELD = 'X-Breakwater-Filter';

/** Rule ids of verdicts that no rule has given. */
export const SCANNER_FAILED = 'when-scanner-failed';
export const NOT_FULLY_SCANNED = 'when-not-fully-scanned';

export type Judged = {
  readonly decision: Decision;
  readonly facts: Pick<MessageFacts, 'scans' | 'unscanned'>;
  /** those that were tried */
  readonly rules: readonly Rule[];
};

/** `scanners`: what was asked, with what its silence means */
export type Terms = Pick<FilterPlan, 'whenNotFullyScanned'> & {
  readonly scanners: readonly { readonly name: string; readonly whenFailed: WhenFailed }[];
};

/** A verdict that some rule came to stands: only what would go on by default is held. */
export function concluded(judged: Judged, terms: Terms): Decision {
  const { decision, facts } = judged;
  const silent = facts.scans.filter((scan) => scan.kind === 'failed');
  const gaps = gapsOf(judged, silent);
  if (gaps.length === 0) return decision;
  const held = isByDefault(judged) ? holdOf(judged, silent, terms) : undefined;
  if (held !== undefined) return { ...decision, verdict: held };
  const mark = { name: FILTER_FIELD, value: gaps.join('; ') };
  return { ...decision, headers: [...decision.headers, mark] };
}

type Silent = Extract<ScanFacts, { kind: 'failed' }>;

function gapsOf({ decision, facts }: Judged, silent: readonly Silent[]): readonly string[] {
  return [
    ...silent.map(({ scanner, why }) => `not looked at by ${scanner}: ${why}`),
    ...(facts.unscanned.length === 0 ? [] : [`not fully scanned: ${facts.unscanned.join(', ')}`]),
    ...(decision.failed.length === 0 ? [] : ['some rules could not be judged']),
  ];
}

function isByDefault({ decision, rules }: Judged): boolean {
  if (decision.verdict.kind !== 'accept') return false;
  const matched = new Set(decision.matched.map(({ ruleId }) => ruleId));
  return !rules.some(({ id, then }) => then.kind === 'accept' && matched.has(id));
}

function holdOf(
  { decision, facts }: Judged,
  silent: readonly Silent[],
  { scanners, whenNotFullyScanned }: Terms,
): Decision['verdict'] | undefined {
  const strict = silent.find(({ scanner }) =>
    scanners.some(({ name, whenFailed }) => name === scanner && whenFailed === 'hold'),
  );
  if (strict !== undefined) {
    const reason = `held because ${strict.scanner} gave no answer: ${strict.why}`;
    return { kind: 'hold', ruleId: SCANNER_FAILED, reason };
  }
  if (whenNotFullyScanned !== 'hold' || (facts.unscanned.length === 0 && decision.failed.length === 0))
    return undefined;
  const what = [...facts.unscanned, ...(decision.failed.length === 0 ? [] : ['rules that could not be judged'])];
  return {
    kind: 'hold',
    ruleId: NOT_FULLY_SCANNED,
    reason: `held because it was not fully scanned: ${what.join(', ')}`,
  };
}

/** A redirect that leads anywhere but to an address of the client's own is none: mail must not leave by a slip of the hand. */
export function withinOwnDomains(decision: Decision, ownDomains: readonly string[]): Decision {
  const { redirect: to, ...rest } = decision;
  if (to === undefined) return decision;
  const address = parseAddress(to);
  const isOwn =
    address !== undefined && ownDomains.includes(address.domain) && readSystemAddress(address) === undefined;
  if (isOwn) return decision;
  return {
    ...rest,
    failed: [...rest.failed, { ruleId: 'redirect', why: 'it leads to no address of the client’s own' }],
  };
}
