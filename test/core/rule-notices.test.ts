/** Who hears that a rule was met: each person once an hour, whatever comes. */
import { describe, expect, it } from 'vitest';
import { gathered, noticesDueAt, noticesOf, personWords, summed, told } from '../../src/core/rule-notices.ts';
import type { Rule } from '../../src/core/rules/rule.ts';
import { messageFacts } from '../support/message-facts.ts';

const HOUR = 3_600_000;
const rule = (whom: 'admins' | 'recipient'): Rule => ({
  id: whom,
  name: `tell ${whom}`,
  isOn: true,
  when: { kind: 'always' },
  then: { kind: 'notify', whom },
});
const RULES = [rule('admins'), rule('recipient')];
const MET = { matched: RULES.map(({ id, name }) => ({ ruleId: id, name, words: '' })) };
const notice = (recipient: string, count = 1) => ({ recipient, ruleId: 'r', name: 'big files', count });

describe('of a message', () => {
  const whom = (facts = messageFacts(), met: typeof MET = MET) =>
    noticesOf(met, RULES, facts).map(({ recipient }) => recipient);

  it('admins and its recipient are told, without what the sender has put into the address', () => {
    expect(whom()).toEqual(['', 'ann@firm.example']);
    expect(whom(messageFacts({ envelope: { recipient: 'ann+shop@firm.example' } }))).toEqual(['', 'ann@firm.example']);
  });

  it('nobody outside is told of what our own people write, and nobody of a rule that was not met', () => {
    expect(whom(messageFacts({ direction: 'outbound' }))).toEqual(['']);
    expect(whom(messageFacts(), { matched: [] })).toEqual([]);
  });
});

it('the first is said at once, the rest when the hour is over, counted together', () => {
  const [first] = gathered([], [notice('ann@firm.example')], HOUR * 9);
  expect(first && noticesDueAt(first)).toBeLessThanOrEqual(HOUR * 9);
  const after = told(
    [first].flatMap((one) => one ?? []),
    'ann@firm.example',
    HOUR * 9,
  );
  const [later] = gathered(after, [notice('ann@firm.example', 2), notice('ann@firm.example', 3)], HOUR * 9 + 1);
  expect(later).toMatchObject({ waiting: [{ count: 5 }] });
  expect(later && noticesDueAt(later)).toBe(HOUR * 10);
});

it('who was told long ago is forgotten, and a flood of addresses fills nothing', () => {
  const quiet = [{ recipient: 'ann@firm.example', toldAt: HOUR, waiting: [] }];
  expect(gathered(quiet, [], HOUR * 3)).toEqual([]);
  const flood = Array.from({ length: 5_000 }, (_, n) => notice(`guess${n}@firm.example`));
  expect(gathered([], flood, HOUR)).toHaveLength(200);
  expect(summed([notice('a'), notice('a'), notice('b')])).toMatchObject([{ count: 2 }, { count: 1 }]);
});

it('a letter has rules and counts, and nothing that a stranger has chosen', () => {
  const { subject, text } = personWords([notice('ann@firm.example', 3)]);
  expect(subject).not.toContain('big files');
  expect(text).toContain('3 messages met the rule "big files"');
});
