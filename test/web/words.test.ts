import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { EMPTY_DRAFT } from '../../src/web/mail/answer.ts';
import type { Me } from '../../src/web/mail/api.ts';
import { checkDraft } from '../../src/web/mail/check-draft.ts';
import { linkify } from '../../src/web/mail/linkify.ts';
import { stateWords } from '../../src/web/mail/mailbox-state.ts';
import { fileSize, listTime } from '../../src/web/shared/format.ts';

const at = (day: number, hour: number): number => new Date(2026, 10, day, hour, 5).getTime();
const NOW = at(23, 14);

test.each([
  [at(23, 0), '00:05'],
  [NOW + 60_000, '14:06'],
  [at(22, 23), 'Yesterday'],
  [at(21, 9), 'Sat'],
  [at(17, 15), 'Tue'],
  [at(16, 9), '16 Nov'],
  [new Date(2025, 11, 31).getTime(), '31 Dec 2025'],
])('the time of a message in the list is as short as it can be understood (%#)', (time, words) => {
  expect(listTime(time, NOW)).toBe(words);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [26_214_400, '26.2 MB'],
])('%d bytes are %s', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});

describe('what is going on is said in every state, and whether one can write', () => {
  const me = (state: Me['mailbox']['state'], clientName: string): Me => ({
    name: 'Anna',
    address: 'anna@harbour.example',
    role: 'user',
    clientName,
    unread: 0,
    quarantine: { users: 'nothing', count: 0 },
    mailbox: { state, sinceMs: state === 'closed' ? null : at(23, 9) },
  });
  test.each([
    ['open', 'Harbour Ltd’s mail server is not answering since 09:05.', true],
    ['read-only', 'Harbour Ltd’s mail server is back.', false],
    ['closed', 'Harbour Ltd’s mail server is working.', false],
  ] as const)('%s', (state, title, canWrite) => {
    const words = stateWords(me(state, 'Harbour Ltd'), NOW);
    expect(words.title).toBe(title);
    expect(words.writingClosed === undefined).toBe(canWrite);
  });

  it('also for a client without a name', () => {
    expect(stateWords(me('open', ''), NOW).title).toBe('Your company’s mail server is not answering since 09:05.');
  });
});

describe('only web addresses become links', () => {
  test.each([
    ['see https://a.example/b?c=d#e.', ['https://a.example/b?c=d#e']],
    ['(http://a.example/x)', ['http://a.example/x']],
    ['HTTPS://A.EXAMPLE/', ['HTTPS://A.EXAMPLE/']],
    ['javascript:alert(1) data:text/html,x file:///etc ftp://a.example', []],
    ['javascript://a.example/%0aalert(1)', []],
    ['https://', []],
  ])('%j', (text, links) => {
    expect(
      linkify(text)
        .filter((piece) => piece.kind === 'link')
        .map((piece) => piece.text),
    ).toEqual(links);
  });

  it('and no character of the text is lost or moved', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('https://a.example/x', ' ', '\n', '.', ')', 'http://'));
    fc.assert(
      fc.property(
        fc.array(word).map((words) => words.join('')),
        (text) => {
          expect(
            linkify(text)
              .map((piece) => piece.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });
});

describe('a draft that cannot be sent says why, at the field', () => {
  const good = { name: '', address: 'bo@harbour.example' };
  const bad = { name: '', address: 'bo' };
  test.each([
    ['nobody', EMPTY_DRAFT, ['to']],
    ['someone in To', { ...EMPTY_DRAFT, to: [good] }, []],
    ['someone in Bcc only', { ...EMPTY_DRAFT, bcc: [good] }, []],
    ['slips in two fields', { ...EMPTY_DRAFT, to: [good, bad], bcc: [bad] }, ['to', 'bcc']],
  ])('%s', (_name, draft, fields) => {
    expect(checkDraft(draft).map((fault) => fault.field)).toEqual(fields);
  });
});
