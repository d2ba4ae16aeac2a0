/** R12: every line of the timeline is called out to a client's own systems, signed, until it is taken. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { createWebhookCaller } from '../../src/adapters/webhook.ts';
import type { Webhook } from '../../src/core/client.ts';
import type { LogEvent } from '../../src/core/event.ts';
import { MAX_WAITING, WebhookCalls } from '../../src/durable/webhook-calls.ts';
import type { HookCall } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { type Hook, startHook } from '../support/hook.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const SECRET = 'a secret that only two of us know';
const HOUR = 3_600_000;

const set = (client: TestClient, hooks: readonly Hook[]) =>
  client.operator<{ madeSecrets?: { url: string; secret: string }[] }>('PUT', `/clients/${client.id}/notices`, {
    webhooks: hooks.map(({ url }) => ({ url, secret: SECRET })),
  });

const kinds = (calls: readonly HookCall[]) => calls.map(({ body }) => (JSON.parse(body) as { type: string }).type);

/** As docs/operations.md tells a receiver to check. */
async function isSigned({ headers, body }: HookCall, secret: string): Promise<boolean> {
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  const signature = Buffer.from((headers['breakwater-signature'] ?? '').replace(/^v1=/, ''), 'hex');
  const signed = new TextEncoder().encode(`${headers['breakwater-timestamp']}.${body}`);
  return crypto.subtle.verify('HMAC', key, signature, signed);
}

it('every line is posted as JSON, and its signature holds for that body, that time and that secret only', async () => {
  const hook = await startHook();
  const harbour = await enrol({ gateways: [await startPeer()] });
  await set(harbour, [hook]);
  await harbour.declareFailure();
  const calls = await hook.calls();
  expect(kinds(calls)).toEqual(['breakwater.down', 'breakwater.mailboxes-ready']);
  const [down] = calls;
  if (down === undefined) throw new Error('no call came');
  expect(down).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Breakwater' },
  });
  expect(JSON.parse(down.body)).toEqual({
    type: 'breakwater.down',
    id: expect.stringMatching(new RegExp(`^${harbour.id}-\\d+$`)),
    client: { id: harbour.id, name: expect.stringContaining('Client') },
    at: new Date(harbour.now).toISOString(),
    urgency: 'alarm',
    occasion: 'real',
    words: expect.stringContaining('the story says so'),
    evidence: [],
    state: 'down',
    outageId: (await harbour.outage()).id,
  });
  expect(Number(down.headers['breakwater-timestamp'])).toBe(Math.floor(harbour.now / 1000));
  expect(await isSigned(down, SECRET)).toBe(true);
  expect(await isSigned(down, `${SECRET}.`)).toBe(false);
  expect(await isSigned({ ...down, body: down.body.replace('down', 'up') }, SECRET)).toBe(false);
  expect(await isSigned({ ...down, headers: { ...down.headers, 'breakwater-timestamp': '1' } }, SECRET)).toBe(false);
});

it.each([500, 302, 404])('a call answered %i is made again, the same call, until it is taken', async (status) => {
  const hook = await startHook({ kind: 'status', status }, { kind: 'status', status: 200 });
  const harbour = await enrol({ gateways: [await startPeer()] });
  await set(harbour, [hook]);
  await harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 5 });
  await harbour.settle();
  expect(await hook.calls()).toHaveLength(1);
  await harbour.evict();
  await harbour.pass(60_000);
  const [first, second, ...more] = await hook.calls();
  expect(more).toEqual([]);
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['breakwater-timestamp']).not.toBe(first?.headers['breakwater-timestamp']);
});

