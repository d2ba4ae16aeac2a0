/** What the console says of mail servers, modes, mail to the world and what goes back, and what it lets a person type: tables. */
import { describe, expect, it } from 'vitest';
import { answerWords, scoreWords } from '../../src/web/console/gateway-words.ts';
import type { Gateway } from '../../src/web/console/gateways-api.ts';
import { chosenWords } from '../../src/web/console/mode-words.ts';
import { draftOf, emptyPeer, loginWay, loginWays, type PeerDraft } from '../../src/web/console/peer-draft.ts';
import { choiceWords, moved, reachWords } from '../../src/web/console/peer-words.ts';
import { groupsOf, isWanted, passwordProblem, personWords } from '../../src/web/console/people-words.ts';
import { type ProbeDraft, probeDraft, probeWords, readProbe } from '../../src/web/console/probe-words.ts';
import { readPeer, unchanged } from '../../src/web/console/read-peer.ts';
import { expiryWords, readExpiry, toldWords } from '../../src/web/console/return-words.ts';
import { dkimLook, readLimits, relayWords, triesWords } from '../../src/web/console/world-words.ts';

const STORED: Gateway = {
  host: 'mail.harbour.example',
  port: 465,
  tls: 'implicit',
  username: 'edge',
  oauth: null,
  capacityPerMinute: 600,
  latitude: 53.55,
  longitude: 9.99,
};
const OAUTH = {
  tokenUrl: 'https://login.example/token',
  clientId: 'app',
  scope: null,
  grant: 'refresh_token',
} as const;

describe('a mail server that is stored', () => {
  it('is sent back as it is, with its login kept and no secret in sight', () => {
    expect(unchanged(STORED)).toEqual({
      host: STORED.host,
      port: 465,
      tls: 'implicit',
      login: 'kept',
      capacityPerMinute: 600,
      latitude: 53.55,
      longitude: 9.99,
    });
    const open: Gateway = {
      ...STORED,
      tls: 'none',
      username: null,
      capacityPerMinute: null,
      latitude: null,
      longitude: null,
    };
    expect(unchanged(open)).toEqual({ host: STORED.host, port: 465, tls: 'none', plainText: 'accepted' });
  });

  it.each<readonly [string, Partial<PeerDraft>, Gateway, string]>([
    ['the same', {}, STORED, 'kept'],
    ['the same in capitals', { host: ' MAIL.Harbour.example ' }, STORED, 'kept'],
    ['another host', { host: 'mail2.harbour.example' }, STORED, 'password'],
    ['another port', { port: '587' }, STORED, 'password'],
    ['another host, by OAuth2', { host: 'mail2.harbour.example' }, { ...STORED, oauth: OAUTH }, 'oauth'],
    ['without a login', {}, { ...STORED, username: null }, 'none'],
  ])('keeps its login for its own host and port only: %s', (_, change, stored, way) => {
    const draft = { ...draftOf(stored), ...change };
    expect(loginWay(draft, stored)).toBe(way);
    expect(loginWays(draft, stored).includes('kept')).toBe(way === 'kept');
  });
});

describe('a mail server that is typed', () => {
  const typed: PeerDraft = { ...emptyPeer(), host: 'mail.harbour.example', username: 'edge', password: ' secret ' };
  it('is read as the API takes it, with the password to the letter', () => {
    expect(readPeer(typed, undefined)).toEqual({
      kind: 'read',
      peer: { host: 'mail.harbour.example', port: 465, tls: 'implicit', username: 'edge', password: ' secret ' },
    });
    const oauth = { login: 'oauth', tokenUrl: OAUTH.tokenUrl, clientId: 'app', refreshToken: 'r' } as const;
    expect(readPeer({ ...typed, ...oauth }, undefined)).toMatchObject({
      peer: { username: 'edge', oauth: { tokenUrl: OAUTH.tokenUrl, clientId: 'app', refreshToken: 'r' } },
    });
  });

  it.each<readonly [Partial<PeerDraft>, string]>([
    [{ host: ' ' }, 'host'],
    [{ port: '0' }, 'port'],
    [{ port: '58.7' }, 'port'],
    [{ port: '' }, 'port'],
    [{ username: '' }, 'username'],
    [{ password: '' }, 'password'],
    [{ tls: 'none' }, 'plainText'],
    [{ login: 'oauth', tokenUrl: 'x', clientId: 'y' }, 'clientSecret'],
    [{ capacityPerMinute: 'many' }, 'capacityPerMinute'],
    [{ latitude: '53,5' }, 'longitude'],
    [{ latitude: '99', longitude: '1' }, 'latitude'],
  ])('tells a slip at its field: %j', (change, field) => {
    const read = readPeer({ ...typed, ...change }, undefined);
    expect(read.kind === 'wrong' ? Object.keys(read.errors) : []).toEqual([field]);
  });
});

it('mail servers are told in words and put into another order', () => {
  expect(reachWords(STORED)).toBe('TLS from the first byte · logs in as edge, by password');
  expect(reachWords({ ...STORED, tls: 'none', username: null })).toMatch(/can be read.*no login/);
  expect(choiceWords(STORED)).toBe('takes 600 messages a minute · at 53.55, 9.99');
  expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  expect(scoreWords(0.725)).toBe('Score 73 of 100');
  const tried = { ...STORED, turn: 'failing', score: 0, roundTripMs: null, failuresInARow: 2 } as const;
  expect(answerWords({ ...tried, lastFailureAtMs: 1, messagesThisMinute: 1, reasons: [] })).toBe(
    'not asked yet · 1 message this minute · 2 failures in a row',
  );
});

