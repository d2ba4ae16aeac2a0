/** Who may do what: the operator, a client's admin, a user, a stranger; and what an admin learns about other clients. */
import { beforeAll, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import type { LogEvent } from '../../src/core/event.ts';
import { createApp } from '../../src/http/app.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Problem = { readonly title: string; readonly detail: string; readonly fix: string };
type Audit = {
  readonly entries: readonly { readonly actor: string; readonly action: string }[];
  readonly next: unknown;
};
type Listed = {
  readonly accounts: readonly { readonly id: string; readonly address: string; readonly role: string }[];
};

const PASSWORD = 'correct horse battery';
const people = [
  { address: 'anna', password: PASSWORD, role: 'admin' as const },
  { address: 'ben', password: PASSWORD },
];

let harbour: TestClient;
let quay: TestClient;
let admin: string;
let user: string;

beforeAll(async () => {
  harbour = await enrol({ gateways: [await startPeer()], people });
  quay = await enrol({ gateways: [await startPeer()] });
  admin = (await harbour.logIn('anna', PASSWORD)).cookie;
  user = (await harbour.logIn('ben', PASSWORD)).cookie;
});

const WINDOW = {
  id: 'spring',
  title: 'New disks',
  timeZone: 'Europe/Berlin',
  meaning: 'keep',
  when: { kind: 'once', from: '2031-01-01T22:00', to: '2031-01-01T23:00' },
};

/** `path` is below the client; the body is one that is right. `answer`: the status for an admin, where it is not 200 for want of the thing named. */
type Asked = { readonly method: string; readonly path: string; readonly body?: unknown; readonly answer?: number };

const ADMINS: readonly Asked[] = [
  { method: 'GET', path: '' },
  { method: 'GET', path: '/status' },
  { method: 'GET', path: '/events' },
  { method: 'GET', path: '/outages' },
  { method: 'GET', path: '/held' },
  { method: 'GET', path: '/accounts' },
  { method: 'GET', path: '/unclaimed' },
  { method: 'GET', path: '/audit' },
  { method: 'GET', path: '/thresholds' },
  { method: 'PUT', path: '/thresholds', body: { profile: 'eager' } },
  { method: 'GET', path: '/expiry' },
  { method: 'PUT', path: '/expiry', body: { afterHours: 96, delayNoticeAfterHours: 4 } },
  { method: 'GET', path: '/expired' },
  { method: 'PUT', path: '/replay', body: { messagesPerMinute: 90 } },
  { method: 'GET', path: '/gateways' },
  { method: 'GET', path: '/uptime' },
  { method: 'GET', path: '/observations' },
  { method: 'GET', path: '/notices' },
  { method: 'PUT', path: '/notices', body: { addresses: ['anna@elsewhere.example'], repeatMinutes: 60 } },
  { method: 'POST', path: '/notices/acknowledge', body: {} },
  { method: 'POST', path: '/notices/mute', body: { minutes: 10 } },
  { method: 'POST', path: '/notices/unmute', body: {} },
  { method: 'GET', path: '/maintenance' },
  { method: 'PUT', path: '/maintenance', body: { windows: [WINDOW] } },
  { method: 'GET', path: '/rules' },
  { method: 'PUT', path: '/rules', body: { rules: [], basedOn: 0 } },
  { method: 'GET', path: '/rules/versions' },
  { method: 'POST', path: '/rules/dry-run', body: {} },
  { method: 'GET', path: '/rules/versions/7', answer: 404 },
  { method: 'POST', path: '/rules/versions/7/restore', body: { basedOn: 0 }, answer: 404 },
  { method: 'GET', path: '/filter' },
  { method: 'PUT', path: '/filter', body: { sets: ['spam'] } },
  { method: 'GET', path: '/lists' },
  { method: 'PUT', path: '/lists/partners', body: 'partner.example' },
  { method: 'GET', path: '/lists/partners' },
  { method: 'DELETE', path: '/lists/partners', body: {} },
  { method: 'GET', path: '/preflight' },
  { method: 'PUT', path: '/preflight', body: { address: null, everyDays: 14 } },
  { method: 'PUT', path: '/accounts/none/group', body: { group: 'Ward 3' }, answer: 404 },
  { method: 'GET', path: '/replay' },
  { method: 'PUT', path: '/replay/turns', body: { turn: 'first', accounts: ['anna@harbour.example'] } },
  { method: 'POST', path: '/replay/pause', body: { reason: 'the disk is full' }, answer: 409 },
  { method: 'POST', path: '/replay/resume', body: {} },
  { method: 'POST', path: '/held/none/readdress', body: { to: 'anna@harbour.example' }, answer: 422 },
  { method: 'GET', path: '/held/none/content', answer: 404 },
  { method: 'GET', path: '/filter/model' },
  { method: 'DELETE', path: '/filter/model', body: {} },
  { method: 'GET', path: '/quarantine' },
  { method: 'GET', path: '/quarantine/none', answer: 404 },
  { method: 'GET', path: '/quarantine/none/html', answer: 404 },
  { method: 'GET', path: '/quarantine/none/attachments/0?warned=yes', answer: 404 },
  { method: 'GET', path: '/quarantine/none/content?warned=yes', answer: 404 },
  { method: 'POST', path: '/quarantine/none/release', body: {}, answer: 404 },
  { method: 'POST', path: '/quarantine/release', body: { messageIds: ['none'] } },
  { method: 'DELETE', path: '/quarantine/none', body: {}, answer: 404 },
  { method: 'GET', path: '/outages/none/export?format=mbox', answer: 404 },
  { method: 'GET', path: '/outages/none/report?format=csv', answer: 404 },
  { method: 'GET', path: '/mailboxes/nobody@harbour.example/export?format=zip', answer: 404 },
  { method: 'GET', path: '/trust' },
  { method: 'GET', path: '/relay' },
  { method: 'GET', path: '/relay/spf', answer: 409 },
  { method: 'GET', path: '/dkim' },
  { method: 'POST', path: '/dkim', body: { domain: 'elsewhere.example' }, answer: 422 },
  { method: 'DELETE', path: '/dkim/elsewhere.example/old', body: {}, answer: 404 },
  { method: 'GET', path: '/outbound' },
  { method: 'POST', path: '/outbound/none/retry', body: {}, answer: 404 },
  { method: 'POST', path: '/outbound/none/stop', body: {}, answer: 409 },
  { method: 'GET', path: '/outbound-limits' },
  { method: 'POST', path: '/system-token', body: {} },
  { method: 'DELETE', path: '/system-token', body: {} },
];

const OPERATORS: readonly Asked[] = [
  { method: 'PATCH', path: '', body: { name: 'Renamed' } },
  { method: 'PUT', path: '/domains/other.example' },
  { method: 'DELETE', path: '/domains/other.example' },
  { method: 'PUT', path: '/gateways', body: { gateways: [{ host: '127.0.0.1', port: 2526, tls: 'none' }] } },
  { method: 'PUT', path: '/filter/scanners', body: { scanners: [] } },
  { method: 'PUT', path: '/relay', body: { host: '127.0.0.1', port: 2526, tls: 'none' } },
  { method: 'DELETE', path: '/relay', body: {} },
  { method: 'PUT', path: '/outbound-limits', body: { perUserPerHour: 100, perClientPerHour: 1_000 } },
  { method: 'POST', path: '/accounts', body: { address: 'eve@harbour.example', role: 'admin' } },
  { method: 'POST', path: '/accounts/import', body: 'address\nanna@harbour.example' },
  { method: 'PUT', path: '/accounts/1/password', body: { password: PASSWORD } },
  { method: 'PUT', path: '/accounts/1/role', body: { role: 'admin' } },
  { method: 'GET', path: '/nothing-of-the-kind' },
];

it.each(ADMINS)('an admin may $method …$path, a user may not', async ({ method, path, body, answer = 200 }) => {
  const address = `/api/v1/clients/${harbour.id}${path}`;
  expect((await harbour.request(method, address, body, { cookie: admin })).status).toBe(answer);
  const response = await harbour.request(method, address, body, { cookie: user });
  expect(response.status).toBe(403);
  const problem = await response.json<Problem>();
  expect(problem.detail).toContain(harbour.at('ben'));
  expect(problem.fix).toContain('administrator');
});

it.each(OPERATORS)('an admin may not $method …$path, and is told whom to ask', async ({ method, path, body }) => {
  const response = await harbour.request(method, `/api/v1/clients/${harbour.id}${path}`, body, { cookie: admin });
  expect(response.status).toBe(403);
  expect((await response.json<Problem>()).fix).toContain('runs Breakwater');
});

const TAILS: readonly Asked[] = [
  ...['thresholds', 'replay', 'notices', 'maintenance', 'clients'].map((tail) => ({
    method: 'PUT',
    path: `/domains/${tail}`,
  })),
  { method: 'DELETE', path: '/domains/system-token' },
  { method: 'PUT', path: '/accounts/clients/role', body: { role: 'admin' } },
  { method: 'PUT', path: '/accounts/thresholds/password', body: { password: PASSWORD } },
];

it('what ends like an operation open to admins is not open, though the client be called "clients"', async () => {
  const client = await enrol({ gateways: [await startPeer()], people, id: 'clients' });
  const { cookie } = await client.logIn('anna', PASSWORD);
  for (const { method, path, body } of TAILS) {
    const response = await client.request(method, `/api/v1/clients/clients${path}`, body, { cookie });
    expect([path, response.status]).toEqual([path, 403]);
  }
  expect((await client.request('GET', '/api/v1/clients/clients/status', undefined, { cookie })).status).toBe(200);
});

it('an admin neither lists clients nor enrols one', async () => {
  for (const [method, body] of [['GET'], ['POST', { id: 'mine', name: 'Mine' }]] as const)
    expect((await harbour.request(method, '/api/v1/clients', body, { cookie: admin })).status).toBe(403);
});

it.each([...ADMINS, ...OPERATORS])(
  'asked about a client of others, $method …$path answers as for one that is not',
  async ({ method, path, body }) => {
    const answer = async (id: string) => {
      const response = await harbour.request(method, `/api/v1/clients/${id}${path}`, body, { cookie: admin });
      return { status: response.status, text: (await response.text()).replaceAll(id, 'ID') };
    };
    const [others, none] = await Promise.all([answer(quay.id), answer('never-enrolled')]);
    expect(others).toEqual(none);
    expect([403, 404]).toContain(others.status);
  },
);

it('without a session, or with a wrong token beside a good one, nothing is told', async () => {
  const path = `/api/v1/clients/${harbour.id}`;
  expect((await harbour.request('GET', path)).status).toBe(401);
  expect((await harbour.request('GET', path, undefined, { cookie: '__Host-breakwater=made-up' })).status).toBe(401);
  expect((await harbour.request('GET', path, undefined, { cookie: admin, authorization: 'Bearer wrong' })).status).toBe(
    401,
  );
});

it('the audit log and the timeline name the admin who declared a failure', async () => {
  const declared = await harbour.request(
    'POST',
    `/api/v1/clients/${harbour.id}/declare-failure`,
    { reason: 'the disks are gone' },
    { cookie: admin },
  );
  expect(declared.status).toBe(200);
  const { entries } = await harbour.operator<Audit>('GET', `/clients/${harbour.id}/audit`);
  expect(entries[0]).toMatchObject({ actor: harbour.at('anna'), action: 'failure-declared' });
  const { events } = await harbour.operator<{ events: { words: string }[] }>('GET', `/clients/${harbour.id}/events`);
  expect(events.some(({ words }) => words.includes(`declared by ${harbour.at('anna')}: the disks are gone`))).toBe(
    true,
  );
  await harbour.declareRepair();
});

it('the audit log is read page by page, and every line comes once', async () => {
  const client = await enrol({ gateways: [await startPeer()] });
  for (let n = 0; n < 110; n += 1)
    await testEnv.DB.prepare('INSERT INTO audit (id, client_id, at, actor, action, detail) VALUES (?, ?, 7, ?, ?, ?)')
      .bind(`line-${client.id}-${n}`, client.id, 'operator', 'made', '{}')
      .run();
  const first = await client.operator<Audit & { entries: { id: string }[] }>('GET', `/clients/${client.id}/audit`);
  const second = await client.operator<Audit & { entries: { id: string }[] }>(
    'GET',
    `/clients/${client.id}/audit?before=${String(first.next)}`,
  );
  const ids = [...first.entries, ...second.entries].map(({ id }) => id);
  expect([first.entries.length, second.next]).toEqual([100, null]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id.startsWith('line-')).length).toBe(110);
});

