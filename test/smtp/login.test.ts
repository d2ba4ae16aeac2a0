import { describe, expect, test } from 'vitest';
import { describeCause } from '../../src/core/outcome.ts';
import type { SessionLogin } from '../../src/smtp/session-types.ts';
import type { Behaviour } from '../support/behaviour.ts';
import { type Peer, startLoginServer, startPeer } from '../support/peer.ts';
import { brief, deliver, open, opened, SHORT } from './session-fixture.ts';

const PASSWORD = { username: 'breakwater', password: 'pässword with a space' };
const TOKEN = { username: 'gateway@harbour.example', accessToken: `ya29.${'x'.repeat(2_500)}-_~+/=` };
const TOKENS: Behaviour = {
  tls: 'starttls',
  token: { username: TOKEN.username, accessTokens: [TOKEN.accessToken] },
};

async function authCommands(peer: Peer): Promise<readonly string[]> {
  return (await peer.dialogue()).map(({ line }) => line).filter((line) => line.startsWith('AUTH'));
}

async function failure(peer: Pick<Peer, 'host' | 'port'>, login: SessionLogin, tls: 'none' | 'starttls' = 'starttls') {
  const result = await open(peer, { tls, login });
  if (result.kind === 'open') throw new Error('let in');
  return { brief: brief({ kind: 'deferred', cause: result.cause }), words: describeCause(result.cause) };
}

describe.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'] as const)('%s', (mechanism) => {
  const options = { ...PASSWORD, mechanism, accessToken: TOKEN.accessToken };
  const login = mechanism === 'XOAUTH2' ? { ...TOKEN, username: PASSWORD.username } : PASSWORD;
  const wrong = 'accessToken' in login ? { ...login, accessToken: 'stale' } : { ...login, password: 'wrong' };

  test('a server of somebody else’s making lets us in', async () => {
    const server = await startLoginServer(options);
    const session = await opened(server, { tls: 'starttls', login });
    expect(session.facts).toMatchObject({ tls: 'starttls', isLoggedIn: true });
    await session.close();
    expect(brief(await deliver(server, { tls: 'starttls', login }))).toBe('delivered 250');
  });

  test('and does not with the wrong secret', async () => {
    expect((await failure(await startLoginServer(options), wrong)).brief).toBe('deferred auth 535');
  });

  test('a scripted peer reads the same', async () => {
    const peer = await startPeer({ tls: 'starttls', login: PASSWORD, ...TOKENS, mechanisms: [mechanism] });
    const scripted = mechanism === 'XOAUTH2' ? TOKEN : PASSWORD;
    expect(brief(await deliver(peer, { tls: 'starttls', login: scripted }))).toBe('delivered 250');
    expect((await peer.received())[0]).toMatchObject({ mechanism, username: scripted.username, overTls: true });
  });
});

