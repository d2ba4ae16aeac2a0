import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Health, HealthState } from '../../src/core/health-state.ts';
import { NO_HISTORY } from '../../src/core/history.ts';
import {
  mailDueAt,
  type NoticePlan,
  sameAlarmSince,
  staysSeen,
  type TellableLine,
} from '../../src/core/notice-schedule.ts';
import { noticeWords, type Telling } from '../../src/core/notice-words.ts';
import { outwardUrlProblem } from '../../src/core/outward-url.ts';
import { answerTo, stillStands, TIMELINE, type TimelineKind, urgencyOf } from '../../src/core/timeline.ts';
import { nextCallAt } from '../../src/core/webhook-schedule.ts';
import { webhookName } from '../../src/core/webhook-url.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2030, 0, 1);
const REAL = { occasion: 'real', standing: [] } as const;
const ASKED = { kind: 'asked', heard: 'begun' } as const;
const DOWN = { kind: 'down', heard: 'begun' } as const;
const TLS = { kind: 'tls-broken', heard: 'begun' } as const;

describe('urgencyOf', () => {
  it.each([
    ['a suspicion wakes nobody', 'suspect', { ...REAL, from: 'up' }, 'detail'],
    ['nor does its end', 'up', { ...REAL, from: 'suspect' }, 'detail'],
    ['unless somebody was asked in it', 'up', { ...REAL, from: 'suspect', standing: [ASKED] }, 'turn'],
    [
      'whose mail has not gone yet',
      'up',
      { ...REAL, from: 'suspect', standing: [{ ...ASKED, heard: 'never' }] },
      'detail',
    ],
    ['the end of an outage is told', 'up', { ...REAL, from: 'recovering' }, 'turn'],
    ['and of a refusal', 'up', { ...REAL, from: 'tls-broken', standing: [TLS] }, 'turn'],
    [
      'but not again while people believe in it',
      'up',
      { ...REAL, from: 'tls-broken', standing: [{ ...TLS, heard: 'over' }] },
      'detail',
    ],
    [
      'nor that of an outage that came back and was over before anybody was told',
      'up',
      { ...REAL, from: 'recovering', standing: [{ ...DOWN, heard: 'over' }] },
      'detail',
    ],
    [
      'an outage of which only the mailboxes were told has an end, too',
      'up',
      { ...REAL, from: 'recovering', standing: [{ ...DOWN, heard: 'never' }] },
      'turn',
    ],
    ['an alarm that comes back a moment after its end is the old one', 'asked', { ...REAL, isBack: true }, 'detail'],
    ['a webhook that fails is told', 'webhook-failed', REAL, 'turn'],
    ['once a day', 'webhook-failed', { ...REAL, isBack: true }, 'detail'],
    ['a failure alarms', 'down', { ...REAL, from: 'suspect' }, 'alarm'],
    ['also in a drill', 'down', { ...REAL, occasion: 'drill', from: 'up' }, 'alarm'],
    ['planned work does not', 'down', { ...REAL, occasion: 'maintenance', from: 'up' }, 'turn'],
    ['a failed canary finds the alarm standing', 'down', { ...REAL, from: 'recovering', standing: [DOWN] }, 'detail'],
    ['another alarm stands for itself', 'down', { ...REAL, from: 'tls-broken', standing: [TLS] }, 'alarm'],
    [
      'that the fault may be ours is told to those who were alarmed',
      'self-doubt',
      { ...REAL, standing: [DOWN] },
      'turn',
    ],
    ['and to nobody else', 'self-doubt', REAL, 'detail'],
    ['a slow server is no matter for the night', 'slowed', REAL, 'detail'],
  ] as const)('%s', (_, kind, context, urgency) => {
    expect(urgencyOf(kind, context)).toBe(urgency);
  });
});