it('a role is in effect with the next request, both ways', async () => {
  const client = await enrol({ gateways: [await startPeer()], people: [{ address: 'cara', password: PASSWORD }] });
  const { cookie } = await client.logIn('cara', PASSWORD);
  const status = async () =>
    (await client.request('GET', `/api/v1/clients/${client.id}/status`, undefined, { cookie })).status;
  const { accounts } = await client.operator<Listed>('GET', `/clients/${client.id}/accounts`);
  const setRole = (role: string) =>
    client.operator('PUT', `/clients/${client.id}/accounts/${accounts[0]?.id}/role`, { role });
  expect(accounts[0]?.role).toBe('user');
  expect(await status()).toBe(403);
  await setRole('admin');
  expect(await status()).toBe(200);
  await setRole('user');
  expect(await status()).toBe(403);
});

it('people who are imported or added again keep their role', async () => {
  const client = await enrol({ gateways: [await startPeer()], people: [{ address: 'dora', role: 'admin' }] });
  await client.operator('POST', `/clients/${client.id}/accounts`, { address: client.at('dora'), name: 'Dora' });
  const { accounts } = await client.operator<Listed>('GET', `/clients/${client.id}/accounts`);
  expect(accounts).toMatchObject([{ name: 'Dora', role: 'admin' }]);
});

