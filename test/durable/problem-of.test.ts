import { drizzle } from 'drizzle-orm/d1';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../src/core/problem-of.ts';
import { accounts } from '../../src/db/schema.ts';
import { testEnv } from '../support/test-env.ts';

const HASH = 'scrypt$15$8$3$c2FsdA==$aGFzaA==';

async function failedQuery(): Promise<unknown> {
  const row = {
    id: 'same',
    clientId: 'harbour',
    address: 'anna@harbour.example',
    name: 'Anna',
    source: 'manual' as const,
    passwordHash: HASH,
    createdAt: 0,
  };
  const db = drizzle(testEnv.DB);
  const twice = async () => {
    await db.insert(accounts).values(row);
    await db.insert(accounts).values(row);
  };
  return twice().catch((problem: unknown) => problem);
}

describe('an error in the log', () => {
  it('of a failed query is what the database said, without the SQL and what was in it', async () => {
    const problem = await failedQuery();
    expect(String(problem)).toContain(HASH);
    for (const error of [problem, new Error(String(problem)), String(problem), { query: HASH }]) {
      expect(problemOf(error)).not.toContain(HASH);
      expect(problemOf(error)).not.toContain('anna@');
    }
    expect(problemOf(problem)).toMatch(/UNIQUE constraint failed/);
  });

  const circular = new Error('Failed query: insert');
  circular.cause = circular;
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['its name and message', new RangeError('too long'), 'RangeError: too long'],
    ['in one line', new Error('a\r\n{"kind":"forged"}\u0007'), 'Error: a {"kind":"forged"}'],
    ['of at most 300 characters', 'x'.repeat(400), 'x'.repeat(300)],
    ['what was thrown, when it is no error', null, 'null'],
    ['not its cause', new Error('not stored', { cause: new Error('R2 is away') }), 'Error: not stored'],
    [
      'the deepest cause of a query',
      new Error('Failed query: select 1', { cause: new Error('D1_ERROR', { cause: new Error('no such table') }) }),
      'no such table',
    ],
    ['nothing of a query that has no cause', circular, 'a query failed, and the database did not say why'],
  ];
  it.each(rows)('is %s', (_, error, line) => {
    expect(problemOf(error)).toBe(line);
  });
});
