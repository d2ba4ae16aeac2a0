import { expect, test } from 'vitest';
import { type Behaviour, HEALTHY, replyAt } from '../support/behaviour.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import {
  AMPLE,
  address,
  brief,
  bytes,
  deliver,
  EMPTY,
  ENVELOPE,
  MESSAGE,
  open,
  opened,
  reversePath,
  SHORT,
} from './session-fixture.ts';

const LOGIN = { username: 'breakwater', password: 'p\u00e4ss word' };

async function heard(peer: Peer): Promise<readonly string[]> {
  return (await peer.dialogue()).filter(({ from }) => from === 'us').map(({ line }) => line);
}

async function failure(behaviour: Behaviour, endpoint: Parameters<typeof open>[1], timeouts = AMPLE): Promise<string> {
  const result = await open(await startPeer(behaviour), endpoint, timeouts);
  return result.kind === 'open' ? 'open' : brief({ kind: 'deferred', cause: result.cause });
}

test('STARTTLS secures the session before anything is said about the message', async () => {
  const peer = await startPeer({ tls: 'starttls', login: LOGIN });
  expect(brief(await deliver(peer, { tls: 'starttls', login: LOGIN }))).toBe('delivered 250');
  expect(await heard(peer)).toEqual([
    'EHLO edge.breakwater.test',
    'STARTTLS',
    'EHLO edge.breakwater.test',
    'AUTH PLAIN',
    'MAIL FROM:<bo@sender.example>',
    'RCPT TO:<anna@harbour.example>',
    'DATA',
    'QUIT',
  ]);
  const [message] = await peer.received();
  expect(message).toMatchObject({ overTls: true, username: LOGIN.username });
});

test('implicit TLS is there before the banner', async () => {
  const peer = await startPeer({ tls: 'implicit', login: LOGIN });
  expect(brief(await deliver(peer, { tls: 'implicit', login: LOGIN }))).toBe('delivered 250');
  expect((await peer.received())[0]).toMatchObject({ overTls: true, username: LOGIN.username });
});

test('STARTTLS is not used where none was asked for', async () => {
  const peer = await startPeer({ tls: 'starttls' });
  expect(brief(await deliver(peer, { tls: 'none' }))).toBe('delivered 250');
  expect(await heard(peer)).not.toContain('STARTTLS');
});

test('where STARTTLS is required and not offered, no envelope and no password is sent', async () => {
  const peer = await startPeer({ login: LOGIN });
  const outcome = await deliver(peer, { tls: 'starttls', login: LOGIN });
  expect(outcome).toEqual({
    kind: 'deferred',
    cause: { kind: 'fault', stage: 'tls', fault: { kind: 'tls', problem: 'the server does not offer STARTTLS' } },
  });
  expect((await heard(peer)).filter((line) => /^(AUTH|MAIL)/.test(line))).toEqual([]);
});

test('STARTTLS that is offered and refused is never followed by plain text', async () => {
  const peer = await startPeer({ tls: 'starttls', ...replyAt('starttls', '454 4.7.0 TLS not available') });
  expect(brief(await deliver(peer, { tls: 'starttls' }))).toBe('deferred tls 454');
  expect((await heard(peer)).filter((line) => line.startsWith('MAIL'))).toEqual([]);
});

test('a connection lost at STARTTLS is a TLS fault', async () => {
  const rules = [{ stage: 'starttls', action: { kind: 'drop' } }] as const;
  expect(await failure({ tls: 'starttls', rules }, { tls: 'starttls' })).toBe('deferred tls tls');
});

test('replies slipped in before the handshake are not believed', async () => {
  const slipped = '220 2.0.0 Go ahead\n250-peer.test\n250 AUTH PLAIN';
  const peer = await startPeer({ tls: 'starttls', ...replyAt('starttls', slipped) });
  expect(await failure({ tls: 'starttls', ...replyAt('starttls', slipped) }, { tls: 'starttls', login: LOGIN })).toBe(
    'deferred auth unsupported',
  );
  expect(brief(await deliver(peer, { tls: 'starttls' }))).toBe('delivered 250');
  expect((await peer.received())[0]?.overTls).toBe(true);
});

test('a peer that says "go ahead" and makes no handshake is given up', async () => {
  const behaviour = { extensions: ['STARTTLS'], ...replyAt('starttls', '220 2.0.0 Go ahead') };
  expect(await failure(behaviour, { tls: 'starttls' }, SHORT)).toMatch(/^deferred tls (tls|timeout)$/);
});

test('silence at STARTTLS is given up in time', async () => {
  const behaviour = { tls: 'starttls', rules: [{ stage: 'starttls', action: { kind: 'stall' } }] } as const;
  expect(await failure(behaviour, { tls: 'starttls' }, SHORT)).toBe('deferred tls timeout');
});