it('a cookie cannot be made to act by a form on another site', async () => {
  const path = `/api/v1/clients/${harbour.id}/declare-failure`;
  const form = { cookie: admin, origin: 'https://elsewhere.example', 'content-type': 'text/plain' };
  const app = createApp(compose(testEnv).http);
  const answer = await app.request(path, { method: 'POST', body: '{"reason":"x"}', headers: form });
  expect(answer.status).toBe(400);
  expect((await harbour.status()).health.state).not.toBe('down');
});

/** The console's door, with a clock to move. */
function consoleDoor() {
  const { http } = compose(testEnv);
  const seen = { now: Date.now() };
  const needs = { ...http, now: () => seen.now };
  const ask = (path: string, init: RequestInit = {}, token = http.operatorToken) =>
    createApp({ ...needs, operatorToken: token }).request(path, init);
  const logIn = (token: string, from = '192.0.2.1') =>
    ask('/api/console/operator-login', {
      method: 'POST',
      body: JSON.stringify({ token }),
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': from },
    });
  const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { seen, ask, logIn, cookieOf };
}

it('the operator logs in to the console with the token, for twelve hours, and a new token ends the session', async () => {
  const { seen, ask, logIn, cookieOf } = consoleDoor();
  const answer = await logIn(testEnv.OPERATOR_TOKEN);
  expect(answer.headers.get('set-cookie')).toMatch(/^__Host-breakwater-operator=.*HttpOnly; Secure; SameSite=Strict/);
  const headers = { cookie: cookieOf(answer) };
  expect(await (await ask('/api/console/me', { headers })).json()).toEqual({ role: 'operator' });
  expect((await ask('/api/v1/clients', { headers })).status).toBe(200);
  expect((await ask('/api/v1/clients', { headers }, 'another-operator-token-0123456789abcdef')).status).toBe(401);
  const later = `${seen.now + 90 * 86_400_000}.${headers.cookie.split('.')[1]}`;
  const forged = { cookie: `__Host-breakwater-operator=${later}` };
  expect((await ask('/api/v1/clients', { headers: forged })).status).toBe(401);
  seen.now += 12 * 3_600_000 + 1;
  expect((await ask('/api/v1/clients', { headers })).status).toBe(401);
});

