/** What the console says of a replay, of what is held and of preflights, and what it lets a person type: tables. */
import { describe, expect, it } from 'vitest';
import type { HeldMessage, State } from '../../src/web/console/api.ts';
import { mailboxExportPath, outageExportPath, outageReportPath } from '../../src/web/console/export-links.ts';
import { bulkWords, heldByReason, ownWords } from '../../src/web/console/held-words.ts';
import { paceDraft, readPace } from '../../src/web/console/pace-words.ts';
import type { GatewayPreflight, PreflightRun } from '../../src/web/console/preflight-api.ts';
import {
  headline,
  lastDone,
  nextWords,
  readPreflight,
  runWords,
  seenBesides,
} from '../../src/web/console/preflight-words.ts';
import type { Plan, Replay } from '../../src/web/console/replay-api.ts';
import { replayFigures, waitsBehind } from '../../src/web/console/replay-figures.ts';
import { planWords, replayStanding } from '../../src/web/console/replay-words.ts';
import { mailboxes, readWhom } from '../../src/web/console/turn-words.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const PLAN: Plan = { messagesPerMinute: 120, bytesPerMinute: null, connections: 4, start: 'automatic' };
const NOTHING: Replay = {
  plan: PLAN,
  hold: null,
  waiting: 0,
  waitingBytes: 0,
  paused: 0,
  delayed: 0,
  replayed: 0,
  held: 0,
  connections: 1,
  ceiling: null,
  easedBy: 0,
  messagesPerMinute: 0,
  bytesPerMinute: 0,
  endsAtMs: null,
  turns: [],
};
const HOLD = { atMs: NOW, by: 'anna@harbour.example', reason: 'The archive is moved.' };
const standingOf = (change: Partial<Replay>, state: State = 'up') =>
  replayStanding({ ...NOTHING, ...change }, { state }, NOW);

describe('how a replay stands is said in every course it can take', () => {
  it.each<readonly [string, Partial<Replay>, State, RegExp]>([
    ['quiet', {}, 'up', /Nothing waits.*as a trial.*1,000 messages take about 8 min 20 s/],
    ['quiet', { plan: { ...PLAN, start: 'hold' } }, 'up', /Nothing waits.*when somebody starts it here/],
    ['quiet', { hold: HOLD }, 'up', /the next replay is paused.*Paused by anna@harbour\.example/],
    ['later', { waiting: 1 }, 'down', /^1 message waits for the repair.*about 5 s.*begins by itself/],
    ['later', { waiting: 7200 }, 'down', /7,200 messages wait for the repair.*about 1 h\./],
    ['later', { waiting: 5, replayed: 3 }, 'suspect', /3 messages of this outage went back before/],
    [
      'later',
      { waiting: 10, waitingBytes: 60_000_000, plan: { ...PLAN, bytesPerMinute: 6_000_000 } },
      'down',
      /60\.0 MB in all.*about 10 min/,
    ],
    ['trial', { waiting: 5 }, 'recovering', /as a trial.*begins by itself/],
    ['trial', { waiting: 5, hold: HOLD }, 'recovering', /Paused by anna/],
    ['held', { waiting: 5, hold: HOLD }, 'up', /is paused: 5 messages wait.*The archive is moved\. New mail goes/],
    ['running', { waiting: 5 }, 'up', /it begins just now.*oldest first/],
    ['running', { waiting: 5, replayed: 9 }, 'up', /no message was counted/],
    ['running', { waiting: 5, endsAtMs: NOW + 2_000 }, 'up', /done in a moment/],
    ['running', { waiting: 5, endsAtMs: NOW + 92_000 }, 'up', /done at about .*, in 1 min 30 s/],
    ['running', { waiting: 5, endsAtMs: NOW + 4_010_000 }, 'up', /in 1 h 5 min/],
    ['running', { waiting: 5, paused: 4, endsAtMs: NOW + 100_000 }, 'up', /but for the paused .*, in 20 s/],
    ['stuck', { waiting: 5, paused: 3, delayed: 2 }, 'up', /What is left waits: 5 messages/],
    ['done', { replayed: 5 }, 'up', /is given back.*being closed/],
    ['done', { replayed: 5, held: 1 }, 'up', /1 message held for a person/],
  ])('%s: %j while %s', (course, change, state, expected) => {
    const standing = standingOf(change, state);
    expect(standing.course).toBe(course);
    expect([standing.title, ...standing.lines].join(' ')).toMatch(expected);
  });

  it.each<readonly [Partial<Plan>, string]>([
    [{}, 'at most 120 messages a minute, over up to 4 connections'],
    [
      { messagesPerMinute: 1, bytesPerMinute: 6_000_000, connections: 1 },
      'at most 1 message and 6.0 MB a minute, over one connection',
    ],
  ])('the plan %j in words', (change, words) => {
    expect(planWords({ ...PLAN, ...change })).toBe(words);
  });

  it('what is measured stands beside what is set, each with its unit', () => {
    const told = (change: Partial<Replay>) =>
      replayFigures({ ...NOTHING, ...change }).map(({ value, unit, beside }) => `${value} ${unit}, ${beside}`);
    expect(told({ messagesPerMinute: 118.6, bytesPerMinute: 1_234_567.8, connections: 3 })).toEqual([
      '119 a minute, 120 a minute set',
      '1.2 MB a minute, no limit set',
      '3 may be open at a time, 4 set; the server has refused none',
    ]);
    const eased = told({ easedBy: 2, ceiling: 5, plan: { ...PLAN, bytesPerMinute: 6_000_000 } });
    expect(eased[0]).toContain('gets 1/4 of it');
    expect(eased[1]).toContain('6.0 MB a minute set');
    expect(eased[2]).toContain('bears 5 at once, and one of them is left for new mail');
  });

  it('why a part of it waits is said, and nothing where none does', () => {
    expect(waitsBehind({ paused: 0, delayed: 0 })).toEqual([]);
    const [paused, delayed] = waitsBehind({ paused: 2, delayed: 1 });
    expect(paused).toMatch(/^2 messages for mailboxes you have paused/);
    expect(delayed).toMatch(/^1 message put off by the server/);
  });
});

