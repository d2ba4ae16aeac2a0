/** R12 P9: people are told at addresses that do not depend on what failed; again until they have seen it, and not when nothing is wrong. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { platformOpener } from '../../src/adapters/notice-mail.ts';
import type { LogEvent } from '../../src/core/event.ts';
import { createWalker } from '../../src/mime/walker.ts';
import type { NoticeTest } from '../../src/pipeline/client-port.ts';
import { summarise } from '../../src/pipeline/summary.ts';
import { replyAt } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { type Hook, startHook } from '../support/hook.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { testEnv } from '../support/test-env.ts';

const MINUTE = 60_000;
const IT = 'it@elsewhere.example';

/** No idle probe: a server that is stopped on purpose is found out by its mail. */
const settings = {
  noticeAddresses: [IT],
  probe: { firstSeconds: 5, capSeconds: 60, idleSeconds: 0 },
};

type Mail = { readonly to: string; readonly subject: string; readonly text: string };

async function mails(relay: Peer): Promise<readonly Mail[]> {
  return (await relay.received()).map(({ content, recipients }) => {
    const walker = createWalker();
    walker.write(content);
    const body = textOf(content).split('\r\n\r\n').slice(1).join('');
    const text = Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n');
    return { to: recipients[0] ?? '', subject: summarise(walker.end()).subject, text };
  });
}

const subjects = async (relay: Peer) => (await mails(relay)).map(({ subject }) => subject.replace(/Client \d+: /, ''));

function linkIn(text: string, label: string): string {
  return new URL(new RegExp(`${label}:\n(https://\\S+)`).exec(text)?.[1] ?? 'missing:').pathname;
}

async function fail(harbour: TestClient, gateway: Peer): Promise<void> {
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write({ subject: 'between us' }) });
  await harbour.settle();
}

const post = <T = unknown>(harbour: TestClient, what: string, body?: object) =>
  harbour.operator<T>('POST', `/clients/${harbour.id}/notices/${what}`, body);

it('an outage is told by mail: down, mailboxes open, repaired, over, and each once, whatever is restarted', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await fail(harbour, gateway);
  await harbour.evict();
  await harbour.settle();
  await gateway.start();
  await harbour.pass(120_000);
  expect(await subjects(relay)).toEqual([
    'the mail server is down',
    'the emergency mailboxes are open',
    'the mail server takes mail again',
    'everything is given back',
  ]);
  const told = await relay.received();
  expect(told.every((message) => message.sender === '' && message.recipients[0] === IT)).toBe(true);
  expect((await mails(relay)).map(({ text }) => text).join()).not.toContain('between us');
  expect((await harbour.outage()).report).toMatchObject({ received: 4, replayed: 4, sentToWorld: 0 });
});

it('a suspicion that clears by itself mails nobody; a webhook hears of it', async () => {
  const relay = await startPeer();
  const hook = await startHook();
  const gateway = await startPeer(replyAt('mail', '451 4.3.2 System not accepting messages'));
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await use(harbour, hook);
  await harbour.ingest({ to: 'anna', content: write() });
  await gateway.set({});
  await harbour.pass(10 * MINUTE);
  expect((await harbour.port.timeline(10)).map(({ kind }) => kind)).toEqual(['up', 'suspect']);
  expect(await relay.received()).toEqual([]);
  expect(await hook.calls()).toHaveLength(2);
});

it('an alarm is told again every half hour until somebody presses "I have seen this", and the reminder says what has happened since', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await fail(harbour, gateway);
  await harbour.pass(29 * MINUTE);
  expect(await relay.received()).toHaveLength(2);
  await harbour.pass(32 * MINUTE);
  expect((await subjects(relay)).slice(2)).toEqual([
    'Reminder 1: the mail server is down',
    'Reminder 2: the mail server is down',
  ]);
  const reminder = (await mails(relay)).at(-1)?.text ?? '';
  expect(reminder).toContain('Since: 2030-01-01 00:00:00 UTC');
  expect(reminder).toMatch(/What has happened since:\n.*mailboxes are open/);
  const link = linkIn(reminder, 'I have seen this');
  expect((await harbour.request('POST', link)).status).toBe(200);
  expect((await harbour.port.timeline(1))[0]).toMatchObject({ kind: 'acknowledged' });
  expect((await harbour.port.notices()).unacknowledged).toEqual([]);
  await harbour.pass(5 * 60 * MINUTE);
  expect(await relay.received()).toHaveLength(4);
  await gateway.start();
  await harbour.pass(10 * MINUTE);
  expect((await subjects(relay)).slice(4)).toEqual(['the mail server takes mail again', 'everything is given back']);
});

