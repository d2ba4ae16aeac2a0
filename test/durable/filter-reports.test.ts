/** What the edge reports of the filter in bulk: facts for dry runs in few rows, and rules that want to be heard of in few lines. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { ClientObject } from '../../src/index.ts';
import type { TrafficReport } from '../../src/pipeline/client-port.ts';
import { enrol, type TestClient } from '../support/client.ts';
import { messageFacts } from '../support/message-facts.ts';
import { startPeer } from '../support/peer.ts';

const HOUR = 3_600_000;
const QUIET: TrafficReport = { delivered: 0, lastDeliveredAt: 0, rejectedByRule: 0, recipients: [] };

const report = (harbour: TestClient, ids: readonly string[]) =>
  harbour.port.report({ ...QUIET, facts: ids.map((id) => ({ id, facts: messageFacts(), notKept: ['texts'] })) });

function rowsOf(harbour: TestClient): Promise<number> {
  return runInDurableObject(
    harbour.stub,
    (_: ClientObject, { storage }) =>
      storage.sql.exec<{ count: number }>('SELECT count(*) AS count FROM recent_facts').one().count,
  );
}

const idsOf = async (harbour: TestClient, limit: number) => (await harbour.port.recentFacts(limit)).map(({ id }) => id);

it('many messages are one row, newest first, and what is not written yet is among them', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await report(harbour, ['1']);
  expect(await rowsOf(harbour)).toBe(1);
  for (let n = 2; n <= 51; n += 1) await report(harbour, [String(n)]);
  expect(await rowsOf(harbour)).toBe(2);
  await report(harbour, ['52']);
  expect(await rowsOf(harbour)).toBe(2);
  expect(await idsOf(harbour, 3)).toEqual(['52', '51', '50']);
  expect(await harbour.port.recentFacts(1_000)).toHaveLength(52);
});

it('a quiet client has a row every ten minutes at most, and an eviction forgets what came since', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await report(harbour, ['1']);
  harbour.skip(60_000);
  await report(harbour, ['2']);
  expect(await rowsOf(harbour)).toBe(1);
  harbour.skip(600_000);
  await report(harbour, ['3']);
  expect(await rowsOf(harbour)).toBe(2);
  await harbour.evict();
  expect(await idsOf(harbour, 10)).toEqual(['3', '2', '1']);
});

it('the oldest go: beyond the newest five hundred, and after a fortnight', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  for (let batch = 0; batch < 14; batch += 1)
    await report(
      harbour,
      Array.from({ length: 50 }, (_, n) => String(batch * 50 + n)),
    );
  expect(await rowsOf(harbour)).toBe(10);
  expect((await idsOf(harbour, 10_000)).length).toBe(500);
  harbour.skip(15 * 24 * HOUR);
  expect(await idsOf(harbour, 10)).toEqual([]);
});

it('admins hear of a rule at once, and of all that follows once an hour', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  const met = (ruleId: string, count = 1) =>
    harbour.port.report({ ...QUIET, notices: [{ recipient: '', ruleId, name: `rule ${ruleId}`, count }] });
  const lines = async () =>
    (await harbour.port.timeline(50)).filter(({ kind }) => kind === 'rule-notice').map(({ words }) => words);
  await met('a');
  expect(await lines()).toEqual(['1 message met the rule "rule a"']);
  for (let n = 0; n < 20; n += 1) {
    await met('a');
    await harbour.pass(60_000);
  }
  await met('b', 3);
  expect(await lines()).toHaveLength(1);
  await harbour.evict();
  await harbour.pass(HOUR);
  const [second, ...others] = await lines();
  expect(others).toHaveLength(1);
  expect(second).toMatch(/^\d+ messages met the rule "rule a"/);
  await harbour.pass(5 * HOUR);
  expect(await lines()).toHaveLength(2);
});

it('a person hears by a letter in the own mailbox, once an hour; nobody hears whom the gateway has never known', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], people: [{ address: 'anna', password: 'a long password' }] });
  const met = (local: string) =>
    harbour.port.report({
      ...QUIET,
      notices: [{ recipient: harbour.at(local), ruleId: 'r', name: 'big files', count: 1 }],
    });
  await harbour.port.report({ ...QUIET, recipients: [harbour.at('anna')] });
  await met('ghost');
  for (let n = 0; n < 10; n += 1) {
    await met('anna');
    await harbour.pass(60_000);
  }
  const letters = async () => (await gateway.received()).map(({ recipients }) => recipients);
  expect(await letters()).toEqual([[harbour.at('anna')]]);
  await harbour.declareFailure();
  await harbour.pass(HOUR);
  const anna = await harbour.logIn('anna', 'a long password');
  expect(await anna.list()).toMatchObject([{ subject: 'Your mail filter: a rule was met' }]);
  await harbour.declareRepair();
  await harbour.pass(120_000);
  expect(await letters()).toHaveLength(2);
  expect((await harbour.outage()).report).toMatchObject({ received: 1, replayed: 1, addsUp: true });
  // Long after, as if it were the first time.
  await harbour.pass(48 * HOUR);
  await met('anna');
  await harbour.settle();
  expect(await letters()).toHaveLength(3);
});