describe('of the mechanisms a server offers', () => {
  test.each([
    ['under TLS the one that every server can check', 'starttls', ['CRAM-MD5', 'LOGIN', 'PLAIN'], 'PLAIN'],
    ['LOGIN where there is no PLAIN', 'starttls', ['NTLM', 'CRAM-MD5', 'LOGIN'], 'LOGIN'],
    ['CRAM-MD5 where there is nothing else', 'starttls', ['GSSAPI', 'CRAM-MD5'], 'CRAM-MD5'],
    ['without TLS the one that hides the password', 'none', ['PLAIN', 'LOGIN', 'CRAM-MD5'], 'CRAM-MD5'],
    ['without TLS and CRAM-MD5 PLAIN', 'none', ['LOGIN', 'PLAIN'], 'PLAIN'],
  ] as const)('%s is taken', async (_name, tls, mechanisms, expected) => {
    const peer = await startPeer({ tls, login: PASSWORD, mechanisms });
    expect(brief(await deliver(peer, { tls, login: PASSWORD }))).toBe('delivered 250');
    expect(await authCommands(peer)).toEqual([`AUTH ${expected}`]);
  });

  test('one that is offered and not meant is passed over', async () => {
    const peer = await startPeer({
      tls: 'starttls',
      login: PASSWORD,
      mechanisms: ['LOGIN', 'PLAIN'],
      rules: [{ stage: 'auth', action: { kind: 'reply', text: '504 5.5.4 Not implemented' }, times: 1 }],
    });
    expect(brief(await deliver(peer, { tls: 'starttls', login: PASSWORD }))).toBe('delivered 250');
    expect(await authCommands(peer)).toEqual(['AUTH PLAIN', 'AUTH LOGIN']);
  });

  test('a password that is wrong is tried once', async () => {
    const peer = await startPeer({ tls: 'starttls', login: PASSWORD, mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'] });
    expect((await failure(peer, { ...PASSWORD, password: 'wrong' })).brief).toBe('deferred auth 535');
    expect(await authCommands(peer)).toEqual(['AUTH PLAIN']);
  });

  test('without TLS a CRAM-MD5 that is refused is never followed by a password that can be read', async () => {
    const peer = await startPeer({
      login: PASSWORD,
      mechanisms: ['PLAIN', 'CRAM-MD5'],
      rules: [{ stage: 'auth', action: { kind: 'reply', text: '504 5.5.4 Not implemented' } }],
    });
    expect((await failure(peer, PASSWORD, 'none')).brief).toBe('deferred auth 504');
    expect(await authCommands(peer)).toEqual(['AUTH CRAM-MD5']);
  });

  test.each([
    ['a password', PASSWORD, ['XOAUTH2', 'GSSAPI'], /AUTH PLAIN, LOGIN, CRAM-MD5, only XOAUTH2, GSSAPI/],
    ['a token', TOKEN, ['PLAIN', 'LOGIN'], /AUTH XOAUTH2, only PLAIN, LOGIN/],
  ] as const)('none may be of use to %s, which is said', async (_name, login, mechanisms, words) => {
    const peer = await startPeer({ ...TOKENS, login: PASSWORD, mechanisms });
    const seen = await failure(peer, login);
    expect(seen.brief).toBe('deferred auth unsupported');
    expect(seen.words).toMatch(words);
    expect(await authCommands(peer)).toEqual([]);
  });
});

describe('XOAUTH2', () => {
  test('the reason of a refusal, which comes as a challenge, is shown beside the answer', async () => {
    const peer = await startPeer(TOKENS);
    const seen = await failure(peer, { ...TOKEN, accessToken: 'stale' });
    expect(seen.brief).toBe('deferred auth 535');
    expect(seen.words).toContain('535 5.7.8');
    expect(seen.words).toContain('[status 401, schemes Bearer, scope https://mail.peer.test/]');
    expect(seen.words).not.toContain('stale');
  });

  test.each([
    ['a refusal without a challenge', [{ kind: 'reply', text: '535 5.7.3 No' }], 'deferred auth 535'],
    ['a temporary failure', [{ kind: 'reply', text: '454 4.7.0 Later' }], 'deferred auth 454'],
    ['421', [{ kind: 'reply', text: '421 4.3.2 Closing' }], 'deferred auth 421'],
    ['a connection that is lost', [{ kind: 'drop' }], 'deferred auth lost'],
    ['silence', [{ kind: 'stall' }], 'deferred auth timeout'],
    ['what is no reply', [{ kind: 'reply', text: 'so?' }], 'deferred auth unclassified'],
  ] as const)('%s is told as it is', async (_name, [action], expected) => {
    const peer = await startPeer({ ...TOKENS, rules: [{ stage: 'auth', action }] });
    const result = await open(peer, { tls: 'starttls', login: TOKEN }, SHORT);
    expect(result.kind === 'failed' && brief({ kind: 'deferred', cause: result.cause })).toBe(expected);
  });
});