describe('the pace a person types', () => {
  it.each<Plan>([PLAN, { messagesPerMinute: 0.5 + 1, bytesPerMinute: 5_242_880, connections: 6, start: 'hold' }])(
    'what is saved is what is shown, and what is shown can be saved: %j',
    (plan) => {
      expect(readPace(paceDraft(plan))).toEqual({ kind: 'read', plan });
    },
  );

  it.each([
    ['messages', '0'],
    ['messages', ''],
    ['messages', 'many'],
    ['messages', '60001'],
    ['megabytes', '5'],
    ['megabytes', '10001'],
    ['megabytes', '-'],
  ] as const)('%s = "%s" is told at the field', (field, text) => {
    const read = readPace({ ...paceDraft(PLAN), [field]: text });
    expect(read.kind === 'wrong' && Object.keys(read.errors)).toEqual([field]);
  });

  it('a comma is a point, and no megabytes are no limit', () => {
    expect(readPace({ messages: ' 90 ', megabytes: '7,5', connections: '2', start: 'automatic' })).toEqual({
      kind: 'read',
      plan: { messagesPerMinute: 90, bytesPerMinute: 7_500_000, connections: 2, start: 'automatic' },
    });
  });
});

describe('who goes first', () => {
  it('addresses and groups come mixed; a group goes by the name it was given', () => {
    expect(readWhom('anna@harbour.example, board; ben@harbour.example', 'first', ['Board', 'Crew'])).toEqual({
      kind: 'read',
      change: { turn: 'first', accounts: ['anna@harbour.example', 'ben@harbour.example'], groups: ['Board'] },
    });
    expect(readWhom('Team @ Quay', 'paused', ['Team @ Quay'])).toMatchObject({ change: { groups: ['Team @ Quay'] } });
  });

  it.each([
    ['', [], /Enter an address or a group/],
    [' , ', ['Board'], /Enter an address or a group/],
    ['Bord', ['Board'], /“Bord” is neither an address nor one of the groups Board/],
    ['Bord', [], /nobody is in one yet/],
    ['x', ['a', 'b', 'c', 'd', 'e', 'f'], /a, b, c, d, e, …/],
  ])('"%s" among the groups %j is told', (typed, groups, error) => {
    expect(readWhom(typed, 'first', groups)).toMatchObject({ kind: 'wrong', error: expect.stringMatching(error) });
  });

  it('mailboxes are counted as people say it', () => {
    expect([mailboxes(1), mailboxes(1200)]).toEqual(['1 mailbox', '1,200 mailboxes']);
  });
});

describe('what is held', () => {
  const held = (id: string, detail: string | null): HeldMessage => ({
    id,
    kind: 'inbound',
    fromName: '',
    fromAddress: 'bob@world.example',
    subject: 'the tide',
    recipient: `${id}@harbour.example`,
    receivedAt: NOW,
    sizeBytes: 1000,
    detail,
  });

  it('stands together by its reason, whoever it is for, the most frequent reason first', () => {
    const unknown = (id: string) => held(id, `550 5.1.1 <${id}@harbour.example>: User unknown`);
    const groups = heldByReason([held('x', null), unknown('anna'), unknown('ben')]);
    expect(groups.map(({ reason, messages }) => [reason, messages.map(({ id }) => id)])).toEqual([
      ['550 5.1.1 <address>: User unknown', ['anna', 'ben']],
      ['No reason was noted.', ['x']],
    ]);
    expect(ownWords(unknown('anna'), groups[0]?.reason ?? '')).toContain('<anna@harbour.example>');
  });

  it('one alone has its reason word for word, and says it once', () => {
    const [only] = heldByReason([held('a', '552 <a@harbour.example> too large')]);
    expect(only?.reason).toBe('552 <a@harbour.example> too large');
    expect(only?.messages.map((message) => ownWords(message, only.reason))).toEqual([undefined]);
  });

  it.each([
    [{ done: 1, failed: 1, total: 5 }, 'Trying again: 2 of 5'],
    [{ done: 5, failed: 0, total: 5 }, '5 messages will be tried again.'],
    [{ done: 4, failed: 1, total: 5 }, '4 messages will be tried again. 1 message could not be let go'],
  ])('many at once: %j', (bulk, words) => {
    expect(bulkWords(bulk)).toContain(words);
  });
});

