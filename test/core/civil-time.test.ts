import { afterEach, expect, it, vi } from 'vitest';
import { civilAt } from '../../src/core/civil-time.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Each spelling is a key of its own. */
function spellings(zone: string, count: number): readonly string[] {
  const letters = zone.toLowerCase().split('');
  return Array.from({ length: count }, (_, n) =>
    letters.map((letter, index) => ((n >> index) & 1 ? letter.toUpperCase() : letter)).join(''),
  );
}

it('of a thousand spellings of a zone a few hundred are remembered, and all are read the same', () => {
  const made = vi.spyOn(Intl, 'DateTimeFormat');
  const names = spellings('europe/berlin', 1_000);
  const read = names.map((name) => civilAt(0, name));
  expect(new Set(read.map((civil) => JSON.stringify(civil)))).toEqual(
    new Set([JSON.stringify({ year: 1970, month: 1, day: 1, minute: 60 })]),
  );
  const before = made.mock.calls.length;
  civilAt(0, names.at(-1) ?? '');
  expect(made.mock.calls.length).toBe(before);
  // The first has been forgotten, and is made again.
  civilAt(0, names[0] ?? '');
  expect(made.mock.calls.length).toBe(before + 1);
});
