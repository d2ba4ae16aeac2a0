import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DEFAULT_FILTER_PLAN } from '../../../src/core/filter-plan.ts';
import { chosenName, registrableDomain } from '../../../src/core/spam/domains.ts';
import { EMPTY_MODEL } from '../../../src/core/spam/model.ts';
import { fitsAddress } from '../../../src/core/spam/name-fit.ts';
import { plainLetters } from '../../../src/core/spam/plain-letters.ts';
import { isRandomName } from '../../../src/core/spam/random-name.ts';
import { answerOf, SPAM_FROM, scoreOf, scoreSpam, UNSURE_FROM } from '../../../src/core/spam/score.ts';
import { tokensOf } from '../../../src/core/spam/tokens.ts';
import { messageFacts } from '../../support/message-facts.ts';

const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    '',
    '@',
    '<>',
    'a@',
    '@b',
    '://',
    'x'.repeat(320),
    'a.'.repeat(150),
    '\u202e\u200b',
    '%%%',
    'http://',
  ),
);
const party = fc.record({ name: strange, address: strange });
const facts = fc
  .record({
    subject: strange,
    from: fc.array(party, { maxLength: 3 }),
    replyTo: fc.array(party, { maxLength: 2 }),
    to: fc.array(party, { maxLength: 3 }),
    messageId: strange,
    isReply: fc.boolean(),
    fields: fc.array(
      fc.record({ name: fc.constantFrom('x-mailer', 'sender', 'x-priority', 'content-type', 'odd'), value: strange }),
      { maxLength: 5 },
    ),
    path: strange,
    helo: strange,
    text: strange,
    links: fc.array(
      fc.record({ url: strange, host: strange, text: strange, from: fc.constantFrom('href', 'text', 'form', 'image') }),
      { maxLength: 6 },
    ),
  })
  .map(({ path, helo, text, links, ...headers }) =>
    messageFacts({
      headers,
      envelope: { reversePath: path, helo },
      texts: [{ kind: 'html', text, isTruncated: false }],
      links,
    }),
  );

describe('the score', () => {
  it('is 0 to 100 with finite points, whatever the facts', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { score, answer, reasons } = scoreSpam(one, EMPTY_MODEL);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        expect(answer).toBe(answerOf(score));
        expect(reasons.every(({ points }) => Number.isFinite(points) && points !== 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is not changed by when the message was written or came', () => {
    fc.assert(
      fc.property(facts, fc.nat(), (one, at) => {
        const later = { ...one, receivedAt: at, headers: { ...one.headers, dateMs: at } };
        expect(scoreSpam(later, EMPTY_MODEL)).toEqual(scoreSpam(one, EMPTY_MODEL));
      }),
      { numRuns: 50 },
    );
  });

  it('is not changed by what lists put into the header', () => {
    const listed = messageFacts({
      headers: {
        fields: [
          { name: 'list-id', value: '<a.b.example>' },
          { name: 'precedence', value: 'bulk' },
          { name: 'list-unsubscribe', value: '<https://a.example>' },
        ],
      },
    });
    expect(scoreSpam(listed, EMPTY_MODEL)).toEqual(scoreSpam(messageFacts(), EMPTY_MODEL));
    expect(tokensOf(listed)).toEqual(tokensOf(messageFacts()));
  });

  it('has its marks where the default plan has them', () => {
    expect([UNSURE_FROM, SPAM_FROM]).toEqual([DEFAULT_FILTER_PLAN.spam.tagAt, DEFAULT_FILTER_PLAN.spam.quarantineAt]);
  });

  test.each([
    [-40, 'ham'],
    [0, 'ham'],
    [15, 'ham'],
    [16, 'unsure'],
    [22, 'unsure'],
    [23, 'spam'],
    [300, 'spam'],
  ] as const)('%i points are %s', (points, answer) => {
    expect(answerOf(scoreOf(points))).toBe(answer);
  });
});

it('takes little time for the longest facts there can be', () => {
  const repeated = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  const oneAccent = `${'x'.repeat(65_000)}é`;
  const units = ['x', 'x ', '1', 'a1', 'a@', 'a.', ' (((((', 'aа', 'your account ', '%%', '[['];
  for (const unit of [...units, oneAccent, 'α', 'я', 'ﷺ', '\u0301\u0323']) {
    const field = repeated(unit, 2_000);
    const address = { name: field.slice(0, 200), address: field.slice(0, 320) };
    const url = `http://${field.slice(0, 1_900)}`;
    const hostile = messageFacts({
      headers: {
        subject: field.slice(0, 500),
        from: [address],
        replyTo: [address],
        to: [address],
        messageId: field.slice(0, 998),
        fields: ['x-mailer', 'sender', 'x-priority'].map((name) => ({ name, value: field })),
      },
      texts: Array.from({ length: 8 }, () => ({ kind: 'html', text: repeated(unit, 65_536), isTruncated: true })),
      links: Array.from({ length: 300 }, () => ({ url, host: field.slice(0, 255), text: field, from: 'href' })),
    });
    const before = process.cpuUsage();
    scoreSpam(hostile, EMPTY_MODEL);
    const { user } = process.cpuUsage(before);
    expect(user / 1_000, unit.slice(-20)).toBeLessThan(1_000);
  }
});

it('takes little time for a letter that ends in a line of base64', () => {
  const text = 'Hello\nUEsDBBQAAAAIAJZJZFyFEUoNDQAAAAsAAAAFAAAAYS50eHTLSM3JyVcozy9KLM3dRSM1B0AAA+K';
  const before = process.cpuUsage();
  scoreSpam(messageFacts({ texts: [{ kind: 'plain', text, isTruncated: false }] }), EMPTY_MODEL);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});

describe('the tokens', () => {
  it('do not know who the message is for', () => {
    const to = (address: string) =>
      messageFacts({
        headers: { to: [{ name: '', address }], subject: `News for ${address}` },
        texts: [{ kind: 'plain', text: `Dear ${address}, look`, isTruncated: false }],
      });
    expect(tokensOf(to('ann@firm.example'))).toEqual(tokensOf(to('cleo@harbour.example')));
  });

  it('are the same for a word and for the word disguised', () => {
    const saying = (text: string) => tokensOf(messageFacts({ texts: [{ kind: 'plain', text, isTruncated: false }] }));
    const plain = saying('viagra');
    for (const text of ['VIAGRA', 'v i a g r a', 'vi\u200bag\u00adra', 'vіаgrа', 'v.i.a.g.r.a', '𝐯𝐢𝐚𝐠𝐫𝐚', 'víágrà'])
      expect(saying(text)).toEqual(plain);
  });

  it('of a domain never seen are in part those of one that is like it', () => {
    const by = (domain: string) =>
      new Set(tokensOf(messageFacts({ headers: { from: [{ name: '', address: `a@${domain}` }] } })));
    const shared = (one: string, other: string) => [...by(one)].filter((token) => by(other).has(token)).length;
    expect(shared('secure-login7.example', 'login4-secured.test')).toBeGreaterThan(
      shared('secure-login7.example', 'kontor.test') + 5,
    );
  });

  it('do not tell endings, hosts and local parts of domains apart by their pieces', () => {
    const by = (address: string) => tokensOf(messageFacts({ headers: { from: [{ name: '', address }] } })).length;
    expect(by('a@kontor.example')).toBe(by('a-longer-one@mail.kontor.example'));
  });

  it.each([
    'Der Vertrag ist bei uns',
    'le contrat est dans la',
    'el contrato es para ustedes con los',
    'o contrato não é do',
  ])('leave out what only tells the language: %s', (text) => {
    const saying = (words: string) =>
      tokensOf(messageFacts({ texts: [{ kind: 'plain', text: words, isTruncated: false }] }));
    const telling = text.split(' ').filter((word) => /^(?:vertrag|contrato?|ustedes)$/i.test(word));
    expect(saying(text)).toEqual(saying(telling.join(' ')));
  });

  it('are sorted, each once, and bounded', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const tokens = [...tokensOf(one)];
        expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
    const long = Array.from({ length: 9_000 }, (_, at) => `w${at.toString(36)}x`.replace(/\d/g, 'q')).join(' ');
    expect(
      tokensOf(messageFacts({ texts: [{ kind: 'plain', text: long, isTruncated: true }] })).length,
    ).toBeLessThanOrEqual(4_000);
  });
});

