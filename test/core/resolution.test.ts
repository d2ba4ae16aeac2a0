import { expect, test } from 'vitest';
import { agreed, isPublicName, type Resolution } from '../../src/core/resolution.ts';

const FOUND: Resolution = { kind: 'addresses', addresses: ['192.0.2.25'] };
const NONE: Resolution = { kind: 'no-such-host' };
const FAILED: Resolution = { kind: 'failed' };
const SILENT: Resolution = { kind: 'silent' };

test.each<[readonly Resolution[], Resolution]>([
  [[FOUND, FOUND], FOUND],
  [[NONE, FOUND], FOUND],
  [[FAILED, FOUND], FOUND],
  [[SILENT, FOUND], FOUND],
  [[NONE, NONE], NONE],
  [[NONE, SILENT], NONE],
  [[NONE, FAILED], FAILED],
  [[FAILED, FAILED], FAILED],
  [[FAILED, SILENT], FAILED],
  [[SILENT, SILENT], SILENT],
  [[], SILENT],
])('%j agree on %j', (resolutions, expected) => {
  expect(agreed(resolutions)).toEqual(expected);
});

test.each([
  ['mx.harbour.example', true],
  ['192.0.2.25', false],
  ['2001:db8::25', false],
  ['localhost', false],
  ['mail', false],
  ['mail.corp.internal', false],
])('resolvers are asked for %s: %s', (host, expected) => {
  expect(isPublicName(host)).toBe(expected);
});
