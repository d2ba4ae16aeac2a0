/** What a preflight says of a gateway: each thing that a server may do has one verdict, and an advice. */
import { describe, expect, test } from 'vitest';
import type { Cause, Fault, Outcome, Stage } from '../../src/core/outcome.ts';
import { changeSince, type GatewayPreflight, judgeGateway, preflightOf } from '../../src/core/preflight.ts';
import type { PreflightVerdict } from '../../src/core/preflight-findings.ts';
import type { GatewaySeen, OpenedSeen } from '../../src/core/preflight-seen.ts';
import { parseReply, type Reply } from '../../src/core/reply.ts';

function reply(text: string): Reply {
  const parsed = parseReply(text);
  if (parsed === undefined) throw new Error(`not a reply: ${text}`);
  return parsed;
}

const said = (stage: Stage, text: string): Cause => ({ kind: 'reply', stage, reply: reply(text) });
const broken = (stage: Stage, fault: Fault): Cause => ({ kind: 'fault', stage, fault });
const failed = (cause: Cause): Partial<GatewaySeen> => ({ opened: { kind: 'failed', cause }, replies: [] });
const message = (outcome: Outcome): Partial<GatewaySeen> => ({ message: outcome });
const putOff = (stage: Stage, text: string) => message({ kind: 'deferred', cause: said(stage, text) });
const refused = (stage: Stage, text: string) => message({ kind: 'refused', stage, reply: reply(text) });
const emptySender = (text: string): Partial<GatewaySeen> => ({
  emptySender: { kind: 'answered', reply: reply(text) },
});
const offers = (...extensions: string[]): Partial<GatewaySeen> => ({ opened: { ...OPEN, extensions } });

const OPEN: Extract<OpenedSeen, { kind: 'open' }> = {
  kind: 'open',
  tls: 'implicit',
  isLoggedIn: true,
  extensions: ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'AUTH PLAIN LOGIN', 'SIZE 52428800'],
  roundTripMs: 12.4,
};
const TAKEN: Outcome = { kind: 'delivered', reply: reply('250 2.0.0 Taken') };
const GOOD: GatewaySeen = {
  gateway: 'mx.harbour.example:465',
  configured: { tls: 'implicit', hasLogin: true },
  opened: OPEN,
  message: TAKEN,
  replies: [{ stage: 'dot', line: '250 2.0.0 Taken' }],
  emptySender: { kind: 'answered', reply: reply('250 2.1.5 Ok') },
  connections: { asked: 4, opened: 4 },
};
const NOT_OWNED = '553 5.7.1 <preflight@edge.example>: Sender address rejected: not owned by user breakwater';

type Row = readonly [name: string, seen: Partial<GatewaySeen>, verdict: PreflightVerdict, kinds: string];

describe('a gateway is judged by what a replay would meet', () => {
  test.each<Row>([
    ['takes all of it', {}, 'accepted', ''],
    ['closes the port', failed(broken('connect', { kind: 'refused' })), 'unreachable', 'unreachable'],
    ['has no name', failed(broken('connect', { kind: 'dns', answer: 'no-such-host' })), 'unreachable', 'unreachable'],
    ['says nothing', { opened: { kind: 'late' }, replies: [] }, 'unreachable', 'unreachable'],
    ['is down', failed(said('banner', '421 4.3.2 Shutting down')), 'unreachable', 'unreachable'],
    ['is full', failed(said('banner', '421 4.7.0 Too many connections')), 'throttled', 'put-off'],
    ['has us on a list', failed(said('banner', '554 5.7.1 Blocked using a list')), 'refused', 'we-are-refused'],
    ['has a bad certificate', failed(broken('tls', { kind: 'tls', problem: 'expired' })), 'tls', 'tls'],
    ['refuses STARTTLS', failed(said('tls', '454 4.7.0 TLS not available')), 'tls', 'tls'],
    ['does not know the password', failed(said('auth', '535 5.7.8 Invalid')), 'login', 'login'],
    ['offers no login', failed(broken('auth', { kind: 'unsupported', what: 'AUTH' })), 'login', 'login'],
    ['wants a login that is not set', refused('mail', '530 5.7.0 Authentication required'), 'login', 'login'],
    ['refuses others’ names at MAIL', refused('mail', NOT_OWNED), 'refused', 'sender-refused'],
    ['refuses others’ names at RCPT', refused('rcpt', NOT_OWNED), 'refused', 'sender-refused'],
    [
      'refuses strangers without saying so',
      { ...refused('rcpt', '550 5.7.1 Denied'), ...emptySender('250 2.1.5 Ok') },
      'refused',
      'sender-refused',
    ],
    [
      'does not know the recipient',
      { ...refused('rcpt', '550 5.1.1 No such user'), ...emptySender('550 5.1.1 No such user') },
      'refused',
      'recipient-refused',
    ],
    [
      'does not know the recipient, and the connection was lost over it',
      {
        ...refused('rcpt', '550 5.1.1 No such user'),
        emptySender: { kind: 'failed', cause: broken('mail', { kind: 'lost' }) },
      },
      'refused',
      'recipient-refused',
    ],
    ['refuses the content', refused('dot', '554 5.7.1 Spam'), 'refused', 'content-refused'],
    ['greylists', putOff('rcpt', '451 4.7.1 Greylisting in action'), 'throttled', 'greylisted'],
    ['greylists without the word', putOff('rcpt', '451 4.7.1 Try again later'), 'throttled', 'greylisted'],
    [
      'verifies senders',
      putOff('rcpt', '450 4.1.7 <preflight@edge.example>: Sender address rejected: unverified address: Host not found'),
      'throttled',
      'sender-refused',
    ],
    ['limits the rate', putOff('mail', '450 4.7.0 Rate limit exceeded'), 'throttled', 'put-off'],
    ['does not answer the message', { message: 'late' }, 'unreachable', 'unreachable'],
    ['is lost over the message', message({ kind: 'uncertain', fault: { kind: 'lost' } }), 'unreachable', 'unreachable'],
    ['refuses the empty sender', emptySender('550 5.7.1 Null sender denied'), 'refused', 'empty-sender-refused'],
    ['puts the empty sender off', emptySender('451 4.7.1 Later'), 'throttled', 'empty-sender-refused'],
    [
      'gives two connections',
      { connections: { asked: 4, opened: 2, cause: said('banner', '421 4.7.0 Too many connections') } },
      'accepted',
      'connections',
    ],
    ['takes small messages only', offers('PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 10485760'), 'accepted', 'size'],
    ['offers little', offers('SIZE'), 'accepted', 'no-8bitmime no-smtputf8 no-pipelining'],
    [
      'is spoken to like a stranger in the street',
      { configured: { tls: 'none', hasLogin: false } },
      'accepted',
      'no-tls no-login',
    ],
  ])('one that %s', (_name, seen, verdict, kinds) => {
    const judged = judgeGateway({ ...GOOD, ...seen });
    expect([judged.verdict, judged.findings.map(({ kind }) => kind).join(' ')]).toEqual([verdict, kinds]);
    for (const { words, advice } of judged.findings) expect([words, advice]).not.toContain('');
  });
});

