/** The list keeps the first few recipients; who opens a message, to answer all for instance, sees every one. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';

it('an opened message names everyone it was sent to, however long the line', async () => {
  const harbour = await enrol({
    gateways: [await startPeer()],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  await harbour.declareFailure();
  const to = Array.from({ length: 60 }, (_, n) => `to${n}@world.example`);
  const cc = Array.from({ length: 60 }, (_, n) => `cc${n}@world.example`);
  const content = `From: ines@world.example\r\nTo: ${to.join(',\r\n ')}\r\nCc: ${cc.join(',\r\n ')}\r\n\r\nAll of you!\r\n`;
  await harbour.ingest({ to: 'anna', content });
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  const id = (await anna.list())[0]?.id ?? '';
  const opened = await (await anna.ask('GET', `/messages/${id}`)).json<Record<'to' | 'cc', { address: string }[]>>();
  expect(opened.to.map(({ address }) => address)).toEqual(to);
  expect(opened.cc.map(({ address }) => address)).toEqual(cc);
});

it('a message too large to be read names those the list knows', async () => {
  const harbour = await enrol({
    gateways: [await startPeer()],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  await harbour.declareFailure();
  const content = `From: ines@world.example\r\nTo: anna@harbour.example\r\nCc: bo@harbour.example\r\n\r\n${'x'.repeat(8_100_000)}\r\n`;
  await harbour.ingest({ to: 'anna', content });
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  const id = (await anna.list())[0]?.id ?? '';
  expect(await (await anna.ask('GET', `/messages/${id}`)).json()).toMatchObject({
    notShown: 'too-large',
    to: [{ name: '', address: 'anna@harbour.example' }],
    cc: [{ name: '', address: 'bo@harbour.example' }],
  });
});
