import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LedgerCounts, nothingWaits, outageReport, type Settlement, settle } from '../../src/core/ledger.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { retryAt } from '../../src/core/retry.ts';

const reply4 = (enhanced: string): Outcome => ({
  kind: 'deferred',
  cause: { kind: 'reply', stage: 'rcpt', reply: { code: 451, enhanced, text: 'later' } },
});
const refused: Outcome = { kind: 'refused', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1', text: 'unknown' } };

describe('a row after an attempt', () => {
  const rows: readonly (readonly [string, Outcome, 'up' | 'suspect' | 'recovering', Partial<Settlement>])[] = [
    [
      '2xx settles it',
      { kind: 'delivered', reply: { code: 250, text: 'queued' } },
      'up',
      { kind: 'delivered', detail: '250 queued' },
    ],
    ['5xx while up is held for a person, never bounced', refused, 'up', { kind: 'held' }],
    ['5xx while suspect is asked again', refused, 'suspect', { kind: 'waiting', delays: 'message' }],
    [
      '5xx in the canary is asked again: a server just repaired answers false ones',
      refused,
      'recovering',
      { kind: 'waiting', delays: 'message' },
    ],
    [
      '530 to MAIL is about our login',
      { kind: 'refused', stage: 'mail', reply: { code: 530, text: 'log in' } },
      'up',
      { kind: 'waiting', delays: 'gateway' },
    ],
    ['a full mailbox delays its recipient', reply4('4.2.2'), 'up', { kind: 'waiting', delays: 'recipient' }],
    ['a broken server delays the lane', reply4('4.3.0'), 'up', { kind: 'waiting', delays: 'gateway' }],
    [
      'lost after the dot is uncertain and goes again',
      { kind: 'uncertain', fault: { kind: 'lost' } },
      'up',
      { kind: 'waiting', uncertain: true },
    ],
  ];

  it.each(rows)('%s', (_, outcome, state, expected) => {
    expect(settle(outcome, { now: 0, attempts: 1, state })).toMatchObject(expected);
  });

  it("waiting for the gateway does not age a row, waiting for its recipient's mailbox does (P7)", () => {
    const at = (outcome: Outcome, attempts: number) => {
      const settlement = settle(outcome, { now: 0, attempts, state: 'up' });
      return settlement.kind === 'waiting' ? settlement.nextAttemptAt : undefined;
    };
    expect(at(reply4('4.3.0'), 9)).toBe(at(reply4('4.3.0'), 1));
    expect(at(reply4('4.2.2'), 9)).toBeGreaterThan(at(reply4('4.2.2'), 1) ?? Number.POSITIVE_INFINITY);
  });

  it('a mailbox that stays full is left to a person after five days, and keeps no outage open', () => {
    expect(settle(reply4('4.2.2'), { now: 0, attempts: 124, state: 'up' }).kind).toBe('waiting');
    expect(settle(reply4('4.2.2'), { now: 0, attempts: 125, state: 'up' }).kind).toBe('held');
    expect(settle(reply4('4.3.0'), { now: 0, attempts: 9_999, state: 'up' }).kind).toBe('waiting');
  });

  it('a message whose end is never answered is left to a person before its reader has a hundred of it', () => {
    const lost: Outcome = { kind: 'uncertain', fault: { kind: 'lost' } };
    expect(settle(lost, { now: 0, attempts: 9, state: 'up' }).kind).toBe('waiting');
    expect(settle(lost, { now: 0, attempts: 10, state: 'up' }).kind).toBe('held');
  });

  it('every settlement explains itself (P5)', () => {
    for (const [, outcome, state] of rows) expect(settle(outcome, { now: 0, attempts: 1, state }).detail).not.toBe('');
  });
});

describe('retryAt', () => {
  it('grows to an hour and never ends', () => {
    const gaps = Array.from({ length: 50 }, (_, n) => retryAt(n + 1, 0));
    expect(gaps[0]).toBe(60_000);
    expect(gaps.at(-1)).toBe(3_600_000);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  });
});

const count = fc.nat({ max: 1_000 });
const states = fc.record({ waiting: count, sending: count, delivered: count, held: count, quarantined: count });
const sound = fc.record({
  inbound: states,
  sentCopies: states,
  outbound: states,
  rejectedByRule: count,
  uncertain: count,
  unexplained: fc.constant(0),
});

describe('the outage report', () => {
  it('adds up: received = replayed + quarantined + rejected + held + waiting (P5)', () => {
    fc.assert(
      fc.property(sound, (counts) => {
        const report = outageReport(counts);
        expect(report.received).toBe(
          report.replayed + report.quarantined + report.rejectedByRule + report.held + report.waiting,
        );
        expect(report.addsUp).toBe(true);
      }),
    );
  });

  it('says so when a mailbox shows a message the ledger has lost', () => {
    const none = { waiting: 0, sending: 0, delivered: 0, held: 0, quarantined: 0 };
    const counts: LedgerCounts = {
      inbound: { ...none, delivered: 9 },
      sentCopies: none,
      outbound: none,
      rejectedByRule: 0,
      uncertain: 0,
      unexplained: 0,
      shown: 10,
    };
    expect(outageReport(counts)).toMatchObject({ received: 10, replayed: 9, missing: 1, addsUp: false });
  });

  it('does not close while anything waits', () => {
    fc.assert(
      fc.property(sound, (counts) => {
        const waiting = [counts.inbound, counts.sentCopies, counts.outbound].reduce(
          (sum, kind) => sum + kind.waiting + kind.sending,
          0,
        );
        expect(nothingWaits(counts)).toBe(waiting === 0);
      }),
    );
  });
});