it('after a day of tries a call is given up, which is said once and not by webhook', async () => {
  const hook = await startHook({ kind: 'status', status: 503 });
  const relay = await startPeer();
  const settings = {
    noticeAddresses: ['it@elsewhere.example'],
    probe: { firstSeconds: 5, capSeconds: 60, idleSeconds: 0 },
  };
  const harbour = await enrol({ gateways: [await startPeer()], relay, settings });
  await set(harbour, [hook]);
  await harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 5 });
  await harbour.pass(25 * HOUR);
  const calls = await hook.calls();
  expect(new Set(kinds(calls))).toEqual(new Set(['breakwater.muted']));
  expect(calls.length).toBe(12);
  const [failed, ...rest] = await harbour.port.timeline(10);
  expect(failed).toMatchObject({ kind: 'webhook-failed', words: expect.stringContaining('HTTP 503') });
  expect(failed?.words).not.toContain('/call');
  expect(rest.map(({ kind }) => kind)).toEqual(['muted']);
  expect(await relay.received()).toHaveLength(1);
  await harbour.pass(24 * HOUR);
  expect(await hook.calls()).toHaveLength(12);
});

it('a webhook that misses many lines is told of once a day, and each of them is in the timeline', async () => {
  const hook = await startHook({ kind: 'status', status: 503 });
  const relay = await startPeer();
  const settings = { noticeAddresses: ['it@elsewhere.example'] };
  const harbour = await enrol({ gateways: [await startPeer()], relay, settings });
  await set(harbour, [hook]);
  const mute = () => harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 5 });
  for (let n = 0; n < 4; n += 1) await mute();
  await harbour.pass(26 * HOUR);
  const kindsOf = async () => (await harbour.port.timeline(100)).map(({ kind }) => kind);
  expect((await kindsOf()).filter((kind) => kind === 'webhook-failed')).toHaveLength(4);
  expect(await relay.received()).toHaveLength(1);
  await mute();
  await harbour.pass(26 * HOUR);
  expect((await kindsOf()).filter((kind) => kind === 'webhook-failed')).toHaveLength(5);
  expect(await relay.received()).toHaveLength(2);
});

it('a webhook for which too many calls wait is told of without waiting for one to be given up, once', async () => {
  const hook = await startHook({ kind: 'status', status: 503 });
  const harbour = await enrol({ gateways: [await startPeer()] });
  await set(harbour, [hook]);
  await harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 5 });
  await runInDurableObject(harbour.stub, (_, { storage }) => {
    const calls = new WebhookCalls(storage.sql);
    const webhooks = [{ url: hook.url, sealedSecret: '' }];
    for (let n = 0; n < MAX_WAITING + 2; n += 1) calls.add(1, webhooks, harbour.now + (n < 4 ? 0 : HOUR));
  });
  await harbour.settle();
  expect(await hook.calls()).toHaveLength(2);
  const failed = (await harbour.port.timeline(10)).filter(({ kind }) => kind === 'webhook-failed');
  expect(failed.map(({ words }) => words)).toEqual([expect.stringMatching(/HTTP 503; 3 older calls were given up/)]);
});

it('a slow webhook delays only itself', async () => {
  const slow = await startHook({ kind: 'stall' });
  const quick = await startHook();
  const harbour = await enrol({ gateways: [await startPeer()] });
  await set(harbour, [slow, quick]);
  const mute = () => harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 5 });
  await mute();
  const settled = harbour.settle();
  await until(async () => (await slow.calls()).length === 1 && (await quick.calls()).length === 1);
  // The first call of the slow one has no answer yet, and the object is at it.
  await mute();
  await until(async () => (await quick.calls()).length === 2);
  expect(await slow.calls()).toHaveLength(1);
  await slow.set({ kind: 'status', status: 200 });
  await slow.release();
  await settled;
  await harbour.settle();
  expect(await slow.calls()).toHaveLength(2);
});

