/** A deploy meets a D1 with rules of the earlier form: they become version 1, and judge as before. */
import { applyD1Migrations } from 'cloudflare:test';
import { beforeAll, expect, it } from 'vitest';
import { createClientStore } from '../../src/adapters/clients-d1.ts';
import { createFilterStore } from '../../src/adapters/filters-d1.ts';
import type { ClientId } from '../../src/core/ids.ts';
import { evaluate } from '../../src/core/rules/evaluate.ts';
import { messageFacts } from '../support/message-facts.ts';
import { testEnv } from '../support/test-env.ts';

const { EARLIER_DB, MIGRATIONS } = testEnv;
const FIRST_NEW = MIGRATIONS.findIndex(({ name }) => name.startsWith('0004'));
const harbour = 'harbour' as ClientId;
const quay = 'quay' as ClientId;
const ENROLLED_AT = 1_900_000_000_000;

const EARLIER_ROWS = [
  ['harbour', 1, 'r2', 'recipient', 'old@harbour.example', 'discard', 'nobody reads it'],
  ['harbour', 0, 'r1', 'sender', 'Boss@Partner.example', 'accept', 'known'],
  ['harbour', 2, 'r3', 'sender', '@partner.example', 'reject', 'closed "account"'],
  ['harbour', 3, 'r4', 'sender', '<>', 'quarantine', 'bounces'],
  ['quay', 0, 'r5', 'sender', '@spam.example', 'quarantine', 'spam'],
] as const;

beforeAll(async () => {
  await applyD1Migrations(EARLIER_DB, MIGRATIONS.slice(0, FIRST_NEW));
  const client = EARLIER_DB.prepare(
    'INSERT INTO clients (id, name, version, pushed_version, settings, created_at) VALUES (?, ?, 7, 7, ?, ?)',
  );
  const rule = EARLIER_DB.prepare(
    'INSERT INTO rules (client_id, position, id, field, pattern, verdict, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const line = EARLIER_DB.prepare(
    'INSERT INTO audit (id, client_id, at, actor, action, detail) VALUES (?, ?, ?, ?, ?, ?)',
  );
  await EARLIER_DB.batch([
    ...[harbour, quay, 'island'].map((id) => client.bind(id, id, '{}', ENROLLED_AT)),
    ...EARLIER_ROWS.map((row) => rule.bind(...row)),
    line.bind('a1', harbour, ENROLLED_AT + 1_000, 'operator', 'rules-set', '{}'),
    line.bind('a2', harbour, ENROLLED_AT + 2_000, 'anna@harbour.example', 'rules-set', '{}'),
    line.bind('a3', harbour, ENROLLED_AT + 3_000, 'ben@harbour.example', 'settings-changed', '{}'),
    line.bind('a4', quay, ENROLLED_AT + 4_000, 'cara@quay.example', 'domain-added', '{}'),
  ]);
  await applyD1Migrations(EARLIER_DB, [...MIGRATIONS]);
});

it('rules of the earlier form are version 1, in their order, said to be of whoever set them last', async () => {
  const filters = createFilterStore(EARLIER_DB);
  expect(await filters.rules(harbour)).toMatchObject({
    number: 1,
    at: ENROLLED_AT + 2_000,
    actor: 'anna@harbour.example',
    count: 4,
    rules: [
      {
        id: 'r1',
        name: 'known',
        isOn: true,
        when: { kind: 'address', of: 'sender', matches: ['boss@partner.example'] },
        then: { kind: 'accept' },
      },
      {
        id: 'r2',
        name: 'nobody reads it',
        isOn: true,
        when: { kind: 'address', of: 'recipient', matches: ['old@harbour.example'] },
        then: { kind: 'discard' },
      },
      { id: 'r3', name: 'closed "account"', then: { kind: 'reject', text: 'closed "account"' } },
      { id: 'r4', when: { kind: 'address', of: 'sender', matches: ['<>'] }, then: { kind: 'quarantine' } },
    ],
  });
  expect(await filters.rules(quay)).toMatchObject({ number: 1, at: ENROLLED_AT, actor: 'operator', count: 1 });
  expect(await filters.rules('island' as ClientId)).toMatchObject({ number: 0, rules: [] });
});

it('they judge as before', async () => {
  const plan = (await createClientStore(EARLIER_DB).snapshot(harbour))?.filter;
  const verdict = (reversePath: string, recipient = 'anna@harbour.example') => {
    if (plan === undefined) throw new Error('bad test');
    const facts = messageFacts({ envelope: { reversePath, recipient } });
    return evaluate(plan.rules, facts, { ownDomains: [], lists: {}, isOwnName: () => false }).verdict.kind;
  };
  expect(verdict('boss@partner.example')).toBe('accept');
  expect(verdict('x@partner.example')).toBe('reject');
  expect(verdict('x@elsewhere.example', 'Old@harbour.example')).toBe('discard');
  expect(verdict('')).toBe('quarantine');
  expect(verdict('x@elsewhere.example')).toBe('accept');
});
