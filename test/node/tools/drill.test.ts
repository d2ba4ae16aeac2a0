/** The drill's judgement: what arrived against what was sent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drillMessages } from '../../../tools/drill/corpus.ts';
import { type Figures, judgeDrill, type Observations } from '../../../tools/drill/figures.ts';
import { parseDrillFlags } from '../../../tools/drill/flags.ts';
import { type Expected, ratePerMinute, tally } from '../../../tools/drill/tally.ts';
import type { ReceivedMail } from '../../../tools/stack/mail-server.ts';
import { parseFlags } from '../../../tools/start/flags.ts';

const expected = (messageId: string): Expected => ({
  messageId,
  recipient: 'anna@harbour.example',
  copy: 'message',
  sha256: messageId,
});

const arrival = (messageId: string, change: Partial<ReceivedMail> = {}): ReceivedMail => ({
  at: 0,
  mailFrom: '',
  recipients: ['anna@harbour.example'],
  sizeBytes: 1,
  messageId,
  trace: [],
  sha256: messageId,
  ...change,
});

describe('the tally', () => {
  const all = ['1', '2', '3'].map(expected);
  const cases: readonly (readonly [string, readonly ReceivedMail[], object])[] = [
    ['all there', ['3', '1', '2'].map((id) => arrival(id)), { duplicated: 0, altered: 0, unknown: 0 }],
    ['one twice', ['1', '2', '3', '3'].map((id) => arrival(id)), { duplicated: 1, altered: 0, unknown: 0 }],
    [
      'one changed',
      [arrival('1'), arrival('2'), arrival('3', { sha256: 'x' })],
      { duplicated: 0, altered: 1, unknown: 0 },
    ],
    ['one nobody sent', ['1', '2', '3', '4'].map((id) => arrival(id)), { duplicated: 0, altered: 0, unknown: 1 }],
  ];
  it.each(cases)('sees %s', (_name, arrivals, seen) => {
    expect(tally(all, arrivals)).toEqual({ missing: [], ...seen });
  });

  it('tells a sent copy from the message', () => {
    const copy = arrival('1', { trace: ['X-Breakwater-Sent: yes\r\n'] });
    expect(tally([expected('1'), { ...expected('1'), copy: 'sent-copy' }], [arrival('1'), copy])).toEqual({
      missing: [],
      duplicated: 0,
      altered: 0,
      unknown: 0,
    });
    expect(tally([expected('1')], [copy])).toMatchObject({ missing: [expected('1')], unknown: 1 });
  });

  it('accounts for every arrival and every expectation', () => {
    const ids = fc.array(fc.constantFrom('1', '2', '3', '4', '5'));
    fc.assert(
      fc.property(ids, (arrived) => {
        const { missing, duplicated, unknown } = tally(
          all,
          arrived.map((id) => arrival(id)),
        );
        expect(all.length - missing.length + duplicated + unknown).toBe(arrived.length);
      }),
    );
  });

  it('measures a pace between the first and the last', () => {
    expect(ratePerMinute([{ at: 0 }, { at: 100 }, { at: 200 }])).toBe(600);
    expect(ratePerMinute([{ at: 0 }])).toBeUndefined();
  });
});

describe('the judgement', () => {
  const figures: Figures = {
    sent: 10,
    delivered: 4,
    spooled: 6,
    shown: 5,
    replayed: 7,
    sentCopies: 2,
    missing: 0,
    duplicated: 0,
    altered: 0,
    uncertain: 0,
    detectMs: 100,
    mailboxesReadyMs: 300,
    replayMs: 1_000,
    ratePerMinute: { configured: 600, measured: 600 },
  };
  const good: Observations = {
    figures,
    load: { turnedAway: 0, mostConnections: 4, limit: 4 },
    spooledBeforeRepair: 5,
    unknown: 0,
    answered: true,
    expected: { replayed: 7, sentCopies: 2 },
    outage: {
      detectedAtMs: 0,
      mailboxesReadyAtMs: 1,
      repairedAtMs: 2,
      closedAtMs: 3,
      received: 7,
      replayed: 7,
      quarantined: 0,
      rejectedByRule: 0,
      held: 0,
      sentCopies: 2,
      uncertain: 0,
      missing: 0,
      unexplained: 0,
    },
  };
  const broken = (change: Partial<Observations>) => judgeDrill({ ...good, ...change }).filter(({ kept }) => !kept);
  const withFigures = (change: Partial<Figures>) => broken({ figures: { ...figures, ...change } });

  it('is good when everything is', () => {
    expect(broken({})).toEqual([]);
  });

  const cases: readonly (readonly [string, Partial<Figures>])[] = [
    ['a missing message', { missing: 1 }],
    ['an altered message', { altered: 1 }],
    ['a duplicate nobody can explain', { duplicated: 1 }],
    ['a kept message nobody sees', { shown: 4 }],
    ['a webmail that opens too late', { mailboxesReadyMs: 60_001 }],
    ['a replay faster than it may be', { ratePerMinute: { configured: 60, measured: 540 } }],
    ['a sent copy that is not given back', { sentCopies: 1 }],
    ['an accepted message of which nothing is known', { delivered: 3 }],
  ];
  it.each(cases)('is broken by %s', (_name, change) => {
    expect(withFigures(change)).not.toEqual([]);
  });

  it('allows a duplicate for each attempt whose answer never came', () => {
    const outage = { ...good.outage, uncertain: 1 };
    expect(broken({ outage, figures: { ...figures, duplicated: 1, uncertain: 1 } })).toEqual([]);
  });

  it('is broken by a gateway that is asked for too much again and again', () => {
    expect(broken({ load: { turnedAway: 9, mostConnections: 4, limit: 4 } })).toHaveLength(1);
  });

  it('is broken by a report that does not add up', () => {
    expect(broken({ outage: { ...good.outage, received: 8 } })).toHaveLength(1);
    expect(broken({ outage: { ...good.outage, unexplained: 1 } })).toHaveLength(1);
  });
});

describe('the mail of the drill', () => {
  it('is unique, ends with a line end, and has no bare CR or LF', () => {
    const messages = drillMessages(40, ['anna@harbour.example', 'ben@harbour.example']);
    expect(new Set(messages.map(({ sha256 }) => sha256)).size).toBe(40);
    for (const { content } of messages) {
      const text = content.toString('latin1');
      expect(text.endsWith('\r\n')).toBe(true);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });
});

describe('the flags', () => {
  it.each([
    ['--http', '0'],
    ['--smtp', 'x'],
    ['--gateway', 'nowhere'],
    ['--seed', 'some'],
    ['--token', 'short'],
    ['--bogus', '1'],
    ['--http', '2525'],
  ])('of start refuse %s %s with words', (flag, value) => {
    expect(parseFlags([flag, value])).toMatchObject({ kind: 'wrong', problem: expect.stringMatching(/\w/) });
  });

  it('of start let a real server stand in', () => {
    expect(parseFlags(['--gateway', 'mail.harbour.example:25'])).toMatchObject({
      flags: { gateway: { kind: 'real', host: 'mail.harbour.example', port: 25 }, relay: { kind: 'demo' } },
    });
  });

  it.each([
    ['--messages', '1'],
    ['--accounts', '1'],
    ['--fault', 'flood'],
    ['--messages', '1e9'],
    ['--rate', '0'],
    ['--gateway-limit', 'few'],
  ])('of the drill refuse %s %s with words', (flag, value) => {
    expect(parseDrillFlags([flag, value])).toMatchObject({ kind: 'wrong', problem: expect.stringMatching(/\w/) });
  });

  it('of the drill want people to forget for a half-repaired gateway', () => {
    expect(parseDrillFlags(['--half-repaired', '--accounts', '4'])).toMatchObject({ kind: 'wrong' });
    expect(parseDrillFlags(['--half-repaired'])).toMatchObject({ flags: { halfRepaired: true, rate: 600 } });
  });
});