it('an alarm that is over is not told again', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await fail(harbour, gateway);
  await gateway.start();
  await harbour.pass(24 * 60 * MINUTE);
  expect((await subjects(relay)).filter((subject) => subject.startsWith('Reminder'))).toEqual([]);
  expect((await harbour.port.notices()).unacknowledged).toEqual([]);
});

it('who is to be asked fails over and switches back by the links of the notices', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const asks = { ...settings, failover: 'ask', failback: 'hold' };
  const harbour = await enrol({ gateways: [gateway], relay, settings: asks });
  await fail(harbour, gateway);
  const [asked] = await mails(relay);
  expect(asked?.subject).toContain('fail over now?');
  expect((await harbour.status()).health.state).toBe('suspect');
  expect((await harbour.request('POST', linkIn(asked?.text ?? '', 'Fail over now'))).status).toBe(200);
  expect((await harbour.status()).health.state).toBe('down');
  await harbour.settle();
  await gateway.start();
  await harbour.declareRepair();
  await harbour.pass(MINUTE);
  expect((await harbour.status()).health.state).toBe('up');
});

it('a repair that waits for a person is told with the link that ends it', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings: { ...settings, failback: 'hold' } });
  await fail(harbour, gateway);
  await gateway.start();
  await harbour.pass(2 * MINUTE);
  const waits = (await mails(relay)).find(({ subject }) => subject.includes('switch back?'));
  expect((await harbour.request('POST', linkIn(waits?.text ?? '', 'Switch back now'))).status).toBe(200);
  await harbour.pass(MINUTE);
  expect((await harbour.status()).health.state).toBe('up');
  expect((await subjects(relay)).slice(-2)).toEqual(['the mail server takes mail again', 'everything is given back']);
});

it('while muted no mail goes; the mute ends by itself, and what stands then is told', async () => {
  const relay = await startPeer();
  const hook = await startHook();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await use(harbour, hook);
  const { mutedUntilMs } = await post<{ mutedUntilMs: number }>(harbour, 'mute', { minutes: 60 });
  expect(mutedUntilMs).toBe(harbour.now + 60 * MINUTE);
  await fail(harbour, gateway);
  await harbour.pass(59 * MINUTE);
  expect(await relay.received()).toEqual([]);
  expect((await hook.calls()).length).toBeGreaterThan(2);
  await harbour.pass(2 * MINUTE);
  expect(await subjects(relay)).toEqual(['the mail server is down']);
  expect(await harbour.port.notices()).toMatchObject({ mutedUntil: null, unacknowledged: [{ kind: 'down' }] });
});

it('a mute that is ended lets what stands be told at once; one for longer than a week is refused', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await post(harbour, 'mute', { minutes: 10_080 });
  await fail(harbour, gateway);
  await post(harbour, 'unmute');
  await harbour.settle();
  expect(await subjects(relay)).toEqual(['the mail server is down']);
  await expect(post(harbour, 'mute', { minutes: 10_081 })).rejects.toThrow(/422.*minutes/s);
});

it('a drill says so in every subject, and a real failure in it does not', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'exercise', drill: true });
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.settle();
  const drill = await mails(relay);
  expect(drill.map(({ subject }) => subject.slice(0, 7))).toEqual(['Drill: ', 'Drill: ']);
  expect(drill[0]?.text).toContain('I have seen this:\nhttps://');
  await gateway.stop();
  await harbour.declareRepair();
  await harbour.pass(31 * MINUTE);
  expect((await harbour.outage()).kind).toBe('threshold');
  expect((await subjects(relay)).slice(2)).toEqual(['the mail server is down', 'Reminder 1: the mail server is down']);
});

it('a failure that is declared in a drill is told as the real one it is', async () => {
  const relay = await startPeer();
  const harbour = await enrol({ gateways: [await startPeer()], relay, settings });
  await harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'exercise', drill: true });
  await harbour.settle();
  await harbour.declareFailure();
  expect((await subjects(relay)).slice(2)).toEqual(['the mail server is down']);
  expect((await harbour.port.notices()).unacknowledged).toMatchObject([
    { kind: 'down', words: expect.stringContaining('the story says so') },
  ]);
});

