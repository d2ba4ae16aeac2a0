/** What the audit log says: what was changed, by whom, with which result; neither more nor less than what happened. */
import { expect, it } from 'vitest';
import { enrol, ruleFor, type TestClient } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Listed = { readonly accounts: readonly { readonly id: string; readonly role: string }[] };
type Line = { readonly action: string; readonly detail: unknown };

const PASSWORD = 'correct horse battery';
const operator = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };

async function audit(client: TestClient): Promise<readonly Line[]> {
  const { entries } = await client.operator<{ entries: readonly Line[] }>('GET', `/clients/${client.id}/audit`);
  return entries;
}

/** Every statement that inserts into the audit log fails, as a batch that holds one does. */
const WITHOUT_AUDIT = new Proxy(testEnv.DB, {
  get(db, name: keyof D1Database) {
    if (name !== 'prepare') return typeof db[name] === 'function' ? db[name].bind(db) : db[name];
    return (text: string) => db.prepare(/insert into "?audit/i.test(text) ? 'SELECT no_such_thing' : text);
  },
});

const D1_AWAY = new Proxy({} as D1Database, {
  get() {
    return () => {
      throw new Error('D1 is not there');
    };
  },
});

it('the log says what was set: the name, the rules, the people, a webhook without its path', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const path = `/clients/${harbour.id}`;
  const csv = Array.from({ length: 120 }, (_, n) => harbour.at(`p${n}`)).join('\n');
  await harbour.operator('PATCH', path, { name: 'The harbour' });
  await harbour.setRules([ruleFor('sender', '@spam.example', { kind: 'quarantine' })]);
  await harbour.operator('POST', `${path}/accounts/import`, `address\n${csv}`);
  await harbour.operator('PUT', `${path}/notices`, { webhooks: [{ url: 'https://hook.example/T0/secret-path' }] });
  const lines = await audit(harbour);
  const detailOf = (action: string) => lines.find((line) => line.action === action)?.detail;
  expect(detailOf('settings-changed')).toEqual({ name: 'The harbour' });
  expect(detailOf('rules-set')).toEqual({ number: 1, count: 1, note: '' });
  const { addresses, ...rest } = detailOf('accounts-added') as { readonly addresses: readonly string[] };
  expect(rest).toEqual({ source: 'imported', count: 120 });
  expect([addresses.length, addresses[0]]).toEqual([100, harbour.at('p0')]);
  expect(detailOf('notices-changed')).toEqual({ webhooks: ['hook.example'] });
  expect(JSON.stringify(lines)).not.toContain('secret-path');
});

it('a change of people that cannot be logged is not made', async () => {
  const harbour = await enrol({ gateways: [await startPeer()], people: [{ address: 'anna', password: PASSWORD }] });
  const path = `/clients/${harbour.id}/accounts`;
  const [anna] = (await harbour.operator<Listed>('GET', path)).accounts;
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['PUT', `${path}/${anna?.id}/role`, { role: 'admin' }],
    ['PUT', `${path}/${anna?.id}/password`, { password: 'another good one' }],
    ['POST', path, { address: harbour.at('eve'), password: 'another good one', role: 'admin' }],
    ['POST', `${path}/import`, `address\n${harbour.at('eve')}`],
  ];
  for (const [method, address, body] of rows) {
    const answer = await harbour.request(method, `/api/v1${address}`, body, operator, { DB: WITHOUT_AUDIT });
    expect([address, answer.status]).toEqual([address, 503]);
  }
  expect((await harbour.operator<Listed>('GET', path)).accounts).toEqual([anna]);
  expect((await harbour.logIn('anna', PASSWORD)).cookie).not.toBe('');
});

it('a change of the filter that cannot be logged is not made', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const path = `/clients/${harbour.id}`;
  const rule = ruleFor('sender', '@spam.example', { kind: 'quarantine' });
  await harbour.setRules([rule]);
  await harbour.request('PUT', `/api/v1${path}/lists/kept`, 'a.example', operator);
  const seen = () =>
    Promise.all(
      ['rules', 'rules/versions', 'lists', 'filter'].map((part) => harbour.operator('GET', `${path}/${part}`)),
    );
  const before = await seen();
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['PUT', '/rules', { rules: [], basedOn: 1 }],
    ['POST', '/rules/versions/1/restore', { basedOn: 1 }],
    ['PUT', '/lists/kept', 'b.example'],
    ['PUT', '/lists/new', 'b.example'],
    ['DELETE', '/lists/kept', {}],
    ['PUT', '/filter', { sets: ['spam'] }],
    [
      'PUT',
      '/filter/scanners',
      { scanners: [{ kind: 'clamd', host: 'localhost', port: 3310, tls: 'none', whenFailed: 'hold' }] },
    ],
  ];
  for (const [method, tail, body] of rows) {
    const answer = await harbour.request(method, `/api/v1${path}${tail}`, body, operator, { DB: WITHOUT_AUDIT });
    expect([tail, answer.status]).toEqual([tail, 503]);
  }
  expect(await seen()).toEqual(before);
});

