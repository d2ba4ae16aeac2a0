/** The whole cycle: the gateway dies, mail goes on, people read and write, the gateway comes back and gets everything in order. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { textOf, withoutTrace, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('P1 P3 P5: an outage, then failback, replays everything in order and unchanged', async () => {
  const gateway = await startPeer();
  const world = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    relay: world,
    people: [
      { address: 'anna', name: 'Anna', password: 'correct horse battery' },
      { address: 'bo', name: 'Bo', password: 'correct horse battery' },
    ],
  });

  const calm = write({ subject: 'calm' });
  expect(await harbour.ingest({ to: 'anna', content: calm })).toMatchObject({ status: 200, disposition: 'delivered' });

  await gateway.stop();
  const stormy = Array.from({ length: 6 }, (_, n) => write({ subject: `storm ${n}` }));
  for (const content of stormy)
    expect(await harbour.ingest({ to: 'anna', content })).toMatchObject({ status: 200, disposition: 'spooled' });
  await harbour.settle();
  expect((await harbour.status()).health.state).toBe('down');

  const anna = await harbour.logIn('anna', 'correct horse battery');
  expect((await anna.list()).map((message) => message.subject)).toEqual([
    'storm 5',
    'storm 4',
    'storm 3',
    'storm 2',
    'storm 1',
    'storm 0',
  ]);
  const answered = (await anna.list())[0]?.id ?? '';
  const sent = await anna.ask('POST', '/send', {
    to: [harbour.at('bo'), 'partner@world.example'],
    subject: 'Re: storm 5',
    text: 'We are still here.',
    inReplyTo: answered,
  });
  expect(sent.status).toBe(201);
  await harbour.settle();
  const bo = await harbour.logIn('bo', 'correct horse battery');
  expect((await bo.list()).map((message) => message.subject)).toEqual(['Re: storm 5']);
  expect((await anna.list('sent')).map((message) => message.subject)).toEqual(['Re: storm 5']);
  expect((await world.received()).map((message) => message.recipients)).toEqual([['partner@world.example']]);

  await gateway.start();
  await harbour.pass(120_000);
  expect((await harbour.status()).health.state).toBe('up');

  const got = await gateway.received();
  const toAnna = got.filter((message) => message.recipients.includes(harbour.at('anna')));
  expect(toAnna.slice(0, 7).map((message) => textOf(withoutTrace(message.content)))).toEqual([calm, ...stormy]);
  expect(textOf(toAnna[7]?.content ?? new Uint8Array())).toContain('X-Breakwater-Sent: yes');
  expect(got.filter((message) => message.recipients.includes(harbour.at('bo')))).toHaveLength(1);
  expect(got).toHaveLength(9);

  const { report, closedAt } = await harbour.outage();
  expect(closedAt).not.toBeNull();
  expect(report).toMatchObject({
    received: 7,
    replayed: 7,
    sentCopies: 1,
    sentToWorld: 1,
    waiting: 0,
    held: 0,
    missing: 0,
    unexplained: 0,
    addsUp: true,
  });

  expect((await anna.ask('POST', '/send', { to: [harbour.at('bo')], subject: 'late', text: 'x' })).status).toBe(409);
});

it('P4: there is no way to delete: every verb on a message but reading and marking is refused', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write({ subject: 'kept' }) });
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  const id = (await anna.list())[0]?.id ?? '';
  for (const [method, path] of [
    ['DELETE', `/messages/${id}`],
    ['PUT', `/messages/${id}`],
    ['PATCH', `/messages/${id}`],
    ['DELETE', '/messages'],
    ['POST', `/messages/${id}/delete`],
  ] as const) {
    expect((await anna.ask(method, path, {})).status).toBe(404);
  }
  expect(await anna.list()).toHaveLength(1);
});
