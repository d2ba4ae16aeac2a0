import { describe, expect, it, test } from 'vitest';
import { answerDraft } from '../../src/web/mail/answer.ts';
import type { Message, Person } from '../../src/web/mail/api.ts';

const anna: Person = { name: 'Anna Berg', address: 'anna@harbour.example' };
const bo: Person = { name: 'Bo', address: 'bo@harbour.example' };
const ines: Person = { name: 'Ines', address: 'ines@atlantico.example' };
const list: Person = { name: '', address: 'pilots@lists.example' };

function message(part: Partial<Message>): Message {
  return {
    id: 'm1',
    folder: 'inbox',
    from: ines,
    to: [anna],
    cc: [],
    subject: 'Fenders',
    preview: '',
    receivedAtMs: Date.UTC(2026, 10, 23, 14, 2),
    sizeBytes: 1,
    attachmentCount: 0,
    seen: true,
    dateMs: null,
    messageId: null,
    text: 'Hello',
    hasHtml: false,
    attachments: [],
    notShown: null,
    deliveries: [],
    judged: null,
    ...part,
  };
}

const addresses = (people: readonly Person[]): readonly string[] => people.map((person) => person.address);

describe('an answer goes to the right people', () => {
  test.each<[string, 'reply' | 'reply-all', Partial<Message>, readonly Person[], readonly Person[]]>([
    ['a reply to the author only', 'reply', { to: [anna, bo], cc: [list] }, [ines], []],
    ['a reply where Reply-To says', 'reply', { replyTo: [list] }, [list], []],
    ['an empty Reply-To counts as none', 'reply', { replyTo: [] }, [ines], []],
    ['all: everyone but me', 'reply-all', { to: [anna, bo], cc: [list] }, [ines, bo], [list]],
    [
      'all: me in capitals is still me',
      'reply-all',
      { to: [{ name: '', address: 'ANNA@harbour.example' }] },
      [ines],
      [],
    ],
    ['all: nobody in To and Cc at once', 'reply-all', { to: [anna, bo], cc: [bo, ines] }, [ines, bo], []],
    [
      'a reply to what I sent goes to its recipients',
      'reply',
      { folder: 'sent', from: anna, to: [ines, bo] },
      [ines, bo],
      [],
    ],
    ['all of what I sent', 'reply-all', { folder: 'sent', from: anna, to: [ines], cc: [bo, anna] }, [ines], [bo]],
    ['mail from myself to myself can be answered', 'reply-all', { from: anna, to: [anna] }, [anna], []],
  ])('%s', (_name, kind, part, to, cc) => {
    const draft = answerDraft(message(part), kind, 'anna@harbour.example');
    expect(addresses(draft.to)).toEqual(addresses(to));
    expect(addresses(draft.cc)).toEqual(addresses(cc));
    expect(draft.bcc).toEqual([]);
  });
});

test.each([
  ['Fenders', 'Re: Fenders'],
  ['Re: Fenders', 'Re: Fenders'],
  ['RE: Fenders', 'RE: Fenders'],
  [' re: Fenders ', 're: Fenders'],
  ['Refenders', 'Re: Refenders'],
  ['', 'Re: '],
])('the answer to %j has the subject %j', (subject, expected) => {
  expect(answerDraft(message({ subject }), 'reply', '').subject).toBe(expected);
});

describe('the quotation', () => {
  it('names the author and marks every line, deeper ones without a gap (RFC 3676 §4.5)', () => {
    const { text } = answerDraft(message({ text: 'One\r\n\r\n> Two\n>> Three\n' }), 'reply', '');
    expect(text).toMatch(/^\n\nOn .*2026.*, Ines wrote:\n/);
    expect(text.split('\n').slice(3)).toEqual(['> One', '>', '>> Two', '>>> Three', '']);
  });

  test.each([[null], [''], [' \n ']])('is left out when the text is %j', (text) => {
    expect(answerDraft(message({ text }), 'reply', '').text).toBe('');
  });
});