it('a call that is not answered in time, and one that is answered at any length, end', async () => {
  const [mute, chatty] = [await startHook({ kind: 'stall' }), await startHook({ kind: 'flood' })];
  const seal = { open: async (sealed: string) => sealed };
  const call = createWebhookCaller({ allowPrivate: true, ownHosts: [], timeoutMs: 50 }, seal);
  const told = { body: '{}', at: 0 };
  expect(await call({ url: mute.url, sealedSecret: SECRET }, told)).toEqual({
    kind: 'failed',
    answer: 'no answer within 0.05 s',
  });
  expect(await call({ url: chatty.url, sealedSecret: SECRET }, told)).toEqual({ kind: 'taken', answer: 'HTTP 200' });
  await mute.release();
});

it('a private address is not called, whenever it was set', async () => {
  const hook = await startHook();
  const call = createWebhookCaller(
    { allowPrivate: false, ownHosts: [], timeoutMs: 1_000 },
    { open: async (sealed) => sealed },
  );
  const webhook: Webhook = { url: hook.url, sealedSecret: SECRET };
  expect(await call(webhook, { body: '{}', at: 0 })).toMatchObject({ kind: 'failed' });
  expect(await hook.calls()).toEqual([]);
});

it('a webhook that is taken away is not called any more', async () => {
  const hook = await startHook({ kind: 'status', status: 500 });
  const harbour = await enrol({ gateways: [await startPeer()] });
  await set(harbour, [hook]);
  await harbour.operator('POST', `/clients/${harbour.id}/notices/mute`, { minutes: 5 });
  await harbour.settle();
  await set(harbour, []);
  await harbour.pass(2 * HOUR);
  expect(await hook.calls()).toHaveLength(1);
});

it('a secret is shown once, when we have made it; a known one stays when it is left out', async () => {
  const hook = await startHook();
  const harbour = await enrol({ gateways: [await startPeer()] });
  const put = (webhooks: object[]) =>
    harbour.operator<{ madeSecrets?: { url: string; secret: string }[] }>('PUT', `/clients/${harbour.id}/notices`, {
      webhooks,
    });
  const { madeSecrets } = await put([{ url: hook.url }]);
  const secret = madeSecrets?.[0]?.secret ?? '';
  expect(madeSecrets).toEqual([{ url: hook.url, secret: expect.stringMatching(/^[\w-]{40,}$/) }]);
  expect((await put([{ url: hook.url }])).madeSecrets).toBeUndefined();
  await harbour.declareFailure();
  const [call] = await hook.calls();
  expect(call && (await isSigned(call, secret))).toBe(true);
  const shown = await harbour.operator('GET', `/clients/${harbour.id}/notices`);
  expect(shown).toMatchObject({ webhooks: [{ url: hook.url }] });
  for (const place of [shown, await harbour.operator('GET', `/clients/${harbour.id}`), await audit(harbour)])
    expect(JSON.stringify(place)).not.toMatch(new RegExp(`${secret}|sealedSecret`));
});

it('nothing of a message, no secret, no link and no URL is in a call or a log', async () => {
  const hook = await startHook({ kind: 'status', status: 500 }, { kind: 'status', status: 200 });
  const gateway = await startPeer();
  const settings = { noticeAddresses: ['it@elsewhere.example'] };
  const relay = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  const events: LogEvent[] = [];
  await harbour.break({ log: (event) => events.push(event) });
  await set(harbour, [hook]);
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write({ subject: 'between us' }) });
  await harbour.settle();
  await harbour.pass(60_000);
  const calls = await hook.calls();
  expect(kinds(calls)).toContain('breakwater.down');
  expect(events).toContainEqual(expect.objectContaining({ kind: 'trouble', where: 'webhook' }));
  for (const place of [calls.map(({ body }) => body), events, await harbour.port.timeline(100)])
    expect(JSON.stringify(place)).not.toMatch(/between us|\/act\/|\/call|only two of us/);
});

async function audit(client: TestClient): Promise<unknown> {
  return client.operator('GET', `/clients/${client.id}/audit`);
}

/** Something that another process does is waited for by asking, not by sleeping. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let asked = 0; asked < 500; asked += 1) if (await isSo()) return;
  throw new Error('it never came about');
}
