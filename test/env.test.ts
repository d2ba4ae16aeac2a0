/** What the deployment says of its scanners, read once: a mistake is told by name, not found out message by message. */
import { expect, test } from 'vitest';
import { readSettings } from '../src/env.ts';
import { testEnv } from './support/test-env.ts';

const strict = { ...testEnv, ALLOW_PRIVATE_PEERS: 'no' };

test.each([
  ['none', {}, []],
  [
    'all of them',
    {
      RSPAMD_URL: 'https://rspamd.example/',
      RSPAMD_PASSWORD: 'open sesame',
      CLAMD: 'clamd.example:3311',
      SCANNER_URL: 'https://scan.example:8443/scan',
      SCANNER_TOKEN: 'a-token',
    },
    [
      { kind: 'rspamd', url: 'https://rspamd.example/', secret: 'open sesame' },
      { kind: 'clamd', host: 'clamd.example', port: 3311, tls: 'implicit' },
      { kind: 'http', url: 'https://scan.example:8443/scan', secret: 'a-token' },
    ],
  ],
  [
    'one without a secret',
    { RSPAMD_URL: 'https://rspamd.example' },
    [{ kind: 'rspamd', url: 'https://rspamd.example' }],
  ],
])('%s', (_name, vars, expected) => {
  expect(readSettings({ ...strict, ...vars }).scanners).toEqual(expected);
});

test.each([
  [{ RSPAMD_URL: 'http://rspamd.example' }, /^RSPAMD_URL: .*https/],
  [{ RSPAMD_URL: 'https://127.0.0.1' }, /^RSPAMD_URL: .*loopback/],
  [{ SCANNER_URL: 'https://edge.breakwater.test/ingest' }, /^SCANNER_URL: .*this service itself/],
  [{ CLAMD: 'clamd.example' }, /^not configured: CLAMD\b/],
  [{ CLAMD: '10.0.0.3:3310' }, /^CLAMD: .*private/],
  [{ CLAMD: 'clamd.example:3310', CLAMD_TLS: 'none' }, /^CLAMD_TLS: .*implicit/],
])('%j is refused by name', (vars, problem) => {
  expect(() => readSettings({ ...strict, ...vars })).toThrow(problem);
});

test('on a developer’s machine a clamd of its own is asked in plain text', () => {
  const vars = { ALLOW_PRIVATE_PEERS: 'yes', CLAMD: '127.0.0.1:3310', CLAMD_TLS: 'none' };
  expect(readSettings({ ...testEnv, ...vars }).scanners).toEqual([
    { kind: 'clamd', host: '127.0.0.1', port: 3310, tls: 'none' },
  ]);
});