describe('stillStands', () => {
  const probe = { nextAt: NOW, made: 0 };
  const healths: Readonly<Record<string, Health>> = {
    up: { state: 'up', since: NOW, history: NO_HISTORY, lookAt: undefined },
    suspect: { state: 'suspect', since: NOW, history: NO_HISTORY, probe, refusals: undefined, said: ['misconfigured'] },
    'tls-broken': { state: 'tls-broken', since: NOW, troubledSince: NOW, history: NO_HISTORY, probe, said: [] },
    down: {
      state: 'down',
      since: NOW,
      history: NO_HISTORY,
      cause: { kind: 'threshold', why: '', isPartial: false },
      probe,
      streak: undefined,
      relapses: 0,
      said: ['repair-waits'],
    },
  };
  const rows: readonly (readonly [TimelineKind, readonly HealthState[]])[] = [
    ['down', ['down']],
    ['tls-broken', ['tls-broken']],
    // The server changes its mind about why; it is one trouble.
    ['refused-us', ['tls-broken']],
    ['asked', ['suspect', 'tls-broken']],
    ['crossed', ['suspect', 'tls-broken']],
    ['repair-waits', ['down']],
    ['misconfigured', ['suspect']],
    ['resolver-failed', []],
    ['mailboxes-ready', []],
  ];
  it.each(rows)('%s stands while %j', (kind, states) => {
    expect(Object.keys(healths).filter((state) => healths[state] && stillStands(kind, healths[state]))).toEqual(states);
  });
});

const line: TellableLine = { urgency: 'alarm', mailedAt: undefined, acknowledgedAt: undefined, overAt: undefined };
const plan: NoticePlan = { repeatMs: 30 * MINUTE, mutedUntil: 0, quietUntil: 0 };

