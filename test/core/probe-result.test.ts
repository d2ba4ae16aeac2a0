import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/core/evidence.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import {
  type AskedFor,
  judgeReplies,
  judgeTestMessage,
  probeFailed,
  takenOf,
  unproven,
  type Who,
} from '../../src/core/probe-result.ts';
import { parseReply, type Reply } from '../../src/core/reply.ts';

const TAKEN = '250 2.1.5 Recipient OK';
const UNKNOWN = '550 5.1.1 No such user';
const FULL = '452 4.2.2 Mailbox full';
const SYSTEM = '451 4.3.0 Database away';
const OUT_OF_ORDER = '550 5.3.0 Mail system is not working';

function reply(text: string): Reply {
  const parsed = parseReply(text);
  if (parsed === undefined) throw new Error(`not a reply: ${text}`);
  return parsed;
}

const asked = (who: Who, text: string): AskedFor => ({ who, reply: reply(text) });
const person = (text: string) => asked('person', text);
const postmaster = (text: string) => asked('postmaster', text);
const address = (text: string) => asked('address', text);

type Row = readonly [name: string, asked: readonly AskedFor[], kind: string, alive: Evidence['alive'], weight: number];

describe('a probe is judged by whom the gateway takes mail for', () => {
  test.each<Row>([
    ['a person is taken', [person(TAKEN)], 'taken', 'yes', 0],
    ['one has left, the next is taken', [person(UNKNOWN), person(TAKEN)], 'taken', 'yes', 0],
    ['the system fails one of them, the next is taken', [person(SYSTEM), person(TAKEN)], 'failed', 'partly', 0.25],
    ['one is full, the next is taken', [person(FULL), person(TAKEN)], 'taken', 'yes', 0],
    ['nobody is known, postmaster is taken', [postmaster(TAKEN)], 'taken', 'yes', 0],
    ['nobody is known, postmaster is refused', [postmaster(UNKNOWN)], 'refused', 'yes', 0],
    ['the client’s own address is taken', [address(TAKEN)], 'taken', 'yes', 0],
    ['the client’s own address, never taken before, is refused', [address(UNKNOWN)], 'refused', 'yes', 0],
    ['the only address that is asked, once known, is refused', [person(UNKNOWN)], 'refused', 'yes', 0],
    ['the only person may have left: postmaster is taken', [person(UNKNOWN), postmaster(TAKEN)], 'taken', 'yes', 0],
    [
      'the only person and postmaster are refused',
      [person(UNKNOWN), postmaster(UNKNOWN)],
      'refuses-people',
      'partly',
      0,
    ],
    [
      'a server that is back without its people takes postmaster all the same',
      [person(UNKNOWN), person(UNKNOWN), postmaster(TAKEN)],
      'refuses-people',
      'partly',
      0,
    ],
    [
      'all the people are refused',
      [person(UNKNOWN), person(UNKNOWN), person(UNKNOWN), postmaster(UNKNOWN)],
      'refuses-people',
      'partly',
      0,
    ],
    [
      'people are refused, and the system says that it is in trouble',
      [person(UNKNOWN), person(UNKNOWN), postmaster(SYSTEM)],
      'failed',
      'partly',
      0.25,
    ],
    ['the system is in trouble', [person(SYSTEM), postmaster(SYSTEM)], 'failed', 'partly', 0.25],
    ['a full mailbox is a server at work', [person(FULL), postmaster(UNKNOWN)], 'failed', 'yes', 0],
    ['a 5xx about the system itself judges nobody', [postmaster(OUT_OF_ORDER)], 'refused', 'partly', 0],
  ])('%s', (_name, replies, kind, alive, weight) => {
    const result = judgeReplies(replies);
    expect({ kind: result.kind, alive: result.evidence.alive, weight: result.evidence.weight }).toEqual({
      kind,
      alive,
      weight,
    });
  });

  test('in words that leave out who was asked for', () => {
    expect(judgeReplies([person(TAKEN)]).what).toBe(`takes mail for a person it knows: ${TAKEN}`);
    expect(judgeReplies([person(UNKNOWN), person(UNKNOWN), postmaster(TAKEN)]).what).toBe(
      `refuses 2 people it has taken mail for before: ${UNKNOWN}`,
    );
    expect(judgeReplies([postmaster(UNKNOWN)]).what).toBe(`answers, and refuses postmaster: ${UNKNOWN}`);
  });
});

describe('with a test message nothing less than its being taken is proof of life (R20):', () => {
  test.each<readonly [name: string, outcome: Outcome, kind: string, alive: Evidence['alive']]>([
    ['taken', { kind: 'delivered', reply: reply('250 2.0.0 Ok') }, 'taken', 'yes'],
    ['refused after the dot', { kind: 'refused', stage: 'dot', reply: reply('554 5.6.0 No') }, 'failed', 'partly'],
    [
      'put off by a server at work',
      { kind: 'deferred', cause: { kind: 'reply', stage: 'rcpt', reply: reply(FULL) } },
      'failed',
      'partly',
    ],
    ['never answered', { kind: 'uncertain', fault: { kind: 'timeout' } }, 'failed', 'partly'],
    [
      'lost on the way',
      { kind: 'deferred', cause: { kind: 'fault', stage: 'data', fault: { kind: 'lost' } } },
      'failed',
      'partly',
    ],
  ])('%s', (_name, outcome, kind, alive) => {
    const result = judgeTestMessage(outcome);
    expect([result.kind, result.evidence.alive]).toEqual([kind, alive]);
  });

  test('a refused RCPT before it is none', () => {
    expect(unproven(judgeReplies([address(UNKNOWN)])).evidence.alive).toBe('partly');
    expect(unproven(probeFailed({ kind: 'fault', stage: 'connect', fault: { kind: 'refused' } })).evidence.alive).toBe(
      'no',
    );
  });
});

test('only what was taken is called so', () => {
  expect(
    [[person(TAKEN)], [person(UNKNOWN), person(UNKNOWN)], [postmaster(UNKNOWN)], [person(SYSTEM)]]
      .map(judgeReplies)
      .map(takenOf),
  ).toEqual(['yes', 'refuses-people', 'no', 'no']);
});