test.each([
  ['Grüße', 'grusse'.replace('ss', 'ß')],
  ['F R E E now', 'free now'],
  ['a b c', 'a b c'],
  ['Привет', 'привет'],
  ['рaypal', 'paypal'],
  ['pаypal: Привет', 'paypal: привет'],
  ['Việt ﬃ', 'viet ffi'],
])('plain letters of %s', (text, plain) => {
  expect(plainLetters(text)).toBe(plain);
});

test.each([
  ['Maria Kolb', 'm.kolb@garden.example', true],
  ['Maria Kolb', 'mk@garden.example', true],
  ['Harbour Tools', 'news@harbourtools.example', true],
  ['Harbour and Sons', 'office@has.example', true],
  ['Jörg Müller', 'jmueller@garden.example', true],
  ['Jörg Müller', 'muller@garden.example', true],
  ['湊文具', 'order@minato.example', true],
  ['', 'order@minato.example', true],
  ['IT', 'order@minato.example', true],
  ['Tax Refunds', 'order@minato.example', false],
  ['Maria Kolb', 'abc88@garden.example', false],
])('the name %s is one of %s: %s', (name, address, fits) => {
  expect(fitsAddress(name, address)).toBe(fits);
});

test.each([
  ['x7k2m9q4', true],
  ['bsnwoc9a59s0', true],
  ['zytqxzrtkw', true],
  ['newsletter', false],
  ['kontornordlicht', false],
  ['mail2024', false],
  ['a1', false],
])('%s is random: %s', (name, isRandom) => {
  expect(isRandomName(name)).toBe(isRandom);
});

test.each([
  ['mail.shop.example.co.uk', 'example.co.uk', 'example'],
  ['shop.example', 'shop.example', 'shop'],
  ['a.b.example.com', 'example.com', 'example'],
  ['192.0.2.1', '192.0.2.1', '192'],
  ['localhost', 'localhost', 'localhost'],
  ['', '', ''],
])('the domain of %s', (host, domain, name) => {
  expect([registrableDomain(host), chosenName(host)]).toEqual([domain, name]);
});
