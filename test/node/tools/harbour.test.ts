/** The people of the demo client: what a visitor tries with them must be able to work. */
import { expect, it } from 'vitest';
import { nameKeysOf, ownNames } from '../../../src/core/rules/impersonation.ts';
import { people } from '../../../tools/stack/harbour.ts';

it('each of the demo client’s people is known by name, when a stranger uses it', () => {
  const names = people(7, 'a long password').map(({ name }) => name);
  const isOwn = ownNames(nameKeysOf(names));
  expect(names.filter((name) => !isOwn(name))).toEqual([]);
});

it('they have an address each, by the first name', () => {
  const addresses = people(7, 'a long password').map(({ address }) => address);
  expect(new Set(addresses).size).toBe(7);
  expect(addresses[0]).toBe('anna@harbour.example');
});
