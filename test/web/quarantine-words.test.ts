/** What people read of the quarantine, at the console and in the webmail. */
import { describe, expect, it, test } from 'vitest';
import {
  dangerWords,
  learnedWords,
  nothingWords,
  releasedWords,
  searchQuery,
} from '../../src/web/console/quarantine-words.ts';
import { judgedWords } from '../../src/web/mail/judged-words.ts';
import { introWords, notYoursWords, releasedWords as ownReleasedWords } from '../../src/web/mail/quarantine-words.ts';
import {
  notYetWords,
  senderWords,
  subjectWords,
  warningWords,
  whyWords,
} from '../../src/web/shared/quarantine-words.ts';

const NOW = new Date(2026, 10, 29, 12).getTime();
const DAY_MS = 86_400_000;

describe('why a message is kept', () => {
  test.each([
    [{ cause: 'spam', spamScore: 96.6, reason: 'too much like spam' }, 'Spam, 97 of 100: too much like spam'],
    [{ cause: 'spam', spamScore: null, reason: 'too much like spam' }, 'Spam: too much like spam'],
    [{ cause: 'threat', spamScore: 40, reason: 'a macro from outside' }, 'Dangerous: a macro from outside'],
    [{ cause: 'rule', spamScore: null, reason: 'looked at by hand' }, 'By a rule: looked at by hand'],
  ] as const)('%o is worded', (message, words) => {
    expect(whyWords(message)).toBe(words);
  });
});

test.each([
  [{ name: 'Ines', address: 'i@world.example' }, 'Ines <i@world.example>'],
  [{ name: '', address: 'i@world.example' }, 'i@world.example'],
  [{ name: '', address: '' }, '(no sender)'],
])('a sender is shown with the address: %o', (from, words) => {
  expect(senderWords({ from })).toBe(words);
});

it('a message without a subject says so', () => {
  expect([subjectWords(' '), subjectWords('A prize')]).toEqual(['(no subject)', 'A prize']);
});

it('before its time the day is named from which it may be deleted, and afterwards nothing stands in the way', () => {
  expect(notYetWords({ deletableFromMs: NOW + 4 * DAY_MS }, NOW)).toBe('Can be deleted from 3 Dec, 12:00');
  expect(notYetWords({ deletableFromMs: NOW }, NOW)).toBeUndefined();
});

it('a warning says what is known of the message', () => {
  expect(warningWords('threat')).toMatch(/^This message was kept because it is dangerous/);
  expect(warningWords('spam')).toMatch(/nobody has looked into this file/);
});

describe('before anything is let out', () => {
  const virus = { cause: 'threat', reason: 'Virus: built-in found EICAR-Test-File' } as const;
  const spam = { cause: 'spam', reason: 'the spam score is 97' } as const;

  it('nothing is asked where nothing is dangerous', () => {
    expect(dangerWords([spam, spam])).toBeUndefined();
  });

  it('one is named with its reason, several are counted', () => {
    expect(dangerWords([virus])).toMatch(/dangerous: Virus: built-in found EICAR-Test-File\. .* cannot be called back/);
    expect(dangerWords([spam, virus])).toMatch(/^1 of the 2 messages was kept as dangerous/);
    expect(dangerWords([virus, spam, virus])).toMatch(/^2 of the 3 messages were kept as dangerous/);
  });
});

describe('searching', () => {
  test.each([
    [{ recipient: ' anna@harbour.example ', age: 'any' }, 'recipient=anna%40harbour.example'],
    [{ recipient: '', age: 'day' }, `fromMs=${NOW - DAY_MS}`],
    [{ recipient: '', age: 'week' }, `fromMs=${NOW - 7 * DAY_MS}`],
    [{ recipient: '', age: 'old' }, `toMs=${NOW - 30 * DAY_MS}`],
  ] as const)('%o asks for %s', (search, query) => {
    expect(searchQuery(search, NOW).toString()).toBe(query);
  });

  it('tells an empty quarantine from a search in vain', () => {
    expect(nothingWords({ recipient: '', age: 'any' })).toBe('Nothing is in quarantine.');
    expect(nothingWords({ recipient: 'x', age: 'any' })).toBe('Nothing of that kind is in quarantine.');
  });
});

test.each([
  [1, 1, '1 message let out: it is delivered now.'],
  [3, 3, '3 messages let out: they are delivered now.'],
  [2, 3, '2 messages let out: they are delivered now. 1 message had been let out or deleted before.'],
])('%i of %i that were chosen', (released, asked, words) => {
  expect(releasedWords(released, asked)).toBe(words);
});

it('a person is told what they may do, and where a message goes that they let out', () => {
  expect(introWords('see')).toContain('ask your administrator');
  expect(introWords('release')).toContain('Let out what you were waiting for');
  expect(notYoursWords('release')).toContain('dangerous');
  expect(notYoursWords('see')).not.toContain('dangerous');
  expect(ownReleasedWords('open')).toContain('your inbox here');
  expect(ownReleasedWords('closed')).toContain('your usual mailbox');
});

it('a message that was marked says so, and that it stays', () => {
  expect(judgedWords('spam')).toContain('It stays here');
  expect(judgedWords('ham')).toContain('not junk');
});

it('what was learned is counted', () => {
  expect(learnedWords({ hamMessages: 0, spamMessages: 0 })).toBe('Nothing yet.');
  expect(learnedWords({ hamMessages: 1, spamMessages: 12 })).toBe('From 12 messages as spam and 1 message as honest.');
});
