import { describe, expect, it } from 'vitest';
import { peerProblem, plainTextProblem } from '../../src/core/peer-host.ts';

const EDGE = { allowPrivate: false };

describe('a mail server may have', () => {
  it.each([
    'mail.harbour.example',
    'mail.harbour.example.',
    'MAIL.Harbour.Example',
    'mail.bücher.example',
    'xn--bcher-kva.example',
    '25.harbour.example',
    'internal.harbour.example',
    '203.0.113.9',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '192.169.0.1',
    '2001:db8::25',
    '2606:4700::1111',
    '[2001:db8::25]',
  ])('%s', (host) => {
    expect(peerProblem(host, 587, EDGE)).toBeUndefined();
  });
});

describe('a mail server may not have, and the error says what to give instead:', () => {
  it.each([
    // addresses of this machine and of private networks (IANA special-purpose registry)
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.170',
    '198.18.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '255.255.255.255',
    // the same in other forms: decimal, hexadecimal, octal, short, mixed, wide, with a dot at the end
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7f.0.0.0x1',
    '127.0.0.0x1',
    '0177.0.0.1',
    '017.0.0.1',
    '127.1',
    '127.0.1',
    '127.0.0.1.',
    '１２７.０.０.１',
    '127。0。0。1',
    '①②⑦.0.0.1',
    'mail.example.1',
    'mail.0x7f',
    '999.1.1.1',
    // IPv6: loopback, link-local, unique local, multicast, IPv4 inside, NAT64, 6to4, Teredo, zones
    '::1',
    '::',
    '[::1]',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::7f00:1',
    '2001:0:7f00:1::',
    '2001:db8::127.0.0.1',
    '2001:db8::1:25%eth0',
    // names that mean this machine, or carry an address, or that no public resolver knows
    'localhost',
    'LOCALHOST',
    'localhost.',
    'mail.localhost',
    'mail',
    'mail.',
    'x.internal',
    'metadata.google.internal',
    'exchange.corp',
    'mail.lan',
    'mail.home.arpa',
    'mail.local',
    '10.0.0.1.nip.io',
    '10-0-0-1.sslip.io',
    'x.localtest.me',
    // no hosts at all
    '',
    'a b',
    'mail.harbour.example/x',
    'mail.harbour.example:25',
    'anna@harbour.example',
    '-mail.harbour.example',
    'mail.harbour.example\r\nQUIT',
  ])('%j', (host) => {
    const problem = peerProblem(host, 587, EDGE);
    expect(problem?.fix).toMatch(/^Give/);
    expect(problem?.detail).toContain(host);
  });

  it('port 25, and the ports that work are named', () => {
    expect(peerProblem('mail.harbour.example', 25, EDGE)?.fix).toMatch(/587.*465/);
  });
});

it('the developer switch lets loopback through, on any port', () => {
  expect(peerProblem('127.0.0.1', 25, { allowPrivate: true })).toBeUndefined();
});

it.each([
  ['STARTTLS', 'starttls', false, 'absent', undefined],
  ['implicit TLS', 'implicit', false, 'absent', undefined],
  ['plain text', 'none', false, 'absent', /starttls.*implicit.*plainText/],
  ['plain text that somebody has accepted', 'none', false, 'given', undefined],
  ['plain text on a developer’s machine', 'none', true, 'absent', undefined],
] as const)('%s: allowed or refused with what to do', (_name, tls, allowPrivate, consent, fix) => {
  const problem = plainTextProblem(tls, { allowPrivate, consent });
  if (fix === undefined) expect(problem).toBeUndefined();
  else expect(problem?.fix).toMatch(fix);
});
