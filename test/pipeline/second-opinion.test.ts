import { expect, test } from 'vitest';
import type { Peer } from '../../src/core/client.ts';
import type { Cause, Fault, Stage } from '../../src/core/outcome.ts';
import type { Resolution } from '../../src/core/resolution.ts';
import { secondOpinion } from '../../src/pipeline/second-opinion.ts';

const NAME = 'mx.harbour.example';
const ADDRESS = '192.0.2.25';

const peer = (host: string): Peer => ({ host, port: 587, tls: 'starttls' });
const fault = (of: Fault, stage: Stage = 'connect'): Cause => ({ kind: 'fault', stage, fault: of });
const found = (...addresses: readonly string[]): Resolution => ({ kind: 'addresses', addresses });
const NONE: Resolution = { kind: 'no-such-host' };
const FAILED: Resolution = { kind: 'failed' };
const SILENT: Resolution = { kind: 'silent' };

async function opinion(cause: Cause, said: readonly Resolution[], opens: readonly string[] = []) {
  const asked: string[] = [];
  const judged = await secondOpinion(peer(NAME), cause, {
    askResolvers: async () => said,
    knock: async (host) => {
      asked.push(host);
      return opens.includes(host);
    },
  });
  return { fault: judged.kind === 'fault' ? judged.fault : undefined, asked };
}

const UNREACHABLE = fault({ kind: 'unreachable' });

test.each<readonly [name: string, said: readonly Resolution[], opens: readonly string[], expected: Fault]>([
  ['nobody knows the name', [NONE, NONE], [], { kind: 'dns', answer: 'no-such-host' }],
  ['nobody can find out', [FAILED, FAILED], [], { kind: 'dns', answer: 'failed' }],
  ['one knows it, and its address is closed too', [FAILED, found(ADDRESS)], [], { kind: 'unreachable' }],
  ['its address opens, its name does not', [found(ADDRESS)], [ADDRESS], { kind: 'dns', answer: 'failed-for-us' }],
  ['it came back in this moment', [found(ADDRESS)], [ADDRESS, NAME], { kind: 'unreachable' }],
  ['no resolver can be asked', [SILENT, SILENT], [ADDRESS], { kind: 'unreachable' }],
])('a connection that failed, when %s', async (_name, said, opens, expected) => {
  expect((await opinion(UNREACHABLE, said, opens)).fault).toEqual(expected);
});

test('of several addresses an IPv4 one is tried, for not every way out has IPv6', async () => {
  expect((await opinion(UNREACHABLE, [found('2001:db8::25', ADDRESS)])).asked).toEqual([ADDRESS]);
  expect((await opinion(UNREACHABLE, [found('2001:db8::25')])).asked).toEqual(['2001:db8::25']);
});

test.each<readonly [string, Cause, Peer]>([
  ['a reply', { kind: 'reply', stage: 'banner', reply: { code: 421, text: 'Not now' } }, peer(NAME)],
  ['silence after the connection', fault({ kind: 'timeout' }, 'banner'), peer(NAME)],
  ['a certificate that is not accepted', fault({ kind: 'tls', problem: 'x' }, 'tls'), peer(NAME)],
  ['an address that is not reached', UNREACHABLE, peer(ADDRESS)],
  ['localhost', UNREACHABLE, peer('localhost')],
])('nobody is asked about %s', async (_name, cause, to) => {
  const nobody = () => Promise.reject(new Error('asked'));
  expect(await secondOpinion(to, cause, { askResolvers: nobody, knock: nobody })).toBe(cause);
});