test('the gateway’s own words stand in what is said of it', () => {
  expect(judgeGateway({ ...GOOD, ...refused('mail', NOT_OWNED) }).words).toContain('not owned by user breakwater');
  const { connections } = { connections: { asked: 4, opened: 2, cause: said('banner', '421 4.7.0 Too many') } };
  expect(judgeGateway({ ...GOOD, connections }).findings[0]?.words).toBe(
    'gives 2 of the 4 connections that a replay may have: 421 4.7.0 Too many (at the banner)',
  );
});

test('TLS, login, size and the round trip are told as they were seen', () => {
  expect(judgeGateway(GOOD)).toMatchObject({
    words: 'takes what a replay brings',
    tls: { configured: 'implicit', used: 'implicit' },
    login: { configured: true, offered: ['PLAIN', 'LOGIN'], accepted: true },
    sizeLimitBytes: 52_428_800,
    roundTripMs: 12,
    connections: { asked: 4, opened: 4 },
  });
  expect(judgeGateway({ ...GOOD, ...failed(said('auth', '535 5.7.8 Invalid')) })).toMatchObject({
    tls: { configured: 'implicit', used: null },
    login: { configured: true, offered: null, accepted: false },
    sizeLimitBytes: null,
  });
});

describe('a change is told once', () => {
  const gateway = (name: string, verdict: PreflightVerdict): GatewayPreflight => ({
    ...judgeGateway(GOOD),
    gateway: name,
    verdict,
  });
  const run = (...verdicts: readonly PreflightVerdict[]) =>
    preflightOf(
      'postmaster@harbour.example',
      verdicts.map((verdict, at) => gateway(`mx${at}:465`, verdict)),
    );

  test.each([
    ['the first is good', undefined, run('accepted'), 'same'],
    ['the first is bad', undefined, run('refused'), 'worse'],
    ['good turns bad', run('accepted'), run('login'), 'worse'],
    ['bad stays bad', run('refused'), run('refused'), 'same'],
    ['bad turns bad in another way', run('refused'), run('tls'), 'same'],
    ['another one turns bad as well', run('refused', 'accepted'), run('refused', 'tls'), 'worse'],
    ['a new gateway is bad', run('accepted'), run('accepted', 'tls'), 'worse'],
    ['one of two turns good', run('refused', 'tls'), run('accepted', 'tls'), 'same'],
    ['all turn good', run('refused', 'accepted'), run('accepted', 'accepted'), 'better'],
  ] as const)('%s', (_name, before, now, change) => {
    expect(changeSince(before, now)).toBe(change);
  });

  test('a run is as good as its worst gateway', () => {
    expect(run('accepted', 'throttled', 'refused').verdict).toBe('refused');
    expect(run('accepted', 'accepted').verdict).toBe('accepted');
  });
});
