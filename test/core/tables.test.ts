import { describe, expect, it } from 'vitest';
import { parseAccountsCsv } from '../../src/core/accounts-csv.ts';
import { mailboxCandidates, parseAddress, parseDomain, parseReversePath } from '../../src/core/address.ts';
import { parseClientId } from '../../src/core/ids.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { isHalfRepaired } from '../../src/core/people-met.ts';
import { formatReply, parseReply } from '../../src/core/reply.ts';
import { afterAttempt, route } from '../../src/core/route.ts';

describe('parseAddress', () => {
  it.each([
    ['Anna@Harbour.Example', 'Anna@harbour.example', 'anna@harbour.example'],
    ['anna+x@harbour.example.', 'anna+x@harbour.example', 'anna+x@harbour.example'],
    ['"odd@local"@harbour.example', '"odd@local"@harbour.example', '"odd@local"@harbour.example'],
    ['jörg@bücher.example', 'jörg@bücher.example', 'jörg@bücher.example'],
  ])('takes %s', (text, wire, key) => {
    expect(parseAddress(text)).toMatchObject({ text: wire, key });
  });

  it.each([
    '',
    'anna',
    '@harbour.example',
    'a b@c.example',
    'a@b\r\nRCPT TO:<x@y>',
    '<a@b.example>',
    'a@-b.example',
    `${'a'.repeat(65)}@b.example`,
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('files sub-addressed mail under the plain address as well', () => {
    const address = parseAddress('anna+news@harbour.example');
    expect(address && mailboxCandidates(address)).toEqual(['anna+news@harbour.example', 'anna@harbour.example']);
  });
});

describe('parseReversePath', () => {
  it('takes the null reverse path of bounces, and odd senders', () => {
    expect(parseReversePath('<>')).toBe('');
    expect(parseReversePath('')).toBe('');
    expect(parseReversePath('not-an-address')).toBe('not-an-address');
  });
  it('refuses what would end the SMTP command', () => {
    expect(parseReversePath('a@b.example>\r\nDATA')).toBeUndefined();
  });
});

describe('parseDomain, parseClientId', () => {
  it('lower-case what is a name and refuse what is not', () => {
    expect(parseDomain('Harbour.Example')).toBe('harbour.example');
    expect(parseDomain('har bour.example')).toBeUndefined();
    expect(parseClientId('harbour-ltd')).toBe('harbour-ltd');
    expect(parseClientId('../harbour')).toBeUndefined();
  });
});

describe('parseReply', () => {
  it.each([
    ['250 2.0.0 Ok: queued as 4F', { code: 250, enhanced: '2.0.0', text: 'Ok: queued as 4F' }],
    ['451-4.3.2 please\r\n451 4.3.2 wait', { code: 451, enhanced: '4.3.2', text: 'please wait' }],
    ['550 no such user 5.1.1 here', { code: 550, text: 'no such user 5.1.1 here' }],
    ['421', { code: 421, text: '' }],
  ])('reads %j', (raw, reply) => {
    expect(parseReply(raw)).toEqual(reply);
  });
  it('reads nothing out of what is no reply', () => {
    expect(parseReply('SSH-2.0-OpenSSH_9')).toBeUndefined();
  });
  it('keeps a reply to one line of bounded length', () => {
    const reply = parseReply(`250 a\u0007b${'x'.repeat(5_000)}`);
    expect(reply && formatReply(reply).length).toBeLessThan(520);
  });
});

describe('routing', () => {
  it.each([
    ['up', 'deliver'],
    ['suspect', 'deliver'],
    ['tls-broken', 'spool'],
    ['refused-us', 'spool'],
    ['down', 'spool'],
    ['recovering', 'spool'],
  ] as const)('%s → %s', (state, expected) => {
    expect(route({ state, isEased: false })).toBe(expected);
    expect(route({ state, isEased: true })).toBe('spool');
  });

  const refused: Outcome = { kind: 'refused', stage: 'rcpt', reply: { code: 550, text: 'no' } };
  const TOO_BIG = { code: 552, enhanced: '5.3.4', text: 'too big' };
  const deferred: Outcome = {
    kind: 'deferred',
    cause: { kind: 'fault', stage: 'connect', fault: { kind: 'refused' } },
  };
  it.each([
    ['a 5xx is passed on while up', refused, 'up', 1, 'refuse'],
    ['a 5xx of a server in trouble is not believed', refused, 'suspect', 1, 'spool'],
    ['one answer for several recipients cannot carry a refusal', refused, 'up', 2, 'spool'],
    ['a 5xx to MAIL may be about us', { ...refused, stage: 'mail' } as Outcome, 'up', 1, 'spool'],
    ['unless it is for the size', { ...refused, stage: 'mail', reply: TOO_BIG } as Outcome, 'up', 1, 'refuse'],
    ['a deferral is spooled', deferred, 'up', 1, 'spool'],
    ['lost after the dot is spooled', { kind: 'uncertain', fault: { kind: 'lost' } } as Outcome, 'up', 1, 'spool'],
    [
      'a 2xx is the end of it',
      { kind: 'delivered', reply: { code: 250, text: '' } } as Outcome,
      'suspect',
      3,
      'delivered',
    ],
  ] as const)('%s', (_, outcome, state, recipients, expected) => {
    expect(afterAttempt(outcome, { state, recipients, isReplaying: false }).kind).toBe(expected);
  });
});

describe('the account list', () => {
  it.each([
    ['address,name\nanna@h.example,Anna\n', [['anna@h.example', 'Anna', '']]],
    ['\uFEFFName;E-Mail\r\n"Berg; Ola";ola@h.example\r\n', [['ola@h.example', 'Berg; Ola', '']]],
    [
      'a@h.example\nb@h.example',
      [
        ['a@h.example', '', ''],
        ['b@h.example', '', ''],
      ],
    ],
    [
      'address,group\na@h.example,Ward 3\nb@h.example,',
      [
        ['a@h.example', '', '', 'Ward 3'],
        ['b@h.example', '', '', ''],
      ],
    ],
    ['email,display name,password\na@h.example,"A ""Q"" B",secret words', [['a@h.example', 'A "Q" B', 'secret words']]],
  ])('reads %j', (csv, rows) => {
    expect(parseAccountsCsv(csv)).toEqual({
      kind: 'parsed',
      rows: rows.map(([address, name, password, group = '']) => ({ address, name, password, group })),
    });
  });
  it.each([
    ['', 1, 'empty'],
    ['colour,size\nred,3', 1, 'address'],
    ['address\na@h.example\n\nA@h.example', 4, 'twice'],
    ['address,name\n,Anna', 2, 'no address'],
    ['address,name,pasword\na@h.example,Anna,secret words', 1, 'pasword'],
    ['a@h.example;Anna;secret words', 1, 'more fields'],
    ['address\na@h.example,Anna', 2, 'more fields'],
    ['address,name\na@h.example,"Anna', 2, 'quote'],
  ])('says which line of %j is wrong', (csv, line, problem) => {
    expect(parseAccountsCsv(csv)).toMatchObject({ kind: 'invalid', line, problem: expect.stringContaining(problem) });
  });
});

describe('a repaired server that refuses people it knew', () => {
  it.each([
    ['three, and it has taken nobody', 3, 0, true],
    ['two: they may have left', 2, 0, false],
    ['three of fifteen', 3, 12, true],
    ['three of a hundred', 3, 97, false],
    ['a branch of a large company', 200, 700, true],
  ])('is half repaired or not: %s', (_, refused, taken, expected) => {
    expect(isHalfRepaired({ refused, taken })).toBe(expected);
  });
});