describe('probes and modes', () => {
  const probe = { firstSeconds: 5, capSeconds: 60, idleSeconds: 0, address: null, testMessage: false };
  const saved = { probe, recovery: { probes: 2, spanSeconds: 30 } };
  it('are read back as they were shown, and told in words', () => {
    expect(readProbe(probeDraft(saved))).toEqual({ kind: 'read', settings: saved });
    expect(probeWords(saved).join(' ')).toMatch(
      /not looked at.*within 5 s.*every 1 min.*2 good answers in a row, over at least 30 s/,
    );
    expect(chosenWords({ failover: 'ask', failback: 'hold', whenRefused: 'keep' }).join(' ')).toMatch(
      /You are asked, by a link.*you are asked.*Mail is kept/,
    );
  });
  it.each<readonly [Partial<ProbeDraft>, string]>([
    [{ firstSeconds: '' }, 'firstSeconds'],
    [{ capSeconds: '0' }, 'capSeconds'],
    [{ idleSeconds: '5' }, 'idleSeconds'],
    [{ probes: '1.5' }, 'probes'],
    [{ testMessage: 'sent' }, 'address'],
  ])('tells a slip at its field: %j', (change, field) => {
    const read = readProbe({ ...probeDraft(saved), ...change });
    expect(read.kind === 'wrong' ? Object.keys(read.errors) : []).toEqual([field]);
  });
});

describe('mail to the world', () => {
  it.each([
    [{ check: { kind: 'published' }, signs: true }, 'Signs', 'calm'],
    [{ check: { kind: 'published' }, signs: false }, 'Published, not in use', 'plain'],
    [{ check: { kind: 'not-found' }, signs: false }, 'Not published yet', 'emergency'],
    [{ check: { kind: 'differs', found: 'v=DKIM1; p=' }, signs: false }, 'Another record is there', 'trouble'],
    [{ check: { kind: 'cannot-tell' }, signs: false }, 'Cannot be told now', 'plain'],
  ] as const)('says how a key stands: %j', (key, name, tone) => {
    expect(dkimLook(key)).toMatchObject({ name, tone });
  });
  it('says by which relay, how often it was tried, and reads limits', () => {
    const none = { own: null, deployment: null, inUse: 'none', trouble: null, warning: null } as const;
    expect(relayWords(none)).toContain('waits here');
    expect(relayWords({ ...none, inUse: 'deployment', deployment: { host: 'out.example', port: 587 } })).toContain(
      'out.example',
    );
    expect([0, 1, 3].map((attempts) => triesWords({ state: 'waiting', attempts }))).toEqual([
      'not tried yet',
      'tried once',
      'tried 3 times',
    ]);
    expect(readLimits({ perUserPerHour: '100', perClientPerHour: '1000' })).toMatchObject({ kind: 'read' });
    expect(readLimits({ perUserPerHour: '0', perClientPerHour: '1e9' })).toMatchObject({
      errors: { perUserPerHour: expect.anything(), perClientPerHour: expect.anything() },
    });
  });
});

describe('what goes back to its sender', () => {
  it.each([
    ['120', '', { kind: 'read', expiry: { afterHours: 120, delayNoticeAfterHours: null } }],
    ['96', '4', { kind: 'read', expiry: { afterHours: 96, delayNoticeAfterHours: 4 } }],
    ['', '', { kind: 'wrong', errors: { afterHours: expect.stringContaining('720') } }],
    ['721', '', { kind: 'wrong', errors: { afterHours: expect.stringContaining('720') } }],
    ['4', '4', { kind: 'wrong', errors: { delayHours: expect.stringContaining('less') } }],
  ])('after %j hours, a word after %j', (afterHours, delayHours, read) => {
    expect(readExpiry({ afterHours, delayHours })).toEqual(read);
  });
  it('is told in words', () => {
    expect(expiryWords({ afterHours: 120, delayNoticeAfterHours: null }).join(' ')).toMatch(
      /5 days.*hears nothing.*down/,
    );
    expect(toldWords({ isTold: false, sender: '' })).toContain('no sender');
    expect(toldWords({ isTold: false, sender: 'a@b.example' })).toBe('a@b.example has not been told yet.');
    expect(toldWords({ isTold: true, sender: 'a@b.example' })).toBe('a@b.example was told.');
  });
});

it('people are found by name, address and group, and their groups are offered once', () => {
  const anna = {
    id: '1',
    address: 'anna@h.example',
    name: 'Anna',
    source: 'manual',
    role: 'user',
    group: 'Ward 3',
    canLogIn: true,
  } as const;
  const ben = { ...anna, id: '2', address: 'ben@h.example', name: '', group: null, canLogIn: false } as const;
  expect([isWanted(anna, ' ward '), isWanted(ben, 'ward'), isWanted(ben, 'BEN@')]).toEqual([true, false, true]);
  expect(groupsOf([anna, ben, { ...anna, id: '3' }])).toEqual(['Ward 3']);
  expect(personWords(anna)).toBe('anna@h.example · group Ward 3 · added by hand · can log in');
  expect(personWords(ben)).toBe('added by hand · has no password yet');
  expect([passwordProblem('too short'), passwordProblem('long enough')]).toEqual([
    expect.stringContaining('10'),
    undefined,
  ]);
});
