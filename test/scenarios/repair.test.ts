/** The way back: probes, canary, pace, and a gateway that fails again in the middle. */
import { expect, it } from 'vitest';
import { replyAt } from '../support/behaviour.ts';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('a server that answers connections but defers every MAIL is not repaired', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await gateway.start();
  await gateway.set(replyAt('mail', '451 4.3.2 Starting up'));
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('down');
  await gateway.set({});
  await harbour.pass(180_000);
  expect((await harbour.status()).health.state).toBe('up');
});

it('a half-repaired server that refuses the canary costs nothing: held, shown, given back later', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  for (let n = 0; n < 6; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  await gateway.set({
    rules: [{ stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 unknown' }, recipient: harbour.at('p0') }],
  });
  await harbour.declareRepair();
  await harbour.pass(180_000);
  expect((await harbour.outage()).report).toMatchObject({ received: 6, replayed: 5, held: 1, addsUp: true });
});

it('the gateway dies again in the replay: the same outage goes on, and nothing is sent twice', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  await harbour.declareFailure();
  for (let n = 0; n < 20; n += 1) await harbour.ingest({ to: 'anna', content: write({ subject: `n${n}` }) });
  await gateway.set({ maxMessagesPerConnection: 8, rules: [] });
  await gateway.set({
    rules: [
      { stage: 'mail', action: { kind: 'reply', text: '250 2.1.0 Ok' }, times: 8 },
      { stage: 'mail', action: { kind: 'reply', text: '451 4.3.2 disk' } },
    ],
  });
  await harbour.declareRepair();
  await harbour.pass(30_000);
  const { health } = await harbour.status();
  expect(['suspect', 'down']).toContain(health.state);
  await harbour.pass(600_000);
  await gateway.set({});
  await harbour.pass(600_000);
  const got = (await gateway.received()).map((message) => message.sha256);
  expect(got).toHaveLength(20);
  expect(new Set(got).size).toBe(20);
  expect((await harbour.port.outages()).length).toBe(1);
  expect((await harbour.outage()).report).toMatchObject({ received: 20, replayed: 20, missing: 0, addsUp: true });
});

it('the pace is held, and a new one counts while the replay runs (R24)', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: { replay: { messagesPerMinute: 60 } } });
  await harbour.declareFailure();
  for (let n = 0; n < 60; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  const begun = harbour.now;
  let slow = 0;
  // Ten seconds into the replay somebody raises the pace from one a second to a hundred.
  harbour.whenWaited(10_000, async () => {
    slow = (await gateway.digests()).length;
    await harbour.operator('PUT', `/clients/${harbour.id}/replay`, { messagesPerMinute: 6_000 });
  });
  await harbour.declareRepair();
  await harbour.pass(1_000);
  expect(await gateway.digests()).toHaveLength(60);
  // The canary of three goes at the pace, too; one or two that have left have not arrived.
  expect(slow).toBeGreaterThanOrEqual(9);
  expect(slow).toBeLessThanOrEqual(13);
  expect(harbour.now - begun).toBeLessThan(12_500);
});

it('with failback "hold" the repair is seen, and waits for a person', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: { failback: 'hold' } });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  await gateway.start();
  await harbour.pass(600_000);
  expect((await harbour.status()).health.state).toBe('down');
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect(await gateway.received()).toHaveLength(4);
});

it('the repaired server may be another one: the gateway is changed before the replay', async () => {
  const old = await startPeer();
  const harbour = await enrol({ gateways: [old] });
  await old.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  const fresh = await startPeer();
  await harbour.setGateways([fresh]);
  await harbour.pass(180_000);
  expect(await fresh.received()).toHaveLength(4);
});

it('a declared repair of a gateway that is not down is refused with the reason', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await expect(harbour.operator('POST', `/clients/${harbour.id}/declare-repair`, { reason: 'x' })).rejects.toThrow(
    /409.*not down/s,
  );
});

it.each([
  ['knows none of its people', '550 5.1.1 User unknown'],
  ['cannot look them up', '451 Temporary local problem'],
])('a server that %s is not repaired: nothing is held, nothing bounces, the emergency goes on', async (_, reply) => {
  const gateway = await startPeer(replyAt('rcpt', reply));
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  for (let n = 0; n < 10; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  await harbour.declareRepair();
  expect((await harbour.status()).health.state).toBe('down');
  expect(await harbour.email({ to: 'anna', content: write() })).toBeUndefined();
  expect((await harbour.outage()).report).toMatchObject({ held: 0, waiting: 11 });
  await gateway.set({});
  await harbour.declareRepair();
  await harbour.pass(180_000);
  expect(await gateway.received()).toHaveLength(11);
});

it('people the gateway knew are unknown to it in the replay: the emergency reopens, and what was refused waits again', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const known = ['a', 'b', 'c', 'd'].map((local) => harbour.at(local));
  await harbour.port.report({ delivered: 4, lastDeliveredAt: harbour.now, rejectedByRule: 0, recipients: known });
  await harbour.declareFailure();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: `first${n}`, content: write() });
  for (const to of known) await harbour.ingest({ to, content: write() });
  const unknown = known.map(
    (recipient) => ({ stage: 'rcpt', action: { kind: 'reply', text: '550 5.1.1 User unknown' }, recipient }) as const,
  );
  await gateway.set({ rules: unknown });
  await harbour.declareRepair();
  await harbour.settle();
  await harbour.pass(1_000);
  expect((await harbour.status()).health.state).toBe('down');
  expect((await harbour.outage()).report).toMatchObject({ held: 0, replayed: 4, waiting: 4 });
  await gateway.set({});
  await harbour.pass(300_000);
  expect((await harbour.outage()).report).toMatchObject({ held: 0, replayed: 8, waiting: 0 });
});

it('a failure declared in the middle of the canary stops it', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], settings: { replay: { messagesPerMinute: 60 } } });
  await harbour.declareFailure();
  for (let n = 0; n < 6; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  harbour.whenWaited(500, async () => {
    await harbour.operator('POST', `/clients/${harbour.id}/declare-failure`, { reason: 'not yet' });
  });
  await harbour.declareRepair();
  expect((await harbour.status()).health.state).toBe('down');
  expect((await gateway.received()).length).toBeLessThan(3);
});
