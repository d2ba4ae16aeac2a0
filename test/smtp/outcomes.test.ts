import { describe, expect, test } from 'vitest';
import { type Behaviour, BLACK_HOLE, dropAt, HEALTHY, replyAt, stallAt } from '../support/behaviour.ts';
import { startPeer } from '../support/peer.ts';
import { AMPLE, brief, deliver, EMPTY, ENVELOPE, MESSAGE, opened, SHORT } from './session-fixture.ts';

const PLAIN_EXTENSIONS = ['8BITMIME', 'ENHANCEDSTATUSCODES'];

type Row = readonly [behaviour: Behaviour, outcome: string];

const REPLIES: Readonly<Record<string, Row>> = {
  'a healthy peer': [HEALTHY, 'delivered 250'],
  'a banner of several lines': [replyAt('banner', '220-peer.test\n220 ESMTP'), 'delivered 250'],
  '554 as the banner': [replyAt('banner', '554 5.7.1 Your address is listed'), 'deferred banner 554'],
  '421 as the banner': [replyAt('banner', '421 4.3.2 Not now'), 'deferred banner 421'],
  'a banner that is no reply': [replyAt('banner', 'SSH-2.0-OpenSSH_9.2'), 'deferred banner unclassified'],
  '550 to EHLO and HELO': [replyAt('ehlo', '550 5.7.1 Who are you?'), 'deferred ehlo 550'],
  '421 to EHLO': [replyAt('ehlo', '421 4.3.2 Not now'), 'deferred ehlo 421'],
  '451 to MAIL': [replyAt('mail', '451 4.3.0 Database away'), 'deferred mail 451'],
  '550 to MAIL': [replyAt('mail', '550 5.7.1 Sender refused'), 'refused mail 550'],
  '421 to MAIL': [replyAt('mail', '421 4.3.2 Closing'), 'deferred mail 421'],
  '450 to RCPT': [replyAt('rcpt', '450 4.2.1 Mailbox busy'), 'deferred rcpt 450'],
  '550 to RCPT': [replyAt('rcpt', '550 5.1.1 No such user'), 'refused rcpt 550'],
  '421 to RCPT': [replyAt('rcpt', '421 4.3.2 Closing'), 'deferred rcpt 421'],
  '451 to DATA': [replyAt('data', '451 4.3.0 Disk full'), 'deferred data 451'],
  '554 to DATA': [replyAt('data', '554 5.6.0 No'), 'refused data 554'],
  '421 to DATA': [replyAt('data', '421 4.3.2 Closing'), 'deferred data 421'],
  '451 to the dot': [replyAt('dot', '451 4.3.0 Scanner away'), 'deferred dot 451'],
  '554 to the dot': [replyAt('dot', '554 5.6.0 Content refused'), 'refused dot 554'],
  '421 to the dot': [replyAt('dot', '421 4.3.2 Closing'), 'deferred dot 421'],
  'nonsense to the dot': [replyAt('dot', 'what?'), 'uncertain unclassified'],
  'a message over the limit': [{ maxSizeBytes: 10 }, 'refused mail 552'],
  'more connections than it wants': [{ maxConnections: 0 }, 'deferred banner 421'],
};

const LOSSES: Readonly<Record<string, Row>> = {
  'a connection lost after connect': [dropAt('banner'), 'deferred banner lost'],
  'a connection lost at EHLO': [dropAt('ehlo'), 'deferred ehlo lost'],
  'a connection lost at MAIL': [dropAt('mail'), 'deferred mail lost'],
  'a connection lost at RCPT': [dropAt('rcpt'), 'deferred rcpt lost'],
  'a connection lost at DATA': [dropAt('data'), 'deferred data lost'],
  'a connection lost after the dot': [dropAt('dot'), 'uncertain lost'],
};

const SILENCES: Readonly<Record<string, Row>> = {
  'a black hole': [BLACK_HOLE, 'deferred banner timeout'],
  'silence at EHLO': [stallAt('ehlo'), 'deferred ehlo timeout'],
  'silence at MAIL': [stallAt('mail'), 'deferred mail timeout'],
  'silence at RCPT': [stallAt('rcpt'), 'deferred rcpt timeout'],
  'silence at DATA': [stallAt('data'), 'deferred data timeout'],
  'silence after the dot': [stallAt('dot'), 'uncertain timeout'],
};