describe('a preflight', () => {
  const gateway: GatewayPreflight = {
    gateway: 'mail.harbour.example port 465',
    verdict: 'accepted',
    words: 'takes what a replay brings',
    findings: [],
    replies: [],
    tls: { configured: 'implicit', used: 'implicit' },
    login: { configured: true, offered: ['PLAIN'], accepted: true },
    extensions: ['SIZE 52428800'],
    sizeLimitBytes: 52_428_800,
    roundTripMs: 12,
    connections: { asked: 4, opened: 3 },
  };
  const run = (change: Partial<PreflightRun>): PreflightRun => ({
    number: 1,
    atMs: NOW,
    by: 'schedule',
    state: 'done',
    endedAtMs: NOW,
    verdict: 'accepted',
    recipient: 'postmaster@harbour.example',
    gateways: [gateway],
    ...change,
  });

  it.each<readonly [PreflightRun | undefined, string]>([
    [undefined, 'Nobody has tried yet whether the mail server would take a replay'],
    [run({}), 'The mail server would take a replay'],
    [run({ gateways: [gateway, gateway] }), 'Every mail server would take a replay'],
    [run({ verdict: 'tls', gateways: [gateway, gateway] }), 'At least one mail server gives no secure connection'],
    [run({ verdict: 'throttled' }), 'The mail server would put a replay off'],
  ])('is said in one line', (given, words) => {
    expect(headline(given).words).toBe(words);
  });

  it('that has not come to its end does not take the place of the last one that has', () => {
    const runs = [run({ number: 3, state: 'running' }), run({ number: 2, state: 'interrupted' }), run({ number: 1 })];
    expect(lastDone({ address: null, everyDays: 7, recipient: null, nextAtMs: null, runs })?.number).toBe(1);
    expect(runs.map(runWords).join('\n')).toMatch(/under way.*\n.*on our side.*\n.*take a replay; by itself/);
    expect(runWords(run({ by: 'anna@harbour.example' }))).toContain('asked for by anna@harbour.example');
  });

  it.each([
    [0, null, 'None is sent by itself.'],
    [7, null, 'not in an outage'],
    [7, NOW - 1, 'in a moment'],
    [7, NOW + 86_400_000, 'by itself: 2 Jan, '],
  ])('every %d days, next at %s', (everyDays, nextAtMs, words) => {
    expect(nextWords({ everyDays, nextAtMs }, NOW)).toContain(words);
  });

  it('what was seen besides is told, and what was not is left out or said to be so', () => {
    expect(seenBesides(gateway)).toEqual([
      ['Secure connection', 'TLS from the start'],
      ['Login', 'accepted; offers PLAIN'],
      ['Connections at once', '3 of 4'],
      ['Largest message', '52.4 MB'],
      ['Answers in', '12 ms'],
      ['Offers', 'SIZE 52428800'],
    ]);
    const nothing = seenBesides({
      ...gateway,
      tls: { configured: 'starttls', used: null },
      login: { configured: true, offered: null, accepted: null },
      extensions: null,
      sizeLimitBytes: null,
      roundTripMs: null,
      connections: null,
    });
    expect(nothing).toEqual([
      ['Secure connection', 'none came about (STARTTLS is set)'],
      ['Login', 'not tried'],
    ]);
  });

  it('its settings are read, and a slip is told at its field', () => {
    expect(readPreflight({ address: ' ', everyDays: '7' })).toEqual({
      kind: 'read',
      settings: { address: null, everyDays: 7 },
    });
    for (const [draft, field] of [
      [{ address: 'it', everyDays: '7' }, 'address'],
      [{ address: '', everyDays: '' }, 'everyDays'],
      [{ address: '', everyDays: '91' }, 'everyDays'],
    ] as const) {
      const read = readPreflight(draft);
      expect(read.kind === 'wrong' && Object.keys(read.errors)).toEqual([field]);
    }
  });
});

it('files are asked for where the API has them', () => {
  expect(outageReportPath('harbour', 'o/1', 'csv')).toBe('/api/v1/clients/harbour/outages/o%2F1/report?format=csv');
  const mail = { outageId: 'o1', format: 'zip', quarantined: 'yes' } as const;
  expect(outageExportPath('harbour', mail)).toBe(
    '/api/v1/clients/harbour/outages/o1/export?format=zip&quarantined=yes',
  );
  expect(mailboxExportPath('harbour', '', 'mbox')).toBe(
    '/api/v1/clients/harbour/mailboxes/unclaimed/export?format=mbox',
  );
  expect(mailboxExportPath('harbour', 'a+b@harbour.example', 'zip')).toContain('/mailboxes/a%2Bb%40harbour.example/');
});
