/** The judgement of the proof must be able to fail: needs no servers. */
import { describe, expect, it } from 'vitest';
import type { DrillMessage } from '../../tools/drill/corpus.ts';
import type { Delivered } from '../../tools/stack/real/maildir.ts';
import { judge } from './judge.ts';

const sent = (name: string, recipient = 'anna'): DrillMessage => ({
  messageId: name,
  mailFrom: '',
  recipient: `${recipient}@harbour.example`,
  subject: name,
  content: Buffer.alloc(0),
  sha256: name,
});

const arrived = (name: string, change: Partial<Delivered> = {}): Delivered => ({
  mailbox: 'anna',
  folder: '',
  isSeen: false,
  queueId: `q-${name}`,
  traceId: `harbour/${name}`,
  trace: [],
  sha256: name,
  raw: Buffer.alloc(0),
  ...change,
});

const GOOD = { lost: [], altered: 0, duplicated: [], repeatedByServer: 0, outOfOrder: [] };
const MAIL = ['1', '2', '3'].map((name) => sent(name));

describe('the judgement', () => {
  it.each([
    ['all as it was sent', ['1', '2', '3'].map((name) => arrived(name)), {}],
    ['one that is nowhere', ['1', '3'].map((name) => arrived(name)), { lost: [1] }],
    [
      'one whose bytes are others',
      [arrived('1'), arrived('2', { sha256: 'x' }), arrived('3')],
      { lost: [1], altered: 1 },
    ],
    [
      'one that was received twice',
      [arrived('1'), arrived('2'), arrived('3'), arrived('1', { queueId: 'q-later' })],
      { duplicated: ['harbour/1'] },
    ],
    [
      'one that the server itself delivered twice',
      [arrived('1'), arrived('1'), arrived('2'), arrived('3')],
      { repeatedByServer: 1 },
    ],
    ['a younger one that came first', [arrived('2'), arrived('1'), arrived('3')], { outOfOrder: ['anna: 1 before 0'] }],
    [
      'one in the mailbox of somebody else',
      [arrived('1'), arrived('2'), arrived('3', { mailbox: 'ben' })],
      { lost: [2], altered: 1 },
    ],
  ])('sees %s', (_name, delivered, seen) => {
    expect(judge(MAIL, delivered)).toEqual({ ...GOOD, ...seen });
  });

  it('holds each recipient to an order of their own', () => {
    const mail = [sent('1'), sent('2', 'ben'), sent('3')];
    expect(judge(mail, [arrived('2', { mailbox: 'ben' }), arrived('1'), arrived('3')])).toEqual(GOOD);
  });
});
