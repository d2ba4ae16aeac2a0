/** What the console says in each state, and what it lets a person type: tables. */
import { describe, expect, it } from 'vitest';
import type { Client, Status } from '../../src/web/console/api.ts';
import {
  actionWords,
  detailPairs,
  eventLook,
  hourLook,
  percentWords,
  weekOfHours,
} from '../../src/web/console/log-words.ts';
import { emptyDraft, readDraft, whenWords } from '../../src/web/console/maintenance-words.ts';
import { clientPath, parseRoute, SECTIONS } from '../../src/web/console/route.ts';
import { type Modes, openQuestion, severity, standing } from '../../src/web/console/state-words.ts';
import { inForce, meaning, readTyped, typedFrom } from '../../src/web/console/threshold-words.ts';
import { span, utcTime } from '../../src/web/shared/format.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const MODES: Modes = {
  failover: 'automatic',
  failback: 'automatic',
  whenRefused: 'keep',
  recovery: { probes: 3, spanSeconds: 60 },
};

type Health = Status['health'];

function status(health: Partial<Health>, outage: Status['outage'] = null): Status {
  return {
    health: {
      state: 'up',
      sinceMs: NOW,
      cause: null,
      aliveAtMs: null,
      nextProbeAtMs: null,
      goodProbesInARow: null,
      said: [],
      deferrals: [],
      ...health,
    },
    easing: null,
    maintenance: null,
    outage,
    spool: { waiting: 0, inMailboxes: 0, held: 0, uncertain: 0, quarantined: 0 },
    replay: { waiting: 0, replayed: 0, messagesPerMinute: 120 },
  };
}

const threshold = { kind: 'threshold', why: 'amount: 10 failures' } as const;
const declared = { kind: 'declared', by: 'anna@harbour.example', reason: 'new disks' } as const;
const modesOf = (change: Partial<Client>): Modes => ({ ...MODES, ...change });

describe('what is going on is said in every state, and what is being done about it', () => {
  it.each<readonly [string, Partial<Health>, Modes, RegExp]>([
    ['up', { state: 'up' }, MODES, /takes mail.*straight to it/],
    ['suspect, automatic', { state: 'suspect' }, MODES, /not taken some mail.*open by themselves/],
    ['suspect, ask', { state: 'suspect' }, modesOf({ failover: 'ask' }), /you are asked/],
    ['suspect, manual', { state: 'suspect' }, modesOf({ failover: 'manual' }), /only when you declare/],
    ['suspect, probed soon', { state: 'suspect', nextProbeAtMs: NOW + 5_000 }, MODES, /asked again in 5 s/],
    ['suspect, probed now', { state: 'suspect', nextProbeAtMs: NOW - 1 }, MODES, /asked just now/],
    ['tls-broken', { state: 'tls-broken' }, MODES, /TLS fails.*certificate.*stay closed/],
    [
      'refused-us',
      { state: 'refused-us' },
      modesOf({ whenRefused: 'failover' }),
      /let us in.*as for a server that is down/,
    ],
    ['down, found', { state: 'down', cause: threshold }, MODES, /is down Found by itself\. Amount.*by itself/],
    ['down, streak', { state: 'down', cause: threshold, goodProbesInARow: 1 }, MODES, /1 of 3 times/],
    ['down, hold', { state: 'down', cause: threshold }, modesOf({ failback: 'hold' }), /you are asked before/],
    [
      'down, declared',
      { state: 'down', cause: declared },
      MODES,
      /declared down.*anna@harbour\.example: new disks.*a person ends it/,
    ],
    ['drill', { state: 'down', cause: { ...declared, kind: 'drill' } }, MODES, /A drill/],
    [
      'planned',
      { state: 'down', cause: { kind: 'maintenance', title: 'Disks', until: NOW } },
      MODES,
      /Planned work.*Disks.*over/,
    ],
    ['recovering', { state: 'recovering', cause: threshold }, MODES, /answers again.*trial.*given back/],
  ])('%s', (_, health, modes, expected) => {
    const { title, detail, doing } = standing(status(health), modes, NOW);
    expect([title, detail, ...doing].join(' ')).toMatch(expected);
  });

  it('mailboxes are counted, and said to be opening before they are open', () => {
    const outage = {
      id: 'o',
      kind: 'threshold',
      cause: '',
      openedBy: [],
      closedBy: [],
      detectedAtMs: NOW,
      mailboxesReadyAtMs: null,
      mailboxes: null,
      repairedAtMs: null,
      closedAtMs: null,
    } as const;
    const doing = (change: object) =>
      standing(status({ state: 'down', cause: threshold }, { ...outage, ...change }), MODES, NOW).doing[0];
    expect(doing({})).toContain('being opened');
    expect(doing({ mailboxesReadyAtMs: NOW, mailboxes: 1 })).toContain('1 emergency mailbox,');
    expect(doing({ mailboxesReadyAtMs: NOW, mailboxes: 12 })).toContain('12 emergency mailboxes,');
  });
});

