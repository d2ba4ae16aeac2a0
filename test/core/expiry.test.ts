import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReversePath } from '../../src/core/address.ts';
import { DEFAULT_EXPIRY } from '../../src/core/client.ts';
import { ageMs, type Course, courseOf, expiresAt, inWords, type Returnable } from '../../src/core/expiry.ts';
import type { OutageId } from '../../src/core/ids.ts';
import { describeOutcome, type Outcome } from '../../src/core/outcome.ts';
import { retryAt, waitedMs } from '../../src/core/retry.ts';
import { lastWordOf, returnWords, statusOf } from '../../src/core/return-words.ts';

const DAY = 86_400_000;
const NOW = 40 * DAY;
const CONTEXT = { now: NOW, expiry: DEFAULT_EXPIRY, hasRelay: true, areMailboxesOpen: false };
const WITH_NOTICE = { ...CONTEXT, expiry: { ...DEFAULT_EXPIRY, delayNoticeAfterMs: 4 * 3_600_000 } };
// 126 steps: six in the first 63 minutes, then 119 of an hour.
const SPENT = 126;
const OF_OUTAGE = 'outage' as OutageId;

const row = (parts: Partial<Returnable> = {}): Returnable => ({
  kind: 'inbound',
  reversePath: 'sender@world.example' as ReversePath,
  tries: 1,
  receivedAt: 0,
  outageId: undefined,
  told: '',
  isAutomatic: false,
  ...parts,
});

describe('a row that its recipient keeps from being delivered', () => {
  const cases: readonly (readonly [string, Partial<Returnable>, Partial<typeof CONTEXT>, Course['kind']])[] = [
    ['waits at first', {}, {}, 'wait'],
    ['waits just before the fifth day is over', { tries: 125 }, {}, 'wait'],
    ['goes back after five days', { tries: SPENT }, {}, 'return'],
    ['goes back though word of the delay went before', { tries: SPENT, told: 'delay' }, {}, 'return'],
    [
      'waits when its tries were hurried and no five days have passed',
      { tries: SPENT, receivedAt: NOW - DAY },
      {},
      'wait',
    ],
    ['is held when it belongs to an outage', { tries: SPENT, outageId: OF_OUTAGE }, {}, 'hold'],
    ['is held when its sender is <>', { tries: SPENT, reversePath: '' as ReversePath }, {}, 'hold'],
    [
      'is held when a mailer-daemon sent it',
      { tries: SPENT, reversePath: 'MAILER-DAEMON@w.example' as ReversePath },
      {},
      'hold',
    ],
    ['is held when its sender is no address', { tries: SPENT, reversePath: 'nobody' as ReversePath }, {}, 'hold'],
    ['is held when a machine says that it wrote it', { tries: SPENT, isAutomatic: true }, {}, 'hold'],
    ['is held when a person had it in hand', { tries: SPENT, told: 'person' }, {}, 'hold'],
    ['is held when it was written here', { tries: SPENT, kind: 'outbound' }, {}, 'hold'],
    ['is held when it is a copy for the record', { tries: SPENT, kind: 'sent-copy' }, {}, 'hold'],
    ['is held when there is no relay', { tries: SPENT }, { hasRelay: false }, 'hold'],
    ['is not told of unless the client wants it', { tries: 20 }, {}, 'wait'],
  ];
  it.each(cases)('%s', (_, parts, context, kind) => {
    expect(courseOf(row(parts), { ...CONTEXT, ...context }).kind).toBe(kind);
  });

  const notices: readonly (readonly [string, Partial<Returnable>, Partial<typeof CONTEXT>, Course['kind']])[] = [
    ['not before its time', { tries: 9 }, {}, 'wait'],
    ['when its time has come', { tries: 10 }, {}, 'tell-of-delay'],
    ['once', { tries: 20, told: 'delay' }, {}, 'wait'],
    ['not while the first word is still to be written', { tries: 20, told: 'due' }, {}, 'wait'],
    ['not while people can read their mail', { tries: 20 }, { areMailboxesOpen: true }, 'wait'],
    ['not of what is in a mailbox', { tries: 20, outageId: OF_OUTAGE }, {}, 'wait'],
    ['not to <>', { tries: 20, reversePath: '' as ReversePath }, {}, 'wait'],
    ['not without a relay', { tries: 20 }, { hasRelay: false }, 'wait'],
  ];
  it.each(notices)('is told of: %s', (_, parts, context, kind) => {
    expect(courseOf(row(parts), { ...WITH_NOTICE, ...context }).kind).toBe(kind);
  });

  it('says why it is held', () => {
    for (const [, parts, context, kind] of cases) {
      const course = courseOf(row(parts), { ...CONTEXT, ...context });
      if (kind === 'hold') expect(course).toMatchObject({ why: expect.stringMatching(/^\w.{10,}$/) });
    }
  });
});

/** What can happen to a row: its own trouble, or time that somebody else costs it. */
type Event = { readonly kind: 'own' } | { readonly kind: 'else'; readonly ms: number };
const history = fc.array(
  fc.oneof(
    fc.constant<Event>({ kind: 'own' }),
    fc.record({ kind: fc.constant('else' as const), ms: fc.nat({ max: 30 * DAY }) }),
  ),
  { maxLength: 300 },
);

