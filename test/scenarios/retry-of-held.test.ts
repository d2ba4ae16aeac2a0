/** P6: a sender's own retry of a message we hold is recognised. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const viaEdge = (n: number, content: string) =>
  `Received: from mx.world.example by edge-${n}.example id ${n}; Mon, 23 Nov 2026 10:0${n}:00 +0000\r\n` +
  `ARC-Seal: i=1; cv=none; b=${n}${n}${n}\r\nX-CF-SpamH-Score: ${n}\r\n${content}`;

it('is stored once, however often it comes and by whichever edge', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  const content = write();
  for (let n = 1; n < 5; n += 1)
    expect(await harbour.ingest({ to: 'anna', content: viaEdge(n, content) })).toMatchObject({ status: 200 });
  expect((await harbour.status()).spool.waiting).toBe(1);
});

it('is not delivered beside the replay when it comes after the repair', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  const content = write();
  await harbour.ingest({ to: 'anna', content });
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ status: 200 });
  expect(await gateway.received()).toHaveLength(1);
});

it('without a Message-ID the same words twice are two messages: nothing tells a retry from a second alarm', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  for (let n = 0; n < 2; n += 1) await harbour.ingest({ to: 'anna', content: 'Subject: disk full\r\n\r\nAgain.\r\n' });
  expect((await harbour.status()).spool.waiting).toBe(2);
});

it('the same content to another recipient is another message', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  const content = write();
  await harbour.ingest({ to: 'anna', content });
  await harbour.ingest({ to: 'bo', content });
  expect((await harbour.status()).spool.waiting).toBe(2);
});
