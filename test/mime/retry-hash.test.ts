import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lines, utf8, walk, walkInChunks } from './walk.ts';

const MESSAGE = lines('Received: from anna by mx.harbour.example', 'Subject: x', '', 'body');
const hashOf = (text: string) => createHash('sha256').update(utf8(text)).digest('hex');

const TRACE = lines(
  'Received: from mx.harbour.example (192.0.2.1)',
  '\tby edge-1 id 1; Mon, 23 Nov 2026 21:06:00 +0000',
  'ARC-Seal: i=1; a=rsa-sha256;',
  '  b=abc',
  'ARC-Authentication-Results: i=1; mx.cloudflare.net',
  'Received-SPF: pass',
  'Authentication-Results: mx.cloudflare.net;',
  ' spf=pass',
  'X-CF-SpamH-Score: 1',
);

describe("a sender's own retry has the same retry hash", () => {
  const cases: readonly { readonly what: string; readonly message: string; readonly hashed: string }[] = [
    { what: "the platform's trace is not in it", message: TRACE + MESSAGE, hashed: MESSAGE },
    {
      what: 'without a trace every byte is in it',
      message: lines('Subject: x', '', 'body'),
      hashed: lines('Subject: x', '', 'body'),
    },
    {
      what: "only one Received is the platform's",
      message: lines('Received: edge', 'Received: sender', 'Subject: x'),
      hashed: lines('Received: sender', 'Subject: x'),
    },
    {
      what: 'the trace ends at the first other field',
      message: lines('Received: edge', 'X-Other: 1', 'ARC-Seal: x'),
      hashed: lines('X-Other: 1', 'ARC-Seal: x'),
    },
    {
      what: 'names in any case, blanks before the colon',
      message: lines('RECEIVED : edge', 'arc-seal: x', 'Subject: x'),
      hashed: lines('Subject: x'),
    },
    { what: 'a name that only begins like one', message: lines('Received-From: x'), hashed: lines('Received-From: x') },
    { what: 'a fold under nothing', message: lines(' folded', 'Received: x'), hashed: lines(' folded', 'Received: x') },
    { what: 'a trace and nothing else', message: 'Received: edge', hashed: '' },
    { what: 'a trace and then the body', message: '\nReceived: body', hashed: '\nReceived: body' },
    { what: 'a name cut off by the end', message: 'Received: edge\nRece', hashed: 'Rece' },
    { what: 'a first line without a colon', message: `${'x'.repeat(5_000)}\n`, hashed: `${'x'.repeat(5_000)}\n` },
    { what: 'nothing', message: '', hashed: '' },
  ];
  it.each(cases)('$what', ({ message, hashed }) => {
    expect(walk(message).retryHash).toBe(hashOf(hashed));
  });

  it('however the message is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), (cuts) => {
        expect(walkInChunks(utf8(TRACE + MESSAGE), cuts).retryHash).toBe(hashOf(MESSAGE));
      }),
    );
  });
});
