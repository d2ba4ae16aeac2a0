/** The envelope routes, the bytes are sacred (P3). */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { textOf, withoutTrace, write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

it('a null reverse path stays null, on the straight way and in the replay', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  expect(await harbour.email({ from: '', to: 'anna', content: write({ subject: 'bounce 1' }) })).toBeUndefined();
  await harbour.declareFailure();
  await harbour.ingest({ from: '', to: 'anna', content: write({ subject: 'bounce 2' }) });
  await harbour.declareRepair();
  await harbour.pass(60_000);
  expect((await gateway.received()).map((message) => message.sender)).toEqual(['', '']);
});

it('8-bit Latin-1 bytes are unchanged, in headers and body, delivered and replayed', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'anna', password: 'correct horse battery' }],
  });
  const bytes = Buffer.from(
    write({ subject: 'Gr\u00fc\u00dfe', body: 'Fa\u00e7ade, na\u00efve, \u00bd.\r\n..\r\n.hidden dot' }),
    'latin1',
  );
  await harbour.ingest({ to: 'anna', content: bytes });
  await harbour.declareFailure();
  const again = Buffer.concat([Buffer.from('X-Second: yes\r\n'), bytes]);
  await harbour.ingest({ to: 'anna', content: again });
  await harbour.settle();
  const anna = await harbour.logIn('anna', 'correct horse battery');
  const [listed] = await anna.list();
  expect(listed?.subject).toBe('Grüße');
  const original = await anna.ask('GET', `/messages/${listed?.id}/original`);
  expect(Buffer.from(await original.arrayBuffer()).equals(again)).toBe(true);
  await harbour.declareRepair();
  await harbour.pass(60_000);
  const got = (await gateway.received()).map((message) =>
    Buffer.from(withoutTrace(message.content)).toString('latin1'),
  );
  expect(got).toEqual([bytes.toString('latin1'), again.toString('latin1')]);
});

it('a Bcc recipient gets the message by the envelope, whatever the headers say', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({
    gateways: [gateway],
    people: [{ address: 'secret', password: 'correct horse battery' }],
  });
  const content = write({ to: 'everybody-else@world.example' });
  await harbour.email({ to: 'secret', content });
  expect((await gateway.received()).map((message) => message.recipients)).toEqual([[harbour.at('secret')]]);
  await harbour.declareFailure();
  await harbour.email({ to: 'secret', content: write({ to: 'nobody@world.example', subject: 'blind' }) });
  await harbour.settle();
  const secret = await harbour.logIn('secret', 'correct horse battery');
  expect((await secret.list()).map((message) => message.subject)).toEqual(['blind']);
});

it('mail for nobody we know is kept unclaimed, and handed over with the account', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'newcomer', content: write({ subject: 'welcome' }) });
  await harbour.settle();
  expect(await harbour.operator('GET', `/clients/${harbour.id}/unclaimed`)).toEqual({
    unclaimed: [{ recipient: harbour.at('newcomer'), count: 1 }],
  });
  await harbour.operator('POST', `/clients/${harbour.id}/accounts`, {
    address: harbour.at('newcomer'),
    password: 'correct horse battery',
  });
  const newcomer = await harbour.logIn('newcomer', 'correct horse battery');
  expect((await newcomer.list()).map((message) => message.subject)).toEqual(['welcome']);
});

it('recipients the gateway has accepted get mailboxes, although nobody entered them (R13)', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.port.report({
    delivered: 1,
    lastDeliveredAt: harbour.now,
    rejectedByRule: 0,
    recipients: [harbour.at('learned')],
  });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'learned', content: write() });
  await harbour.settle();
  expect(await harbour.operator('GET', `/clients/${harbour.id}/unclaimed`)).toEqual({ unclaimed: [] });
  expect(await harbour.operator('GET', `/clients/${harbour.id}/accounts`)).toMatchObject({
    accounts: [{ address: harbour.at('learned'), source: 'learned' }],
  });
});

it('our own trace headers stand above the message, and name client, recipient and id', async () => {
  const gateway = await startPeer();
  const harbour = await enrol({ gateways: [gateway] });
  const { id } = await harbour.ingest({ to: 'anna', content: write() });
  const [got] = await gateway.received();
  const text = textOf(got?.content ?? new Uint8Array());
  expect(text).toMatch(/^Received: from mx\.world\.example \(\[192\.0\.2\.7\]\)/);
  expect(text).toContain(`X-Breakwater-Trace: ${harbour.id}/${id}`);
});
