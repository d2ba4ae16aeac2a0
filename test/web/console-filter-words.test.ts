/** The filter's screens: rules as a form holds them, and what is said of a dry run, a change, a scanner, a list. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Condition, Rule } from '../../src/core/rules/rule.ts';
import { emptyCondition, readCondition } from '../../src/web/console/condition-draft.ts';
import type { Filter, Trial } from '../../src/web/console/filter-api.ts';
import {
  listNameError,
  listWords,
  moved,
  noteOf,
  readSettings,
  scannerWords,
  settingsDraft,
  trialWords,
} from '../../src/web/console/filter-words.ts';
import { asForm, asJson, draftOfRule, emptyRule, readRule } from '../../src/web/console/rule-draft.ts';
import { CONDITION_KINDS } from '../../src/web/console/rule-words.ts';
import { emptyScanner, keptScanner, readScanner } from '../../src/web/console/scanner-draft.ts';

function rule(when: Condition, then: Action = { kind: 'quarantine' }): Rule {
  return { id: 'one', name: 'One', isOn: true, when, then };
}

const inbound: Condition = { kind: 'direction', is: 'inbound' };
const invoice: Condition = { kind: 'text', in: 'subject', test: { how: 'contains', value: 'invoice' } };

const SHOWN: readonly Condition[] = [
  { kind: 'always' },
  inbound,
  invoice,
  { kind: 'all', of: [inbound, invoice] },
  { kind: 'any', of: [inbound, { kind: 'not', of: invoice }] },
  { kind: 'address', of: 'from', matches: ['a@b.example', '@c.example', '<>', '<own>'] },
  { kind: 'header', name: 'List-Id', test: { how: 'present' } },
  { kind: 'header', name: 'X-A', test: { how: 'pattern', value: 'a+' } },
  { kind: 'attachment', test: { kind: 'macro' } },
  { kind: 'attachment', test: { kind: 'name', test: { how: 'glob', value: '*.iso' } } },
  { kind: 'attachment', test: { kind: 'type', types: ['image/*', 'application/pdf'] } },
  { kind: 'link', hosts: ['*.bad.example'] },
  { kind: 'country', in: ['DE', 'AT'] },
  { kind: 'listed', list: 'friends', of: 'sender-domain' },
  { kind: 'impersonation', of: 'own-account' },
  { kind: 'authentication', method: 'spf', is: ['softfail'] },
  { kind: 'spam', atLeast: 75 },
  { kind: 'virus' },
  { kind: 'sensitive', what: 'iban', atLeast: 3 },
  { kind: 'size', overBytes: 2_500_000 },
  { kind: 'time', timeZone: 'Europe/Berlin', weekdays: [6, 7], from: '22:00', to: '06:00' },
  { kind: 'not-fully-scanned' },
  { kind: 'scanner-failed' },
];

const BY_HAND: readonly Condition[] = [
  { kind: 'all', of: [inbound, { kind: 'any', of: [invoice, inbound] }] },
  { kind: 'not', of: { kind: 'any', of: [invoice] } },
  { kind: 'authentication', method: 'dmarc', is: ['fail', 'none'] },
  { kind: 'attachment', test: { kind: 'hash', sha256: ['a'.repeat(64)] } },
  { kind: 'time', timeZone: 'UTC', weekdays: [2], from: '00:00', to: '01:00' },
  { kind: 'size', overBytes: 1 },
  { kind: 'scanner-failed', scanner: 'clamd' },
];

describe('a rule in the form', () => {
  it.each(SHOWN)('comes back as it was: %j', (when) => {
    const draft = draftOfRule(rule(when));
    expect(draft.json).toBeUndefined();
    expect(readRule(draft)).toEqual({
      kind: 'read',
      rule: { name: 'One', isOn: true, when, then: { kind: 'quarantine' } },
    });
    expect(asForm(asJson(draft))).toEqual(draft);
  });

  it.each(BY_HAND)('is JSON where the form cannot show it, and comes back as it was: %j', (when) => {
    const draft = draftOfRule(rule(when));
    expect(draft.conditions).toEqual([]);
    expect(JSON.parse(draft.json ?? '')).toEqual(when);
    expect(asForm(draft)).toBeUndefined();
    expect(readRule(draft)).toMatchObject({ kind: 'read', rule: { when } });
  });

  it.each<Action>([
    { kind: 'accept' },
    { kind: 'reject', text: 'Call us.' },
    { kind: 'tag', header: { name: 'X-A', value: '1' } },
    { kind: 'tag', subjectPrefix: '[External] ' },
    { kind: 'tag', header: { name: 'X-A', value: '1' }, subjectPrefix: '! ' },
    { kind: 'redirect', to: 'desk@firm.example' },
    { kind: 'notify', whom: 'recipient' },
  ])('keeps what follows: %j', (then) => {
    expect(readRule(draftOfRule(rule(inbound, then)))).toMatchObject({ kind: 'read', rule: { then } });
  });

  it('comes back as it was, whatever several conditions it has', () => {
    const several = fc.array(fc.constantFrom(...SHOWN.filter(({ kind }) => !['always', 'all', 'any'].includes(kind))), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(several, fc.constantFrom('all', 'any'), fc.boolean(), (of, kind, isOn) => {
        const given = { ...rule({ kind, of }), isOn };
        expect(readRule(draftOfRule(given))).toMatchObject({ kind: 'read', rule: { when: { kind, of }, isOn } });
      }),
    );
  });

  it('says what is missing', () => {
    expect(readRule(emptyRule())).toMatchObject({ kind: 'wrong', errors: { name: 'Give the rule a name.' } });
    const named = { ...emptyRule(), name: 'One' };
    expect(readRule({ ...named, json: '{' })).toMatchObject({
      kind: 'wrong',
      errors: { json: expect.stringContaining('not JSON') },
    });
    expect(readRule({ ...named, json: '[]' })).toMatchObject({
      kind: 'wrong',
      errors: { json: expect.stringContaining('"kind"') },
    });
    expect(readRule({ ...named, action: { ...named.action, kind: 'tag' } })).toMatchObject({
      kind: 'wrong',
      errors: { action: { headerName: expect.stringContaining('header') } },
    });
    expect(readRule({ ...named, conditions: [emptyCondition('link')] })).toMatchObject({
      kind: 'wrong',
      errors: { conditions: [{ value: expect.stringContaining('host') }] },
    });
  });

  it('begins each kind of condition with something that is whole, or asks for one thing', () => {
    for (const [kind] of CONDITION_KINDS) {
      const read = readCondition(emptyCondition(kind, 'UTC'));
      if (read.kind === 'wrong') expect(Object.keys(read.errors)).toHaveLength(1);
      else expect(read.condition.kind).toBe(kind);
    }
  });
});

describe('a rule that was tried', () => {
  const trial = (messages: number, matched: number, unknown: number): Trial => ({
    messages,
    oldestAtMs: null,
    words: 'Would have quarantined 3 of 412.',
    rules: [{ matched, unknown }],
    examples: [],
  });

  it.each([
    [trial(412, 3, 0), ['It applies to 3 of the last 412.', 'Would have quarantined 3 of 412.']],
    [trial(412, 3, 9), ['It applies to 3 of the last 412, and perhaps to 9 more.', 'Would have quarantined 3 of 412.']],
    [trial(0, 0, 0), ['Would have quarantined 3 of 412.']],
  ])('%#', (given, words) => {
    expect(trialWords(given)).toEqual(words);
  });
});

describe('words', () => {
  it('of a change', () => {
    expect(noteOf({ kind: 'moved', name: 'One', place: 2 })).toBe('moved “One” to place 2');
    expect(noteOf({ kind: 'switched-off', name: 'One' })).toBe('switched “One” off');
  });

  it('of a list', () => {
    expect(listWords({ name: 'a', count: 1, usedBy: [] })).toBe('1 entry; no rule looks things up in it');
    expect(listWords({ name: 'bad-hashes', count: 2, usedBy: [] })).toBe('2 entries, each of which counts as a virus');
    expect(listWords({ name: 'a', count: 2_000, usedBy: ['A', 'B', 'A'] })).toBe('2,000 entries; used by “A”, “B”');
    expect(listNameError('trusted-senders', [])).toBeUndefined();
    expect(listNameError('Trusted', [])).toContain('lower-case');
    expect(listNameError('a', ['a'])).toContain('of this name');
  });

  it('of a scanner', () => {
    expect(scannerWords({ kind: 'clamd', host: 'av.example', port: 3310, tls: 'none', whenFailed: 'hold' })).toBe(
      'clamd at av.example:3310, in plain text; without its answer mail is held',
    );
  });
});

it('a moved rule changes its place and nothing else', () => {
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
});

describe('settings', () => {
  const filter: Filter = {
    sets: [],
    spam: { quarantineAt: 90, tagAt: 60 },
    scanners: [],
    whenScannerFailed: 'pass-marked',
    whenNotFullyScanned: 'hold',
    quarantine: { retentionDays: 30, users: 'see', digestHours: 24 },
  };

  it('come back as they were', () => {
    const { spam, whenScannerFailed, whenNotFullyScanned, quarantine } = filter;
    expect(readSettings(settingsDraft(filter))).toEqual({
      kind: 'read',
      change: { spam, whenScannerFailed, whenNotFullyScanned, quarantine },
    });
  });

  it.each([
    [{ tagAt: '95' }, 'tagAt'],
    [{ quarantineAt: '' }, 'quarantineAt'],
    [{ quarantineAt: '101' }, 'quarantineAt'],
    [{ retentionDays: '0' }, 'retentionDays'],
    [{ digestHours: '1.5' }, 'digestHours'],
  ])('%j is refused at its field', (change, field) => {
    expect(readSettings({ ...settingsDraft(filter), ...change })).toMatchObject({
      kind: 'wrong',
      errors: { [field]: expect.stringContaining('Enter') },
    });
  });
});

describe('a scanner', () => {
  it('that stays keeps its secret, and says again that plain text is meant', () => {
    expect(keptScanner({ kind: 'rspamd', url: 'https://a.example', whenFailed: 'hold', hasSecret: true })).toEqual({
      kind: 'rspamd',
      url: 'https://a.example',
      whenFailed: 'hold',
      storedSecret: 'kept',
    });
    expect(keptScanner({ kind: 'clamd', host: 'a', port: 1, tls: 'none', whenFailed: 'hold' })).toMatchObject({
      plainText: 'accepted',
    });
  });

  it('is read, or says what is missing', () => {
    expect(readScanner(emptyScanner())).toMatchObject({
      kind: 'wrong',
      errors: { url: expect.stringContaining('https') },
    });
    expect(readScanner({ ...emptyScanner(), url: 'https://a.example', secret: 'x' })).toEqual({
      kind: 'read',
      scanner: { kind: 'rspamd', url: 'https://a.example', secret: 'x', whenFailed: 'pass-marked' },
    });
    expect(readScanner({ ...emptyScanner(), kind: 'clamd', port: 'x' })).toMatchObject({
      kind: 'wrong',
      errors: { host: expect.any(String), port: expect.any(String) },
    });
  });
});
