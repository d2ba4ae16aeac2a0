/** What a digest says, and what a stranger cannot make it say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adminDigest, type DigestLine, personalDigest } from '../../src/core/digest-words.ts';

const LINE: DigestLine = {
  when: '2026-11-23 22:40 UTC',
  fromName: 'Odd',
  fromAddress: 'odd@world.example',
  subject: 'A prize',
  reason: 'too much like spam',
  cause: 'spam',
};
const PERSONAL = {
  lines: [LINE],
  count: 1,
  users: 'see',
  hours: 24,
  url: 'https://mail.example/mail/quarantine',
} as const;

describe("a person's digest", () => {
  it('names each message in three lines, and the way to them', () => {
    expect(personalDigest(PERSONAL)).toEqual({
      subject: 'Quarantine: 1 message kept back for you',
      text: `The filter of your company has kept back 1 message for you. Nothing was deleted.

2026-11-23 22:40 UTC, from Odd <odd@world.example>
  A prize
  Why: too much like spam

Look at them safely here. Your administrator can let one out for you:
https://mail.example/mail/quarantine

You get this at most once in 24 hours, and only when something is new.
`,
    });
  });

  it('says how many it does not name, and who may let one out', () => {
    const { text } = personalDigest({ ...PERSONAL, count: 7, users: 'release' });
    expect(text).toContain('… and 6 more.');
    expect(text).toContain('let out what you were waiting for');
  });

  it('has no line, no link and no length that a stranger chose', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        'x\r\n\r\nhttps://evil.example',
        'see http://a.example/\u202eb',
        'www.evil.example',
        'javascript://%0aalert(1)',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (subject, fromName, fromAddress) => {
        const { text } = personalDigest({ ...PERSONAL, lines: [{ ...LINE, subject, fromName, fromAddress }] });
        const ours = personalDigest(PERSONAL).text;
        expect(text.split('\n')).toHaveLength(ours.split('\n').length);
        expect(text.match(/:\/\//g)).toHaveLength(1);
        for (const line of text.split('\n')) expect(line.length).toBeLessThan(300);
      }),
    );
  });
});

it("an administrator's has counts by cause and nothing else", () => {
  const counts = new Map([
    ['spam', 9],
    ['threat', 2],
  ] as const);
  const { subject, text } = adminDigest({
    clientName: 'Harbour\r\nLtd',
    counts,
    hours: 24,
    url: 'https://x.example/q',
  });
  expect(subject).toBe('Harbour Ltd: 11 messages in quarantine');
  expect(text).toContain('  9 spam\n  2 dangerous\n');
  expect(text).not.toContain('by a rule');
});
