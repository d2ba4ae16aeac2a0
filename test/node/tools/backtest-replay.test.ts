/** What other thresholds make of a record, and what counts as a failover for nothing. */
import { describe, expect, it } from 'vitest';
import { PROFILES, type Profile } from '../../../src/core/profiles.ts';
import type { Recorded } from '../../../src/core/record.ts';
import { knowledgeOf } from '../../../tools/backtest/knowledge.ts';
import { replay } from '../../../tools/backtest/replay.ts';
import { numbersOf, planOf } from '../../../tools/backtest/settings.ts';
import { isFalseFailover } from '../../../tools/backtest/verdict.ts';
import {
  ALIVE,
  at,
  every,
  failed,
  HOST,
  inOrder,
  MESSAGE,
  materialOf,
  probed,
  REFUSED_FOR_AN_HOUR,
  RESTART,
  SYSTEM,
  T,
  taken,
} from './backtest-record.ts';

function downsOf(record: readonly Recorded[], profile: Profile): readonly { after: number; lasted: number }[] {
  const { span, manner } = materialOf(record);
  return replay(record, planOf(numbersOf(PROFILES[profile]), manner), span).map(({ at: downAt, endedAt }) => ({
    after: (downAt - T) / 1_000,
    lasted: ((endedAt ?? span.to) - downAt) / 1_000,
  }));
}

describe('the replay of a record', () => {
  it.each<[string, readonly Recorded[], Readonly<Record<Profile, number>>]>([
    ['nothing recorded', [], { eager: 0, standard: 0, cautious: 0 }],
    ['one bad answer', [failed(0), taken(1)], { eager: 0, standard: 0, cautious: 0 }],
    ['an hour of refusals', REFUSED_FOR_AN_HOUR, { eager: 1, standard: 1, cautious: 1 }],
    ['a restart of 45 s', RESTART, { eager: 1, standard: 0, cautious: 0 }],
    [
      'two minutes and a half',
      inOrder(
        every(5, [0, 150], (second) => failed(second)),
        [taken(151), taken(170, 60)],
      ),
      { eager: 1, standard: 1, cautious: 0 },
    ],
    [
      'a poison message: only itself',
      inOrder(
        every(60, [0, 7_200], (second) => ({ ...failed(second, MESSAGE), message: 'one' }) as Recorded),
        every(60, [30, 7_230], (second) => taken(second, 6)),
      ),
      { eager: 0, standard: 0, cautious: 0 },
    ],
    [
      'a third of the mail for two hours',
      inOrder(
        every(30, [0, 7_200], (second) => failed(second, SYSTEM)),
        every(30, [15, 7_215], (second) => taken(second, 2)),
        every(30, [5, 7_205], (second) => probed(second, ALIVE)),
        every(30, [5, 7_205], (second) => probed(second, ALIVE)),
      ),
      { eager: 1, standard: 1, cautious: 0 },
    ],
  ])('%s', (_, record, expected) => {
    const found = { eager: 0, standard: 0, cautious: 0 };
    for (const profile of ['eager', 'standard', 'cautious'] as const)
      found[profile] = Math.min(1, downsOf(record, profile).length);
    expect(found).toEqual(expected);
  });

  it('is found sooner by the eager, and lasts until the record shows the repair', () => {
    const [eager, standard, cautious] = (['eager', 'standard', 'cautious'] as const).map(
      (profile) => downsOf(REFUSED_FOR_AN_HOUR, profile)[0],
    );
    expect(eager?.after).toBeLessThan(standard?.after ?? 0);
    expect(standard?.after).toBeLessThanOrEqual(120);
    expect(standard?.after).toBeLessThan(cautious?.after ?? 0);
    for (const down of [eager, standard, cautious]) {
      const repairedAfter = (down?.after ?? 0) + (down?.lasted ?? 0);
      expect(repairedAfter).toBeGreaterThan(3_600);
      expect(repairedAfter).toBeLessThan(3_600 + 240);
    }
  });

  it('finds the failure of a quiet client by the looks that were made at it', () => {
    const record = inOrder(
      every(30, [0, 3_600], (second) => probed(second, HOST)),
      [probed(3_650, ALIVE)],
    );
    expect(downsOf(record, 'standard')[0]?.after).toBeLessThanOrEqual(120);
  });

  it('hears each message past the limit of the record as one of its own', () => {
    const record = [
      failed(0, SYSTEM),
      failed(1, SYSTEM),
      failed(2, SYSTEM),
      failed(59, SYSTEM, 500),
      failed(61, SYSTEM),
    ];
    expect(downsOf(record, 'standard')).toHaveLength(1);
  });
});

describe('what a record knows', () => {
  const record = [failed(0), failed(10, MESSAGE), probed(20, HOST), taken(1_000), failed(9_000), probed(20_000, ALIVE)];

  it.each([
    ['before the first answer all was well', -500, 'yes'],
    ['a failure holds', 5, 'no'],
    ['one message that fails says nothing of the host', 15, 'no'],
    ['for five minutes', 319, 'no'],
    ['then the next answer counts', 321, 'yes'],
    ['silence after a success means that all was well', 8_999, 'yes'],
    ['until it fails again', 9_000, 'no'],
    ['a probe made about then goes before it', 19_990, 'yes'],
    ['also a failed one', 12, 'no'],
    ['after the last answer', 90_000, 'yes'],
  ] as const)('%s', (_, second, expected) => {
    expect(knowledgeOf(record).answerAt(at(second)).evidence.alive).toBe(expected);
  });
});

describe('a failover is false', () => {
  it.each<[string, readonly Recorded[], boolean]>([
    ['when a message is taken within a minute', [taken(30)], true],
    ['not when it is taken later', [taken(61)], false],
    ['not when only a probe is answered', [probed(30, ALIVE)], false],
    ['not when a full mailbox is all it speaks of', [{ ...taken(30), taken: 0 } as Recorded], false],
    [
      'not when more fail than are taken in the five minutes after it',
      [taken(30, 2), failed(100), failed(200, HOST, 2)],
      false,
    ],
    ['when as many are taken as fail', [taken(30), failed(100)], true],
    ['whatever comes after the five minutes', [taken(30), failed(301, HOST, 9)], true],
    ['whatever was before it', [failed(-1, HOST, 9), taken(1)], true],
    ['not when nothing is known', [], false],
  ])('%s', (_, record, expected) => {
    expect(isFalseFailover(T, record)).toBe(expected);
  });
});