it('guessing the token is slow, and only for the one who guesses', async () => {
  const { logIn } = consoleDoor();
  const statuses: number[] = [];
  for (let n = 0; n < 11; n += 1) statuses.push((await logIn(`guess ${n}`, '192.0.2.66')).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  expect((await logIn(testEnv.OPERATOR_TOKEN, '192.0.2.66')).status).toBe(429);
  expect((await logIn(testEnv.OPERATOR_TOKEN, '192.0.2.67')).status).toBe(200);
});

it('the operator gets in while D1 is away, and a wrong token does not; each is logged without the token', async () => {
  const { http } = compose(testEnv);
  const away = () => Promise.reject(new Error('D1 is not there'));
  const logged: LogEvent[] = [];
  const accounts = { ...http.accounts, countTry: away, forgetTries: away };
  const app = createApp({ ...http, accounts, log: (event) => logged.push(event) });
  const logIn = (token: string) =>
    app.request('/api/console/operator-login', {
      method: 'POST',
      body: JSON.stringify({ token }),
      headers: { 'content-type': 'application/json' },
    });
  const opened = await logIn(testEnv.OPERATOR_TOKEN);
  expect([opened.status, (await logIn('a wrong one')).status]).toEqual([200, 401]);
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await app.request('/api/console/me', { headers: { cookie } })).status).toBe(200);
  expect(logged.filter(({ kind }) => kind === 'operator-login')).toEqual([
    { kind: 'operator-login', result: 'opened' },
    { kind: 'operator-login', result: 'wrong' },
  ]);
  expect(JSON.stringify(logged)).not.toContain(testEnv.OPERATOR_TOKEN);
});

