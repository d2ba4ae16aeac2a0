/** What follows when not everything could be looked at, and no rule had the last word. */
import { describe, expect, it } from 'vitest';
import { concluded, withinOwnDomains } from '../../src/core/filter-conclusion.ts';
import type { Decision, Rule, Verdict } from '../../src/core/rules/rule.ts';

const ACCEPTED: Decision = {
  verdict: { kind: 'accept' },
  headers: [],
  subjectPrefix: '',
  notify: [],
  matched: [],
  failed: [],
};
const QUARANTINE: Verdict = { kind: 'quarantine', ruleId: 'r', reason: 'why' };
const ACCEPT_RULE: Rule = { id: 'ok', name: 'ok', isOn: true, when: { kind: 'always' }, then: { kind: 'accept' } };
const BY_RULE = { ...ACCEPTED, matched: [{ ruleId: 'ok', name: 'ok', words: '' }] };
const SILENT = [{ scanner: 'clamd', kind: 'failed', why: 'refused' }] as const;

describe('a message goes on, is marked or is held', () => {
  it.each([
    ['nothing is missing', ACCEPTED, [], [], 'hold', 'hold', 'accept', 0],
    ['a scanner is silent: marked', ACCEPTED, SILENT, [], 'pass-marked', 'hold', 'accept', 1],
    ['a scanner is silent: held', ACCEPTED, SILENT, [], 'hold', 'pass-marked', 'hold', 0],
    ['a cap was passed: marked', ACCEPTED, [], ['parts'], 'hold', 'pass-marked', 'accept', 1],
    ['a cap was passed: held', ACCEPTED, [], ['parts'], 'pass-marked', 'hold', 'hold', 0],
    ['a rule said accept: marked, not held', BY_RULE, SILENT, ['parts'], 'hold', 'hold', 'accept', 1],
    [
      'a rule has decided: as it said',
      { ...ACCEPTED, verdict: QUARANTINE },
      SILENT,
      [],
      'hold',
      'hold',
      'quarantine',
      1,
    ],
    [
      'a rule could not be judged: held',
      { ...ACCEPTED, failed: [{ ruleId: 'x', why: '' }] },
      [],
      [],
      'pass-marked',
      'hold',
      'hold',
      0,
    ],
  ] as const)('%s', (_, decision, scans, unscanned, whenFailed, whenNotFullyScanned, verdict, marks) => {
    const terms = { whenNotFullyScanned, scanners: [{ name: 'clamd', whenFailed }] };
    const conclusion = concluded({ decision, facts: { scans, unscanned }, rules: [ACCEPT_RULE] }, terms);
    expect(conclusion.verdict.kind).toBe(verdict);
    expect(conclusion.headers).toHaveLength(marks);
  });
});

it("a redirect leads to one of the client's own people or nowhere", () => {
  const to = (redirect: string) => withinOwnDomains({ ...ACCEPTED, redirect }, ['harbour.example']);
  expect(to('ben@harbour.example')).toMatchObject({ redirect: 'ben@harbour.example', failed: [] });
  expect(to('ben@elsewhere.example').redirect).toBeUndefined();
  expect(to('ben@elsewhere.example').failed).toMatchObject([{ ruleId: 'redirect' }]);
});
