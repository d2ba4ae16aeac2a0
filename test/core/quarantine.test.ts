/** Why a message is kept, whose it is, and what may become of it. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/address.ts';
import type { MessageId } from '../../src/core/ids.ts';
import {
  type Cause,
  causeOf,
  deletableFrom,
  mayRelease,
  quarantineBox,
  quarantining,
} from '../../src/core/quarantine.ts';
import type { Condition } from '../../src/core/rules/rule.ts';

const FROM_ODD: Condition = { kind: 'address', of: 'sender', matches: ['odd@world.example'] };

it.each<readonly [string, Condition, Cause]>([
  ['an address', FROM_ODD, 'rule'],
  ['a spam score', { kind: 'spam', atLeast: 90 }, 'spam'],
  ['a spam score and an address', { kind: 'all', of: [FROM_ODD, { kind: 'spam', atLeast: 50 }] }, 'spam'],
  ['a virus', { kind: 'virus' }, 'threat'],
  ['spam or a virus', { kind: 'any', of: [{ kind: 'spam', atLeast: 50 }, { kind: 'virus' }] }, 'threat'],
  ['a macro', { kind: 'attachment', test: { kind: 'macro' } }, 'threat'],
  ['any attachment', { kind: 'attachment', test: { kind: 'any' } }, 'rule'],
  ['a known hash', { kind: 'listed', list: 'bad', of: 'attachment-hash' }, 'threat'],
  ['a known sender', { kind: 'listed', list: 'bulk', of: 'sender' }, 'rule'],
  ['who passes for another', { kind: 'impersonation', of: 'own-account' }, 'threat'],
  ['what is not spam', { kind: 'not', of: { kind: 'spam', atLeast: 50 } }, 'rule'],
])('a rule about %s keeps for that reason', (_, when, cause) => {
  expect(causeOf(when)).toBe(cause);
});

it('a message bears the words and the id of the rule that decided, and its score', () => {
  const rules = [
    { id: 'r7', name: 'too much', isOn: true, when: { kind: 'spam', atLeast: 90 }, then: { kind: 'quarantine' } },
  ] as const;
  const verdict = { kind: 'quarantine', ruleId: 'r7', reason: 'too much' } as const;
  const spam = { score: 97, answer: 'spam', reasons: [] } as const;
  expect(quarantining(verdict, rules, { spam })).toEqual({
    detail: 'too much',
    ruleId: 'r7',
    cause: 'spam',
    spamScore: 97,
  });
  expect(quarantining(verdict, [], {})).toEqual({ detail: 'too much', ruleId: 'r7', cause: 'rule' });
});

describe('whose it is', () => {
  const box = (text: string, entry: Parameters<typeof quarantineBox>[1]) => {
    const address = parseAddress(text);
    if (address === undefined) throw new Error(text);
    return quarantineBox(address, entry);
  };

  it.each([
    ['Anna@harbour.example', 'anna@harbour.example'],
    ['anna+shop@harbour.example', 'anna@harbour.example'],
    ['"a+b@c"@harbour.example', '"a@harbour.example'],
    ['+@harbour.example', '+@harbour.example'],
  ])('what came for %s is in the quarantine of %s', (recipient, key) => {
    expect(box(recipient, { kind: 'inbound' })).toBe(key);
  });

  it('what the client’s own people wrote is nobody’s', () => {
    const submissionId = 's' as MessageId;
    expect(box('bo@harbour.example', { kind: 'inbound', submissionId })).toBe('');
    expect(box('x@world.example', { kind: 'outbound', submissionId })).toBe('');
  });
});

it('may be deleted so many days after it came', () => {
  expect(deletableFrom(Date.UTC(2030, 0, 1), { retentionDays: 30 })).toBe(Date.UTC(2030, 0, 31));
});

it.each([
  ['nothing', 'spam', false],
  ['see', 'spam', false],
  ['release', 'spam', true],
  ['release', 'rule', true],
  ['release', 'threat', false],
] as const)('where users may %s, a user lets %s out: %s', (users, cause, may) => {
  expect(mayRelease(users, cause)).toBe(may);
});
