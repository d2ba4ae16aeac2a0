/** A client's own rules: every save is a version with who, when and why; nobody overwrites what they have not seen, or names what is not there. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Rule } from '../../src/core/rules/rule.ts';
import { enrol, type Person, ruleFor, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Version = {
  readonly number: number;
  readonly by: string | null;
  readonly atMs: number | null;
  readonly note: string;
  readonly count: number;
};
type Shown = Version & { readonly rules: readonly Rule[] };
type Problem = { readonly title: string; readonly detail: string; readonly fix: string };

const PASSWORD = 'correct horse battery';
const operator = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
const closed = ruleFor('sender', '@closed.example', { kind: 'reject', text: 'closed' }, 'closed account');
const odd = ruleFor('sender', '@odd.example', { kind: 'quarantine' }, 'odd');

function rulesOf(client: TestClient) {
  return client.operator<Shown>('GET', `/clients/${client.id}/rules`);
}

async function versionsOf(client: TestClient, query = '') {
  return client.operator<{ versions: readonly Version[]; next: number | null }>(
    'GET',
    `/clients/${client.id}/rules/versions${query}`,
  );
}

async function ask(client: TestClient, method: string, path: string, body?: unknown, headers = operator as object) {
  const response = await client.request(method, `/api/v1/clients/${client.id}${path}`, body, { ...headers });
  return { status: response.status, problem: await response.json<Problem>() };
}

function asAdmin({ cookie }: Person) {
  return { cookie };
}

it('every save is a version: who, when, why; and any of them can hold again', async () => {
  const people = [{ address: 'anna', password: PASSWORD, role: 'admin' }] as const;
  const harbour = await enrol({ gateways: [await startPeer()], people });
  const path = `/clients/${harbour.id}/rules`;
  expect(await rulesOf(harbour)).toEqual({ number: 0, atMs: null, by: null, note: '', count: 0, rules: [], words: [] });
  const anna = asAdmin(await harbour.logIn('anna', PASSWORD));
  const before = Date.now();
  await harbour.operator('PUT', path, { rules: [closed], basedOn: 0, note: 'they never pay' });
  const kept = await rulesOf(harbour);
  expect(kept).toMatchObject({ number: 1, by: 'operator', note: 'they never pay', count: 1 });
  expect(kept.atMs).toBeGreaterThanOrEqual(before);
  expect(await harbour.email({ from: 'x@closed.example', to: 'anna', content: write() })).toContain('closed');

  const second = await ask(harbour, 'PUT', '/rules', { rules: [odd, ...kept.rules], basedOn: 1 }, anna);
  expect(second.status).toBe(200);
  expect((await rulesOf(harbour)).rules[1]).toEqual(kept.rules[0]);
  expect((await ask(harbour, 'PUT', '/rules', { rules: [], basedOn: 2, note: 'all quiet' })).status).toBe(200);
  expect(await harbour.email({ from: 'x@closed.example', to: 'anna', content: write() })).toBeUndefined();

  expect((await ask(harbour, 'POST', '/rules/versions/1/restore', { basedOn: 3 }, anna)).status).toBe(200);
  expect(await harbour.email({ from: 'x@closed.example', to: 'anna', content: write() })).toContain('closed');
  const { versions } = await versionsOf(harbour);
  expect(versions.map(({ number, by, note, count }) => [number, by, note, count])).toEqual([
    [4, harbour.at('anna'), 'version 1 again', 1],
    [3, 'operator', 'all quiet', 0],
    [2, harbour.at('anna'), '', 2],
    [1, 'operator', 'they never pay', 1],
  ]);
  expect(await harbour.operator('GET', `${path}/versions/2`)).toMatchObject({
    number: 2,
    by: harbour.at('anna'),
    rules: [{ name: 'odd' }, { name: 'closed account' }],
  });
  const { entries } = await harbour.operator<{ entries: { action: string; actor: string; detail: object }[] }>(
    'GET',
    `/clients/${harbour.id}/audit`,
  );
  expect(entries.filter(({ action }) => action === 'rules-set')[0]).toMatchObject({
    actor: harbour.at('anna'),
    detail: { number: 4, count: 1, note: 'version 1 again' },
  });
});

it('of two who change the same version one is told that the other was quicker, and by whom', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const put = (rules: readonly object[], basedOn: number) => ask(harbour, 'PUT', '/rules', { rules, basedOn });
  await put([closed], 0);
  const answers = await Promise.all([put([odd], 1), put([closed, odd], 1), put([], 1)]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
  const { problem } = await put([odd], 1);
  expect(problem.detail).toMatch(/^Version 2 was saved by operator at 2/);
  expect(problem.fix).toContain('"basedOn": 2');
  expect((await ask(harbour, 'POST', '/rules/versions/1/restore', { basedOn: 1 })).status).toBe(409);
  expect((await put([odd], 7)).status).toBe(409);
  expect((await versionsOf(harbour)).versions).toHaveLength(2);
});

it('versions are read page by page', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const rows = Array.from({ length: 70 }, (_, index) =>
    testEnv.DB.prepare(
      "INSERT INTO rule_sets (client_id, number, rules, at, actor, note) VALUES (?, ?, '[]', ?, 'operator', '')",
    ).bind(harbour.id, index + 1, index),
  );
  await testEnv.DB.batch(rows);
  const first = await versionsOf(harbour);
  expect([first.versions[0]?.number, first.versions.length, first.next]).toEqual([70, 50, 21]);
  const second = await versionsOf(harbour, `?before=${first.next}`);
  expect([second.versions[0]?.number, second.versions.at(-1)?.number, second.next]).toEqual([20, 1, null]);
  expect((await ask(harbour, 'GET', '/rules/versions?before=x')).status).toBe(422);
});

it('the newest 500 versions are kept', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await testEnv.DB.prepare(
    `INSERT INTO rule_sets (client_id, number, rules, at, actor, note)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) SELECT ?, i, '[]', i, 'operator', '' FROM n`,
  )
    .bind(harbour.id)
    .run();
  await harbour.operator('PUT', `/clients/${harbour.id}/rules`, { rules: [], basedOn: 600 });
  const kept = await testEnv.DB.prepare(
    'SELECT min(number) AS first, count(*) AS count FROM rule_sets WHERE client_id = ?',
  )
    .bind(harbour.id)
    .first();
  expect(kept).toEqual({ first: 102, count: 500 });
});

it('no admin sees or changes the rules and lists of another client (P8)', async () => {
  const people = [{ address: 'anna', password: PASSWORD, role: 'admin' }] as const;
  const harbour = await enrol({ gateways: [await startPeer()], people });
  const quay = await enrol({ gateways: [await startPeer()] });
  const anna = asAdmin(await harbour.logIn('anna', PASSWORD));
  await quay.setRules([closed]);
  await quay.request('PUT', `/api/v1/clients/${quay.id}/lists/partners`, 'a.example', operator);
  const { number, rules } = await rulesOf(quay);
  for (const [method, path, body] of [
    ['GET', '/rules'],
    ['PUT', '/rules', { rules: [], basedOn: 1 }],
    ['GET', '/rules/versions'],
    ['POST', '/rules/dry-run', {}],
    ['GET', '/rules/versions/1'],
    ['POST', '/rules/versions/1/restore', { basedOn: 1 }],
    ['GET', '/filter'],
    ['PUT', '/filter', { sets: [] }],
    ['GET', '/lists'],
    ['GET', '/lists/partners'],
    ['PUT', '/lists/partners', 'b.example'],
    ['DELETE', '/lists/partners', {}],
  ] as const)
    expect([method, path, (await ask(quay, method, path, body, anna)).status]).toEqual([method, path, 404]);
  expect(await rulesOf(quay)).toMatchObject({ number, rules });
  expect(await quay.operator('GET', `/clients/${quay.id}/lists/partners`)).toMatchObject({ entries: ['a.example'] });
  // Ids and names of versions and lists are each client's own.
  expect((await ask(harbour, 'GET', '/rules/versions/1', undefined, anna)).status).toBe(404);
  expect((await ask(harbour, 'GET', '/lists/partners', undefined, anna)).status).toBe(404);
});

describe('what is not taken, and what it says', () => {
  let harbour: TestClient;
  beforeAll(async () => {
    harbour = await enrol({ gateways: [await startPeer()] });
  });

  const rule = (parts: object) => ({ ...closed, ...parts });
  const when = (condition: object) => [rule({ when: condition })];
  const redirect = (to: string) => [rule({ then: { kind: 'redirect', to } })];
  it.each<[string, readonly object[], RegExp]>([
    ['no name', [rule({ name: '' })], /rule 1\.name: give the rule a name/],
    ['a name of two lines', [rule({ name: 'a\nb' })], /rule 1\.name: .*one line/],
    ['an action nobody knows', [closed, rule({ then: { kind: 'explode' } })], /rule 2\.then\.kind: .*"quarantine"/],
    [
      'a rejection of two lines',
      [rule({ then: { kind: 'reject', text: 'no\r\n250 ok' } })],
      /rule 1\.then\.text: .*one line/,
    ],
    ['a condition nobody knows', when({ kind: 'weather' }), /rule 1\.when\.kind: .*"always"/],
    [
      'a pattern that cannot be bounded',
      when({ kind: 'text', in: 'body', test: { how: 'pattern', value: '(a)\\1' } }),
      /rule 1\.when\.test\.value: the pattern/,
    ],
    ['a field too many', [rule({ extra: 1 })], /rule 1: .*extra/],
    ['the same id twice', [rule({ id: 'x' }), rule({ id: 'x' })], /an id of its own/],
    [
      'a list that is not there',
      when({ kind: 'listed', list: 'partners', of: 'sender' }),
      /rule 1\.when: there is no list "partners"; there is none yet\. PUT …\/lists\/partners makes it/,
    ],
    [
      'a list that is not there, deep within, in a rule that is off',
      [
        closed,
        rule({
          isOn: false,
          when: { kind: 'all', of: [{ kind: 'not', of: { kind: 'listed', list: 'bad', of: 'link-host' } }] },
        }),
      ],
      /rule 2\.when: there is no list "bad"/,
    ],
    ['a redirect to nobody', redirect('anna'), /rule 1\.then\.to/],
    [
      'a redirect to somebody else',
      redirect('anna@elsewhere.example'),
      /rule 1\.then\.to: "anna@elsewhere\.example" is no address of this client’s own domains; it has client-/,
    ],
    ['five hundred and one', Array.from({ length: 501 }, () => closed), /at most 500/],
  ])('%s', async (_, rules, words) => {
    const { status, problem } = await ask(harbour, 'PUT', '/rules', { rules, basedOn: 0 });
    expect(status).toBe(422);
    expect(problem.detail).toMatch(words);
    expect((await rulesOf(harbour)).number).toBe(0);
  });

  it('so many that they would not fit beside the rest', async () => {
    const matches = Array.from({ length: 200 }, (_, n) => `${String(n).padStart(200, 'x')}@elsewhere.example`);
    const rules = Array.from({ length: 8 }, () => rule({ when: { kind: 'address', of: 'sender', matches } }));
    const { status, problem } = await ask(harbour, 'PUT', '/rules', { rules, basedOn: 0 });
    expect([status, problem.detail]).toEqual([413, 'The rules of a client have at most 256 KB together.']);
  });

  it('no version to base it on', async () => {
    expect((await ask(harbour, 'PUT', '/rules', { rules: [] })).problem.detail).toContain('basedOn');
    expect((await ask(harbour, 'PUT', '/rules', { rules: [], basedOn: 1 })).problem.detail).toContain('No rules');
    for (const number of ['0', '1', '-1', 'x', '99999999999'])
      expect((await ask(harbour, 'GET', `/rules/versions/${number}`)).status).toBe(404);
  });
});

describe('what rules name stays while they do', () => {
  const PARTNERS = { kind: 'listed', list: 'partners', of: 'sender' } as const;

  it('a list, also of a rule that is off', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    await ask(harbour, 'PUT', '/lists/partners', 'partner.example');
    await harbour.setRules([{ ...odd, name: 'Not from partners', isOn: false, when: { kind: 'not', of: PARTNERS } }]);
    const { status, problem } = await ask(harbour, 'DELETE', '/lists/partners');
    expect([status, problem.detail]).toEqual([409, '"partners" is named by "Not from partners".']);
    expect(await harbour.operator('GET', `/clients/${harbour.id}/lists`)).toMatchObject({
      lists: [{ name: 'partners', usedBy: ['Not from partners'] }],
    });
    await harbour.setRules([]);
    expect((await ask(harbour, 'DELETE', '/lists/partners')).status).toBe(200);
    // What held before can hold again only with what it named.
    const restored = await ask(harbour, 'POST', '/rules/versions/1/restore', { basedOn: 2 });
    expect([restored.status, restored.problem.detail]).toEqual([422, expect.stringContaining('no list "partners"')]);
  });

  it('a domain that mail is redirected to', async () => {
    const harbour = await enrol({ gateways: [await startPeer()] });
    const second = `second.${harbour.domain}`;
    await ask(harbour, 'PUT', `/domains/${second}`);
    await harbour.setRules([{ ...odd, name: 'To the desk', then: { kind: 'redirect', to: `Desk@${second}` } }]);
    const { status, problem } = await ask(harbour, 'DELETE', `/domains/${second}`);
    expect([status, problem.detail]).toEqual([409, expect.stringContaining('"To the desk"')]);
    await harbour.setRules([]);
    expect((await ask(harbour, 'DELETE', `/domains/${second}`)).status).toBe(200);
  });
});

it('rules come with a sentence each, and can be sent back as they are', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.setRules([closed, odd]);
  const { rules, words, number } = await harbour.operator<Shown & { words: readonly string[] }>(
    'GET',
    `/clients/${harbour.id}/rules`,
  );
  expect(words).toEqual([
    'When the sender (envelope) is at closed.example: refuse it, telling the sender "closed".',
    'When the sender (envelope) is at odd.example: put it into quarantine.',
  ]);
  expect((await ask(harbour, 'PUT', '/rules', { rules, basedOn: number })).status).toBe(200);
  expect(await rulesOf(harbour)).toMatchObject({ number: 2, rules });
});
