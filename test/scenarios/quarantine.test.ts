/** The quarantine: kept before and during an outage, seen by those it concerns, let out by a person, deleted by an admin after its time. */
import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import type { QuarantinePlan } from '../../src/core/filter-plan.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol, type Person, ruleFor, type TestClient } from '../support/client.ts';
import { textOf, withoutTrace, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;
const ODD = 'odd@world.example';

const people = [
  { address: 'anna', password: PASSWORD },
  { address: 'bo', password: PASSWORD },
  { address: 'ada', password: PASSWORD, role: 'admin' as const },
];

async function harbourWith(plan: Partial<QuarantinePlan> = {}) {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], people });
  await harbour.setRules([ruleFor('sender', ODD, { kind: 'quarantine' }, 'looked at by hand')]);
  await harbour.setQuarantine({ digestHours: 0, ...plan });
  return { gateway, harbour };
}

type Listed = {
  readonly id: string;
  readonly subject: string;
  readonly recipient: string;
  readonly mayRelease: boolean;
};
type Page = { readonly messages: readonly Listed[]; readonly next: string | null };

const listed = async (harbour: TestClient, query = '') =>
  harbour.operator<Page>('GET', `/clients/${harbour.id}/quarantine${query}`);
const own = async (person: Person) => (await person.ask('GET', '/quarantine')).json<Page>();
const quarantine = async (harbour: TestClient, subject: string, to = 'anna') => {
  const { id, disposition } = await harbour.ingest({ from: ODD, to, content: write({ subject }) });
  expect(disposition).toBe('quarantined');
  return id ?? '';
};
const release = (harbour: TestClient, id: string) =>
  harbour.operator('POST', `/clients/${harbour.id}/quarantine/${id}/release`);
