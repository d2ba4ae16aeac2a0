/** Deploys and evictions stop an object without a word: every step is resumable, message by message. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

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
