/** What the version before gateways were chosen and planned work was known has stored, and how it is read. */
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_CHOICE,
  DEFAULT_EXPIRY,
  DEFAULT_NOTICE_REPEAT_MS,
  DEFAULT_OUTBOUND,
  DEFAULT_PREFLIGHT,
  DEFAULT_PROBE,
} from '../../src/core/client.ts';
import { DEFAULT_FILTER_PLAN } from '../../src/core/filter-plan.ts';
import { advance, judgementDueAt, probeDueAt } from '../../src/core/health.ts';
import type { Health, HealthEvent } from '../../src/core/health-state.ts';
import { PROFILES } from '../../src/core/profiles.ts';
import { healthOf, type StoredHealth, snapshotOf } from '../../src/core/stored.ts';
import { NO_TALLY } from '../../src/core/thresholds.ts';
import { EARLIER_HEALTH, EARLIER_SNAPSHOT, EARLIER_T, EARLIER_TALLY } from '../support/earlier-version.ts';

const MINUTE_MS = 60_000;
const plan = snapshotOf(EARLIER_SNAPSHOT);
const read = (stored: StoredHealth) => healthOf(JSON.parse(JSON.stringify(stored)), plan.probe);

describe('a snapshot', () => {
  it('gets what a client has that has set nothing', () => {
    const { rules: _, ...earlier } = EARLIER_SNAPSHOT;
    expect(plan).toEqual({
      ...earlier,
      thresholds: {
        amount: 12,
        durationMs: 120_000,
        frequency: { deferrals: 20, perMs: 900_000, share: PROFILES.standard.frequency.share },
        confirmMs: PROFILES.standard.confirmMs,
      },
      probe: { firstMs: 4_000, capMs: 30_000, idleMs: DEFAULT_PROBE.idleMs, testMessage: false },
      replay: { messagesPerMinute: EARLIER_SNAPSHOT.replay.messagesPerMinute, connections: 4, start: 'automatic' },
      filter: {
        ...DEFAULT_FILTER_PLAN,
        rules: [
          {
            id: 'r1',
            name: 'not wanted',
            isOn: true,
            when: { kind: 'address', of: 'sender', matches: ['@spam.example'] },
            then: { kind: 'reject', text: 'not wanted' },
          },
          {
            id: 'r2',
            name: 'nobody reads it',
            isOn: true,
            when: { kind: 'address', of: 'recipient', matches: ['old@harbour.example'] },
            then: { kind: 'discard' },
          },
        ],
      },
      expiry: DEFAULT_EXPIRY,
      outbound: DEFAULT_OUTBOUND,
      dkim: [],
      preflight: DEFAULT_PREFLIGHT,
      failover: 'automatic',
      whenRefused: 'keep',
      maintenance: [],
      choice: DEFAULT_CHOICE,
      webhooks: [],
      noticeRepeatMs: DEFAULT_NOTICE_REPEAT_MS,
    });
  });

  it('of today is read as it is', () => {
    const today = {
      ...plan,
      thresholds: PROFILES.eager,
      probe: { ...plan.probe, idleMs: 0, testMessage: true, address: 'probe@harbour.example' },
      failover: 'ask',
      whenRefused: 'failover',
      choice: { health: 1, capacity: 0, roundTrip: 0, distance: 0 },
      noticeRepeatMs: 0,
      systemTokenHash: 'ab',
    } as const;
    expect(snapshotOf(today)).toEqual(today);
  });
});

