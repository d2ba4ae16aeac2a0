/** P6: the attempt is recorded before it is made, and what nobody can know is called uncertain. */
import { expect, it } from 'vitest';
import { dropAt } from '../support/behaviour.ts';
import { enrol } from '../support/client.ts';
import { textOf, withoutTrace, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('a connection lost after the final dot becomes uncertain and is retried with the same Message-ID', async () => {
  const gateway = await startPeer({ rules: [{ stage: 'dot', action: { kind: 'drop' }, times: 1 }] });
  const harbour = await enrol({ gateways: [gateway] });
  const content = write({ messageId: '<only-one@world.example>' });

  expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ status: 200, disposition: 'spooled' });
  expect((await harbour.status()).spool).toMatchObject({ waiting: 1, uncertain: 1 });

  await harbour.pass(120_000);
  const got = await gateway.received();
  expect(got.map((message) => message.acknowledged)).toEqual([false, true]);
  expect(got.map((message) => textOf(withoutTrace(message.content)))).toEqual([content, content]);
  expect((await harbour.status()).spool).toMatchObject({ waiting: 0, uncertain: 1 });
});

it('in a replay, too, and the report counts it', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  for (let n = 0; n < 5; n += 1) await harbour.ingest({ to: `p${n}`, content: write() });
  await gateway.set({ rules: [{ stage: 'dot', action: { kind: 'drop' }, times: 1, recipient: harbour.at('p4') }] });
  await harbour.declareRepair();
  await harbour.pass(300_000);
  expect((await harbour.outage()).report).toMatchObject({
    received: 5,
    replayed: 5,
    uncertain: 1,
    missing: 0,
    addsUp: true,
  });
  expect(await gateway.received()).toHaveLength(6);
});

it.each([
  ['once: what is behind it for its recipient waits, and order is kept', 1, ['first', 'second', 'third']],
  ['twice: it is a trouble in itself, and delays itself only', 2, ['second', 'third', 'first']],
])('a message is lost after its dot %s', async (_, times, order) => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.declareFailure();
  for (const local of ['a', 'b', 'c']) await harbour.ingest({ to: local, content: write({ subject: 'canary' }) });
  for (const subject of ['first', 'second', 'third']) await harbour.ingest({ to: 'p', content: write({ subject }) });
  await gateway.set({ rules: [{ stage: 'dot', action: { kind: 'drop' }, times, recipient: harbour.at('p') }] });
  await harbour.declareRepair();
  await harbour.pass(600_000);
  const taken = (await gateway.received()).filter(({ acknowledged }) => acknowledged);
  const subjects = taken.map(({ content }) => /^Subject: (.*)\r$/m.exec(textOf(withoutTrace(content)))?.[1]);
  expect(subjects.filter((subject) => subject !== 'canary')).toEqual(order);
});

it('lost before the final dot is a deferral: the gateway has nothing, and there is no doubt', async () => {
  const gateway = await startPeer(dropAt('data'));
  const harbour = await enrol({ gateways: [gateway] });
  await harbour.ingest({ to: 'anna', content: write() });
  expect((await harbour.status()).spool).toMatchObject({ waiting: 1, uncertain: 0 });
  expect(await gateway.received()).toHaveLength(0);
});
