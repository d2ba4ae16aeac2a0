/** What a client's rules name outside of themselves, and is not there. */
import { parseAddress } from '../../core/address.ts';
import { type Reference, referencesOf } from '../../core/rules/references.ts';
import type { Rule } from '../../core/rules/rule.ts';

export type Known = { readonly domains: readonly string[]; readonly lists: readonly string[] };

export function ruleIssues(rules: readonly Rule[], known: Known) {
  return [
    ...repeatedIds(rules),
    ...referencesOf(rules).flatMap((reference) => {
      const message = problemWith(reference, known);
      return message === undefined
        ? []
        : [{ path: pathOf(reference), message: `${named(reference.rule)}: ${message}` }];
    }),
  ];
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
      return `"${reference.to.slice(0, 80)}" is no address of this client's own domains; it ${own}. Mail is redirected within a client only`;
    }
  }
}

/** The verdict of a message names its rule by the id. */
function repeatedIds(rules: readonly Rule[]) {
  return rules.flatMap((rule, index) => {
    const isFirst = rules.findIndex(({ id }) => id === rule.id) === index;
    return isFirst
      ? []
      : [
          {
            path: ['rules', index, 'id'],
            message: `${named(rule)}: another rule has this id; leave it out to get a new one`,
          },
        ];
  });
}

function pathOf({ index, kind }: Reference): readonly PropertyKey[] {
  return ['rules', index, ...(kind === 'list' ? ['when'] : ['then', 'to'])];
}

function named({ name }: Rule): string {
  return `rule "${name.slice(0, 80)}"`;
}