const remove = (harbour: TestClient, id: string) =>
  harbour.request('DELETE', `/api/v1/clients/${harbour.id}/quarantine/${id}`, undefined, {
    authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`,
  });

describe('on a good day', () => {
  it('the list says from whom, to whom, why, and when it may be deleted', async () => {
    const { harbour } = await harbourWith();
    const at = Date.now();
    await quarantine(harbour, 'A prize');
    const { messages } = await listed(harbour);
    expect(messages).toEqual([
      expect.objectContaining({
        subject: 'A prize',
        from: { name: 'Sender', address: 'sender@world.example' },
        recipient: harbour.at('anna'),
        reason: expect.stringContaining('looked at by hand'),
        direction: 'inbound',
        cause: 'rule',
        spamScore: expect.any(Number),
        mayRelease: true,
      }),
    ]);
    const [message] = messages as readonly (Listed & { receivedAtMs: number; deletableFromMs: number })[];
    expect(message?.receivedAtMs).toBeGreaterThanOrEqual(at - 1000);
    expect(message?.deletableFromMs).toBe((message?.receivedAtMs ?? 0) + 30 * DAY_MS);
  });

  it('what is released is delivered to the gateway, byte for byte, and is in the quarantine no more', async () => {
    const { gateway, harbour } = await harbourWith();
    const content = write({ subject: 'let out' });
    const { id = '' } = await harbour.ingest({ from: ODD, to: 'anna', content });
    expect(await gateway.received()).toHaveLength(0);
    await release(harbour, id);
    await harbour.settle();
    const [received] = await gateway.received();
    expect(textOf(withoutTrace(received?.content ?? new Uint8Array()))).toBe(content);
    expect((await listed(harbour)).messages).toEqual([]);
    expect((await harbour.status()).spool.quarantined).toBe(0);
  });

  it('is paged by its newest, filtered by recipient and by age', async () => {
    const { harbour } = await harbourWith();
    for (const [subject, to] of [
      ['one', 'anna'],
      ['two', 'bo'],
      ['three', 'anna+shop'],
    ] as const)
      await quarantine(harbour, subject, to);
    const subjects = ({ messages }: Page) => messages.map(({ subject }) => subject);
    const first = await listed(harbour, '?limit=2');
    expect(subjects(first)).toEqual(['three', 'two']);
    const second = await listed(harbour, `?limit=2&before=${first.next}`);
    expect(subjects(second)).toEqual(['one']);
    expect(second.next).toBeNull();
    expect(subjects(await listed(harbour, `?recipient=${encodeURIComponent(harbour.at('ANNA'))}`))).toEqual([
      'three',
      'one',
    ]);
    expect(subjects(await listed(harbour, `?toMs=${Date.now() - 3_600_000}`))).toEqual([]);
    expect(subjects(await listed(harbour, `?fromMs=${Date.now() - 3_600_000}`))).toHaveLength(3);
  });

  it('several are let out at once; one that is gone meanwhile keeps no other', async () => {
    const { gateway, harbour } = await harbourWith();
    const ids = [await quarantine(harbour, 'one'), await quarantine(harbour, 'two')];
    await release(harbour, ids[0] ?? '');
    const answer = await harbour.operator('POST', `/clients/${harbour.id}/quarantine/release`, {
      messageIds: [...ids, 'nothing-like-it'],
    });
    expect(answer).toEqual({ released: [ids[1]] });
    await harbour.settle();
    expect(await gateway.received()).toHaveLength(2);
  });
});

describe('while mailboxes are open', () => {
  it('what was quarantined before and in the outage, or in an earlier one, is released into the mailbox; both reports add up', async () => {
    const { gateway, harbour } = await harbourWith();
    const earlier = await (async () => {
      await harbour.declareFailure();
      const id = await quarantine(harbour, 'in an earlier outage');
      await harbour.declareRepair();
      await harbour.pass(60_000);
      return id;
    })();
    const before = await quarantine(harbour, 'before the outage');
    await harbour.declareFailure();
    const during = await quarantine(harbour, 'in the outage');
    const stays = await quarantine(harbour, 'never released');
    for (const id of [earlier, before, during]) await release(harbour, id);
    await harbour.settle();
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.list()).map(({ subject }) => subject).toSorted()).toEqual([
      'before the outage',
      'in an earlier outage',
      'in the outage',
    ]);
    expect((await harbour.outage()).report).toMatchObject({ received: 3, waiting: 2, quarantined: 1, addsUp: true });
    await harbour.declareRepair();
    await harbour.pass(60_000);
    expect(await gateway.received()).toHaveLength(3);
    const [second, first] = await harbour.port.outages();
    expect(second?.report).toMatchObject({ received: 3, replayed: 2, quarantined: 1, missing: 0, addsUp: true });
    expect(first?.report).toMatchObject({ received: 1, replayed: 1, quarantined: 0, missing: 0, addsUp: true });
    expect((await listed(harbour)).messages.map(({ id }) => id)).toEqual([stays]);
  });
});

describe('deleting', () => {
  it('is refused before its time with the moment from which it is possible, and never happens by time alone', async () => {
    const { harbour } = await harbourWith({ retentionDays: 10 });
    const id = await quarantine(harbour, 'kept');
    await harbour.to(Date.now() + 9 * DAY_MS);
    const refused = await remove(harbour, id);
    expect(refused.status).toBe(409);
    expect((await refused.json<{ detail: string }>()).detail).toMatch(
      /^It can be deleted from 20\d\d-\d\d-\d\d \d\d:\d\d UTC on/,
    );
    await harbour.to(Date.now() + 500 * DAY_MS);
    expect((await listed(harbour)).messages).toHaveLength(1);
    expect(await testEnv.CONTENT.head(`raw/${harbour.id}/${id}`)).not.toBeNull();
  });

  it('takes the bytes; the row stays in the quarantine with who and when, and the report adds up', async () => {
    const { harbour } = await harbourWith({ retentionDays: 10 });
    await harbour.declareFailure();
    const id = await quarantine(harbour, 'gone');
    await harbour.to(Date.now() + 11 * DAY_MS);
    expect((await remove(harbour, id)).status).toBe(200);
    await harbour.settle();
    expect(await testEnv.CONTENT.head(`raw/${harbour.id}/${id}`)).toBeNull();
    expect((await listed(harbour)).messages).toEqual([]);
    const outage = await harbour.outage();
    expect(outage.report).toMatchObject({ received: 1, quarantined: 1, unexplained: 0, addsUp: true });
    const row = await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) =>
      storage.sql.exec<{ state: string; detail: string }>('SELECT state, detail FROM spool WHERE id = ?', id).one(),
    );
    expect(row.state).toBe('quarantined');
    expect(row.detail).toMatch(/^looked at by hand/);
    expect(row.detail).toContain(`; deleted by operator on ${new Date(harbour.now).toISOString()}`);
    expect((await remove(harbour, id)).status).toBe(404);
    await expect(release(harbour, id)).rejects.toThrow('404');
    await expect(harbour.operator('POST', `/clients/${harbour.id}/held/${id}/retry`)).rejects.toThrow('404');
  });

  it('waits for a store that does not answer, and is done when it does', async () => {
    const { harbour } = await harbourWith({ retentionDays: 1 });
    const id = await quarantine(harbour, 'gone later');
    await harbour.to(Date.now() + 2 * DAY_MS);
    await harbour.break({
      contents: {
        put: () => Promise.reject(new Error('R2 is away')),
        get: () => Promise.reject(new Error('R2 is away')),
        delete: () => Promise.reject(new Error('R2 is away')),
      },
    });
    expect((await remove(harbour, id)).status).toBe(200);
    await harbour.settle();
    expect(await testEnv.CONTENT.head(`raw/${harbour.id}/${id}`)).not.toBeNull();
    await harbour.evict();
    await harbour.break({});
    await harbour.evict();
    await harbour.pass(120_000);
    expect(await testEnv.CONTENT.head(`raw/${harbour.id}/${id}`)).toBeNull();
  });
});

describe('a preview', () => {
  const content = [
    'From: odd@world.example',
    'Subject: see this',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html',
    '',
    '<p>Hello <img src="https://track.example/x.gif"><script>alert(1)</script></p>',
    '--b',
    'Content-Type: application/x-msdownload; name="a.exe"',
    'Content-Disposition: attachment; filename="a.exe"',
    '',
    'MZ not really',
    '--b--',
    '',
  ].join('\r\n');

  it('shows HTML in the same sandbox as the webmail, with no picture from outside, whatever is asked for', async () => {
    const { harbour } = await harbourWith();
    const { id } = await harbour.ingest({ from: ODD, to: 'anna', content });
    const path = `/api/v1/clients/${harbour.id}/quarantine/${id}`;
    const headers = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
    expect(await harbour.operator('GET', `/clients/${harbour.id}/quarantine/${id}`)).toMatchObject({
      hasHtml: true,
      attachments: [{ fileName: 'a.exe' }],
    });
    const page = await harbour.request('GET', `${path}/html?images=1`, undefined, headers);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect(policy).toContain('img-src data:;');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives an attachment out only to whoever says to know, and never as what its sender calls it', async () => {
    const { harbour } = await harbourWith();
    const { id } = await harbour.ingest({ from: ODD, to: 'anna', content });
    const path = `/api/v1/clients/${harbour.id}/quarantine/${id}`;
    const headers = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN}` };
    const { attachments } = await harbour.operator<{ attachments: { index: number }[] }>(
      'GET',
      `/clients/${harbour.id}/quarantine/${id}`,
    );
    const file = `${path}/attachments/${attachments[0]?.index}`;
    expect((await harbour.request('GET', file, undefined, headers)).status).toBe(409);
    expect((await harbour.request('GET', `${path}/content`, undefined, headers)).status).toBe(409);
    const given = await harbour.request('GET', `${file}?warned=yes`, undefined, headers);
    expect(given.headers.get('content-type')).toBe('application/octet-stream');
    expect(given.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(given.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await given.text()).toContain('MZ');
    const eml = await harbour.request('GET', `${path}/content?warned=yes`, undefined, headers);
    expect(await eml.text()).toBe(content);
  });
});