it.each<readonly [Partial<Health>, string | undefined]>([
  [{ state: 'suspect', said: ['asked'] }, 'failure'],
  [{ state: 'refused-us', said: ['asked'] }, 'failure'],
  [{ state: 'down', said: ['asked'] }, undefined],
  [{ state: 'down', said: ['repair-waits'] }, 'repair'],
  [{ state: 'recovering', said: ['repair-waits'] }, undefined],
  [{ state: 'suspect', said: ['crossed'] }, undefined],
])('a question is open only while its answer would change something: %j', (health, kind) => {
  expect(openQuestion(status(health))?.kind).toBe(kind);
});

it('trouble comes first in the list, and what nobody knows before what works', () => {
  const states = ['up', 'recovering', null, 'down', 'suspect', 'tls-broken'] as const;
  expect([...states].sort((a, b) => severity(b) - severity(a))).toEqual([
    'down',
    'recovering',
    'tls-broken',
    null,
    'suspect',
    'up',
  ]);
});

const STANDARD = {
  amount: 10,
  durationSeconds: 90,
  frequency: { deferrals: 20, perSeconds: 900, share: 0.2 },
  confirmSeconds: 60,
};

describe('numbers of one’s own', () => {
  it('what is left empty is the profile’s', () => {
    const read = readTyped({ ...typedFrom({}), amount: ' 4 ' }, STANDARD);
    expect(read).toEqual({ kind: 'read', own: { amount: 4 } });
    expect(read.kind === 'read' && inForce(read.own, STANDARD)).toEqual({ ...STANDARD, amount: 4 });
  });

  it('a part of the frequency brings the profile’s other parts along, for the API takes it whole', () => {
    const read = readTyped({ ...typedFrom({}), sharePercent: '50' }, STANDARD);
    expect(read).toEqual({ kind: 'read', own: { frequency: { deferrals: 20, perSeconds: 900, share: 0.5 } } });
  });

  it.each([
    ['amount', '0'],
    ['amount', 'ten'],
    ['durationSeconds', '86401'],
    ['sharePercent', '101'],
    ['confirmSeconds', '-1'],
  ] as const)('%s = %s is told at the field', (field, text) => {
    const read = readTyped({ ...typedFrom({}), [field]: text }, STANDARD);
    expect(read.kind === 'wrong' && read.errors[field]).toMatch(/^Enter .* to .*, or leave it empty/);
  });

  it('what is saved is what is shown, and what is shown can be saved', () => {
    const own = { amount: 3, frequency: { deferrals: 6, perSeconds: 120, share: 0.35 }, confirmSeconds: 0 };
    expect(readTyped(typedFrom(own), STANDARD)).toEqual({ kind: 'read', own });
  });

  it('every number is in the words', () => {
    const words = meaning(STANDARD).join('\n');
    for (const said of ['10 failures', '1 min 30 s', '15 min', '20 failures or 20 %', '1 min,'])
      expect(words).toContain(said);
  });
});