it("the operator hears of every client's alarms, and of nothing else", async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await harbour.break({ operatorAddresses: ['ops@breakwater.example', IT] });
  await fail(harbour, gateway);
  expect((await mails(relay)).map(({ to, subject }) => [to, subject.replace(/Client \d+: /, '')])).toEqual([
    [IT, 'the mail server is down'],
    ['ops@breakwater.example', 'the mail server is down'],
    [IT, 'the emergency mailboxes are open'],
  ]);
});

it('reminders do not pile up for the day on which the relay takes mail again', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await relay.stop();
  await fail(harbour, gateway);
  await harbour.pass(6 * 60 * MINUTE);
  await relay.start();
  await harbour.pass(10 * MINUTE);
  expect(await subjects(relay)).toEqual(['the mail server is down', 'the emergency mailboxes are open']);
});

it('where nothing can send mail, the timeline says once that nobody is told by mail', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings });
  await fail(harbour, gateway);
  await harbour.pass(2 * 60 * MINUTE);
  const kinds = (await harbour.port.timeline(100)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'mail-impossible')).toHaveLength(1);
  expect((await harbour.status()).spool.waiting).toBe(4);
});

it("without a relay the platform's sending stands in, and keeps to the addresses it knows", async () => {
  const gateway = await startPeer();
  const addresses = { noticeAddresses: [IT, 'nobody-has-verified@elsewhere.example'] };
  const harbour = await enrol({ gateways: [gateway], settings: { ...settings, ...addresses } });
  await harbour.break({ openRelay: platformOpener(testEnv.SENDING, 'notices@edge.breakwater.test') });
  const { answers } = await post<{ answers: NoticeTest[] }>(harbour, 'test');
  expect(answers).toEqual([
    { way: 'mail', to: IT, taken: true, answer: '250 taken by the platform' },
    {
      way: 'mail',
      to: 'nobody-has-verified@elsewhere.example',
      taken: false,
      answer: expect.stringContaining('the platform did not take it'),
    },
  ]);
  await fail(harbour, gateway);
  expect(await outbound(harbour)).toEqual([
    { recipient: IT, state: 'delivered', preview: '' },
    { recipient: 'nobody-has-verified@elsewhere.example', state: 'waiting', preview: '' },
    { recipient: IT, state: 'delivered', preview: '' },
    { recipient: 'nobody-has-verified@elsewhere.example', state: 'waiting', preview: '' },
  ]);
});

it('a test goes every way, whether or not mail is muted, and says what each answered', async () => {
  const relay = await startPeer({
    rules: [
      { stage: 'rcpt', recipient: 'gone@elsewhere.example', action: { kind: 'reply', text: '550 5.1.1 no such user' } },
    ],
  });
  const [good, bad] = [await startHook(), await startHook({ kind: 'status', status: 403 })];
  const addresses = { noticeAddresses: [IT, 'gone@elsewhere.example'] };
  const harbour = await enrol({ gateways: [await startPeer()], relay, settings: { ...settings, ...addresses } });
  await use(harbour, good, bad);
  await post(harbour, 'mute', { minutes: 60 });
  const { answers } = await post<{ answers: NoticeTest[] }>(harbour, 'test');
  expect(answers).toEqual([
    { way: 'mail', to: IT, taken: true, answer: expect.stringMatching(/^250/) },
    { way: 'mail', to: 'gone@elsewhere.example', taken: false, answer: expect.stringContaining('no such user') },
    { way: 'webhook', to: good.url, taken: true, answer: 'HTTP 200' },
    { way: 'webhook', to: bad.url, taken: false, answer: 'HTTP 403' },
  ]);
  expect((await mails(relay)).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Test: Client/)]);
});

it('a client without any way is told so instead of an empty answer', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await expect(post(harbour, 'test')).rejects.toThrow(/409.*addresses.*webhooks/s);
});

