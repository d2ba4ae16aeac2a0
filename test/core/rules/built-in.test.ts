/** What a plan's sets, scanners and caps come to as rules, and what follows from them. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_FILTER_PLAN, type FilterPlan } from '../../../src/core/filter-plan.ts';
import type { MessageFacts } from '../../../src/core/message-facts.ts';
import { BUILT_IN_SETS, rulesOf } from '../../../src/core/rules/built-in.ts';
import { evaluate } from '../../../src/core/rules/evaluate.ts';
import type { BuiltInSet, Rule, RuleContext } from '../../../src/core/rules/rule.ts';
import { attached, messageFacts } from '../../support/message-facts.ts';

const context: RuleContext = {
  ownDomains: ['northwind.example'],
  lists: {},
  isOwnName: (name) => name === 'Ann Adams',
};

function plan(given: Partial<FilterPlan> = {}): FilterPlan {
  return { ...DEFAULT_FILTER_PLAN, ...given };
}

function decide(given: Partial<FilterPlan>, facts: MessageFacts) {
  return evaluate(rulesOf(plan(given)), facts, context);
}

const spam = (score: number) => messageFacts({ spam: { score, answer: 'spam', reasons: [] } });
const leaving = (score: number, recipient = toOutside.recipient) =>
  messageFacts({ direction: 'outbound', envelope: { recipient }, spam: { score, answer: 'spam', reasons: [] } });
const toOutside = { recipient: 'cleo@elsewhere.example' };
const writing = (text: string, recipient = toOutside.recipient) =>
  messageFacts({
    direction: 'outbound',
    envelope: { recipient },
    texts: [{ kind: 'plain', text, isTruncated: false }],
  });
const CARD = '4111 1111 1111 1111';
const IBANS = 'DE89370400440532013000 GB82WEST12345698765432 NL91ABNA0417164300';

describe('a set', () => {
  it.each<readonly [BuiltInSet, string, MessageFacts, string]>([
    ['virus', 'found', messageFacts({ scans: [{ scanner: 'clamd', kind: 'found', names: ['Eicar'] }] }), 'quarantine'],
    [
      'virus',
      'found on the way out',
      messageFacts({ direction: 'outbound', scans: [{ scanner: 'clamd', kind: 'found', names: ['Eicar'] }] }),
      'quarantine',
    ],
    ['virus', 'clean', messageFacts({ scans: [{ scanner: 'clamd', kind: 'clean' }] }), 'accept'],
    ['dangerous-attachments', 'a program', messageFacts({ parts: [attached('a.exe')] }), 'quarantine'],
    [
      'dangerous-attachments',
      'a name that deceives',
      messageFacts({ parts: [attached('a.pdf', { tricks: ['direction-override'] })] }),
      'quarantine',
    ],
    ['dangerous-attachments', 'a document', messageFacts({ parts: [attached('a.pdf')] }), 'accept'],
    ['macros-from-outside', 'macros', messageFacts({ parts: [attached('a.docm', { hasMacros: true })] }), 'quarantine'],
    [
      'macros-from-outside',
      'macros on the way out',
      messageFacts({ direction: 'outbound', parts: [attached('a.docm', { hasMacros: true })] }),
      'accept',
    ],
    [
      'own-domain-look-alike',
      'a look-alike',
      messageFacts({ envelope: { reversePath: 'ann@northwlnd.example' } }),
      'quarantine',
    ],
    ['own-domain-look-alike', 'itself', messageFacts({ envelope: { reversePath: 'ann@northwind.example' } }), 'accept'],
    ['numbers-leaving', 'a card', writing(CARD), 'hold'],
    ['numbers-leaving', 'a card to a colleague', writing(CARD, 'bob@northwind.example'), 'accept'],
    [
      'numbers-leaving',
      'a card coming in',
      messageFacts({ texts: [{ kind: 'plain', text: CARD, isTruncated: false }] }),
      'accept',
    ],
    ['numbers-leaving', 'one IBAN', writing(IBANS.slice(0, 22)), 'accept'],
    ['numbers-leaving', 'three IBANs', writing(IBANS), 'hold'],
    ['spam', 'spam', spam(90), 'quarantine'],
    ['spam', 'perhaps spam', spam(89), 'accept'],
    ['spam', 'spam on its way out', leaving(90), 'hold'],
    ['spam', 'perhaps spam on its way out', leaving(89), 'accept'],
    ['spam', 'spam to a colleague', leaving(100, 'bob@northwind.example'), 'accept'],
  ])('%s on %s', (set, _, facts, verdict) => {
    expect(decide({ sets: [set] }, facts).verdict.kind).toBe(verdict);
    expect(decide({ sets: BUILT_IN_SETS.filter((one) => one !== set) }, facts).verdict.kind).toBe('accept');
  });

  it('spam marks from the first score on, with the score, also what then goes into quarantine', () => {
    const headers = [{ name: 'X-Breakwater-Spam', value: '60' }];
    expect(decide({ sets: ['spam'] }, spam(60))).toMatchObject({ verdict: { kind: 'accept' }, headers });
    expect(decide({ sets: ['spam'] }, spam(59)).headers).toEqual([]);
    expect(decide({ sets: ['spam'] }, spam(95)).headers).toEqual([{ name: 'X-Breakwater-Spam', value: '95' }]);
    expect(decide({ sets: ['spam'], spam: { quarantineAt: 50, tagAt: 20 } }, spam(50)).verdict.kind).toBe('quarantine');
  });

  it('spam marks nothing that leaves: whoever gets it would read the mark', () => {
    expect(decide({ sets: ['spam'] }, leaving(89)).headers).toEqual([]);
  });

  it('own-name-impersonation marks and lets through', () => {
    const facts = messageFacts({ headers: { from: [{ name: 'Ann Adams', address: 'ann@private.example' }] } });
    const decision = decide({ sets: ['own-name-impersonation'] }, facts);
    expect(decision.verdict).toEqual({ kind: 'accept' });
    expect(decision.headers).toMatchObject([{ name: 'X-Breakwater-Warning' }]);
    expect(decision.subjectPrefix).toBe('');
  });
});

describe('the list', () => {
  const own: Rule = { id: 'mine', name: 'Mine', isOn: true, when: { kind: 'always' }, then: { kind: 'accept' } };

  it('begins with the client’s own rules, and an accept of its own goes before every set', () => {
    expect(decide({ rules: [own], sets: ['spam'] }, spam(100)).matched.map(({ ruleId }) => ruleId)).toEqual(['mine']);
    expect(rulesOf(plan({ rules: [{ ...own, isOn: false }] }))).toEqual([]);
  });

  it('has an id for every rule, whatever is switched on', () => {
    const ids = rulesOf(plan({ rules: [own], sets: [...BUILT_IN_SETS] })).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(BUILT_IN_SETS.length);
  });
});
