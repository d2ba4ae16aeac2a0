/** A broken connection here and there is a suspicion every few minutes, and one line for many of them. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('suspicions that clear at once fill neither the timeline nor anybody’s mailbox', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway], relay, settings: { noticeAddresses: ['it@elsewhere.example'] } });
  const turns = async () => (await harbour.port.timeline(100)).map(({ kind }) => kind).toReversed();
  for (let minute = 0; minute < 10; minute += 1) {
    await gateway.stop();
    await harbour.ingest({ to: 'anna', content: write() });
    await gateway.start();
    await harbour.pass(60_000);
    expect((await harbour.status()).health.state).toBe('up');
  }
  expect(await turns()).toEqual(['suspect', 'up']);
  // After a quiet quarter of an hour the next one is news again.
  await harbour.pass(900_000);
  await gateway.stop();
  await harbour.ingest({ to: 'anna', content: write() });
  expect(await turns()).toEqual(['suspect', 'up', 'suspect']);
  await gateway.start();
  await harbour.pass(60_000);
  expect(await turns()).toEqual(['suspect', 'up', 'suspect', 'up']);
  expect(await relay.received()).toEqual([]);
});

it('a success that is told after the failure is in the evidence as what it was: before it', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const tookMailAt = harbour.now - 2_000;
  await gateway.stop();
  await harbour.ingest({ to: 'anna', content: write() });
  await harbour.port.report({ delivered: 3, lastDeliveredAt: tookMailAt, rejectedByRule: 0, recipients: [] });
  expect((await harbour.status()).health).toMatchObject({ state: 'suspect', history: { aliveAt: tookMailAt } });
  for (let n = 0; n < 2; n += 1) await harbour.ingest({ to: 'anna', content: write() });
  expect((await harbour.outage()).openedBy).toContain('the last success was 2 s before the first failure');
});
