/** R12 P9: people are told at addresses that do not depend on what failed, once for each turn of the outage. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { textOf, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('an outage is told by mail: down, mailboxes open, repaired, over, and each once, whatever is restarted', async () => {
  const relay = await startPeer();
  const gateway = await startPeer();
  const settings = { noticeAddresses: ['it@elsewhere.example'] };
  const harbour = await enrol({ gateways: [gateway], relay, settings });
  await gateway.stop();
  for (let n = 0; n < 4; n += 1) await harbour.ingest({ to: 'anna', content: write({ subject: 'between us' }) });
  await harbour.settle();
  await harbour.evict();
  await harbour.settle();
  await gateway.start();
  await harbour.pass(120_000);
  const told = await relay.received();
  const subjects = told.map((message) => /^Subject: (.*)$/m.exec(textOf(message.content))?.[1]?.trim());
  expect(subjects).toEqual([
    expect.stringContaining('server is down'),
    expect.stringContaining('are open'),
    expect.stringContaining('takes mail again'),
    expect.stringContaining('given back'),
  ]);
  expect(told.every((message) => message.sender === '' && message.recipients[0] === 'it@elsewhere.example')).toBe(true);
  expect(told.map((message) => textOf(message.content)).join()).not.toContain('between us');
  expect((await harbour.outage()).report).toMatchObject({ received: 4, replayed: 4, sentToWorld: 0 });
});
