/** Every condition and every action, what the order of rules means, and that evaluation is total. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchiveFacts, MessageFacts, PartFacts, ScanFacts } from '../../../src/core/message-facts.ts';
import { NOT_AUTHENTICATED } from '../../../src/core/message-facts.ts';
import { evaluate } from '../../../src/core/rules/evaluate.ts';
import type { Action, Condition, Rule, RuleContext } from '../../../src/core/rules/rule.ts';
import { attached, linkTo, messageFacts, partFacts } from '../../support/message-facts.ts';

const context: RuleContext = {
  ownDomains: ['firm.example', 'firm-two.example'],
  lists: {
    partners: new Set(['partner.example', 'cleo@private.example', '<>']),
    networks: new Set(['192.0.2.0/24', '2001:db8::1']),
    hashes: new Set(['c'.repeat(64)]),
    people: new Set(['ann@firm.example']),
  },
  isOwnName: (name) => name === 'Ann Adams',
};

const INBOUND: Condition = { kind: 'direction', is: 'inbound' };

function rule(when: Condition, then: Action = { kind: 'quarantine' }, id = 'one'): Rule {
  return { id, name: `Rule ${id}`, isOn: true, when, then };
}

function matches(when: Condition, facts: MessageFacts): boolean {
  return evaluate([rule(when)], facts, context).verdict.kind === 'quarantine';
}

function zip(given: Partial<ArchiveFacts> = {}): PartFacts {
  return attached('files.zip', {
    trueType: 'archive',
    archive: { format: 'zip', entries: [], isEncrypted: false, ratio: 2, isPartial: false, ...given },
  });
}

function entry(name: string, given: Partial<ArchiveFacts['entries'][number]> = {}) {
  return { name, sizeBytes: 10, packedBytes: 5, isEncrypted: false, depth: 1, ...given };
}

const scored: ScanFacts = { scanner: 'rspamd', kind: 'scored', score: 12, reasons: [] };
const found: ScanFacts = { scanner: 'clamd', kind: 'found', names: ['Eicar'] };
const silent: ScanFacts = { scanner: 'clamd', kind: 'failed', why: 'no answer' };

const always: Condition = { kind: 'always' };
const never: Condition = { kind: 'not', of: always };
const dmarcPass: Condition = { kind: 'authentication', method: 'dmarc', is: ['pass'] };
const working = (from: string, to: string, weekdays: readonly number[]): Condition => ({
  kind: 'time',
  timeZone: 'Europe/Berlin',
  weekdays,
  from,
  to,
});
// Wednesday 2026-11-18, 11:30 in Berlin.
const at = (clock: string) => messageFacts({ receivedAt: Date.parse(`2026-11-${clock}:00+01:00`) });
const sender = (reversePath: string) => messageFacts({ envelope: { reversePath } });
const from = (name: string, address: string) => messageFacts({ headers: { from: [{ name, address }] } });
const withParts = (...parts: readonly PartFacts[]) => messageFacts({ parts });
const writing = (text: string) => messageFacts({ texts: [{ kind: 'plain', text, isTruncated: false }] });

describe('a condition', () => {
  it.each<readonly [string, Condition, MessageFacts, boolean]>([
    ['always', always, messageFacts(), true],
    ['not', never, messageFacts(), false],
    ['all, every one', { kind: 'all', of: [always, always] }, messageFacts(), true],
    ['all, one not', { kind: 'all', of: [always, never] }, messageFacts(), false],
    ['any, one', { kind: 'any', of: [never, always] }, messageFacts(), true],
    ['any, none', { kind: 'any', of: [never] }, messageFacts(), false],
    ['direction', { kind: 'direction', is: 'inbound' }, messageFacts(), true],
    ['other direction', { kind: 'direction', is: 'outbound' }, messageFacts(), false],

    ['sender', { kind: 'address', of: 'sender', matches: ['Bob@Elsewhere.example'] }, messageFacts(), true],
    ['sender at a domain', { kind: 'address', of: 'sender', matches: ['@elsewhere.example'] }, messageFacts(), true],
    [
      'a domain is not what is below',
      { kind: 'address', of: 'sender', matches: ['@elsewhere.example'] },
      sender('a@b.elsewhere.example'),
      false,
    ],
    [
      'below a domain',
      { kind: 'address', of: 'sender', matches: ['@*.elsewhere.example'] },
      sender('a@b.elsewhere.example'),
      true,
    ],
    [
      'below is not itself',
      { kind: 'address', of: 'sender', matches: ['@*.elsewhere.example'] },
      messageFacts(),
      false,
    ],
    [
      'a domain in punycode',
      { kind: 'address', of: 'sender', matches: ['@bücher.example'] },
      sender('a@xn--bcher-kva.example'),
      true,
    ],
    ['a bounce', { kind: 'address', of: 'sender', matches: ['<>'] }, sender(''), true],
    ['no bounce', { kind: 'address', of: 'sender', matches: ['<>'] }, messageFacts(), false],
    ['own domains', { kind: 'address', of: 'recipient', matches: ['<own>'] }, messageFacts(), true],
    ['not own', { kind: 'address', of: 'sender', matches: ['<own>'] }, messageFacts(), false],
    ['below own is not own', { kind: 'address', of: 'sender', matches: ['<own>'] }, sender('a@b.firm.example'), false],
    [
      'one of several',
      { kind: 'address', of: 'recipient', matches: ['x@y.example', 'ann@firm.example'] },
      messageFacts(),
      true,
    ],
    ['From', { kind: 'address', of: 'from', matches: ['eve@evil.example'] }, from('', 'eve@evil.example'), true],
    [
      'Reply-To',
      { kind: 'address', of: 'reply-to', matches: ['@evil.example'] },
      messageFacts({ headers: { replyTo: [{ name: '', address: 'a@evil.example' }] } }),
      true,
    ],
    ['no Reply-To', { kind: 'address', of: 'reply-to', matches: ['@evil.example'] }, messageFacts(), false],
    [
      'Cc',
      { kind: 'address', of: 'to-or-cc', matches: ['all@firm.example'] },
      messageFacts({ headers: { cc: [{ name: '', address: 'all@firm.example' }] } }),
      true,
    ],

    [
      'a header is there',
      { kind: 'header', name: 'List-Id', test: { how: 'present' } },
      messageFacts({ headers: { fields: [{ name: 'list-id', value: '' }] } }),
      true,
    ],
    ['a header is missing', { kind: 'header', name: 'List-Id', test: { how: 'present' } }, messageFacts(), false],
    [
      'a header says',
      { kind: 'header', name: 'X-Mailer', test: { how: 'contains', value: 'bulk' } },
      messageFacts({ headers: { fields: [{ name: 'x-mailer', value: 'BulkMail 2' }] } }),
      true,
    ],

    [
      'contains, over a line',
      { kind: 'text', in: 'body', test: { how: 'contains', value: 'Dear Ann, Please' } },
      messageFacts(),
      true,
    ],
    ['word', { kind: 'text', in: 'body', test: { how: 'word', value: 'invoice' } }, messageFacts(), true],
    ['part of a word', { kind: 'text', in: 'body', test: { how: 'word', value: 'voice' } }, messageFacts(), false],
    [
      'the second is a word',
      { kind: 'text', in: 'body', test: { how: 'word', value: 'voice' } },
      writing('invoice, voice'),
      true,
    ],
    ['equals', { kind: 'text', in: 'subject', test: { how: 'equals', value: 'your  INVOICE' } }, messageFacts(), true],
    ['equals not', { kind: 'text', in: 'subject', test: { how: 'equals', value: 'invoice' } }, messageFacts(), false],
    ['glob', { kind: 'text', in: 'subject', test: { how: 'glob', value: 'your*' } }, messageFacts(), true],
    ['pattern', { kind: 'text', in: 'body', test: { how: 'pattern', value: '^please find' } }, messageFacts(), true],
    [
      'the subject is not the body',
      { kind: 'text', in: 'subject', test: { how: 'contains', value: 'attached' } },
      messageFacts(),
      false,
    ],
    [
      'anywhere: subject',
      { kind: 'text', in: 'anywhere', test: { how: 'contains', value: 'your invoice' } },
      messageFacts(),
      true,
    ],
    [
      'anywhere: file name',
      { kind: 'text', in: 'anywhere', test: { how: 'contains', value: 'rechnung.pdf' } },
      withParts(attached('Rechnung.pdf')),
      true,
    ],
    [
      'anywhere: link',
      { kind: 'text', in: 'anywhere', test: { how: 'contains', value: 'evil.example/a' } },
      messageFacts({ links: [linkTo('evil.example')] }),
      true,
    ],

    ['size', { kind: 'size', overBytes: 9_999 }, messageFacts(), true],
    ['size just reached', { kind: 'size', overBytes: 10_000 }, messageFacts(), false],

    ['time within', working('09:00', '12:00', [3]), at('18T11:30'), true],
    ['time begins', working('11:30', '12:00', [3]), at('18T11:30'), true],
    ['time has ended', working('09:00', '11:30', [3]), at('18T11:30'), false],
    ['another day', working('09:00', '12:00', [1, 2, 4]), at('18T11:30'), false],
    ['over midnight, before', working('22:00', '06:00', [3]), at('18T23:10'), true],
    ['over midnight, after', working('22:00', '06:00', [3]), at('19T05:59'), true],
    ['over midnight, the night before', working('22:00', '06:00', [3]), at('18T05:59'), false],
    ['over midnight, Sunday to Monday', working('22:00', '06:00', [7]), at('23T01:00'), true],
    ['the whole day', working('00:00', '00:00', [3]), at('18T11:30'), true],

    ['country', { kind: 'country', in: ['de', 'AT'] }, messageFacts({ envelope: { country: 'DE' } }), true],
    ['country not known', { kind: 'country', in: ['DE'] }, messageFacts(), false],

    ['an attachment', { kind: 'attachment', test: { kind: 'any' } }, withParts(attached('a.pdf')), true],
    [
      'no attachment',
      { kind: 'attachment', test: { kind: 'any' } },
      withParts(partFacts({ contentType: 'image/png' })),
      false,
    ],
    [
      'name',
      { kind: 'attachment', test: { kind: 'name', test: { how: 'glob', value: '*.iso' } } },
      withParts(attached('Disk.ISO')),
      true,
    ],
    [
      'name within an archive',
      { kind: 'attachment', test: { kind: 'name', test: { how: 'equals', value: 'run.js' } } },
      withParts(zip({ entries: [entry('a/b/run.js')] })),
      true,
    ],
    [
      'type as declared',
      { kind: 'attachment', test: { kind: 'type', types: ['application/pdf'] } },
      withParts(attached('a', { contentType: 'application/pdf' })),
      true,
    ],
    [
      'type by content',
      { kind: 'attachment', test: { kind: 'type', types: ['image/*'] } },
      withParts(attached('a', { trueMime: 'image/png' })),
      true,
    ],
    [
      'type by word',
      { kind: 'attachment', test: { kind: 'type', types: ['ole'] } },
      withParts(attached('a', { trueType: 'ole' })),
      true,
    ],
    [
      'the text is no attachment',
      { kind: 'attachment', test: { kind: 'type', types: ['text/plain'] } },
      messageFacts(),
      false,
    ],
    ['hash', { kind: 'attachment', test: { kind: 'hash', sha256: ['B'.repeat(64)] } }, withParts(attached('a')), true],
    [
      'hash within an archive',
      { kind: 'attachment', test: { kind: 'hash', sha256: ['c'.repeat(64)] } },
      withParts(zip({ entries: [entry('a', { sha256: 'c'.repeat(64) })] })),
      true,
    ],
    ['other hash', { kind: 'attachment', test: { kind: 'hash', sha256: ['d'.repeat(64)] } }, withParts(zip()), false],
    [
      'encrypted',
      { kind: 'attachment', test: { kind: 'encrypted' } },
      withParts(attached('a', { isEncrypted: true })),
      true,
    ],
    [
      'encrypted within',
      { kind: 'attachment', test: { kind: 'encrypted' } },
      withParts(zip({ entries: [entry('a', { isEncrypted: true })] })),
      true,
    ],
    ['not encrypted', { kind: 'attachment', test: { kind: 'encrypted' } }, withParts(zip()), false],
    [
      'macro',
      { kind: 'attachment', test: { kind: 'macro' } },
      withParts(attached('a.docm', { hasMacros: true })),
      true,
    ],
    ['no macro', { kind: 'attachment', test: { kind: 'macro' } }, withParts(attached('a.docm')), false],
    [
      'runs by content',
      { kind: 'attachment', test: { kind: 'dangerous' } },
      withParts(attached('a.pdf', { trueType: 'executable' })),
      true,
    ],
    ['runs by name', { kind: 'attachment', test: { kind: 'dangerous' } }, withParts(attached('a.pdf.EXE . ')), true],
    [
      'runs within an archive',
      { kind: 'attachment', test: { kind: 'dangerous' } },
      withParts(zip({ entries: [entry('a/b.vbs', { depth: 3 })] })),
      true,
    ],
    [
      'runs not',
      { kind: 'attachment', test: { kind: 'dangerous' } },
      withParts(zip({ entries: [entry('exe'), entry('a.txt')] })),
      false,
    ],
    [
      'a name that deceives',
      { kind: 'attachment', test: { kind: 'tricked-name' } },
      withParts(attached('a', { tricks: ['padded'] })),
      true,
    ],
    ['an honest name', { kind: 'attachment', test: { kind: 'tricked-name' } }, withParts(attached('a')), false],
    [
      'a bomb',
      { kind: 'attachment', test: { kind: 'bomb' } },
      withParts(zip({ ratio: 1_000, entries: [entry('0', { sizeBytes: 4e9 })] })),
      true,
    ],
    [
      'a log of zeros',
      { kind: 'attachment', test: { kind: 'bomb' } },
      withParts(zip({ ratio: 1_000, entries: [entry('0', { sizeBytes: 4e6 })] })),
      false,
    ],

    ['link', { kind: 'link', hosts: ['evil.example'] }, messageFacts({ links: [linkTo('evil.example')] }), true],
    [
      'link below',
      { kind: 'link', hosts: ['*.evil.example'] },
      messageFacts({ links: [linkTo('a.evil.example')] }),
      true,
    ],
    [
      'no link',
      { kind: 'link', hosts: ['*.evil.example'] },
      messageFacts({ links: [linkTo('notevil.example')] }),
      false,
    ],

    ['authentication', { kind: 'authentication', method: 'dmarc', is: ['fail', 'unknown'] }, messageFacts(), true],
    ['authentication, another word', { kind: 'authentication', method: 'spf', is: ['fail'] }, messageFacts(), false],
    ['spam', { kind: 'spam', atLeast: 90 }, messageFacts({ spam: { score: 90, answer: 'spam', reasons: [] } }), true],
    [
      'less spam',
      { kind: 'spam', atLeast: 90 },
      messageFacts({ spam: { score: 89, answer: 'unsure', reasons: [] } }),
      false,
    ],
    ['never scored', { kind: 'spam', atLeast: 0 }, messageFacts(), false],
    ['virus', { kind: 'virus' }, messageFacts({ scans: [scored, found] }), true],
    ['no virus', { kind: 'virus' }, messageFacts({ scans: [scored, silent] }), false],
    ['a scanner failed', { kind: 'scanner-failed' }, messageFacts({ scans: [scored, silent] }), true],
    ['this scanner failed', { kind: 'scanner-failed', scanner: 'clamd' }, messageFacts({ scans: [silent] }), true],
    ['another scanner failed', { kind: 'scanner-failed', scanner: 'rspamd' }, messageFacts({ scans: [silent] }), false],
    ['not fully scanned', { kind: 'not-fully-scanned' }, messageFacts({ unscanned: ['parts'] }), true],
    ['fully scanned', { kind: 'not-fully-scanned' }, messageFacts(), false],

    ['listed by domain', { kind: 'listed', list: 'partners', of: 'sender' }, sender('a@partner.example'), true],
    ['listed by From', { kind: 'listed', list: 'partners', of: 'sender' }, from('', 'Cleo@private.example'), true],
    ['listed bounce', { kind: 'listed', list: 'partners', of: 'sender' }, sender(''), true],
    [
      'below a listed domain',
      { kind: 'listed', list: 'partners', of: 'sender-domain' },
      sender('a@mx.partner.example'),
      true,
    ],
    ['not listed', { kind: 'listed', list: 'partners', of: 'sender-domain' }, sender('a@notpartner.example'), false],
    ['listed recipient', { kind: 'listed', list: 'people', of: 'recipient' }, messageFacts(), true],
    ['listed network', { kind: 'listed', list: 'networks', of: 'remote-ip' }, messageFacts(), true],
    [
      'other network',
      { kind: 'listed', list: 'networks', of: 'remote-ip' },
      messageFacts({ envelope: { remoteIp: '192.0.3.7' } }),
      false,
    ],
    [
      'listed IPv6 address',
      { kind: 'listed', list: 'networks', of: 'remote-ip' },
      messageFacts({ envelope: { remoteIp: '2001:DB8::1' } }),
      true,
    ],
    [
      'listed link',
      { kind: 'listed', list: 'partners', of: 'link-host' },
      messageFacts({ links: [linkTo('www.partner.example')] }),
      true,
    ],
    [
      'listed content',
      { kind: 'listed', list: 'hashes', of: 'attachment-hash' },
      withParts(attached('a', { sha256: 'c'.repeat(64) })),
      true,
    ],

    ['look-alike in From', { kind: 'impersonation', of: 'own-domain' }, from('Ann', 'ann@firrn.example'), true],
    ['look-alike in the envelope', { kind: 'impersonation', of: 'own-domain' }, sender('ann@firrn.example'), true],
    [
      'own address as a name',
      { kind: 'impersonation', of: 'own-domain' },
      from('ann@firm.example', 'x@evil.example'),
      true,
    ],
    [
      'own address as its own name',
      { kind: 'impersonation', of: 'own-domain' },
      from('ann@firm.example', 'ann@firm.example'),
      false,
    ],
    [
      'own address as a list writes it',
      { kind: 'impersonation', of: 'own-domain' },
      from('ann@firm.example via Chess', 'chess@lists.example'),
      false,
    ],
    ['a stranger', { kind: 'impersonation', of: 'own-domain' }, messageFacts(), false],
    [
      'own name, other address',
      { kind: 'impersonation', of: 'own-account' },
      from('Ann Adams', 'ann@private.example'),
      true,
    ],
    [
      'own name, own address',
      { kind: 'impersonation', of: 'own-account' },
      from('Ann Adams', 'ann@firm.example'),
      false,
    ],

    ['card', { kind: 'sensitive', what: 'card', atLeast: 1 }, writing('4111 1111 1111 1111'), true],
    [
      'the same card twice',
      { kind: 'sensitive', what: 'card', atLeast: 2 },
      writing('4111 1111 1111 1111 and 4111-1111-1111-1111'),
      false,
    ],
    ['IBAN', { kind: 'sensitive', what: 'iban', atLeast: 1 }, writing('GB82 WEST 1234 5698 7654 32'), true],
    ['national id', { kind: 'sensitive', what: 'national-id', atLeast: 1 }, writing('DNI 12345678Z'), true],
  ])('%s', (_, when, facts, expected) => {
    expect(matches(when, facts)).toBe(expected);
  });
});

it.each([
  ['4111 1111 1111 1111', 'Rule one: a card number'],
  ['4111 1111 1111 1111 and 5555 5555 5555 4444', 'Rule one: 2 different card numbers'],
])('numbers in a message are counted in its reason, and never said: %s', (text, reason) => {
  const { verdict } = evaluate([rule({ kind: 'sensitive', what: 'card', atLeast: 1 })], writing(text), context);
  expect(verdict).toMatchObject({ reason });
});

it.each<readonly [string, Condition, string]>([
  ['alone', { kind: 'all', of: [INBOUND] }, 'it comes from outside'],
  ['twice', { kind: 'all', of: [INBOUND, INBOUND] }, 'it comes from outside; it comes from outside'],
  ['beside others', { kind: 'all', of: [INBOUND, { kind: 'always' }] }, 'it applies to every message'],
  [
    'deeper down',
    { kind: 'all', of: [{ kind: 'always' }, { kind: 'all', of: [INBOUND] }] },
    'it applies to every message; it comes from outside',
  ],
])('where a message goes is told where nothing else is: %s', (_, when, words) => {
  expect(evaluate([rule(when)], messageFacts(), context).verdict).toMatchObject({ reason: `Rule one: ${words}` });
});

it('a spam score is given with what weighs most in it, and with nothing that speaks for the message', () => {
  const sign = (words: string, points: number) => ({ name: 'sign', words, points });
  const reasons = [sign('a', 9), sign('honest', -8), sign('b'.repeat(300), 7), sign('c', 6), sign('d', 5)];
  const score = (facts: object) =>
    evaluate(
      [rule({ kind: 'spam', atLeast: 90 })],
      messageFacts({ spam: { score: 97, answer: 'spam', reasons: [], ...facts } }),
      context,
    ).verdict;
  expect(score({ reasons })).toMatchObject({
    reason: `Rule one: the spam score is 97 (a, ${'b'.repeat(99)}…, c)`,
  });
  expect(score({})).toMatchObject({ reason: 'Rule one: the spam score is 97' });
  expect(score({ score: 89, reasons })).toEqual({ kind: 'accept' });
});

describe('an action', () => {
  it.each<readonly [Action, object]>([
    [{ kind: 'accept' }, { verdict: { kind: 'accept' } }],
    [
      { kind: 'quarantine' },
      { verdict: { kind: 'quarantine', ruleId: 'one', reason: 'Rule one: it applies to every message' } },
    ],
    [{ kind: 'hold' }, { verdict: { kind: 'hold', ruleId: 'one', reason: 'Rule one: it applies to every message' } }],
    [
      { kind: 'discard' },
      { verdict: { kind: 'discard', ruleId: 'one', reason: 'Rule one: it applies to every message' } },
    ],
    [
      { kind: 'reject', text: 'Use the form.' },
      { verdict: { kind: 'reject', ruleId: 'one', reason: 'Use the form.' } },
    ],
    [
      { kind: 'redirect', to: 'desk@firm.example' },
      { verdict: { kind: 'accept' }, redirect: 'desk@firm.example' },
    ],
    [
      { kind: 'notify', whom: 'admins' },
      { verdict: { kind: 'accept' }, notify: ['admins'] },
    ],
    [
      { kind: 'tag', subjectPrefix: '[External] ' },
      { verdict: { kind: 'accept' }, subjectPrefix: '[External]' },
    ],
    [
      { kind: 'tag', header: { name: 'X-Spam', value: 'score {score}' } },
      { verdict: { kind: 'accept' }, headers: [{ name: 'X-Spam', value: 'score 61' }] },
    ],
  ])('%j', (then, expected) => {
    const facts = messageFacts({ spam: { score: 61, answer: 'unsure', reasons: [] } });
    expect(evaluate([rule(always, then)], facts, context)).toMatchObject(expected);
  });
});

describe('order decides', () => {
  const accept = rule(always, { kind: 'accept' }, 'accept');
  const discard = rule(always, { kind: 'discard' }, 'discard');
  const tag = (prefix: string) => rule(always, { kind: 'tag', subjectPrefix: prefix }, prefix);
  const redirect = (to: string) => rule(always, { kind: 'redirect', to }, to);

  it('the first rule that ends is the last one tried', () => {
    expect(evaluate([accept, discard], messageFacts(), context).verdict).toEqual({ kind: 'accept' });
    expect(evaluate([discard, accept], messageFacts(), context).verdict).toMatchObject({ ruleId: 'discard' });
    expect(evaluate([accept, tag('late')], messageFacts(), context).subjectPrefix).toBe('');
  });

  it('what goes on is collected in order; of two redirects the first counts', () => {
    const decision = evaluate(
      [tag('a'), redirect('x@firm.example'), tag('b'), redirect('y@firm.example')],
      messageFacts(),
      context,
    );
    expect(decision).toMatchObject({ subjectPrefix: 'a b', redirect: 'x@firm.example' });
    expect(decision.matched.map(({ ruleId }) => ruleId)).toEqual(['a', 'x@firm.example', 'b', 'y@firm.example']);
  });

  it('a rule that is off is not tried', () => {
    expect(evaluate([{ ...discard, isOn: false }, accept], messageFacts(), context).matched).toHaveLength(1);
  });
});

describe('a rule that cannot be judged', () => {
  const broken: Condition = { kind: 'time', timeZone: 'No/Where', weekdays: [1], from: '00:00', to: '01:00' };
  const unknownList: Condition = { kind: 'listed', list: 'gone', of: 'sender' };
  const endless: Condition = { kind: 'text', in: 'body', test: { how: 'pattern', value: '(a?){200}(a?){200}b' } };

  it.each([
    ['a fault of ours', broken, 'could not be judged'],
    ['a list that is gone', unknownList, 'no list "gone"'],
    [
      'a list by a name that every object has',
      { kind: 'listed', list: 'constructor', of: 'sender' } as const,
      'no list',
    ],
    ['a pattern that runs over its steps', endless, 'ran over its steps'],
  ])('%s counts as not matching, is listed, and the next is tried', (_, when, why) => {
    const rules = [rule(when, { kind: 'discard' }, 'failing'), rule(always, { kind: 'hold' }, 'next')];
    const decision = evaluate(rules, writing('a'.repeat(60_000)), context);
    expect(decision.verdict).toMatchObject({ kind: 'hold', ruleId: 'next' });
    expect(decision.failed).toEqual([{ ruleId: 'failing', why: expect.stringContaining(why) }]);
  });

  it.each<[string, Condition, Parameters<typeof messageFacts>[0]]>([
    [
      'DMARC of a sender whose zone is silent',
      dmarcPass,
      { authentication: { ...NOT_AUTHENTICATED, dmarc: 'temperror' } },
    ],
    ['DMARC when nobody has looked', dmarcPass, { authentication: { ...NOT_AUTHENTICATED, dmarc: 'unknown' } }],
    ['a country that the front does not say', { kind: 'country', in: ['DE'] }, {}],
    ['an address that the front does not say', { kind: 'listed', list: 'ours', of: 'remote-ip' }, {}],
  ])('%s: nobody is refused for what is not known, and no rule has failed', (_, when, given) => {
    const facts = messageFacts({ ...given, envelope: { remoteIp: '', ...given?.envelope } });
    const refusing = [rule({ kind: 'not', of: { kind: 'all', of: [when] } }, { kind: 'reject', text: 'no' }, 'strict')];
    const lists = { ours: new Set(['192.0.2.1']) };
    expect(evaluate(refusing, facts, { ...context, lists })).toMatchObject({ verdict: { kind: 'accept' }, failed: [] });
  });

  it('what is known not to be so is not so', () => {
    const strict: Condition = { kind: 'not', of: dmarcPass };
    expect(matches(strict, messageFacts({ authentication: { ...NOT_AUTHENTICATED, dmarc: 'none' } }))).toBe(true);
    expect(matches({ kind: 'any', of: [strict, always] }, messageFacts())).toBe(true);
    expect(
      matches({ kind: 'not', of: { kind: 'country', in: ['DE'] } }, messageFacts({ envelope: { country: 'AT' } })),
    ).toBe(true);
  });

  it('its opposite does not match either, and what is true beside it still counts', () => {
    expect(matches({ kind: 'not', of: unknownList }, messageFacts())).toBe(false);
    expect(matches({ kind: 'any', of: [unknownList, always] }, messageFacts())).toBe(true);
    expect(matches({ kind: 'all', of: [unknownList, never] }, messageFacts())).toBe(false);
  });

  it('rules that have used up the steps of a message leave none to those behind them', () => {
    const hungry = Array.from({ length: 20 }, (_, n) => rule(endless, { kind: 'discard' }, `hungry-${n}`));
    const begin = performance.now();
    const decision = evaluate(hungry, writing('a'.repeat(60_000)), context);
    expect(decision.failed).toHaveLength(20);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});

describe('laws', () => {
  const words = fc.constantFrom(
    'a',
    'invoice',
    '4111 1111 1111 1111',
    '',
    'ann@firm.example',
    '<>',
    '\u202e',
    'xn--',
    '*',
  );
  const test = fc.record({ how: fc.constantFrom('contains', 'word', 'equals', 'glob', 'pattern'), value: words });
  // Also shapes that no schema lets through: a rule may come from another version.
  const leaf = fc.oneof(
    fc.constantFrom(
      { kind: 'always' },
      { kind: 'virus' },
      { kind: 'not-fully-scanned' },
      { kind: 'scanner-failed' },
      { kind: 'unheard-of' },
    ),
    fc.record({ kind: fc.constant('text'), in: fc.constantFrom('subject', 'body', 'anywhere', 'nowhere'), test }),
    fc.record({ kind: fc.constant('header'), name: words, test }),
    fc.record({
      kind: fc.constant('address'),
      of: fc.constantFrom('sender', 'recipient', 'from', 'to-or-cc'),
      matches: fc.array(words),
    }),
    fc.record({
      kind: fc.constant('listed'),
      list: fc.constantFrom('partners', 'toString', ''),
      of: fc.constantFrom('sender', 'remote-ip', 'link-host'),
    }),
    fc.record({ kind: fc.constant('time'), timeZone: words, weekdays: fc.array(fc.integer()), from: words, to: words }),
    fc.record({
      kind: fc.constant('sensitive'),
      what: fc.constantFrom('card', 'iban', 'national-id', 'x'),
      atLeast: fc.integer(),
    }),
    fc.record({ kind: fc.constant('impersonation'), of: fc.constantFrom('own-domain', 'own-account') }),
  );
  const condition = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({ kind: fc.constantFrom('all', 'any'), of: fc.array(tie('any'), { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('not'), of: tie('any') }),
    ),
  })).any;
  const facts = fc
    .record({ subject: words, text: words, host: words, reversePath: words, remoteIp: words, name: words })
    .map(({ subject, text, host, reversePath, remoteIp, name }) =>
      messageFacts({
        headers: { subject, from: [{ name, address: reversePath }] },
        texts: [{ kind: 'html', text, isTruncated: false }],
        links: [linkTo(host)],
        envelope: { reversePath, remoteIp },
      }),
    );

  it('evaluation is total: whatever the rules and the facts, there is a decision', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), facts, (conditions, given) => {
        const rules = conditions.map((when, index) => rule(when as Condition, { kind: 'hold' }, `${index}`));
        const decision = evaluate(rules, given, context);
        expect(['accept', 'hold']).toContain(decision.verdict.kind);
        if (decision.verdict.kind === 'accept') expect(decision.matched).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('the verdict is that of the first rule that matches', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 5 }), facts, (conditions, given) => {
        const rules = conditions.map((when, index) => rule(when as Condition, { kind: 'hold' }, `${index}`));
        const first = rules.find((one) => evaluate([one], given, context).verdict.kind === 'hold');
        const { verdict } = evaluate(rules, given, context);
        expect(verdict.kind === 'accept' ? undefined : verdict.ruleId).toBe(first?.id);
      }),
      { numRuns: 500 },
    );
  });
});