describe('mailDueAt', () => {
  const told = { ...line, mailedAt: NOW - MINUTE };
  it.each([
    ['an alarm is told at once', line, plan, NOW],
    ['and again after the interval', told, plan, NOW + 29 * MINUTE],
    ['not when it is not to be repeated', told, { ...plan, repeatMs: 0 }, undefined],
    ['not when somebody has seen it', { ...told, acknowledgedAt: NOW }, plan, undefined],
    ['not when it is over', { ...told, overAt: NOW }, plan, undefined],
    ['an alarm that begins while muted waits', line, { ...plan, mutedUntil: NOW + 5 }, NOW + 5],
    ['a repeat waits as well', told, { ...plan, mutedUntil: NOW + 90 * MINUTE }, NOW + 90 * MINUTE],
    ['one that is over by then is not told', { ...line, overAt: NOW }, { ...plan, mutedUntil: NOW + 5 }, undefined],
    ['planned work keeps alarms quiet', line, { ...plan, quietUntil: NOW + 7 }, NOW + 7],
    ['but not turns', { ...line, urgency: 'turn' }, { ...plan, quietUntil: NOW + 7 }, NOW],
    ['a turn is told once', { ...told, urgency: 'turn' }, plan, undefined],
    [
      'a turn while muted is old news afterwards',
      { ...line, urgency: 'turn' },
      { ...plan, mutedUntil: NOW + 5 },
      undefined,
    ],
    ['a detail is told to nobody', { ...line, urgency: 'detail' }, plan, undefined],
    [
      'one that is back after its end was told is told after half an hour, reminders or none',
      told,
      { ...plan, repeatMs: 0, endMailedAt: NOW },
      NOW + 29 * MINUTE,
    ],
    [
      'and after an hour, however seldom reminders are wanted',
      told,
      { ...plan, repeatMs: 1_440 * MINUTE, endMailedAt: NOW },
      NOW + 59 * MINUTE,
    ],
    [
      'an end before it is not its own',
      told,
      { ...plan, repeatMs: 60 * MINUTE, endMailedAt: NOW - 2 * MINUTE },
      NOW + 59 * MINUTE,
    ],
  ] as const)('%s', (_, given, during, due) => {
    expect(mailDueAt(given, during, NOW)).toBe(due);
  });

  it.each([
    ['half an hour without reminders', 0, 30],
    ['the interval', 10 * MINUTE, 10],
    ['never longer than an hour', 1_440 * MINUTE, 60],
  ] as const)('an alarm that ended so lately comes back as the same: %s', (_, repeatMs, minutes) => {
    expect(NOW - sameAlarmSince(NOW, repeatMs)).toBe(minutes * MINUTE);
  });

  it.each([
    ['seen, and nobody was told of an end', NOW, undefined, true],
    ['seen after that', NOW, NOW - 1, true],
    ['seen, and then told to be over', NOW, NOW + 1, false],
    ['never seen', undefined, undefined, false],
  ] as const)('what comes back is seen or not: %s', (_, acknowledgedAt, endMailedAt, isSeen) => {
    expect(staysSeen(acknowledgedAt, endMailedAt)).toBe(isSeen);
  });

  const happening = fc.record({
    afterMs: fc.integer({ min: 0, max: 20 * MINUTE }),
    what: fc.constantFrom('nothing', 'mute', 'unmute', 'acknowledge', 'end'),
    muteMs: fc.integer({ min: 1, max: 90 * MINUTE }),
  });
  const course = fc.record({
    repeatMs: fc.integer({ min: MINUTE, max: 60 * MINUTE }),
    happenings: fc.array(happening, { maxLength: 40 }),
  });

  it('an alarm is never mailed sooner than the interval, never while muted, never after its end or once it was seen', () => {
    fc.assert(
      fc.property(course, ({ repeatMs, happenings }) => {
        let [now, alarm, mutedUntil] = [NOW, line, 0];
        for (const { afterMs, what, muteMs } of happenings) {
          const end = now + afterMs;
          for (;;) {
            const due = mailDueAt(alarm, { repeatMs, mutedUntil, quietUntil: 0 }, now);
            if (due === undefined || due > end) break;
            const at = Math.max(due, now);
            expect(at).toBeGreaterThanOrEqual(mutedUntil);
            expect(alarm.overAt ?? alarm.acknowledgedAt).toBeUndefined();
            if (alarm.mailedAt !== undefined) expect(at - alarm.mailedAt).toBeGreaterThanOrEqual(repeatMs);
            alarm = { ...alarm, mailedAt: at };
            now = at;
          }
          now = end;
          if (what === 'mute') mutedUntil = now + muteMs;
          if (what === 'unmute') mutedUntil = 0;
          if (what === 'acknowledge') alarm = { ...alarm, acknowledgedAt: now };
          if (what === 'end') alarm = { ...alarm, overAt: now };
        }
      }),
    );
  });

  it('a mute ends by itself: an alarm that stands is mailed then, however it was muted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 * 1_440 }), (minutes) => {
        const mutedUntil = NOW + minutes * MINUTE;
        expect(mailDueAt(line, { ...plan, mutedUntil }, NOW)).toBe(mutedUntil);
        expect(mailDueAt(line, { ...plan, mutedUntil }, mutedUntil)).toBe(mutedUntil);
      }),
    );
  });
});

