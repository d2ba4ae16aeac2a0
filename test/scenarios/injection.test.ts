/** Users write; nobody smuggles a header, a recipient or a second message through what they write. */
import { expect, it } from 'vitest';
import { enrol } from '../support/client.ts';
import { textOf } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const password = 'correct horse battery';

it('header injection in what users write is refused, with the field named', async () => {
  const world = await startPeer();
  const harbour = await enrol({
    gateways: [await startPeer()],
    relay: world,
    people: [{ address: 'anna', name: 'Anna', password }],
  });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', password);
  const draft = { to: ['partner@world.example'], cc: [], bcc: [], subject: 'x', text: 'y', inReplyTo: null };
  for (const [field, hostile] of [
    ['subject', { subject: 'x\r\nBcc: victim@world.example' }],
    ['subject', { subject: 'x\rBcc: victim@world.example' }],
    ['subject', { subject: 'x\u0000y' }],
    ['to', { to: ['partner@world.example\r\nRCPT TO:<victim@world.example>'] }],
    ['to', { to: ['partner@world.example>\r\n'] }],
    ['cc', { cc: ['a@b.example\nX-Evil: 1'] }],
    ['bcc', { bcc: ['not an address'] }],
  ] as const) {
    const response = await anna.ask('POST', '/send', { ...draft, ...hostile });
    expect(response.status).toBe(422);
    expect((await response.json<{ detail: string }>()).detail).toContain(field);
  }
  await harbour.settle();
  expect(await world.received()).toHaveLength(0);
  expect(await anna.list('sent')).toHaveLength(0);
});

it('Bcc is in the envelope and nowhere else, and a text full of dots and headers stays a text', async () => {
  const world = await startPeer();
  const harbour = await enrol({
    gateways: [await startPeer()],
    relay: world,
    people: [{ address: 'anna', name: 'Anna', password }],
  });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', password);
  const text = 'Hello\n.\nMAIL FROM:<evil@world.example>\n\nSubject: not a header';
  const response = await anna.ask('POST', '/send', {
    to: ['a@world.example'],
    bcc: ['hidden@world.example'],
    subject: 'plans',
    text,
  });
  expect(response.status).toBe(201);
  await harbour.settle();
  const got = await world.received();
  expect(got.flatMap((message) => message.recipients).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'a@world.example',
    'hidden@world.example',
  ]);
  for (const message of got) {
    const raw = textOf(message.content);
    expect(raw).not.toContain('hidden@world.example');
    expect(raw).toContain('\r\n.\r\nMAIL FROM:<evil@world.example>');
    expect(raw.match(/^Subject:/gim)).toHaveLength(2);
  }
});

it('a draft that is sent twice because an answer was lost is one message', async () => {
  const world = await startPeer();
  const people = [{ address: 'anna', name: 'Anna', password }];
  const harbour = await enrol({ gateways: [await startPeer()], relay: world, people });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', password);
  const draft = { to: ['partner@world.example'], subject: 'once', text: 'y' };
  const send = async () =>
    (await anna.ask('POST', '/send', draft, { 'idempotency-key': 'draft-1' })).json<{ id: string }>();
  expect(await send()).toEqual(await send());
  await harbour.settle();
  expect(await world.received()).toHaveLength(1);
  expect(await anna.list('sent')).toHaveLength(1);
  // The writer corrected it after the lost answer: another text is another message, whatever key came with it.
  const corrected = { ...draft, text: 'y, and thank you' };
  expect((await anna.ask('POST', '/send', corrected, { 'idempotency-key': 'draft-1' })).status).toBe(201);
  await harbour.settle();
  expect(await world.received()).toHaveLength(2);
});

it('without a relay nobody is told that mail to the world is sent', async () => {
  const harbour = await enrol({ gateways: [await startPeer()], people: [{ address: 'anna', password }] });
  await harbour.declareFailure();
  const anna = await harbour.logIn('anna', password);
  const response = await anna.ask('POST', '/send', { to: ['partner@world.example'], subject: 'x', text: 'y' });
  expect(response.status).toBe(422);
  expect((await response.json<{ detail: string }>()).detail).toContain('no way out');
});