describe('users', () => {
  it('see nothing of it where their client says so', async () => {
    const { harbour } = await harbourWith({ users: 'nothing' });
    const id = await quarantine(harbour, 'not for users');
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await own(anna)).messages).toEqual([]);
    expect((await anna.ask('GET', `/quarantine/${id}`)).status).toBe(404);
    expect((await anna.ask('POST', `/quarantine/${id}/release`, {})).status).toBe(404);
    expect(await (await anna.ask('GET', '/me')).json()).toMatchObject({ quarantine: { users: 'nothing', count: 0 } });
  });

  it('see their own, no outage needed, and release none where they may only see', async () => {
    const { gateway, harbour } = await harbourWith({ users: 'see' });
    const id = await quarantine(harbour, 'for anna', 'anna+shop');
    await quarantine(harbour, 'for bo', 'bo');
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await own(anna)).messages.map(({ subject }) => subject)).toEqual(['for anna']);
    expect(await (await anna.ask('GET', '/me')).json()).toMatchObject({ quarantine: { users: 'see', count: 1 } });
    expect(await (await anna.ask('GET', `/quarantine/${id}`)).json()).toMatchObject({ mayRelease: false });
    expect((await anna.ask('POST', `/quarantine/${id}/release`, {})).status).toBe(403);
    expect((await anna.ask('GET', `/quarantine/${id}/original?warned=yes`)).status).toBe(403);
    await harbour.settle();
    expect(await gateway.received()).toHaveLength(0);
  });

  it('release their own where they may, but nothing dangerous; nobody else meets it', async () => {
    const { gateway, harbour } = await harbourWith({ users: 'release' });
    const mine = await quarantine(harbour, 'mine');
    const worm = await quarantine(harbour, 'worm');
    await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
      storage.sql.exec("UPDATE quarantine SET cause = 'threat' WHERE id = ?", worm);
    });
    const bo = await harbour.logIn('bo', PASSWORD);
    for (const [method, path] of [
      ['GET', `/quarantine/${mine}`],
      ['GET', `/quarantine/${mine}/html`],
      ['GET', `/quarantine/${mine}/original?warned=yes`],
      ['GET', `/quarantine/${mine}/attachments/0?warned=yes`],
      ['POST', `/quarantine/${mine}/release`],
    ] as const)
      expect((await bo.ask(method, path, method === 'GET' ? undefined : {})).status, path).toBe(404);
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.ask('POST', `/quarantine/${worm}/release`, {})).status).toBe(403);
    expect((await anna.ask('POST', `/quarantine/${mine}/release`, {})).status).toBe(204);
    await harbour.settle();
    expect((await gateway.received()).map(({ recipients }) => recipients)).toEqual([[harbour.at('anna')]]);
  });

  it('delete nothing, in no way', async () => {
    const { harbour } = await harbourWith({ users: 'release', retentionDays: 1 });
    const id = await quarantine(harbour, 'stays');
    await harbour.to(Date.now() + 5 * DAY_MS);
    const anna = await harbour.logIn('anna', PASSWORD);
    expect((await anna.ask('DELETE', `/quarantine/${id}`, {})).status).toBe(404);
    const asUser = await harbour.request('DELETE', `/api/v1/clients/${harbour.id}/quarantine/${id}`, undefined, {
      cookie: anna.cookie,
    });
    expect(asUser.status).toBe(403);
    expect((await listed(harbour)).messages).toHaveLength(1);
  });
});

