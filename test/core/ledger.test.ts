import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, type ReversePath } from '../../src/core/address.ts';
import { DEFAULT_EXPIRY } from '../../src/core/client.ts';
import type { HealthState } from '../../src/core/health-state.ts';
import type { ClientId, MessageId, OutageId } from '../../src/core/ids.ts';
import {
  type LedgerCounts,
  type LedgerEntry,
  lastingDelay,
  nothingWaits,
  outageReport,
  type Settlement,
  settle,
} from '../../src/core/ledger.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { retryAt } from '../../src/core/retry.ts';

const reply4 = (enhanced: string): Outcome => ({
  kind: 'deferred',
  cause: { kind: 'reply', stage: 'rcpt', reply: { code: 451, enhanced, text: 'later' } },
});
const lost: Outcome = { kind: 'uncertain', fault: { kind: 'lost' } };
const afterAttempt = (outcome: Outcome, row: Partial<LedgerEntry> = {}, state: HealthState = 'up'): Settlement =>
  settle(outcome, claimedRow(row), { ...CONTEXT, state });
const refused: Outcome = { kind: 'refused', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1', text: 'unknown' } };

const CONTEXT = { now: 40 * 86_400_000, expiry: DEFAULT_EXPIRY, hasRelay: true, areMailboxesOpen: false };

function claimedRow(parts: Partial<LedgerEntry>): LedgerEntry {
  const recipient = parseAddress('anna@harbour.example');
  if (recipient === undefined) throw new Error('an address is none');
  return {
    id: 'row' as MessageId,
    clientId: 'harbour' as ClientId,
    seq: 1,
    kind: 'inbound',
    state: 'sending',
    retryKey: 'key',
    reversePath: 'sender@world.example' as ReversePath,
    recipient,
    contentKey: 'raw/harbour/row',
    sizeBytes: 1,
    sha256: '',
    receivedAt: 0,
    origin: { helo: '', remoteIp: '' },
    summary: {
      subject: '',
      fromName: '',
      fromAddress: '',
      to: [],
      cc: [],
      preview: '',
      attachmentCount: 0,
      partCount: 1,
      shortfalls: [],
    },
    attempts: 1,
    nextAttemptAt: 0,
    detail: '',
    uncertainAttempts: 0,
    tries: 0,
    told: '',
    outageId: undefined,
    settledAt: undefined,
    ...parts,
  };
}

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
    expect(afterAttempt(outcome, {}, state)).toMatchObject(expected);
  });

  it("waiting for the gateway does not age a row, waiting for its recipient's mailbox does (P7)", () => {
    expect(afterAttempt(reply4('4.3.0'), { attempts: 9_999, tries: 9 })).toEqual(afterAttempt(reply4('4.3.0')));
    expect(afterAttempt(reply4('4.3.0'))).toMatchObject({ ages: false });
    expect(afterAttempt(reply4('4.2.2'), { tries: 0 })).toMatchObject({
      ages: true,
      nextAttemptAt: CONTEXT.now + 60_000,
    });
    expect(afterAttempt(reply4('4.2.2'), { tries: 9 })).toMatchObject({
      ages: true,
      nextAttemptAt: CONTEXT.now + 3_600_000,
    });
    expect(afterAttempt(lost)).toMatchObject({ ages: false });
    expect(afterAttempt(refused, {}, 'suspect')).toMatchObject({ ages: false });
  });

  it('the attempts that the gateway has cost do not put a row off for longer (P7)', () => {
    expect(afterAttempt(reply4('4.2.2'), { attempts: 500, tries: 0 })).toMatchObject({
      nextAttemptAt: CONTEXT.now + 60_000,
    });
    expect(afterAttempt(lost, { attempts: 500 })).toMatchObject({ nextAttemptAt: CONTEXT.now + 60_000 });
  });

  it('a mailbox that stays full for five days sends the message back; of an outage it is left to a person', () => {
    expect(afterAttempt(reply4('4.2.2'), { tries: 124 }).kind).toBe('waiting');
    const returned = afterAttempt(reply4('4.2.2'), { tries: 126 });
    expect(returned).toEqual({
      kind: 'expired',
      detail: '451 4.2.2 later (at RCPT); tried for 5 days, and returned to its sender',
    });
    const ofOutage = afterAttempt(reply4('4.2.2'), { tries: 126, outageId: 'outage' as OutageId });
    expect(ofOutage).toMatchObject({ kind: 'held', detail: expect.stringContaining('not returned: it belongs to an') });
    expect(afterAttempt(reply4('4.3.0'), { attempts: 9_999, tries: 999 }).kind).toBe('waiting');
  });

  it.each([
    ['a full mailbox', reply4('4.2.2'), 3, 'recipient'],
    ['trouble of the gateway', reply4('4.3.0'), 3, 'gateway'],
    ['the first connection lost after the dot', lost, 0, 'gateway'],
    ['the second', lost, 1, 'message'],
    ['a dot that is never answered', { kind: 'uncertain', fault: { kind: 'timeout' } }, 0, 'message'],
    ['a refusal by a server in doubt', refused, 0, 'message'],
  ] as const)('after %s it is delayed, with what is behind it or alone', (_, outcome, uncertainAttempts, delays) => {
    const settlement = afterAttempt(outcome, { uncertainAttempts }, 'suspect');
    expect(settlement.kind === 'waiting' && lastingDelay(outcome, settlement, { uncertainAttempts })).toBe(delays);
  });

  it('a message whose end is never answered is left to a person before its reader has a hundred of it', () => {
    expect(afterAttempt(lost, { uncertainAttempts: 8 }).kind).toBe('waiting');
    expect(afterAttempt(lost, { uncertainAttempts: 9 }).kind).toBe('held');
    expect(afterAttempt(lost, { uncertainAttempts: 0, attempts: 9_999 }).kind).toBe('waiting');
  });

  it('every settlement explains itself (P5)', () => {
    for (const [, outcome, state] of rows) expect(afterAttempt(outcome, {}, state).detail).not.toBe('');
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

  it('counts what a rule keeps from leaving among what was written and is held', () => {
    const none = { waiting: 0, sending: 0, delivered: 0, held: 0, quarantined: 0 };
    const outbound = { ...none, held: 1, quarantined: 2, delivered: 3 };
    const counts = { inbound: none, sentCopies: none, outbound, rejectedByRule: 0, uncertain: 0, unexplained: 0 };
    expect(outageReport(counts)).toMatchObject({ sentHeld: 3, sentToWorld: 3, addsUp: true });
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
