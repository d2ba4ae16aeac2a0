/** What is wrong with rules as they are given, said so that it is found; what they name outside of themselves must be there. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { parseAddress } from '../../core/address.ts';
import { type Reference, referencesOf } from '../../core/rules/references.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { givenRuleSchema } from '../../pipeline/rule-schema.ts';
import { type Issue, invalid } from '../problem.ts';

export type Known = { readonly domains: readonly string[]; readonly lists: readonly string[] };

type GivenRule = z.infer<typeof givenRuleSchema>;

export function givenRules(given: readonly GivenRule[], newId: () => string): readonly Rule[] {
  return given.map((one) => ({ ...one, id: one.id ?? newId() }));
}

export function ruleIssues(rules: readonly Rule[], known: Known): readonly Issue[] {
  return referencesOf(rules).flatMap((reference) => {
    const message = problemWith(reference, known);
    return message === undefined ? [] : [{ path: pathOf(reference), message }];
  });
}

// Whoever corrects them does so one by one, and reads no more.
const MAX_SHOWN = 20;

/** People count their rules from 1. */
export function invalidRules(context: Context, issues: readonly Issue[]): Response {
  return invalid(
    context,
    issues.slice(0, MAX_SHOWN).map(({ path: [first, index, ...rest], message }) => ({
      path:
        first === 'rules' && typeof index === 'number'
          ? [`rule ${index + 1}`, ...rest]
          : [first, index, ...rest].filter((one) => one !== undefined),
      message,
    })),
  );
}

function problemWith(reference: Reference, { domains, lists }: Known): string | undefined {
  switch (reference.kind) {
    case 'list': {
      if (lists.includes(reference.list)) return undefined;
      const there = lists.length === 0 ? 'there is none yet' : `there are ${lists.join(', ')}`;
      return `there is no list "${reference.list}"; ${there}. PUT …/lists/${reference.list} makes it`;
    }
    case 'redirect': {
      const address = parseAddress(reference.to);
      if (address !== undefined && domains.includes(address.domain)) return undefined;
      const own = domains.length === 0 ? 'has none yet' : `has ${domains.join(', ')}`;
      return `"${reference.to.slice(0, 80)}" is no address of this client’s own domains; it ${own}. Mail is redirected within a client only`;
    }
  }
}

function pathOf({ index, kind }: Reference): readonly PropertyKey[] {
  return ['rules', index, ...(kind === 'list' ? ['when'] : ['then', 'to'])];
}
