/**
 * What a client's plan comes to as one list: its own rules, then those of the sets it has switched on. Its own `accept` comes first and is
 * meant: it is how a client lets through what a set would stop. What could not be looked into is core/filter-conclusion.ts.
 */
import type { FilterPlan } from '../filter-plan.ts';
import { OWN } from './address-patterns.ts';
import type { Action, BuiltInSet, Condition, Rule } from './rule.ts';

const SPAM_HEADER = 'X-Breakwater-Spam';
const WARNING_HEADER = 'X-Breakwater-Warning';

/** In this order: what marks comes before what ends, so that a released message still carries its mark. */
export const BUILT_IN_SETS: readonly BuiltInSet[] = [
  'own-name-impersonation',
  'virus',
  'dangerous-attachments',
  'macros-from-outside',
  'own-domain-look-alike',
  'numbers-leaving',
  'spam',
];

/** What people call it: the name of its rules. */
export const SET_NAMES: Readonly<Record<BuiltInSet, string>> = {
  'own-name-impersonation': 'Name of one of your people',
  virus: 'Virus',
  'dangerous-attachments': 'Dangerous attachment',
  'macros-from-outside': 'Macros from outside',
  'own-domain-look-alike': 'Look-alike of your domain',
  'numbers-leaving': 'Numbers leaving',
  spam: 'Spam',
};

export function rulesOf(plan: FilterPlan): readonly Rule[] {
  return [
    ...plan.rules.filter(({ isOn }) => isOn),
    ...BUILT_IN_SETS.filter((set) => plan.sets.includes(set)).flatMap((set) => rulesOfSet(set, plan)),
  ];
}

const INBOUND: Condition = { kind: 'direction', is: 'inbound' };
const QUARANTINE: Action = { kind: 'quarantine' };

function rulesOfSet(set: BuiltInSet, plan: FilterPlan): readonly Rule[] {
  switch (set) {
    case 'own-name-impersonation':
      // People write from their private addresses, and two people have one name: a mark is what such a guess is worth. No prefix, which
      // would change the subject and break the sender's signature over it; the client's own server can act on the header.
      return [
        rule(set, inbound({ kind: 'impersonation', of: 'own-account' }), {
          kind: 'tag',
          header: { name: WARNING_HEADER, value: 'name of a colleague, address of somebody else' },
        }),
      ];
    case 'virus':
      return [rule(set, { kind: 'virus' }, QUARANTINE)];
    case 'dangerous-attachments':
      return [rule(set, inbound(DANGEROUS), QUARANTINE)];
    case 'macros-from-outside':
      return [rule(set, inbound({ kind: 'attachment', test: { kind: 'macro' } }), QUARANTINE)];
    case 'own-domain-look-alike':
      return [rule(set, inbound({ kind: 'impersonation', of: 'own-domain' }), QUARANTINE)];
    case 'numbers-leaving':
      return [rule(set, leaving(NUMBERS), { kind: 'hold' })];
    case 'spam':
      return spamRules(plan);
  }
}

const DANGEROUS: Condition = {
  kind: 'any',
  of: [
    { kind: 'attachment', test: { kind: 'dangerous' } },
    { kind: 'attachment', test: { kind: 'tricked-name' } },
    { kind: 'attachment', test: { kind: 'bomb' } },
  ],
};

// One's own IBAN stands on every invoice, perhaps with that of a second bank; three are a list of other people's. Held, not quarantined:
// nothing is known against it, and somebody waits for it.
const NUMBERS: Condition = {
  kind: 'any',
  of: [
    { kind: 'sensitive', what: 'card', atLeast: 1 },
    { kind: 'sensitive', what: 'national-id', atLeast: 1 },
    { kind: 'sensitive', what: 'iban', atLeast: 3 },
  ],
};

function spamRules({ spam }: FilterPlan): readonly Rule[] {
  return [
    rule('spam', inbound({ kind: 'spam', atLeast: spam.tagAt }), {
      kind: 'tag',
      header: { name: SPAM_HEADER, value: '{score}' },
    }),
    { ...rule('spam', inbound({ kind: 'spam', atLeast: spam.quarantineAt }), QUARANTINE), id: 'set:spam:quarantine' },
    // A stolen password sends spam. It may as well be one of the client's people who forwards some, so it is held, and never marked: whoever
    // gets it would read the mark.
    {
      ...rule('spam', leaving({ kind: 'spam', atLeast: spam.quarantineAt }), { kind: 'hold' }),
      id: 'set:spam:leaving',
    },
  ];
}

function inbound(condition: Condition): Condition {
  return { kind: 'all', of: [INBOUND, condition] };
}

/** Written by one of the client's people, to somebody outside. */
function leaving(condition: Condition): Condition {
  const outside: Condition = { kind: 'not', of: { kind: 'address', of: 'recipient', matches: [OWN] } };
  return { kind: 'all', of: [{ kind: 'direction', is: 'outbound' }, outside, condition] };
}

function rule(set: BuiltInSet, when: Condition, then: Action): Rule {
  return { id: `set:${set}`, name: SET_NAMES[set], isOn: true, when, then };
}
