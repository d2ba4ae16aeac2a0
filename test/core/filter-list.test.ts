/** Lists as people keep them, and what is wrong with those that cannot be read. */
import { describe, expect, it } from 'vitest';
import { parseList } from '../../src/core/filter-list.ts';

const SHA = 'A'.repeat(64);

describe('a list', () => {
  it.each<[string, string, readonly string[]]>([
    ['nothing', '', []],
    ['an address, in lower case', ' Anna@Partner.Example ', ['anna@partner.example']],
    ['a domain, with and without @', '@Partner.example\npartner.example.', ['partner.example']],
    ['a host in Unicode', 'Hafen-bücher.example\nxn--hafen-bcher-zhb.example', ['hafen-bücher.example']],
    ['addresses of machines', '192.0.2.7\n2001:DB8:0:0:0:0:0:7\n2001:db8::7', ['192.0.2.7', '2001:db8::7']],
    [
      'networks of IPv6, from their first address',
      '2001:DB8:0:7::1/32\n2001:db8::/32\n2001:db8::1/128',
      ['2001:db8::/32', '2001:db8::1/128'],
    ],
    [
      'networks of IPv4, from their first address',
      '192.0.2.7/24\n192.0.2.200/24\n10.1.2.3/8\n192.0.2.7/32',
      ['192.0.2.0/24', '10.0.0.0/8', '192.0.2.7/32'],
    ],
    ['the sender of bounces', '<>', ['<>']],
    ['a hash', SHA, [SHA.toLowerCase()]],
    ['each once', 'a.example\r\nA.example\rb.example\n', ['a.example', 'b.example']],
    ['remarks', '# ours\na.example # since May\nx#y@b.example', ['a.example', 'x#y@b.example']],
    [
      'a column of a spreadsheet',
      '\uFEFFDomain;Note\r\n"a.example";bad\r\nb.example;worse',
      ['a.example', 'b.example'],
    ],
  ])('%s', (_, text, entries) => {
    expect(parseList(text)).toEqual({ kind: 'parsed', entries });
  });

  it.each<[string, number, RegExp]>([
    ['a.example\n\nnot a host', 3, /"not a host" is no address/],
    ['word', 1, /no address/],
    ['a.example\ndomain', 2, /"domain" is no address/],
    ['d41d8cd98f00b204e9800998ecf8427e', 1, /MD5.*SHA-256/],
    ['192.0.2.0/33', 1, /no network/],
    ['10.0.0.0/7', 1, /no network/],
    ['192.0.2.256/24', 1, /no network/],
    ['192.0.2.0/24/24', 1, /no address/],
    ['192.0.2.256', 1, /no address/],
    ['1.2.3', 1, /no address/],
    ['2001:db8::/15', 1, /no network/],
    ['2001:db8::/129', 1, /no network/],
    ['::zz', 1, /no address/],
    ['https://a.example/x', 1, /its host alone/],
    ['*.a.example', 1, /pattern/],
    ['a b@c.example', 1, /no address/],
    [`${'x'.repeat(400)}.example`, 1, /no address/],
    ['<a@b.example>', 1, /no address/],
  ])('%j is not taken, and it says where', (text, line, problem) => {
    expect(parseList(text)).toEqual({ kind: 'invalid', line, problem: expect.stringMatching(problem) });
  });
});