describe('noticeWords', () => {
  const telling: Telling = {
    kind: 'down',
    clientName: 'Harbour',
    occasion: 'real',
    when: '2030-01-01 00:00:00 UTC',
    words: 'suspect → down: nothing was taken for 90 s',
    evidence: ['451 4.3.2 try later'],
    links: [],
    repeatMinutes: 30,
  };

  it('a drill and planned work say so in the subject and first thing in the text', () => {
    expect(noticeWords(telling).subject).toBe('Harbour: the mail server is down');
    const drill = noticeWords({ ...telling, occasion: 'drill' });
    expect(drill.subject).toBe('Drill: Harbour: the mail server is down');
    expect(drill.text).toMatch(/^This is a drill/);
    expect(noticeWords({ ...telling, occasion: 'maintenance' }).subject).toMatch(/^Maintenance: /);
  });

  it('a reminder says since when, and what has happened since', () => {
    const since = [{ when: '2030-01-01 00:01:00 UTC', words: '40 mailboxes are open' }];
    const { subject, text } = noticeWords({ ...telling, reminder: { number: 2, since } });
    expect(subject).toBe('Reminder 2: Harbour: the mail server is down');
    expect(text).toContain('Since: 2030-01-01 00:00:00 UTC');
    expect(text).toContain('00:01:00 UTC: 40 mailboxes are open');
  });

  it('links come with their label, their life, and how to end the reminders', () => {
    const { text } = noticeWords({
      ...telling,
      links: [{ label: 'I have seen this', url: 'https://e.example/act/x' }],
    });
    expect(text).toContain('I have seen this:\nhttps://e.example/act/x');
    expect(text).toContain('24 hours');
    expect(text).toContain('every 30 minutes');
  });

  it('neither a name nor a reply can begin a line of its own', () => {
    const { subject, text } = noticeWords({ ...telling, clientName: 'Har\r\nBcc: x@y.example', words: 'a\r\n\r\nb' });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(text).toContain('What was seen: a b');
  });

  it.each(Object.keys(TIMELINE) as TimelineKind[])('%s has a subject and a meaning', (kind) => {
    const { subject, text } = noticeWords({ ...telling, kind });
    expect(subject.length).toBeLessThan(100);
    expect(text).toMatch(/\w+[.?]\n/);
  });

  it('only a question has an answer beside "seen"', () => {
    expect((Object.keys(TIMELINE) as TimelineKind[]).filter((kind) => answerTo(kind) !== undefined)).toEqual([
      'asked',
      'repair-waits',
    ]);
  });
});

describe('nextCallAt', () => {
  it('the gaps grow, and within about a day it is given up', () => {
    const gaps: number[] = [];
    for (let tries = 1; ; tries += 1) {
      const at = nextCallAt(tries, NOW);
      if (at === undefined) break;
      gaps.push(at - NOW);
    }
    expect(gaps).toEqual([...gaps].sort((one, other) => one - other));
    expect(gaps[0]).toBeLessThanOrEqual(10_000);
    const total = gaps.reduce((sum, gap) => sum + gap, 0);
    expect(total).toBeGreaterThan(23 * 60 * MINUTE);
    expect(total).toBeLessThanOrEqual(24 * 60 * MINUTE);
  });
});

describe('outwardUrlProblem', () => {
  const OUTSIDE = { allowPrivate: false, ownHosts: ['edge.breakwater.example'] };

  it.each([
    'http://hooks.example.org/x',
    'https://127.0.0.1/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
    'https://[::1]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://10.1.2.3/x',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/x',
    'https://intranet/x',
    'https://10.0.0.1.nip.io/x',
    'https://hooks.example.org:8080/x',
    'https://hooks.example.org:22/x',
    'https://Edge.Breakwater.example/ingest',
    'https://edge.breakwater.example./ingest',
    'https://edge.breakwater.example:8443/x',
    'https://anna:secret@hooks.example.org/x',
    'ftp://hooks.example.org/x',
    'hooks.example.org',
  ])('refuses %s, and says what to change', (url) => {
    const problem = outwardUrlProblem(url, OUTSIDE);
    expect(problem?.fix).toMatch(/\w/);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it.each(['https://hooks.example.org/x?y=z', 'https://hooks.example.org:8443/', 'https://hooks.example.org:443/'])(
    'takes %s',
    (url) => {
      expect(outwardUrlProblem(url, OUTSIDE)).toBeUndefined();
    },
  );

  it('on a developer’s machine loopback is as good as any', () => {
    expect(outwardUrlProblem('http://127.0.0.1:8080/x', { ...OUTSIDE, allowPrivate: true })).toBeUndefined();
  });

  it('what is named in a log holds no path, for there the secrets of chat services stand', () => {
    expect(webhookName('https://chat.example.org/services/T0/B0/secret')).toBe('chat.example.org');
  });
});
