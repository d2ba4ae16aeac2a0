/** Deploys and evictions stop an object without a word: every step is resumable, message by message. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { enrol, type TestClient } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { type Peer, startPeer } from '../support/peer.ts';

it('an evicted object knows its state, and goes on where it was', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write({ subject: `s${n}` }) });
  await harbour.evict();
  expect((await harbour.status()).health.state).toBe('down');
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  expect(await anna.list()).toHaveLength(4);

  await gateway.start();
  await harbour.evict();
  await harbour.pass(120_000);
  expect(await gateway.received()).toHaveLength(4);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 4, missing: 0, addsUp: true });
});

it('an object stopped in the middle of an attempt calls it uncertain and makes it again', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  // What an attempt leaves behind when the object dies during it: the claim is stored, its end is not.
  await runInDurableObject(harbour.stub, (_, state) => {
    state.storage.sql.exec("UPDATE spool SET state = 'sending', attempts = 1");
    state.storage.sql.exec("INSERT INTO attempts (seq, number, started_at, peer) SELECT seq, 1, 0, 'x' FROM spool");
  });
  await harbour.evict();
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect(await gateway.received()).toHaveLength(1);
  expect((await harbour.outage()).report).toMatchObject({ replayed: 1, uncertain: 1, missing: 0, addsUp: true });
});

/** A server back without some of its people, of twenty whom it knew: nothing leaves before somebody says so. */
async function harbourKnowing(gateway: Peer, taken: number): Promise<TestClient> {
  const harbour = await enrol({
    gateways: [gateway],
    settings: { replay: { messagesPerMinute: 6_000, start: 'hold' } },
  });
  const recipients = Array.from({ length: 20 }, (_, n) => harbour.at(`p${n}`));
  await harbour.port.report({ delivered: 20, lastDeliveredAt: harbour.now, rejectedByRule: 0, recipients });
  await harbour.declareFailure();
  for (const to of recipients.slice(0, taken)) await harbour.ingest({ to, content: write() });
  await harbour.ingest({ to: 'zoe', content: write() });
  await harbour.declareRepair();
  await harbour.pass(10_000);
  await harbour.port.setTurn([harbour.at('zoe')], 'paused', 'anna');
  await harbour.operator('POST', `/clients/${harbour.id}/replay/resume`);
  await harbour.pass(60_000);
  expect((await harbour.port.replay()).replayed).toBe(taken);
  await gateway.set({ rules: [{ stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 User unknown' } }] });
  return harbour;
}

it.each([
  [16, 0, 'up'],
  [16, 2, 'up'],
  [2, 2, 'down'],
] as const)(
  'it is known that %i people were taken when the object restarts after %i refusals: with three the gateway is %s',
  async (taken, before, state) => {
    const harbour = await harbourKnowing(await startPeer(), taken);
    const refused = ['p17', 'p18', 'p19'];
    for (const to of refused.slice(0, before)) await harbour.ingest({ to, content: write() });
    await harbour.evict();
    for (const to of refused.slice(before))
      expect(await harbour.ingest({ to, content: write() })).toMatchObject({ disposition: 'spooled' });
    expect((await harbour.status()).health.state).toBe(state);
  },
);

it('while nobody is refused, whom the server takes costs no row', async () => {
  const gateway = await startPeer();
  const harbour = await harbourKnowing(gateway, 5);
  const kept = () =>
    runInDurableObject(harbour.stub, (_, { storage }) =>
      storage.sql.exec("SELECT value FROM meta WHERE key = 'peopleRefused'").toArray(),
    );
  expect(await kept()).toEqual([]);
  await harbour.ingest({ to: 'p17', content: write() });
  expect(await kept()).toEqual([{ value: JSON.stringify([harbour.at('p17')]) }]);
});

it('a message under which our side is stopped again and again is tried ten times, then a person looks', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  for (let stops = 0; stops < 10; stops += 1) {
    await runInDurableObject(harbour.stub, (_, { storage }) => {
      storage.sql.exec("UPDATE spool SET state = 'sending' WHERE state = 'waiting'");
    });
    await harbour.evict();
  }
  const [held] = await harbour.port.held();
  expect(held).toMatchObject({ state: 'held', detail: expect.stringContaining('every time') });
});