it('a change of somebody who is not there is not logged, one of somebody who is stands once', async () => {
  const harbour = await enrol({ gateways: [await startPeer()], people: [{ address: 'anna', password: PASSWORD }] });
  const path = `/clients/${harbour.id}/accounts`;
  const [anna] = (await harbour.operator<Listed>('GET', path)).accounts;
  for (const id of ['nobody', anna?.id]) {
    await harbour.request('PUT', `/api/v1${path}/${id}/role`, { role: 'admin' }, operator);
    await harbour.request('PUT', `/api/v1${path}/${id}/password`, { password: PASSWORD }, operator);
  }
  const lines = (await audit(harbour)).filter(({ action }) => action === 'role-set' || action === 'password-set');
  expect(lines.map(({ action, detail }) => [action, detail])).toEqual(
    expect.arrayContaining([
      ['role-set', { accountId: anna?.id, role: 'admin' }],
      ['password-set', { accountId: anna?.id }],
    ]),
  );
  expect(lines).toHaveLength(2);
});

it('a declaration is logged with what came of it', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  const drill = { reason: 'a spring drill', drill: true };
  await expect(harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, drill)).rejects.toThrow(/409/);
  const byAction = Object.fromEntries((await audit(harbour)).map(({ action, detail }) => [action, detail]));
  expect(byAction['failure-declared']).toEqual({ reason: 'the story says so', result: 'down' });
  expect(byAction['drill-begun']).toEqual({
    reason: 'a spring drill',
    result: expect.stringMatching(/^not possible: .*nothing is wrong/),
  });
});

it('the operator steers the emergency while D1 is away', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const ask = (method: string, tail: string, body?: unknown, id: string = harbour.id) =>
    harbour.request(method, `/api/v1/clients/${id}${tail}`, body, operator, { DB: D1_AWAY });
  expect((await ask('POST', '/declare-failure', { reason: 'the disks are gone' })).status).toBe(200);
  await harbour.settle();
  expect(await (await ask('GET', '/status')).json()).toMatchObject({ health: { state: 'down' } });
  expect((await ask('POST', '/declare-repair', { reason: 'new disks' })).status).toBe(200);
  // What needs D1 says so, and nothing is begun for a client that nobody can look up.
  expect((await ask('PUT', '/thresholds', { profile: 'eager' })).status).toBe(503);
  expect((await ask('POST', '/declare-failure', { reason: 'x' }, 'never-enrolled')).status).toBe(503);
  const { events } = await harbour.operator<{ events: { words: string }[] }>('GET', `/clients/${harbour.id}/events`);
  expect(events.some(({ words }) => words.includes('the disks are gone'))).toBe(true);
});

it('a replay is followed, paused and put in order while D1 is away; only groups and the plan need it, and say so', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const replay = `/api/v1/clients/${harbour.id}/replay`;
  const ask = (method: string, tail: string, body?: unknown) =>
    harbour.request(method, `${replay}${tail}`, body, operator, { DB: D1_AWAY });
  await harbour.declareFailure();
  const first = { turn: 'first', accounts: [harbour.at('anna')] };
  expect(await (await ask('PUT', '/turns', first)).json()).toEqual({ turn: 'first', recipients: 1 });
  expect(await (await ask('POST', '/pause', { reason: 'not yet' })).json()).toEqual({ state: 'paused' });
  expect(await (await ask('GET', '')).json()).toMatchObject({
    hold: { reason: 'not yet' },
    turns: [{ recipient: harbour.at('anna'), turn: 'first' }],
  });
  const groups = await ask('PUT', '/turns', { ...first, groups: ['Board'] });
  expect(groups.status).toBe(503);
  expect(await groups.json()).toMatchObject({ title: expect.stringContaining('Groups'), fix: expect.any(String) });
  expect((await ask('PUT', '', { messagesPerMinute: 90 })).status).toBe(503);
});
