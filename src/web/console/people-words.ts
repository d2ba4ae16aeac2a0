/** People in words, and how they are found. Pure. */
import type { Person } from './settings-api.ts';

const SOURCES: Readonly<Record<Person['source'], string>> = {
  imported: 'from your list',
  manual: 'added by hand',
  learned: 'learned from mail your server took',
};

export function personWords({ name, address, source, canLogIn, group }: Person): string {
  return [
    ...(name === '' ? [] : [address]),
    ...(group === null ? [] : [`group ${group}`]),
    SOURCES[source],
    canLogIn ? 'can log in' : 'has no password yet',
  ].join(' · ');
}

/** By a part of the name, the address or the group. */
export function isWanted({ address, name, group }: Person, part: string): boolean {
  const wanted = part.trim().toLowerCase();
  return [address, name, group ?? ''].some((text) => text.toLowerCase().includes(wanted));
}

/** Each once, in order: what to offer to somebody who types one. */
export function groupsOf(people: readonly Person[]): readonly string[] {
  return [...new Set(people.flatMap(({ group }) => group ?? []))].sort((a, b) => a.localeCompare(b));
}

// The API's own bounds.
const [SHORTEST, LONGEST] = [10, 200];

export function passwordProblem(password: string): string | undefined {
  return password.length >= SHORTEST && password.length <= LONGEST
    ? undefined
    : `Use ${SHORTEST} to ${LONGEST} characters.`;
}