describe('health', () => {
  it.each<[string, StoredHealth, object]>([
    ['up', EARLIER_HEALTH.up, { state: 'up', lookAt: EARLIER_T + DEFAULT_PROBE.idleMs }],
    ['up, never heard of', EARLIER_HEALTH.upUnheard, { state: 'up', lookAt: EARLIER_T - 9_000 + DEFAULT_PROBE.idleMs }],
    ['suspect', EARLIER_HEALTH.suspect, { state: 'suspect', said: [], probe: { nextAt: EARLIER_T + 4_000, made: 1 } }],
    ['suspect, and not let in', EARLIER_HEALTH.refused, { state: 'suspect', said: [] }],
    [
      'down by a threshold',
      EARLIER_HEALTH.down,
      { state: 'down', cause: { kind: 'threshold', why: 'amount', isPartial: false }, relapses: 0, said: [] },
    ],
    [
      'down by a person',
      EARLIER_HEALTH.declared,
      { state: 'down', cause: { kind: 'declared', by: 'operator', reason: 'fire' }, relapses: 0, said: [] },
    ],
    [
      'recovering',
      EARLIER_HEALTH.recovering,
      { state: 'recovering', cause: { kind: 'threshold', why: 'amount', isPartial: false }, relapses: 0 },
    ],
  ])('%s: is read in today’s shape, its numbers are counted anew', (_, stored, expected) => {
    const health = read(stored);
    expect(health).toMatchObject({ since: stored.since, ...expected });
    expect(health.history.tally).toEqual(NO_TALLY);
    expect(health.history.deferrals).toEqual(stored.history.deferrals);
  });

  it.each(Object.entries(EARLIER_HEALTH))('%s: whatever happens next, every due-time is a time', (_, stored) => {
    const events: readonly HealthEvent[] = [
      { kind: 'time-passed' },
      { kind: 'outcome', from: 'a', evidence: ALIVE, what: 'taken' },
      { kind: 'outcome', from: 'b', evidence: DEAD, what: 'connection refused' },
      { kind: 'probe', evidence: ALIVE, what: 'taken', taken: 'yes' },
      { kind: 'probe', evidence: DEAD, what: 'connection refused' },
      { kind: 'canary-failed', what: 'connection refused' },
      { kind: 'declared-repair', by: 'operator', reason: 'done' },
    ];
    for (const event of events) {
      const { health } = advance(read(stored), event, plan, { at: EARLIER_T + MINUTE_MS, jitter: 0 });
      for (const dueAt of [probeDueAt(health), judgementDueAt(health, plan)])
        expect(dueAt ?? 0, event.kind).toSatisfy(Number.isFinite);
    }
  });

  it('a dead gateway is found by way of each of them that still delivers', () => {
    for (const stored of [EARLIER_HEALTH.up, EARLIER_HEALTH.suspect, EARLIER_HEALTH.refused]) {
      let health: Health = read(stored);
      for (let probes = 0; health.state !== 'down' && probes < 50; probes += 1) {
        const at = Math.min(
          probeDueAt(health) ?? Number.POSITIVE_INFINITY,
          judgementDueAt(health, plan) ?? Number.POSITIVE_INFINITY,
        );
        const event: HealthEvent =
          at === probeDueAt(health)
            ? { kind: 'probe', evidence: DEAD, what: 'connection refused' }
            : { kind: 'time-passed' };
        health = advance(health, event, plan, { at, jitter: 0 }).health;
      }
      expect(health.state).toBe('down');
    }
  });

  it('refusals of before this state knew its beginning began with it', () => {
    const { history, probe } = EARLIER_HEALTH.suspect;
    const barred = { state: 'tls-broken', since: EARLIER_T, history, probe } as const;
    expect(read(barred)).toMatchObject({ troubledSince: EARLIER_T, said: [] });
  });

  it('of today is read as it is', () => {
    const failing = advance(
      read(EARLIER_HEALTH.up),
      { kind: 'outcome', from: 'b', evidence: DEAD, what: 'refused' },
      plan,
      {
        at: EARLIER_T,
        jitter: 0,
      },
    ).health;
    expect(failing.history.tally.run).toBeDefined();
    expect(read(failing)).toEqual(failing);
    // Who wants no looking at a quiet gateway gets none.
    const quiet = { ...EARLIER_HEALTH.up, lookAt: undefined };
    expect(healthOf(quiet, { idleMs: 0 })).toMatchObject({ lookAt: undefined });
  });

  it('half an old tally is an old one', () => {
    const mixed = { ...EARLIER_HEALTH.up, history: { deferrals: [], tally: { slices: EARLIER_TALLY.slices } } };
    expect(read(mixed).history.tally).toEqual(NO_TALLY);
  });
});

const ALIVE = { scope: 'none', weight: 0, alive: 'yes' } as const;
const DEAD = { scope: 'host', weight: 1, alive: 'no' } as const;
