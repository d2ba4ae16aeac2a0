/** The operator's API says what to change, keeps secrets to itself, and takes effect before it answers. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

type Problem = { title: string; detail: string; fix: string };
const operator = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };

it('every error is a problem that says what to change', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const base = `/api/v1/clients/${harbour.id}`;
  const rows: readonly (readonly [string, string, unknown, number, RegExp])[] = [
    ['POST', '/api/v1/clients', { id: 'Bad Id', name: 'x' }, 422, /lower-case/],
    ['POST', '/api/v1/clients', { id: harbour.id, name: 'x' }, 409, /exists/],
    ['POST', '/api/v1/clients', {}, 422, /name/],
    ['GET', '/api/v1/clients/nobody', undefined, 404, /nobody/],
    [
      'PUT',
      `${base}/thresholds`,
      { amount: 0, durationSeconds: 1, frequency: { deferrals: 1, perSeconds: 1 } },
      422,
      /amount/,
    ],
    ['PUT', `${base}/replay`, { messagesPerMinute: 'fast' }, 422, /messagesPerMinute/],
    ['PUT', `${base}/gateways`, { gateways: [{ host: 'a b', port: 587, tls: 'starttls' }] }, 422, /host name/],
    [
      'PUT',
      `${base}/gateways`,
      { gateways: [{ host: 'mail.example', port: 587, tls: 'starttls', username: 'x' }] },
      422,
      /password together/,
    ],
    ['PUT', `${base}/domains/not_a_domain`, undefined, 422, /not a domain/],
    ['POST', `${base}/accounts`, { address: 'x@elsewhere.example' }, 422, /not a domain of this client/],
    ['POST', `${base}/accounts/import`, 'address\nanna', 422, /not an e-mail address/],
    ['POST', `${base}/accounts/import`, 'address\n"open', 422, /Line 2/],
    ['POST', `${base}/declare-failure`, { reason: '' }, 422, /reason/],
    ['GET', '/api/v1/nothing', undefined, 404, /nothing/],
    ['PUT', `${base}/gateways`, { gateways: [] }, 422, /at least one/],
    ['PUT', `${base}/thresholds`, '{bad', 400, /JSON/],
  ];
  for (const [method, path, body, status, detail] of rows) {
    const response = await harbour.request(method, path, body, operator);
    expect([path, response.status]).toEqual([path, status]);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = await response.json<Problem>();
    expect(problem.detail).toMatch(detail);
    expect(problem.fix).not.toBe('');
  }
});

it('without the right token nothing is told', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  for (const authorization of [
    '',
    'Bearer wrong',
    `Basic ${testEnv.OPERATOR_TOKEN}`,
    `Bearer ${testEnv.INGEST_TOKEN}`,
  ]) {
    for (const path of ['/api/v1/clients', `/api/v1/clients/${harbour.id}`, `/api/v1/clients/${harbour.id}/status`]) {
      expect((await harbour.request('GET', path, undefined, { authorization })).status).toBe(401);
    }
  }
  expect((await harbour.request('GET', '/api/mail/messages')).status).toBe(401);
});

it('a gateway password is sealed in D1 and never shown', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const gateways = [
    { host: 'mail.harbour.example', port: 587, tls: 'starttls', username: 'edge', password: 'the-secret-word' },
  ];
  await harbour.operator('PUT', `/clients/${harbour.id}/gateways`, { gateways });
  expect(JSON.stringify(await harbour.operator('GET', `/clients/${harbour.id}`))).not.toContain('the-secret-word');
  const rows = await testEnv.DB.prepare('SELECT * FROM gateways WHERE client_id = ?').bind(harbour.id).all();
  expect(JSON.stringify(rows.results)).not.toContain('the-secret-word');
  const audit = await testEnv.DB.prepare('SELECT * FROM audit WHERE client_id = ?').bind(harbour.id).all();
  expect(JSON.stringify(audit.results)).toContain('gateways-set');
  expect(JSON.stringify(audit.results)).not.toContain('the-secret-word');
});

it('a login is kept when the list is changed without it, and only for the same host and port', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const path = `/clients/${harbour.id}/gateways`;
  const first = { host: 'mail.harbour.example', port: 587, tls: 'starttls' };
  const second = { host: 'mail2.harbour.example', port: 587, tls: 'starttls' };
  const login = { username: 'edge', password: 'the-secret-word' };
  const stored = async () =>
    (
      await testEnv.DB.prepare(
        'SELECT host, username, sealed_password AS sealed FROM gateways WHERE client_id = ? ORDER BY position',
      )
        .bind(harbour.id)
        .all<{ host: string; username: string | null; sealed: string | null }>()
    ).results;
  await harbour.operator('PUT', path, { gateways: [{ ...first, ...login }, second] });
  const [before] = await stored();
  await harbour.operator('PUT', path, { gateways: [second, { ...first, login: 'kept', capacityPerMinute: 60 }] });
  expect(await stored()).toEqual([{ host: second.host, username: null, sealed: null }, before]);
  const put = async (gateway: object) => {
    const response = await harbour.request('PUT', `/api/v1${path}`, { gateways: [gateway] }, operator);
    return { status: response.status, ...(await response.json<Problem>()) };
  };
  const elsewhere = { ...first, host: 'mail.elsewhere.example', login: 'kept' };
  expect(await put(elsewhere)).toMatchObject({
    status: 422,
    detail: expect.stringContaining('mail.elsewhere.example'),
  });
  expect(await put({ ...first, port: 465, login: 'kept' })).toMatchObject({ status: 422 });
  expect(await put({ ...first, ...login, login: 'kept' })).toMatchObject({ status: 422 });
  expect(await stored()).toContainEqual(before);
});

it('thresholds take effect while it runs: the next deferral is judged by the new ones', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    settings: { thresholds: { amount: 100, durationSeconds: 3600, frequency: { deferrals: 100, perSeconds: 3600 } } },
  });
  await gateway.stop();
  await harbour.ingest({ to: 'anna', content: 'Subject: 1\r\n\r\n1\r\n' });
  await harbour.ingest({ to: 'anna', content: 'Subject: 2\r\n\r\n2\r\n' });
  expect((await harbour.status()).health.state).toBe('suspect');
  await harbour.operator('PUT', `/clients/${harbour.id}/thresholds`, {
    amount: 2,
    durationSeconds: 3600,
    frequency: { deferrals: 100, perSeconds: 3600 },
    confirmSeconds: 0,
  });
  expect((await harbour.status()).health.state).toBe('down');
});

it('imports a list of people, completes it by a second one, and tells how many could log in', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const base = `/clients/${harbour.id}/accounts`;
  await harbour.operator(
    'POST',
    `${base}/import`,
    `address,name\n${harbour.at('anna')},Anna\n${harbour.at('bo')},Bo\n`,
  );
  await harbour.operator('POST', `${base}/import`, `address,password\n${harbour.at('ANNA')},correct horse battery\n`);
  expect(await harbour.operator('GET', base)).toMatchObject({
    total: 2,
    canLogIn: 1,
    accounts: [
      { address: harbour.at('anna'), name: 'Anna', canLogIn: true },
      { address: harbour.at('bo'), name: 'Bo', canLogIn: false },
    ],
  });
});

it('a group of people goes first, however they came into it', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    settings: { replay: { messagesPerMinute: 6_000, connections: 1, start: 'hold' } },
    people: [{ address: 'dora', name: 'Dora' }],
  });
  const base = `/clients/${harbour.id}/accounts`;
  const list = [
    ['anna', 'Sales'],
    ['bo', 'Ward 3'],
    ['carl', ''],
  ].map(([local, group]) => `${harbour.at(`${local}`)},${group}`);
  await harbour.operator('POST', `${base}/import`, ['address,group', ...list].join('\n'));
  await harbour.operator('POST', base, { address: harbour.at('eve'), group: 'Ward 3' });
  const people = async () =>
    (await harbour.operator<{ accounts: { id: string; address: string; group: string | null }[] }>('GET', base))
      .accounts;
  const put = async (local: string, group: string | null) => {
    const id = (await people()).find(({ address }) => address === harbour.at(local))?.id;
    await harbour.operator('PUT', `${base}/${id}/group`, { group });
  };
  await put('dora', 'Ward 3');
  await put('eve', null);
  // Who is imported again without a group stays in the one known.
  await harbour.operator('POST', `${base}/import`, `address,name,group\n${harbour.at('bo')},Bo,\n`);
  expect((await people()).map(({ address, group }) => [address.split('@')[0], group])).toEqual([
    ['anna', 'Sales'],
    ['bo', 'Ward 3'],
    ['carl', null],
    ['dora', 'Ward 3'],
    ['eve', null],
  ]);
  await harbour.declareFailure();
  for (const to of ['anna', 'bo', 'carl', 'dora', 'eve']) await harbour.ingest({ to, content: write({ subject: to }) });
  await harbour.declareRepair();
  await harbour.operator('PUT', `/clients/${harbour.id}/replay/turns`, { turn: 'first', groups: ['Ward 3'] });
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  const order = (await gateway.received()).map(({ content }) => /^Subject: (.*)$/m.exec(textOf(content))?.[1]?.trim());
  expect(order).toEqual(['bo', 'dora', 'anna', 'carl', 'eve']);
  const { entries } = await harbour.operator<{ entries: { action: string; detail: unknown }[] }>(
    'GET',
    `/clients/${harbour.id}/audit`,
  );
  expect(entries.filter(({ action }) => action === 'group-set')[1]?.detail).toMatchObject({ group: 'Ward 3' });
});

it('guessing passwords is slowed down for the account, and a new password unlocks it', async () => {
  const harbour = await enrol({
    gateways: [await startPeer()],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  const attempt = async (password: string) =>
    (await harbour.request('POST', '/api/mail/login', { address: harbour.at('anna'), password })).status;
  for (let n = 0; n < 10; n += 1) expect(await attempt('wrong password')).toBe(401);
  expect(await attempt('correct horse battery')).toBe(429);
  await harbour.operator('POST', `/clients/${harbour.id}/accounts`, {
    address: harbour.at('anna'),
    password: 'another good one',
  });
  expect(await attempt('another good one')).toBe(200);
});

it('the API describes itself', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const document = await (await harbour.request('GET', '/api/v1/openapi.json')).json<{
    paths: Record<string, unknown>;
  }>();
  expect(Object.keys(document.paths)).toContain('/clients/{clientId}/thresholds');
  expect(Object.keys(document.paths).length).toBeGreaterThan(12);
});

it('a failure is declared once; what is said after the probes found it is in the timeline', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await gateway.stop();
  for (let n = 0; n < 3; n += 1) await harbour.ingest({ to: 'anna', content: `Subject: ${n}\r\n\r\nx\r\n` });
  await harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'the disk is gone' });
  expect(JSON.stringify(await harbour.operator('GET', `/clients/${harbour.id}/events`))).toContain('the disk is gone');
  await expect(harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'again' })).rejects.toThrow(
    /409.*the disk is gone/s,
  );
});
