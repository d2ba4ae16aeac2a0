/** Rules as they are given: what is taken, and what is said of what is not. */
import { describe, expect, it } from 'vitest';
import { givenRulesSchema } from '../../src/pipeline/rule-schema.ts';

function issues(rules: unknown): readonly string[] {
  const parsed = givenRulesSchema.safeParse(rules);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function rule(when: unknown, then: unknown = { kind: 'quarantine' }): unknown {
  return { name: 'One', when, then };
}

const always = { kind: 'always' };
const text = (how: string, value: unknown) => ({ kind: 'text', in: 'body', test: { how, value } });
const nested = (depth: number): unknown => (depth === 1 ? always : { kind: 'not', of: nested(depth - 1) });

describe('taken', () => {
  it.each([
    [always],
    [{ kind: 'all', of: [text('pattern', '\\binvoice\\b'), { kind: 'not', of: { kind: 'any', of: [always] } }] }],
    [{ kind: 'address', of: 'sender', matches: ['a@b.example', '@b.example', '@*.b.example', '<>', '<own>'] }],
    [{ kind: 'header', name: 'List-Id', test: { how: 'present' } }],
    [{ kind: 'time', timeZone: 'Europe/Berlin', weekdays: [1, 7], from: '22:00', to: '06:00' }],
    [{ kind: 'attachment', test: { kind: 'type', types: ['application/pdf', 'image/*', 'executable'] } }],
    [{ kind: 'link', hosts: ['b.example', '*.b.example'] }],
    [{ kind: 'scanner-failed' }],
    [nested(6)],
  ])('%j', (when) => {
    expect(issues([rule(when)])).toEqual([]);
  });

  it('a rule is on unless it says otherwise', () => {
    expect(givenRulesSchema.parse([rule(always)])).toMatchObject([{ isOn: true }]);
  });
});

describe('refused, with what to write instead', () => {
  it.each([
    [{ kind: 'nothing' }, 'use a kind as'],
    [undefined, 'is no condition'],
    [{ kind: 'all', of: [] }, '0.when.of: name at least one'],
    [text('regex', 'a'), 'use "contains"'],
    [text('contains', ''), 'match everything'],
    [text('pattern', ' '), 'match everything'],
    [text('contains', 'a'.repeat(501)), '500'],
    [text('pattern', '(a)\\1'), '0.when.test.value: the pattern refers back'],
    [{ kind: 'all', of: [text('pattern', '[')] }, '0.when.of.0.test.value: the pattern has a "["'],
    [{ kind: 'address', of: 'sender', matches: ['b.example'] }, 'use an address, "@b.example"'],
    [
      { kind: 'address', of: 'sender', matches: Array.from({ length: 201 }, () => '@b.example') },
      'keep more in a list',
    ],
    [{ kind: 'link', hosts: ['https://b.example/'] }, 'use a host'],
    [{ kind: 'country', in: ['Germany'] }, 'ISO 3166'],
    [{ kind: 'time', timeZone: 'Berlin', weekdays: [1], from: '22:00', to: '06:00' }, 'IANA'],
    [{ kind: 'time', timeZone: 'UTC', weekdays: [1], from: '24:00', to: '06:00' }, '22:00'],
    [{ kind: 'attachment', test: { kind: 'hash', sha256: ['abc'] } }, '64 hexadecimal'],
    [{ kind: 'header', name: 'Subject:', test: { how: 'present' } }, 'without its colon'],
    [{ kind: 'direction', is: 'inbound', more: 1 }, 'more'],
    [nested(7), 'more than 6 levels'],
    [nested(5_000), 'more than 6 levels'],
    [{ kind: 'any', of: Array.from({ length: 100 }, () => always) }, 'more than 100 conditions'],
  ])('%#', (when, words) => {
    expect(issues([rule(when)]).join('\n')).toContain(words);
  });

  it.each([
    [{ kind: 'nothing' }, 'is no action'],
    [{ kind: 'tag' }, 'would do nothing'],
    [{ kind: 'tag', header: { name: 'Subject', value: 'x' } }, 'begins with "X-"'],
    [{ kind: 'tag', header: { name: 'X-Breakwater-Trace', value: 'x' } }, 'comes back to us'],
    [{ kind: 'tag', header: { name: 'X-A', value: 'a\r\nBcc: x@y.example' } }, 'printable ASCII'],
    [{ kind: 'tag', subjectPrefix: 'a\nb' }, 'one line'],
    [{ kind: 'reject', text: 'no\r\n250 OK' }, 'printable ASCII'],
    [{ kind: 'reject', text: '' }, 'what the sender should do'],
    [{ kind: 'redirect', to: 'desk' }, 'one of your accounts'],
    [{ kind: 'notify', whom: 'everybody' }, 'admins'],
  ])('%j', (then, words) => {
    expect(issues([rule(always, then)]).join('\n')).toContain(words);
  });

  it('two rules of one id, and more than a person reads', () => {
    const one = { id: 'a', name: 'One', when: always, then: { kind: 'accept' } };
    expect(issues([one, one]).join()).toContain('an id of its own');
    expect(issues(Array.from({ length: 501 }, () => rule(always))).join()).toContain('at most 500');
  });
});
