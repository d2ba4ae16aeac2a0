/** Against resolvers that live in Node and answer over HTTP, as the public ones do. */
import { expect, test } from 'vitest';
import { EDGE_ALLOWANCE, REPLAY_ALLOWANCE, rememberAnswers } from '../../src/adapters/dns-memory.ts';
import { createResolvers } from '../../src/adapters/resolver.ts';
import type { Resolution } from '../../src/core/resolution.ts';
import type { DnsAnswer } from '../support/behaviour.ts';
import { startResolver } from '../support/resolver.ts';

const HOST = 'mx.harbour.example';
const ADDRESSES = ['192.0.2.25', '192.0.2.26'];

async function said(answer: DnsAnswer): Promise<Resolution | undefined> {
  const { url } = await startResolver({ [HOST]: answer });
  return (await createResolvers([url])(HOST))[0];
}

test.each<readonly [string, DnsAnswer, Resolution]>([
  ['an IPv4 address', { kind: 'addresses', a: ADDRESSES }, { kind: 'addresses', addresses: ADDRESSES }],
  [
    'only an IPv6 address',
    { kind: 'addresses', aaaa: ['2001:db8::25'] },
    { kind: 'addresses', addresses: ['2001:db8::25'] },
  ],
  ['no address', { kind: 'addresses' }, { kind: 'no-such-host' }],
  ['an alias that leads nowhere', { kind: 'alias' }, { kind: 'no-such-host' }],
  ['NXDOMAIN', { kind: 'rcode', status: 3 }, { kind: 'no-such-host' }],
  ['SERVFAIL', { kind: 'rcode', status: 2 }, { kind: 'failed' }],
  ['REFUSED', { kind: 'rcode', status: 5 }, { kind: 'failed' }],
  ['an HTTP error', { kind: 'http', status: 503 }, { kind: 'silent' }],
  ['a redirect', { kind: 'http', status: 302 }, { kind: 'silent' }],
  ['what is no JSON', { kind: 'body', text: '<html>' }, { kind: 'silent' }],
  ['JSON of another kind', { kind: 'body', text: '{"Answer":"192.0.2.25"}' }, { kind: 'silent' }],
  ['more than anybody should want', { kind: 'flood' }, { kind: 'silent' }],
  [
    'hundreds of addresses',
    { kind: 'addresses', a: Array.from({ length: 300 }, (_, n) => `198.51.100.${n % 250}`) },
    { kind: 'addresses', addresses: Array.from({ length: 16 }, (_, n) => `198.51.100.${n}`) },
  ],
])('a resolver that says %s', async (_name, answer, expected) => {
  expect(await said(answer)).toEqual(expected);
});

test('a resolver that says nothing in time has failed', async () => {
  const { url } = await startResolver({ [HOST]: { kind: 'stall' } });
  expect(await createResolvers([url], 100)(HOST)).toEqual([{ kind: 'failed' }]);
});

test('resolvers are asked side by side, and each speaks for itself', async () => {
  const one = await startResolver({ [HOST]: { kind: 'rcode', status: 2 } });
  const other = await startResolver({ [HOST]: { kind: 'addresses', a: ADDRESSES } });
  expect(await createResolvers([one.url, other.url])(HOST)).toEqual([
    { kind: 'failed' },
    { kind: 'addresses', addresses: ADDRESSES },
  ]);
});

test('with no resolver configured nobody is asked', async () => {
  expect(await createResolvers([])(HOST)).toEqual([]);
});

test('an answer is asked for once in five minutes, one that nobody had at once again', async () => {
  const { ask, asked, pass, fail } = counted();
  await ask('a.example');
  await ask('A.example');
  await pass(299_999);
  expect(await ask('a.example')).toEqual({ kind: 'records', records: ['a.example'] });
  expect(asked()).toBe(1);
  await pass(1);
  await ask('a.example');
  expect(asked()).toBe(2);
  fail(0);
  expect(await ask('b.example')).toEqual({ kind: 'failed' });
  expect(await ask('b.example')).toEqual({ kind: 'failed' });
  expect(asked()).toBe(4);
});

test('in one minute of a replay no more than 600 questions, and no more than 10 s spent on those without an answer', async () => {
  const { ask, asked, pass, fail } = counted();
  for (let n = 0; n < 700; n += 1) await ask(`${n}.example`);
  expect(asked()).toBe(600);
  expect(await ask('700.example')).toEqual({ kind: 'failed' });
  await pass(60_000);
  fail(3_000);
  for (let n = 0; n < 20; n += 1) await ask(`silent${n}.example`);
  expect(asked()).toBe(604);
});

test('at the edge a sender whose zone is slow keeps nobody else from being looked up', async () => {
  const { ask, asked, fail } = counted(EDGE_ALLOWANCE);
  fail(3_000);
  for (let n = 0; n < 20; n += 1) await ask(`silent${n}.example`);
  fail(undefined);
  expect(await ask('honest.example')).toMatchObject({ kind: 'records' });
  expect(asked()).toBe(21);
});

test('what is still being asked is nobody else’s to wait for', async () => {
  let asked = 0;
  const ask = rememberAnswers(
    async () => {
      asked += 1;
      return asked === 1 ? new Promise<never>(() => {}) : { kind: 'records', records: ['said'] };
    },
    () => 0,
    EDGE_ALLOWANCE,
  );
  void ask('a.example', 'TXT');
  expect(await ask('a.example', 'TXT')).toEqual({ kind: 'records', records: ['said'] });
});

function counted(allowed = REPLAY_ALLOWANCE) {
  let [now, asked, failsAfterMs] = [1_000_000, 0, undefined as number | undefined];
  const ask = rememberAnswers(
    async (name) => {
      asked += 1;
      now += failsAfterMs ?? 0;
      return failsAfterMs === undefined ? { kind: 'records', records: [name.toLowerCase()] } : { kind: 'failed' };
    },
    () => now,
    allowed,
  );
  return {
    ask: (name: string) => ask(name, 'TXT'),
    asked: () => asked,
    pass: async (ms: number) => {
      now += ms;
    },
    fail: (afterMs: number | undefined) => {
      failsAfterMs = afterMs;
    },
  };
}