test.each([
  ['for another name', 'starttls', 'elsewhere'],
  ['for another name', 'implicit', 'elsewhere'],
  ['that nobody vouches for', 'starttls', 'stranger'],
  ['that nobody vouches for', 'implicit', 'stranger'],
] as const)('a certificate %s is a TLS fault (%s)', async (_name, tls, certificate) => {
  const peer = await startPeer({ tls, certificate });
  expect(brief(await deliver(peer, { tls }))).toBe('deferred tls tls');
  expect((await heard(peer)).filter((line) => line.startsWith('MAIL'))).toEqual([]);
});

test('a plain port taken for implicit TLS is a TLS fault, not an outage', async () => {
  expect(await failure(HEALTHY, { tls: 'implicit' })).toBe('deferred tls tls');
});

test.each([
  ['a wrong password', { login: LOGIN }, { login: { ...LOGIN, password: 'wrong' } }, 'deferred auth 535'],
  [
    'AUTH that fails for a while',
    { login: LOGIN, ...replyAt('auth', '454 4.7.0 Try later') },
    { login: LOGIN },
    'deferred auth 454',
  ],
  ['421 to AUTH', { login: LOGIN, ...replyAt('auth', '421 4.3.2 Closing') }, { login: LOGIN }, 'deferred auth 421'],
  ['a login where AUTH is not offered', {}, { login: LOGIN }, 'deferred auth unsupported'],
  ['mail without the login it wants', { login: LOGIN }, {}, 'open'],
] as const)('%s', async (_name, behaviour, endpoint, expected) => {
  expect(await failure(behaviour, endpoint)).toBe(expected);
});

test('many messages follow one another on one connection', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  for (let n = 0; n < 20; n += 1) {
    expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: bytes(`Subject: ${n}\r\n\r\n`) }))).toBe(
      'delivered 250',
    );
  }
  await session.close();
  const received = await peer.received();
  expect(received.map(({ connection }) => connection)).toEqual(Array.from({ length: 20 }, () => 1));
  expect(received.map(({ content }) => new TextDecoder().decode(content))).toEqual(
    Array.from({ length: 20 }, (_, n) => `Subject: ${n}\r\n\r\n`),
  );
  expect((await heard(peer)).filter((line) => line === 'RSET')).toEqual([]);
});

test.each([
  ['pipelined', undefined],
  ['one command at a time', ['8BITMIME']],
] as const)('a refusal leaves the session fit for the next message (%s)', async (_name, extensions) => {
  for (const stage of ['mail', 'rcpt', 'data', 'dot'] as const) {
    const rules = [{ stage, action: { kind: 'reply', text: '550 5.7.1 Not this one' }, times: 1 }] as const;
    const peer = await startPeer({ ...(extensions === undefined ? {} : { extensions }), rules });
    const session = await opened(peer);
    expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe(`refused ${stage} 550`);
    expect(session.usable).toBe(true);
    expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe('delivered 250');
    await session.close();
    expect(await peer.received()).toHaveLength(1);
  }
});

test('a peer that has had enough of one connection is left with 421, and a new one works', async () => {
  const peer = await startPeer({ maxMessagesPerConnection: 1 });
  const session = await opened(peer);
  await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE });
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe('deferred mail 421');
  expect(session.usable).toBe(false);
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe('deferred mail lost');
  expect(brief(await deliver(peer))).toBe('delivered 250');
});

test('a session whose peer went away defers and never throws', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  await peer.stop();
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe('deferred mail lost');
  expect(session.usable).toBe(false);
  await session.close();
});

test('the null reverse path goes out as <>', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  await session.send({ ...ENVELOPE, reversePath: reversePath('<>') }, { head: EMPTY, body: MESSAGE });
  await session.close();
  expect((await peer.received())[0]?.sender).toBe('');
  expect(await heard(peer)).toContain('MAIL FROM:<>');
});

test('an address that needs SMTPUTF8 is sent with it, and deferred where it is not offered', async () => {
  const envelope = { ...ENVELOPE, recipient: address('j\u00f6rg@harbour.example') };
  const able = await startPeer();
  const first = await opened(able);
  expect(brief(await first.send(envelope, { head: EMPTY, body: MESSAGE }))).toBe('delivered 250');
  await first.close();
  expect((await able.received())[0]).toMatchObject({
    recipients: ['j\u00f6rg@harbour.example'],
    parameters: 'SMTPUTF8',
  });
  const second = await opened(await startPeer({ extensions: ['8BITMIME'] }));
  expect(brief(await second.send(envelope, { head: EMPTY, body: MESSAGE }))).toBe('deferred mail unsupported');
  expect(second.usable).toBe(true);
});

