/** Addresses and networks of IPv4 and IPv6: one form for each, and whoever lies in a network meets it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesFor, ipAddress, ipNetwork } from '../../src/core/ip-network.ts';

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80:1:2:3:4:5:6:7', 'fe80:1:2:3:4:5:6:7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '64:ff9b::c000:207'],
    ['192.0.2.256', undefined],
    ['192.0.2', undefined],
    ['0xc0.0.2.7', undefined],
    ['2001:db8', undefined],
    [':', undefined],
    ['a.example', undefined],
    ['', undefined],
  ])('%s is written %s', (text, expected) => {
    expect(ipAddress(text)).toBe(expected);
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['255.255.255.255/9', '255.128.0.0/9'],
    ['::ffff:192.0.2.7/24', '192.0.2.0/24'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
    ['2001:db8::1/128', '2001:db8::1/128'],
    ['10.0.0.0/7', undefined],
    ['10.0.0.0/33', undefined],
    ['2001:db8::/15', undefined],
    ['2001:db8::/129', undefined],
    ['10.0.0.0/', undefined],
    ['10.0.0.0/8/8', undefined],
    ['/8', undefined],
  ])('%s is %s', (text, expected) => {
    expect(ipNetwork(text)).toBe(expected);
  });
});

it('whoever lies in a network meets its entry, and nobody else does', () => {
  const ip = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(ip, ip, fc.integer({ min: 8, max: 128 }), (one, other, bits) => {
      const network = ipNetwork(`${one}/${bits}`);
      if (network === undefined) return;
      expect(entriesFor(one)).toContain(network);
      expect(entriesFor(other).includes(network)).toBe(ipNetwork(`${other}/${bits}`) === network);
    }),
  );
});

it('what is no address lies nowhere', () => {
  expect(['', 'unknown', 'unix:/run/socket', '1.2.3.4.5'].flatMap(entriesFor)).toEqual([]);
});
