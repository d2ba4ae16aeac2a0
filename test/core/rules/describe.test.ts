/** Every rule reads as one sentence. */
import { expect, it } from 'vitest';
import { describe as sentence } from '../../../src/core/rules/describe.ts';
import type { Action, Condition } from '../../../src/core/rules/rule.ts';

const large: Condition = { kind: 'size', overBytes: 5_000_000 };
const invoice: Condition = { kind: 'text', in: 'subject', test: { how: 'contains', value: 'invoice' } };
const inbound: Condition = { kind: 'direction', is: 'inbound' };

it.each<readonly [Condition, Action, string]>([
  [{ kind: 'always' }, { kind: 'accept' }, 'Always: accept it and try no further rule.'],
  [inbound, { kind: 'quarantine' }, 'When it comes from outside: put it into quarantine.'],
  [
    { kind: 'direction', is: 'outbound' },
    { kind: 'hold' },
    'When one of your people sends it: hold it for a person to decide.',
  ],
  [
    { kind: 'all', of: [inbound, { kind: 'any', of: [invoice, large] }] },
    { kind: 'reject', text: 'Use the form.' },
    'When it comes from outside and (the subject contains "invoice" or it is larger than 5 MB): refuse it, telling the sender "Use the form.".',
  ],
  [
    {
      kind: 'not',
      of: { kind: 'address', of: 'sender', matches: ['a@b.example', '@c.example', '@*.d.example', '<>', '<own>'] },
    },
    { kind: 'discard' },
    'When the sender (envelope) is not a@b.example, at c.example, at a host below d.example, empty (a bounce) or at one of your domains: discard it and tell nobody.',
  ],
  [
    { kind: 'address', of: 'from', matches: ['1@a.b', '2@a.b', '3@a.b', '4@a.b', '5@a.b', '6@a.b', '7@a.b'] },
    { kind: 'redirect', to: 'desk@firm.example' },
    'When the From address is 1@a.b, 2@a.b, 3@a.b, 4@a.b, 5@a.b or one of 2 more: send it to desk@firm.example instead.',
  ],
  [
    { kind: 'header', name: 'List-Id', test: { how: 'present' } },
    { kind: 'tag', header: { name: 'X-List', value: 'yes' }, subjectPrefix: '[List] ' },
    'When there is a header List-Id: mark it with the header "X-List: yes" and put "[List]" before its subject.',
  ],
  [
    { kind: 'header', name: 'X-A', test: { how: 'glob', value: 'a*' } },
    { kind: 'notify', whom: 'admins' },
    'When the header X-A is like "a*": tell the administrators.',
  ],
  [
    { kind: 'text', in: 'anywhere', test: { how: 'pattern', value: 'a+' } },
    { kind: 'notify', whom: 'recipient' },
    'When the subject, text, a file name or a link matches the pattern "a+": tell the recipient.',
  ],
  [
    { kind: 'time', timeZone: 'Europe/Berlin', weekdays: [6, 7], from: '22:00', to: '06:00' },
    { kind: 'hold' },
    'When it comes between 22:00 and 06:00 (Europe/Berlin) on Saturday or Sunday: hold it for a person to decide.',
  ],
  [
    { kind: 'country', in: ['DE', 'AT'] },
    { kind: 'hold' },
    'When it was sent from DE or AT: hold it for a person to decide.',
  ],
  [
    { kind: 'link', hosts: ['*.evil.example'] },
    { kind: 'hold' },
    'When a link leads to *.evil.example: hold it for a person to decide.',
  ],
  [
    { kind: 'authentication', method: 'dmarc', is: ['fail', 'none'] },
    { kind: 'hold' },
    'When DMARC says fail or none: hold it for a person to decide.',
  ],
  [
    { kind: 'spam', atLeast: 80 },
    { kind: 'hold' },
    'When the spam score is 80 or more: hold it for a person to decide.',
  ],
  [
    { kind: 'listed', list: 'Friends', of: 'sender' },
    { kind: 'accept' },
    'When the sender is on the list "Friends": accept it and try no further rule.',
  ],
  [
    { kind: 'sensitive', what: 'iban', atLeast: 3 },
    { kind: 'hold' },
    'When it contains 3 or more different IBANs: hold it for a person to decide.',
  ],
  [
    { kind: 'sensitive', what: 'card', atLeast: 1 },
    { kind: 'hold' },
    'When it contains a card number: hold it for a person to decide.',
  ],
  [
    { kind: 'scanner-failed', scanner: 'clamd' },
    { kind: 'hold' },
    'When the scanner clamd gave no answer: hold it for a person to decide.',
  ],
  [{ kind: 'scanner-failed' }, { kind: 'hold' }, 'When a scanner gave no answer: hold it for a person to decide.'],
  [
    { kind: 'attachment', test: { kind: 'name', test: { how: 'glob', value: '*.iso' } } },
    { kind: 'quarantine' },
    'When the name of an attachment is like "*.iso": put it into quarantine.',
  ],
  [
    { kind: 'attachment', test: { kind: 'hash', sha256: ['ab'.repeat(32)] } },
    { kind: 'quarantine' },
    'When an attachment has the SHA-256 abababababab…: put it into quarantine.',
  ],
  [
    { kind: 'attachment', test: { kind: 'dangerous' } },
    { kind: 'quarantine' },
    'When an attachment, or a file within it, can run as a program: put it into quarantine.',
  ],
  [
    {
      kind: 'all',
      of: [
        { kind: 'not', of: invoice },
        { kind: 'not', of: { kind: 'any', of: [large, inbound] } },
      ],
    },
    { kind: 'hold' },
    'When (it is not so that the subject contains "invoice") and (it is not so that (it is larger than 5 MB or it comes from outside)): hold it for a person to decide.',
  ],
  [
    { kind: 'not', of: { kind: 'header', name: 'List-Id', test: { how: 'present' } } },
    { kind: 'hold' },
    'When there is no header List-Id: hold it for a person to decide.',
  ],
  [{ kind: 'virus' }, { kind: 'quarantine' }, 'When a scanner has found something harmful: put it into quarantine.'],
])('%j, %j', (when, then, expected) => {
  expect(sentence({ id: 'a', name: 'a', isOn: true, when, then })).toBe(expected);
});