const PROBE = address('postmaster@harbour.example');

test.each([
  ['a healthy peer', HEALTHY, '250'],
  ['an unknown probe address', replyAt('rcpt', '550 5.1.1 No such user'), '550'],
  ['a system that is full', replyAt('rcpt', '452 4.3.1 Full'), '452'],
  ['trouble at MAIL', replyAt('mail', '451 4.3.0 Database away'), 'failed mail 451'],
  ['421 at RCPT', replyAt('rcpt', '421 4.3.2 Closing'), 'failed rcpt 421'],
  ['silence at RCPT', { rules: [{ stage: 'rcpt', action: { kind: 'stall' } }] }, 'failed rcpt timeout'],
  ['a connection lost at MAIL', { rules: [{ stage: 'mail', action: { kind: 'drop' } }] }, 'failed mail lost'],
  ['trouble at RSET only', replyAt('rset', '451 4.3.0 No'), '250'],
] as const)('a probe sees %s', async (_name, behaviour: Behaviour, expected) => {
  const session = await opened(await startPeer(behaviour), {}, SHORT);
  const dialogue = await session.probe([PROBE]);
  await session.close();
  const seen =
    dialogue.kind === 'failed'
      ? brief({ kind: 'deferred', cause: dialogue.cause }).replace('deferred', 'failed')
      : dialogue.replies.map(({ reply }) => reply.code).join(' ');
  expect(seen).toBe(expected);
});

const PEOPLE = ['anna@harbour.example', 'bo@harbour.example', 'cy@harbour.example'].map(address);

const takenUpTo = (person: number, text: string): Behaviour => ({
  rules: PEOPLE.slice(0, person).map(({ text: recipient }) => ({
    stage: 'rcpt',
    action: { kind: 'reply', text },
    recipient,
  })),
});

test.each([
  ['the first is taken', HEALTHY, '250'],
  ['the second is taken', takenUpTo(1, '550 5.1.1 No such user'), '550 250'],
  ['the last is taken', takenUpTo(2, '452 4.2.2 Full'), '452 452 250'],
  ['nobody is taken', takenUpTo(3, '550 5.1.1 No such user'), '550 550 550'],
] as const)('a probe asks for several people in one transaction, until %s', async (_name, behaviour, expected) => {
  const peer = await startPeer(behaviour);
  const session = await opened(peer);
  const dialogue = await session.probe(PEOPLE);
  await session.close();
  expect(dialogue.kind === 'asked' ? dialogue.replies.map(({ reply }) => reply.code).join(' ') : dialogue).toBe(
    expected,
  );
  expect((await heard(peer)).filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
});

test('a probe leaves out who cannot be written on this wire', async () => {
  const peer = await startPeer({ extensions: ['8BITMIME'] });
  const session = await opened(peer);
  await session.probe([address('jürgen@harbour.example'), PROBE]);
  await session.close();
  expect((await heard(peer)).slice(1, 3)).toEqual(['MAIL FROM:<>', 'RCPT TO:<postmaster@harbour.example>']);
});

test('a probe leaves no message, and the session fit for one', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  await session.probe([PROBE]);
  expect(await peer.received()).toEqual([]);
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe('delivered 250');
  await session.close();
  expect((await heard(peer)).slice(1, 4)).toEqual(['MAIL FROM:<>', 'RCPT TO:<postmaster@harbour.example>', 'RSET']);
});

test('a session says what it runs under, what the peer offers, and what it said to the last message', async () => {
  const behaviour = {
    tls: 'starttls',
    login: LOGIN,
    maxSizeBytes: 5_000,
    rules: [{ stage: 'rcpt', action: { kind: 'reply', text: '553-5.7.1 Not yours\n553 5.7.1 Ask' }, times: 1 }],
  } as const;
  const session = await opened(await startPeer(behaviour), { tls: 'starttls', login: LOGIN });
  await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE });
  expect(session.facts).toMatchObject({
    tls: 'starttls',
    isLoggedIn: true,
    extensions: expect.arrayContaining(['8BITMIME', 'AUTH PLAIN LOGIN', 'SIZE 5000']),
    replies: expect.arrayContaining([{ stage: 'rcpt', line: '553-5.7.1 Not yours' }]),
  });
  await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE });
  expect(session.facts.replies.map(({ line }) => line)).toEqual([
    '220 peer.test ESMTP scripted',
    '250 2.1.0 Sender OK',
    '250 2.1.5 Recipient OK',
    '354 Go ahead',
    '250 2.0.0 Taken',
  ]);
  await session.close();
});