it('the console knows who is here', async () => {
  const me = async (cookie: string) => {
    const response = await harbour.request('GET', '/api/console/me', undefined, { cookie });
    return [response.status, await response.json()];
  };
  expect(await me(admin)).toMatchObject([200, { role: 'admin', address: harbour.at('anna'), clientId: harbour.id }]);
  expect(await me(user)).toMatchObject([403, { detail: expect.stringContaining(harbour.at('ben')) }]);
  expect((await me(''))[0]).toBe(401);
});

type Document = { readonly paths: Record<string, Record<string, { readonly security?: readonly object[] }>> };

it('what is open to admins is this list and nothing else', async () => {
  const { paths } = await (await harbour.request('GET', '/api/v1/openapi.json')).json<Document>();
  const open = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security = [] }]) => security.some((one) => 'admin' in one))
      .map(([method]) => `${method} ${path.replace('/clients/{clientId}', '…')}`),
  );
  expect(open.sort()).toEqual([
    'delete …/dkim/{domain}/{selector}',
    'delete …/filter/model',
    'delete …/lists/{name}',
    'delete …/quarantine/{messageId}',
    'delete …/system-token',
    'get …',
    'get …/accounts',
    'get …/audit',
    'get …/dkim',
    'get …/events',
    'get …/expired',
    'get …/expiry',
    'get …/filter',
    'get …/filter/model',
    'get …/gateways',
    'get …/held',
    'get …/held/{messageId}/content',
    'get …/lists',
    'get …/lists/{name}',
    'get …/mailboxes/{address}/export',
    'get …/maintenance',
    'get …/notices',
    'get …/observations',
    'get …/outages',
    'get …/outages/{outageId}',
    'get …/outages/{outageId}/export',
    'get …/outages/{outageId}/report',
    'get …/outbound',
    'get …/outbound-limits',
    'get …/preflight',
    'get …/quarantine',
    'get …/quarantine/{messageId}',
    'get …/quarantine/{messageId}/attachments/{index}',
    'get …/quarantine/{messageId}/content',
    'get …/quarantine/{messageId}/html',
    'get …/relay',
    'get …/relay/spf',
    'get …/replay',
    'get …/rules',
    'get …/rules/versions',
    'get …/rules/versions/{number}',
    'get …/status',
    'get …/thresholds',
    'get …/trust',
    'get …/unclaimed',
    'get …/uptime',
    'post …/declare-failure',
    'post …/declare-repair',
    'post …/dkim',
    'post …/held/{messageId}/readdress',
    'post …/held/{messageId}/retry',
    'post …/maintenance/extend',
    'post …/notices/acknowledge',
    'post …/notices/mute',
    'post …/notices/test',
    'post …/notices/unmute',
    'post …/outbound/{messageId}/retry',
    'post …/outbound/{messageId}/stop',
    'post …/preflight',
    'post …/quarantine/release',
    'post …/quarantine/{messageId}/release',
    'post …/replay/pause',
    'post …/replay/resume',
    'post …/rules/dry-run',
    'post …/rules/versions/{number}/restore',
    'post …/system-token',
    'put …/accounts/{accountId}/group',
    'put …/expiry',
    'put …/filter',
    'put …/lists/{name}',
    'put …/maintenance',
    'put …/notices',
    'put …/preflight',
    'put …/replay',
    'put …/replay/turns',
    'put …/rules',
    'put …/thresholds',
  ]);
});
