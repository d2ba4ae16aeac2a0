import { describe, expect, test } from 'vitest';
import { authenticationOf, cameByPlatform } from '../../src/core/authentication.ts';
import type { AuthenticationFacts } from '../../src/core/message-facts.ts';

const PLATFORM = [
  'dkim=pass header.d=World.example header.s=s1 header.b=AbCd',
  'dmarc=pass header.from=world.example policy.dmarc=reject',
  'spf=none (mx.cloudflare.net: no SPF records found for postmaster@mail.world.example) smtp.helo=mail.world.example',
  'spf=pass (mx.cloudflare.net: domain of a@world.example designates 192.0.2.7) smtp.mailfrom=a@world.example',
];

describe('results in words, as facts', () => {
  test.each<readonly [string, readonly string[], Partial<AuthenticationFacts>]>([
    [
      'as the platform writes them',
      PLATFORM,
      { spf: 'pass', dkim: 'pass', dkimDomains: ['world.example'], dmarc: 'pass' },
    ],
    ['nothing', [], { spf: 'unknown', dkim: 'unknown', dkimDomains: [], dmarc: 'unknown' }],
    ['the greeting alone', ['spf=fail smtp.helo=a.example'], { spf: 'fail' }],
    ['an old word for it', ['spf=hardfail smtp.mailfrom=a@b.example'], { spf: 'fail' }],
    ['a version', ['dmarc/1 = fail header.from=a.example'], { dmarc: 'fail' }],
    ['capitals', ['DKIM=PASS HEADER.D=A.example'], { dkim: 'pass', dkimDomains: ['a.example'] }],
    ['a word nobody knows', ['dmarc=bestguesspass'], { dmarc: 'unknown' }],
    ['the name of an inherited property', ['dmarc=constructor'], { dmarc: 'unknown' }],
    ['a method nobody asked for', ['iprev=pass', 'auth=pass smtp.auth=a@b.example'], {}],
    [
      'the best of the signatures, and only the domains of those that pass',
      [
        'dkim=fail (bad signature) header.d=bank.example',
        'dkim=pass header.i=@list.example header.s=l1',
        'dkim=temperror header.d=a.example',
        'dkim=pass header.d=list.example',
      ],
      { dkim: 'pass', dkimDomains: ['list.example'] },
    ],
    [
      'a failed and a doubtful one',
      ['dkim=fail header.d=a.example', 'dkim=temperror header.d=a.example'],
      { dkim: 'temperror' },
    ],
    [
      'words of the sender in a comment',
      ['spf=fail (x; dmarc=pass \\) spf=pass (dkim=pass header.d=bank.example)) smtp.mailfrom=a@b.example'],
      { spf: 'fail', dkim: 'unknown', dmarc: 'unknown', dkimDomains: [] },
    ],
    [
      'words of the sender in quotes',
      [
        'dkim=fail reason="no ( header.d=bank.example" header.d=evil.example',
        'spf=pass smtp.mailfrom="a header.d=x"@b.example',
      ],
      { dkim: 'fail', dkimDomains: [], spf: 'pass' },
    ],
    ['a comment before the word', ['dmarc (says) = (not pass) fail'], { dmarc: 'fail' }],
    ['no result', ['none', '', '=pass', 'dkim', 'dkim='], {}],
  ])('%s', (_name, results, expected) => {
    const facts = authenticationOf('platform', results, 'unknown');
    expect(facts).toMatchObject({ source: 'platform', spf: 'unknown', dmarc: 'unknown', ...expected });
  });

  test('what nothing is said of is what it is told to be', () => {
    expect(authenticationOf('own', ['dkim=none'], 'temperror')).toEqual({
      source: 'own',
      spf: 'temperror',
      dkim: 'none',
      dkimDomains: [],
      dmarc: 'temperror',
    });
  });

  test('a hundred signatures name eight domains', () => {
    const results = Array.from({ length: 100 }, (_, index) => `dkim=pass header.d=d${index}.example`);
    expect(authenticationOf('own', results, 'unknown').dkimDomains).toHaveLength(8);
  });
});

test.each([
  [{ helo: '', remoteIp: '' }, true],
  [{ helo: 'unknown', remoteIp: '' }, false],
  [{ helo: '', remoteIp: '192.0.2.7' }, false],
])('%j came by the platform: %j', (origin, expected) => {
  expect(cameByPlatform(origin)).toBe(expected);
});