describe('planned work', () => {
  const draft = { ...emptyDraft('Europe/Berlin'), title: 'New disks!' };

  it('once and weekly are read into what the API takes', () => {
    const once = { ...draft, from: '2031-01-01T22:00', to: '2031-01-01T23:30' };
    expect(readDraft(once, [])).toEqual({
      kind: 'read',
      work: {
        id: 'new-disks',
        title: 'New disks!',
        timeZone: 'Europe/Berlin',
        meaning: 'keep',
        when: { kind: 'once', from: once.from, to: once.to },
      },
    });
    const weekly = readDraft({ ...draft, kind: 'weekly', weekdays: [7, 2] }, ['new-disks', 'new-disks-2']);
    expect(weekly).toMatchObject({
      work: { id: 'new-disks-3', when: { kind: 'weekly', weekdays: [2, 7], from: '02:00', minutes: 120 } },
    });
  });

  it.each([
    ['timeZone', { timeZone: 'Mars/Base', from: '2031-01-01T22:00', to: '2031-01-01T23:00' }],
    ['title', { title: ' ', from: '2031-01-01T22:00', to: '2031-01-01T23:00' }],
    ['from', { from: '', to: '2031-01-01T23:00' }],
    ['to', { from: '2031-01-01T22:00', to: '2031-01-01T22:00' }],
    ['weekdays', { kind: 'weekly', weekdays: [] }],
    ['clock', { kind: 'weekly', clock: '' }],
    ['minutes', { kind: 'weekly', minutes: '1441' }],
  ] as const)('what is wrong with %s is told there', (field, change) => {
    const read = readDraft({ ...draft, ...change }, []);
    expect(read.kind === 'wrong' && Object.keys(read.errors)).toEqual([field]);
  });

  it('a window is said with its place', () => {
    expect(whenWords({ kind: 'weekly', weekdays: [1, 7], from: '22:00', minutes: 90 }, 'Europe/Berlin')).toBe(
      'Every Monday, Sunday at 22:00 for 1 h 30 min (Europe/Berlin)',
    );
  });
});

it.each([
  [100, '100 %'],
  [99.987, '99.987 %'],
  [66.461, '66.5 %'],
])('%d percent are said as %s', (percent, words) => {
  expect(percentWords(percent)).toBe(words);
});

describe('logs', () => {
  it.each([
    [{ reason: 'new disks' }, [['reason', 'new disks']]],
    [{ probe: { firstSeconds: 2, address: null } }, [['probe', 'firstSeconds 2']]],
    [{ a: { b: { c: 1 } } }, [['a', 'b (c 1)']]],
    [[{ host: 'mail.harbour.example', port: 25 }], [['1', 'host mail.harbour.example, port 25']]],
    [{ windows: [] }, [['windows', 'none']]],
    ['text', []],
  ])('the detail %j is told in pairs', (detail, pairs) => {
    expect(detailPairs(detail)).toEqual(pairs);
  });

  it('what this page does not know yet goes by its own name', () => {
    expect([eventLook('brand-new').name, actionWords('brand-new')]).toEqual(['brand new', 'brand new']);
  });

  it('the week has every hour, whether something was heard in it or not', () => {
    const hour = Math.floor(NOW / 3_600_000) * 3_600_000;
    const hours = weekOfHours({ days: 7, to: NOW + 1_000, hours: [{ atMs: hour, delivered: 9, failing: 1 }] });
    expect(hours).toHaveLength(168);
    expect(hours.at(-1)).toEqual({ atMs: hour, delivered: 9, failing: 1 });
    expect(hours.filter(({ delivered, failing }) => delivered + failing > 0)).toHaveLength(1);
  });

  it.each([
    [0, 0, 'nothing asked', 0],
    [5, 0, '5 messages taken', 0],
    [3, 1, '3 taken, 1 failure', 0.25],
  ])('an hour with %d taken and %d failures', (delivered, failing, words, share) => {
    expect(hourLook({ delivered, failing })).toEqual({ words, share });
  });
});

it('every section has an address that leads back to it', () => {
  for (const section of SECTIONS)
    expect(parseRoute(clientPath('harbour', section))).toEqual({ kind: 'client', id: 'harbour', section });
  expect(parseRoute('/console')).toEqual({ kind: 'home' });
  for (const path of ['/console/x', '/console/c', '/console/c/a/b', '/console/c/a/now/x', '/mail'])
    expect(parseRoute(path)).toEqual({ kind: 'unknown' });
});

it.each([
  [0, '0 s'],
  [45_000, '45 s'],
  [90_000, '1 min 30 s'],
  [3_600_000, '1 h'],
  [3_605_000, '1 h'],
  [90_000_000, '1 day 1 h'],
  [172_800_000, '2 days'],
])('%d ms are %s', (ms, words) => {
  expect(span(ms)).toBe(words);
});

it('the time of the servers is written as their logs have it', () => {
  expect(utcTime(NOW)).toBe('2030-01-01 12:00:00 UTC');
});
