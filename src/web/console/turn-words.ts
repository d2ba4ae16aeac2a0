/** Who goes first in a replay and who waits: what a person types for it, and how it is said. Pure. */
import type { Turn, TurnChange } from './replay-api.ts';

export const TURN_NAMES: Readonly<Record<Turn, string>> = {
  first: 'goes first',
  ordinary: 'takes its turn',
  paused: 'is paused',
};

export function mailboxes(count: number): string {
  return count === 1 ? '1 mailbox' : `${count.toLocaleString('en-GB')} mailboxes`;
}

export type ReadWhom =
  | { readonly kind: 'read'; readonly change: TurnChange }
  | { readonly kind: 'wrong'; readonly error: string };

/** Addresses and names of groups, mixed, with commas between them; a group is one of `groups`, in whatever case. */
export function readWhom(typed: string, turn: Turn, groups: readonly string[]): ReadWhom {
  const named = typed
    .split(/[,;\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (named.length === 0) return { kind: 'wrong', error: 'Enter an address or a group.' };
  const known = (name: string) => groups.find((group) => group.toLowerCase() === name.toLowerCase());
  // A group may have an @ in its name; an address is no group.
  const strange = named.find((name) => known(name) === undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(name));
  if (strange !== undefined)
    return { kind: 'wrong', error: `“${strange}” is neither an address nor ${oneOf(groups)}.` };
  return {
    kind: 'read',
    change: {
      turn,
      accounts: named.filter((name) => known(name) === undefined),
      groups: named.flatMap((name) => known(name) ?? []),
    },
  };
}

const NAMED = 5;

function oneOf(groups: readonly string[]): string {
  if (groups.length === 0) return 'a group: nobody is in one yet';
  const more = groups.length > NAMED ? ', …' : '';
  return `one of the groups ${groups.slice(0, NAMED).join(', ')}${more}`;
}
