/** A client's own rules and lists in D1, as the API and the snapshot ask for them; adapters/filters-d1.ts answers. */
import type { FilterPlan } from '../core/filter-plan.ts';
import type { ClientId } from '../core/ids.ts';
import type { BuiltInSet, Rule } from '../core/rules/rule.ts';
import type { Change } from './stores.ts';

/** `number` rises by one with every save; `at`: epoch ms; `note`: why, `''` when nobody said */
export type RuleVersion = {
  readonly number: number;
  readonly at: number;
  readonly actor: string;
  readonly note: string;
  /** how many rules it has */
  readonly count: number;
};

export type RuleSet = RuleVersion & { readonly rules: readonly Rule[] };

/** `basedOn`: the number of the version that was changed; 0 where there was none */
export type NewRuleSet = { readonly rules: readonly Rule[]; readonly basedOn: number; readonly note: string };

export type SavedRules =
  | { readonly kind: 'saved'; readonly number: number }
  /** somebody has saved meanwhile */
  | { readonly kind: 'overtaken'; readonly newest: RuleVersion };

export type FilterList = {
  readonly name: string;
  readonly count: number;
  readonly sizeBytes: number;
  readonly at: number;
  readonly actor: string;
};

export type FilterStore = {
  /** the newest; number 0 and no rules where none were ever saved */
  rules(clientId: ClientId): Promise<RuleSet>;
  ruleVersion(clientId: ClientId, number: number): Promise<RuleSet | undefined>;
  /** newest first, at most `limit`, with numbers below `before` */
  ruleVersions(
    clientId: ClientId,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly RuleVersion[]>;
  /** the newest 500 are kept */
  saveRules(clientId: ClientId, next: NewRuleSet, change: Change): Promise<SavedRules>;
  /** by name */
  lists(clientId: ClientId): Promise<readonly FilterList[]>;
  list(clientId: ClientId, name: string): Promise<readonly string[] | undefined>;
  putList(clientId: ClientId, name: string, entries: readonly string[], change: Change): Promise<void>;
  removeList(clientId: ClientId, name: string, change: Change): Promise<'removed' | 'unknown'>;
  /** every list with its entries, by name */
  entries(clientId: ClientId): Promise<FilterPlan['lists']>;
  /** of all its people, as a plan has them */
  nameKeys(clientId: ClientId): Promise<string>;
  /** what of a client's plan is not in its settings; `sets`: those that are on */
  planParts(clientId: ClientId, sets: readonly BuiltInSet[]): Promise<Pick<FilterPlan, 'rules' | 'lists' | 'nameKeys'>>;
};