describe('another client', () => {
  let ids: { harbour: TestClient; id: string; stranger: Person };

  beforeAll(async () => {
    const { harbour } = await harbourWith({ users: 'release' });
    const other = await harbourWith({ users: 'release' });
    const id = await quarantine(harbour, 'of the harbour');
    ids = { harbour, id, stranger: await other.harbour.logIn('ada', PASSWORD) };
  });

  it.each([
    ['GET', ''],
    ['GET', '/:id'],
    ['GET', '/:id/html'],
    ['GET', '/:id/content?warned=yes'],
    ['POST', '/:id/release'],
    ['DELETE', '/:id'],
  ])('meets nothing: %s …/quarantine%s', async (method, path) => {
    const { harbour, id, stranger } = ids;
    const url = `/api/v1/clients/${harbour.id}/quarantine${path.replace(':id', id)}`;
    const answer = await harbour.request(method, url, method === 'GET' ? undefined : {}, { cookie: stranger.cookie });
    expect(answer.status).toBe(404);
  });

  it('an id of ours says nothing under its own name either', async () => {
    const { id, stranger } = ids;
    expect((await stranger.ask('GET', `/quarantine/${id}`)).status).toBe(404);
    expect((await stranger.ask('POST', `/quarantine/${id}/release`, {})).status).toBe(404);
  });
});

it("an admin's reading, releasing and deleting is in the audit log", async () => {
  const { harbour } = await harbourWith({ retentionDays: 1 });
  const [opened, deleted] = [await quarantine(harbour, 'opened'), await quarantine(harbour, 'deleted')];
  const ada = await harbour.logIn('ada', PASSWORD);
  const ask = (method: string, path: string, body?: object) =>
    harbour.request(method, `/api/v1/clients/${harbour.id}/quarantine/${path}`, body, {
      cookie: ada.cookie,
      origin: 'https://edge.breakwater.test',
    });
  expect((await ask('GET', opened)).status).toBe(200);
  expect((await ask('POST', `${opened}/release`, {})).status).toBe(200);
  await harbour.to(Date.now() + 2 * DAY_MS);
  expect((await ask('DELETE', deleted, {})).status).toBe(200);
  const { entries } = await harbour.operator<{ entries: { action: string; actor: string }[] }>(
    'GET',
    `/clients/${harbour.id}/audit`,
  );
  const actions = entries.filter(({ actor }) => actor === harbour.at('ada')).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['quarantine-opened', 'quarantine-released', 'quarantine-deleted']));
});