it('the resource shows and changes who is told; what is wrong with it is said by field', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const path = `/clients/${harbour.id}/notices`;
  const put = (body: object) => harbour.operator('PUT', path, body);
  await put({ addresses: [IT], repeatMinutes: 10 });
  await put({ webhooks: [{ url: 'https://hooks.example.org/a', secret: 'sixteen letters!' }] });
  expect(await harbour.operator('GET', path)).toEqual({
    addresses: [IT],
    webhooks: [{ url: 'https://hooks.example.org/a' }],
    repeatMinutes: 10,
    mutedUntilMs: null,
    unacknowledged: [],
  });
  for (const [body, field] of [
    [{ addresses: ['nobody'] }, /addresses\.0/],
    [{ webhooks: [{ url: 'https://hooks.example.org/a', secret: 'short' }] }, /webhooks\.0\.secret.*16/],
    [{ webhooks: [{ url: 'https://a:b@hooks.example.org/' }] }, /webhooks\.0\.url.*Leave it out/],
    [{ webhooks: Array.from({ length: 6 }, (_, n) => ({ url: `https://hooks.example.org/${n}` })) }, /webhooks/],
    [{ webhooks: [{ url: 'https://x.example/' }, { url: 'https://x.example/' }] }, /each URL once/],
    [{ repeatMinutes: -1 }, /repeatMinutes/],
  ] as const)
    await expect(put(body)).rejects.toThrow(field);
});

it('a link is in the mail and nowhere else: neither the timeline, nor a log, nor what is listed of the spool', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  const events: LogEvent[] = [];
  await harbour.break({ log: (event) => events.push(event) });
  await fail(harbour, gateway);
  expect((await mails(relay))[0]?.text).toContain('/act/');
  for (const place of [events, await harbour.port.timeline(100), await outbound(harbour)])
    expect(JSON.stringify(place)).not.toContain('/act/');
});

async function use(harbour: TestClient, ...hooks: readonly Hook[]): Promise<void> {
  await harbour.operator('PUT', `/clients/${harbour.id}/notices`, { webhooks: hooks.map(({ url }) => ({ url })) });
}

/** The rows of notices, as the object keeps them. */
function outbound(harbour: TestClient) {
  return runInDurableObject(harbour.stub, (_, { storage }) =>
    storage.sql
      .exec<{ recipient: string; state: string; summary: string }>(
        "SELECT recipient, state, summary FROM spool WHERE kind = 'outbound' ORDER BY seq",
      )
      .toArray()
      .map(({ recipient, state, summary }) => ({ recipient, state, preview: JSON.parse(summary).preview })),
  );
}

it('nobody is told at what has failed: such an address is refused, and skipped when its domain comes later', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  const own = `IT@${harbour.domain.toUpperCase()}`;
  const refusal = /422.*which is down when you are to be told: use an address that does not depend on/s;
  const put = (addresses: readonly string[]) =>
    harbour.operator('PUT', `/clients/${harbour.id}/notices`, { addresses: [IT, ...addresses] });
  await expect(put([own])).rejects.toThrow(refusal);
  await expect(harbour.operator('PATCH', `/clients/${harbour.id}`, { noticeAddresses: [own] })).rejects.toThrow(
    refusal,
  );
  const later = `later-${harbour.domain}`;
  await put([`it@${later}`]);
  await harbour.operator('PUT', `/clients/${harbour.id}/domains/${later}`);
  const { answers } = await post<{ answers: readonly NoticeTest[] }>(harbour, 'test');
  expect(answers).toMatchObject([
    { to: IT, taken: true },
    { to: `it@${later}`, taken: false, answer: expect.stringContaining('never used') },
  ]);
  await fail(harbour, gateway);
  await harbour.settle();
  expect(new Set((await mails(relay)).map(({ to }) => to))).toEqual(new Set([IT]));
  expect(await subjects(relay)).toContain('the mail server is down');
});

it('a test is sent once a minute at most, whatever is restarted, and the answer says when the next may be', async () => {
  const relay = await startPeer();
  const harbour = await enrol({ gateways: [await startPeer()], relay, settings });
  const test = () =>
    harbour.request(
      'POST',
      `/api/v1/clients/${harbour.id}/notices/test`,
      {},
      {
        authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`,
      },
    );
  expect((await test()).status).toBe(200);
  harbour.skip(20_000);
  await harbour.evict();
  const refused = await test();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
  expect(await refused.text()).toContain('Try again in 40 s.');
  expect(await relay.received()).toHaveLength(1);
  harbour.skip(40_000);
  expect((await test()).status).toBe(200);
  expect(await relay.received()).toHaveLength(2);
});
