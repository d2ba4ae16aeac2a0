/** A dry run says what would have happened, and where it cannot know, says that. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dryRun, type KeptMessage } from '../../../src/core/rules/dry-run.ts';
import { evaluate } from '../../../src/core/rules/evaluate.ts';
import type { Action, Condition, Rule, RuleContext } from '../../../src/core/rules/rule.ts';
import { linkTo, messageFacts } from '../../support/message-facts.ts';

const context: RuleContext = { ownDomains: ['firm.example'], lists: {}, isOwnName: () => false };

function rule(id: string, when: Condition, then: Action): Rule {
  return { id, name: id, isOn: true, when, then };
}

const large: Condition = { kind: 'size', overBytes: 5_000 };
const saysHello: Condition = { kind: 'text', in: 'body', test: { how: 'contains', value: 'hello' } };
const quarantine: Action = { kind: 'quarantine' };

function kept(id: string, sizeBytes = 100): KeptMessage {
  return { id, facts: messageFacts({ sizeBytes, texts: [] }), notKept: ['texts', 'links', 'fields'] };
}

it('counts each verdict and names the messages', () => {
  const messages = [kept('a', 9_000), kept('b'), kept('c', 9_000)];
  const run = dryRun([rule('large', large, quarantine)], messages, context);
  expect(run.messages).toBe(3);
  expect(run.verdicts.quarantine).toEqual({ count: 2, ids: ['a', 'c'] });
  expect(run.verdicts.accept).toEqual({ count: 1, ids: ['b'] });
  expect(run.rules).toEqual([{ ruleId: 'large', matched: 2, unknown: 0 }]);
});

describe('where it depends on what was not kept', () => {
  const accept: Action = { kind: 'accept' };
  const tag: Action = { kind: 'tag', subjectPrefix: 'x' };
  it.each<readonly [string, readonly Rule[], string]>([
    ['text decides', [rule('t', saysHello, quarantine)], 'cannot-be-said'],
    ['a later rule says the same', [rule('t', saysHello, quarantine), rule('l', large, quarantine)], 'quarantine'],
    [
      'a later rule says something else',
      [rule('t', saysHello, accept), rule('l', large, quarantine)],
      'cannot-be-said',
    ],
    ['it would be accepted anyway', [rule('t', saysHello, accept)], 'accept'],
    ['it would only be marked', [rule('t', saysHello, tag)], 'accept'],
    ['an earlier rule has decided', [rule('l', large, quarantine), rule('t', saysHello, accept)], 'quarantine'],
    [
      'not for small ones',
      [rule('t', { kind: 'all', of: [saysHello, { kind: 'not', of: large }] }, quarantine)],
      'accept',
    ],
    ['the opposite', [rule('t', { kind: 'not', of: saysHello }, quarantine)], 'cannot-be-said'],
    ['numbers', [rule('s', { kind: 'sensitive', what: 'card', atLeast: 1 }, quarantine)], 'cannot-be-said'],
    ['links', [rule('s', { kind: 'link', hosts: ['a.example'] }, quarantine)], 'cannot-be-said'],
    ['headers', [rule('s', { kind: 'header', name: 'X-A', test: { how: 'present' } }, quarantine)], 'cannot-be-said'],
    [
      'the subject was kept',
      [rule('s', { kind: 'text', in: 'subject', test: { how: 'contains', value: 'x' } }, quarantine)],
      'accept',
    ],
    [
      'anywhere, and it is in the subject',
      [rule('s', { kind: 'text', in: 'anywhere', test: { how: 'contains', value: 'invoice' } }, quarantine)],
      'quarantine',
    ],
    [
      'a rule that fails now would have failed then',
      [rule('s', { kind: 'listed', list: 'gone', of: 'sender' }, quarantine)],
      'accept',
    ],
    ['a rule that is off', [{ ...rule('t', saysHello, quarantine), isOn: false }], 'accept'],
  ])('%s', (_, rules, verdict) => {
    const run = dryRun(rules, [kept('a', 9_000)], context);
    expect(Object.entries(run.verdicts).flatMap(([kind, { count }]) => (count > 0 ? [kind] : []))).toEqual([verdict]);
  });
});

it('ends, however slow the rules are made, and says of the rest that it cannot be said', () => {
  const endless: Condition = { kind: 'text', in: 'subject', test: { how: 'pattern', value: '(a?){200}(a?){200}b' } };
  const slow = Array.from({ length: 500 }, (_, n) => ({
    id: `${n}`,
    facts: messageFacts({ headers: { subject: 'a'.repeat(2_000) } }),
    notKept: [],
  }));
  const begin = performance.now();
  const run = dryRun([rule('endless', endless, quarantine)], slow, context);
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(run.verdicts['cannot-be-said'].count).toBeGreaterThan(0);
  expect(run.messages).toBe(500);
});

it('with everything kept it says what evaluation says', () => {
  const condition = fc.constantFrom<Condition>(
    large,
    saysHello,
    { kind: 'link', hosts: ['a.example'] },
    { kind: 'not', of: large },
  );
  const action = fc.constantFrom<Action>(
    quarantine,
    { kind: 'accept' },
    { kind: 'hold' },
    { kind: 'notify', whom: 'admins' },
  );
  const facts = fc.record({
    isLarge: fc.boolean(),
    says: fc.constantFrom('hello', 'bye'),
    host: fc.constantFrom('a.example', 'b.example'),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(condition, action), { maxLength: 4 }), facts, (pairs, { isLarge, says, host }) => {
      const rules = pairs.map(([when, then], index) => rule(`${index}`, when, then));
      const given = messageFacts({
        sizeBytes: isLarge ? 9_000 : 10,
        texts: [{ kind: 'plain', text: says, isTruncated: false }],
        links: [linkTo(host)],
      });
      const { verdict } = evaluate(rules, given, context);
      expect(dryRun(rules, [{ id: 'a', facts: given, notKept: [] }], context).verdicts[verdict.kind].count).toBe(1);
    }),
  );
});
