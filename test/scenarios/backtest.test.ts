/** What an outage leaves in the record, and what other thresholds make of it: over the API, as `npm run backtest` reads it. */
import { expect, it } from 'vitest';
import { backtest } from '../../tools/backtest/backtest.ts';
import { fetchMaterial } from '../../tools/backtest/fetch-record.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function apiOf(client: TestClient): Parameters<typeof fetchMaterial>[0] {
  return {
    get: (path) => client.operator('GET', path),
    send: (method, path, body) => client.operator(method, path, body),
  };
}

async function send(client: TestClient, count: number, gapMs: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await client.ingest({ to: `person-${n % 5}`, from: `sender-${n % 7}@world.example`, content: write() });
    await client.pass(gapMs);
  }
}

/** Mail that goes well, as the edge reports it. */
async function delivered(client: TestClient, count: number, gapMs: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await client.port.report({ delivered: 2, lastDeliveredAt: client.now, rejectedByRule: 0, recipients: [] });
    await client.pass(gapMs);
  }
}

type Uptime = {
  readonly delivered: number;
  readonly failing: number;
  readonly uptimePercent: number;
  readonly minutes: readonly { readonly atMs: number; readonly failing: number; readonly failingShare: number }[];
  readonly hours: readonly { readonly atMs: number; readonly failing: number }[];
};

it('an outage is in the record: its minutes, its answers, and what each profile would have done', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: { thresholds: { profile: 'standard' } } });
  await delivered(harbour, 10, MINUTE);
  await gateway.stop();
  const failedAt = harbour.now;
  await send(harbour, 12, 10 * SECOND);
  expect((await harbour.status()).health.state).toBe('down');
  const { downAt } = await harbour.outage();
  await harbour.pass(10 * MINUTE);
  await gateway.start();
  await harbour.pass(10 * MINUTE);
  expect((await harbour.status()).health.state).toBe('up');

  const uptime = await harbour.operator<Uptime>('GET', `/clients/${harbour.id}/uptime?days=1`);
  expect(uptime.delivered).toBeGreaterThanOrEqual(20);
  expect(uptime.failing).toBeGreaterThan(10);
  expect(uptime.uptimePercent).toBeGreaterThan(50);
  expect(uptime.uptimePercent).toBeLessThan(70);
  expect(uptime.minutes[0]?.atMs).toBe(failedAt - (failedAt % MINUTE));
  expect(uptime.minutes[1]?.failingShare).toBe(1);
  expect(uptime.hours).toHaveLength(1);

  const material = await fetchMaterial(apiOf(harbour), harbour.id, 90);
  expect(material.record.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['failed', 'probe', 'answered']));
  expect(JSON.stringify(material.record)).not.toContain('world.example');
  const { failovers, falseFailovers, now } = backtest(material, 90, { profile: 'eager' });
  expect(now.failovers).toHaveLength(1);
  expect(Math.abs((now.failovers[0]?.atMs ?? 0) - downAt)).toBeLessThanOrEqual(5 * SECOND);
  expect(failovers).toHaveLength(1);
  expect(failovers[0]?.atMs).toBeLessThan(downAt);
  expect(falseFailovers).toBe(0);
  expect(backtest(material, 90, { profile: 'cautious' }).failovers[0]?.atMs).toBeGreaterThan(downAt);
});

it('a restart that was no outage would have been one for eager settings, and a false one', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: { thresholds: { profile: 'standard' } } });
  await delivered(harbour, 2, MINUTE);
  await gateway.stop();
  await send(harbour, 9, 5 * SECOND);
  await gateway.start();
  await delivered(harbour, 20, 5 * SECOND);
  await harbour.pass(5 * MINUTE);
  expect((await harbour.status()).health.state).toBe('up');
  const { failovers, falseFailovers, now } = backtest(await fetchMaterial(apiOf(harbour), harbour.id, 90), 90, {
    profile: 'eager',
  });
  expect(now.failovers).toEqual([]);
  expect(failovers).toHaveLength(1);
  expect(falseFailovers).toBe(1);
});

it('the record is asked for in days and pages, and says what is wrong with a question', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  for (const path of ['uptime?days=0', 'uptime?days=401', 'observations?days=x', 'observations?after=-1']) {
    const response = await harbour.request('GET', `/api/v1/clients/${harbour.id}/${path}`, undefined, {
      authorization: 'Bearer test-only-operator-token-0123456789abcdef',
    });
    expect(response.status, path).toBe(422);
  }
  expect(await harbour.operator('GET', `/clients/${harbour.id}/observations`)).toEqual({
    observations: [],
    next: null,
  });
  expect(await harbour.operator('GET', `/clients/${harbour.id}/uptime`)).toMatchObject({
    days: 7,
    delivered: 0,
    failing: 0,
    uptimePercent: null,
    minutes: [],
    hours: [],
  });
});

it('one client’s record is not another’s', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const quay = await enrol({ gateways: [await startPeer()] });
  await gateway.stop();
  await send(harbour, 2, SECOND);
  expect((await fetchMaterial(apiOf(quay), quay.id, 90)).record).toEqual([]);
  expect((await fetchMaterial(apiOf(harbour), harbour.id, 90)).record).not.toEqual([]);
});