describe.each([
  ['pipelined', HEALTHY],
  ['one command at a time', { extensions: PLAIN_EXTENSIONS }],
] as const)('%s:', (_name, base) => {
  test.each(Object.entries({ ...REPLIES, ...LOSSES }))('%s', async (_case, [behaviour, expected]) => {
    const peer = await startPeer({ ...base, ...behaviour });
    expect(brief(await deliver(peer))).toBe(expected);
  });

  test.each(Object.entries(SILENCES))('%s ends in time', async (_case, [behaviour, expected]) => {
    const peer = await startPeer({ ...base, ...behaviour });
    expect(brief(await deliver(peer, {}, SHORT))).toBe(expected);
  });
});

test('the reply of a peer is passed on as it was given', async () => {
  const peer = await startPeer(replyAt('rcpt', '550-5.1.1 No such\n550 5.1.1 user here'));
  expect(await deliver(peer)).toEqual({
    kind: 'refused',
    stage: 'rcpt',
    reply: { code: 550, enhanced: '5.1.1', text: 'No such user here' },
  });
});

test('a peer that refuses the recipient and hangs up has refused it', async () => {
  const rules = [
    { stage: 'rcpt', action: { kind: 'reply', text: '550 5.7.1 Not you' } },
    { stage: 'data', action: { kind: 'drop' } },
  ] as const;
  const peer = await startPeer({ rules });
  expect(brief(await deliver(peer))).toBe('refused rcpt 550');
});

test('a closed port is a fault at connect', async () => {
  const peer = await startPeer();
  await peer.stop();
  // The platform has one error for a closed port, no route and no such host.
  expect(brief(await deliver(peer))).toBe('deferred connect unreachable');
});

test('a peer that comes back on its port is reached again', async () => {
  const peer = await startPeer();
  await peer.stop();
  await peer.start();
  expect(brief(await deliver(peer))).toBe('delivered 250');
});

test('a message that was never answered stays with the peer: that is why it is uncertain', async () => {
  const peer = await startPeer(dropAt('dot'));
  await deliver(peer);
  expect((await peer.received()).map(({ acknowledged }) => acknowledged)).toEqual([false]);
});

test('a connection lost in the middle of the content is deferred, and nothing is taken', async () => {
  const peer = await startPeer(dropAt('content'));
  const session = await opened(peer);
  const outcome = await session.send(ENVELOPE, { head: EMPTY, body: new Uint8Array(8_000_000).fill(0x61) });
  expect(brief(outcome)).toBe('deferred data lost');
  expect(session.usable).toBe(false);
  expect(await peer.received()).toEqual([]);
});

test('a peer that stops reading the content is given up in time', async () => {
  const peer = await startPeer(stallAt('content'));
  const session = await opened(peer, {}, { ...AMPLE, blockMs: 200, dotMs: 200, messageMs: 2_000 });
  const outcome = await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE });
  // Handed over whole, so the dot may be out.
  expect(brief(outcome)).toBe('uncertain timeout');
});

test('the whole of a message is bounded, however slow each step is', async () => {
  const peer = await startPeer({ delayMs: 150 });
  const session = await opened(peer, {}, { ...AMPLE, messageMs: 200 });
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toMatch(/^deferred (rcpt|data) timeout$/);
  expect(session.usable).toBe(false);
});

test('the whole of opening is bounded, however slow each step is', async () => {
  const peer = await startPeer({ delayMs: 150 });
  expect(brief(await deliver(peer, {}, { ...AMPLE, openMs: 200 }))).toBe('deferred ehlo timeout');
});

test('a peer that closes right after its banner is asked once', async () => {
  const peer = await startPeer(dropAt('ehlo'));
  await deliver(peer);
  expect(await peer.connections()).toBe(1);
  expect((await peer.dialogue()).filter(({ from }) => from === 'us')).toHaveLength(1);
});