/** Plays it: after a try of its own the row waits its step; a pause, an outage, the gateway's trouble only lets time pass. */
function play(events: readonly Event[]) {
  let [now, tries, ownWaitMs, pendingMs] = [0, 0, 0, 0];
  for (const event of events) {
    if (event.kind === 'else') {
      now += event.ms;
      continue;
    }
    ownWaitMs += pendingMs;
    now += pendingMs;
    tries += 1;
    pendingMs = retryAt(tries, now) - now;
  }
  return { now, tries, ownWaitMs };
}

describe('the age of a row', () => {
  it('is the sum of its own waits, whatever pauses, outages and gateway failures come between (P7)', () => {
    fc.assert(
      fc.property(history, (events) => {
        const { now, tries, ownWaitMs } = play(events);
        expect(ageMs({ tries, receivedAt: 0 }, now)).toBe(ownWaitMs);
      }),
    );
  });

  it('never exceeds the time since it came, however it was hurried', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000 }), fc.nat(), (tries, passedMs) => {
        expect(ageMs({ tries, receivedAt: NOW }, NOW + passedMs)).toBeLessThanOrEqual(passedMs);
      }),
    );
  });

  it('never sends back what belongs to an outage, nor anything to <>', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), fc.boolean(), (tries, isOfOutage) => {
        const spared = isOfOutage ? { outageId: OF_OUTAGE } : { reversePath: '' as ReversePath };
        expect(['wait', 'hold']).toContain(courseOf(row({ tries, ...spared }), WITH_NOTICE).kind);
      }),
    );
  });

  it('comes to its end after the time set, and within an hour of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 720 }), (hours) => {
        const expiry = { afterMs: hours * 3_600_000 };
        const last = Array.from({ length: 800 }, (_, index) => index + 1).find(
          (tries) => courseOf(row({ tries }), { ...CONTEXT, now: 100 * DAY, expiry }).kind === 'return',
        );
        expect(waitedMs(last ?? 0)).toBeGreaterThanOrEqual(expiry.afterMs);
        expect(waitedMs(last ?? 0)).toBeLessThan(expiry.afterMs + 3_600_000);
      }),
    );
  });
});

it('says when the tries end', () => {
  expect(expiresAt({ tries: 2, receivedAt: 0 }, DEFAULT_EXPIRY, NOW)).toBe(NOW + 5 * DAY - 60_000);
  expect(expiresAt({ tries: 999, receivedAt: 0 }, DEFAULT_EXPIRY, NOW)).toBe(NOW);
});

it.each([
  [5 * DAY, '5 days'],
  [30 * 3_600_000, '30 hours'],
  [DAY, '24 hours'],
  [3_600_000, 'an hour'],
])('%d ms are %s', (ms, words) => {
  expect(inWords(ms)).toBe(words);
});

describe('what a sender is told of the last try', () => {
  const rcpt = (code: number, text: string, enhanced?: string): Outcome => ({
    kind: 'deferred',
    cause: { kind: 'reply', stage: 'rcpt', reply: { code, text, ...(enhanced === undefined ? {} : { enhanced }) } },
  });
  const lost: Outcome = { kind: 'deferred', cause: { kind: 'fault', stage: 'data', fault: { kind: 'lost' } } };

  it.each<readonly [Outcome, string, string]>([
    [rcpt(452, 'Mailbox full', '4.2.2'), '452 4.2.2 Mailbox full', '4.2.2'],
    [rcpt(450, 'busy (at noon)'), '450 busy (at noon)', '4.4.7'],
    [rcpt(450, 'no such user', '5.1.1'), '450 5.1.1 no such user', '4.4.7'],
    [lost, 'connection lost (at DATA)', '4.4.7'],
  ])('%# is its own words and a status of class 4', (outcome, words, status) => {
    for (const tail of ['', '; tried for 5 days, and returned to its sender']) {
      const lastWord = lastWordOf(`${describeOutcome(outcome)}${tail}`);
      expect([lastWord.words, statusOf(lastWord)]).toEqual([words, status]);
    }
  });

  it('says whether it failed or is late, why, and what to do', () => {
    const story = {
      recipient: 'anna@harbour.example',
      subject: 'The tide',
      received: 'Monday',
      lastTried: 'Saturday',
      triedForMs: 5 * DAY + 180_000,
      retriedUntil: 'Sunday',
      lastWord: '452 4.2.2 Mailbox full',
      mayHaveArrived: false,
    };
    const failed = returnWords({ ...story, kind: 'failed' });
    expect(failed.subject).toBe('Not delivered: your message to anna@harbour.example');
    for (const words of [
      'could not be delivered',
      'put it off for 5 days',
      '452 4.2.2 Mailbox full',
      'The tide',
      'Monday',
    ])
      expect(failed.text).toContain(words);
    expect(failed.text).not.toMatch(/Sunday|may have arrived/);
    const delayed = returnWords({ ...story, kind: 'delayed', mayHaveArrived: true });
    for (const words of ['not been delivered yet', 'Tried until: Sunday', 'may have arrived', 'Do not send'])
      expect(delayed.text).toContain(words);
  });
});
