/** R12: a server that comes and goes is one trouble, told once in each interval; and an end is told to those who were told of a beginning. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { replyAt } from '../support/behaviour.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BUSY = replyAt('mail', '451 4.3.2 System not accepting messages');
const settings = { noticeAddresses: ['it@elsewhere.example'] };

const body = (content: Uint8Array) =>
  Buffer.from(textOf(content).split('\r\n\r\n').slice(1).join(''), 'base64').toString();

async function mails(relay: Peer): Promise<readonly string[]> {
  return (await relay.received()).map(({ content }) => body(content));
}

/** How many mails speak of each of these. */
async function counts(relay: Peer, ...meanings: readonly RegExp[]): Promise<readonly number[]> {
  const texts = await mails(relay);
  return meanings.map((meaning) => texts.filter((text) => meaning.test(text)).length);
}

const linesOf = async (client: TestClient, kind: string) =>
  (await client.port.timeline(1_000)).filter((line) => line.kind === kind).length;

const press = (client: TestClient, text: string, label: string) =>
  client.request('POST', new URL(new RegExp(`${label}:\\s+(https://\\S+)`).exec(text)?.[1] ?? 'missing:').pathname);

const ASKED = /you want to be asked\. What/;
const UP = /New mail goes to it directly/;
const WAITS = /Until then the mailboxes stay open/;

/** It fails beyond the limit for a minute, and is well for some minutes. */
async function flicker(client: TestClient, gateway: Peer, wellMs: number): Promise<void> {
  await gateway.set(BUSY);
  for (let n = 0; n < 4; n += 1) await client.ingest({ to: 'anna', content: write() });
  await client.pass(MINUTE);
  await gateway.set({});
  await client.pass(wellMs);
}

it('a server that flickers for two hours asks its people once in each interval, and says as often that it is over', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const thresholds = {
    amount: 1,
    durationSeconds: 60,
    frequency: { deferrals: 50, perSeconds: 600 },
    confirmSeconds: 0,
  };
  const harbour = await enrol({ gateways: [gateway], relay, settings: { ...settings, thresholds, failover: 'ask' } });
  for (let begun = harbour.now; harbour.now - begun < 2 * HOUR; ) await flicker(harbour, gateway, 6 * MINUTE);
  expect((await harbour.status()).health.state).toBe('up');
  expect(await linesOf(harbour, 'asked')).toBeGreaterThan(13);
  const [asked = 0, up = 0] = await counts(relay, ASKED, UP);
  expect(asked).toBeGreaterThanOrEqual(2);
  expect(asked).toBeLessThanOrEqual(5);
  expect(up).toBe(asked);
});

it('once somebody has seen it, and nobody has been told that it is over, it stays seen', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings: { ...settings, failback: 'hold' } });
  const stop = async (ms: number) => {
    await gateway.stop();
    for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
    await harbour.pass(ms);
  };
  await stop(2 * MINUTE);
  for (let turn = 0; turn < 10; turn += 1) {
    await gateway.start();
    await harbour.pass(3 * MINUTE);
    if (turn === 0) {
      const waits = (await mails(relay)).find((text) => WAITS.test(text)) ?? '';
      expect((await press(harbour, waits, 'I have seen this')).status).toBe(200);
    }
    await stop(2 * MINUTE);
  }
  expect(await linesOf(harbour, 'repair-waits')).toBe(10);
  expect(await counts(relay, WAITS)).toEqual([1]);
});

it('trouble that stays after its end was told is told again within the interval, whoever had seen it before, reminders or none', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const thresholds = {
    amount: 1,
    durationSeconds: 60,
    frequency: { deferrals: 50, perSeconds: 600 },
    confirmSeconds: 0,
  };
  const harbour = await enrol({ gateways: [gateway], relay, settings: { ...settings, thresholds, failover: 'ask' } });
  await harbour.operator('PUT', `/clients/${harbour.id}/notices`, { repeatMinutes: 0 });
  await gateway.set(BUSY);
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(MINUTE);
  const [asked = ''] = await mails(relay);
  expect((await press(harbour, asked, 'I have seen this')).status).toBe(200);
  await gateway.set({});
  await harbour.pass(5 * MINUTE);
  expect(await counts(relay, ASKED, UP)).toEqual([1, 1]);
  await gateway.set(BUSY);
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(MINUTE);
  expect(await counts(relay, ASKED, UP)).toEqual([1, 1]);
  await harbour.pass(40 * MINUTE);
  expect(await counts(relay, ASKED, UP)).toEqual([2, 1]);
});

it('"I have seen this" of yesterday says nothing of the alarm of today', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  const fail = async () => {
    await gateway.stop();
    for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
    await harbour.settle();
  };
  await fail();
  const [yesterday = ''] = await mails(relay);
  await gateway.start();
  await harbour.pass(20 * HOUR);
  await fail();
  const pressed = await press(harbour, yesterday, 'I have seen this');
  expect([pressed.status, await pressed.text()]).toEqual([409, expect.stringContaining('it is over')]);
  expect((await harbour.port.notices()).unacknowledged).toMatchObject([{ kind: 'down' }]);
});

it('a question that is over is not answered any more, and its answer counts when it comes back', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const thresholds = {
    amount: 1,
    durationSeconds: 60,
    frequency: { deferrals: 50, perSeconds: 600 },
    confirmSeconds: 0,
  };
  const harbour = await enrol({ gateways: [gateway], relay, settings: { ...settings, thresholds, failover: 'ask' } });
  await flicker(harbour, gateway, 5 * MINUTE);
  const asked = (await mails(relay)).find((text) => ASKED.test(text)) ?? '';
  const early = await press(harbour, asked, 'Fail over now');
  expect([early.status, await early.text()]).toEqual([409, expect.stringContaining('It is over: ')]);
  expect((await harbour.status()).health.state).toBe('up');
  await gateway.set(BUSY);
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.pass(MINUTE);
  expect((await press(harbour, asked, 'Fail over now')).status).toBe(200);
  expect((await harbour.status()).health.state).toBe('down');
});

it('a drill that was over a moment ago does not hide a failure', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'exercise', drill: true });
  await harbour.declareRepair();
  await harbour.pass(5 * MINUTE);
  expect((await harbour.status()).health.state).toBe('up');
  const told = (await relay.received()).length;
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await harbour.settle();
  expect((await mails(relay)).slice(told)[0]).toMatch(/^Mail for your people is kept here from now on/);
  const urgencies = await runInDurableObject(harbour.stub, (_, { storage }) =>
    storage.sql.exec("SELECT occasion FROM timeline WHERE urgency = 'alarm' ORDER BY number").toArray(),
  );
  expect(urgencies).toEqual([{ occasion: 'drill' }, { occasion: 'real' }]);
});
