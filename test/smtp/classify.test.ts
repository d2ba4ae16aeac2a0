import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Stage } from '../../src/core/outcome.ts';
import { type Failure, outcomeOf, type SessionError } from '../../src/smtp/classify.ts';
import { brief } from './session-fixture.ts';

const STAGES: readonly Stage[] = ['connect', 'banner', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'dot'];

const error = (stage: Stage, rest: Omit<SessionError, 'message'> & { readonly message?: string }): Failure => ({
  kind: 'error',
  stage,
  error: { message: 'x', ...rest },
});

test.each<[Failure, string]>([
  [
    error('connect', { message: 'proxy request failed, cannot connect to the specified address' }),
    'deferred connect unreachable',
  ],
  [error('connect', { code: 'ECONNREFUSED' }), 'deferred connect refused'],
  [error('connect', { code: 'EHOSTUNREACH' }), 'deferred connect unreachable'],
  [error('connect', { code: 'ENOTFOUND' }), 'deferred connect dns'],
  [error('connect', { code: 'EAI_AGAIN' }), 'deferred connect dns'],
  [error('connect', { code: 'NEW' }), 'deferred connect unclassified'],
  [error('mail', { code: 'ESOCKET', originalCode: 'ECONNRESET' }), 'deferred mail lost'],
  [error('mail', { code: 'ESOCKET', message: 'Network connection lost.' }), 'deferred mail lost'],
  [error('dot', { code: 'ESOCKET', originalCode: 'ECONNRESET' }), 'uncertain lost'],
  [error('dot', { code: 'ESTREAM' }), 'uncertain unclassified'],
  [error('data', { code: 'ESTREAM' }), 'deferred data unclassified'],
  [error('tls', { code: 'ECONNECTION' }), 'deferred tls tls'],
  [error('tls', { code: 'ETLS', command: 'STARTTLS', response: '454 4.7.0 Later' }), 'deferred tls 454'],
  [error('tls', { code: 'ETIMEDOUT' }), 'deferred tls timeout'],
  [error('data', { code: 'EENVELOPE', command: 'RCPT TO', response: '550 5.1.1 No' }), 'refused rcpt 550'],
  [error('data', { code: 'EENVELOPE', command: 'MAIL FROM', response: '450 4.1.0 No' }), 'deferred mail 450'],
  [error('data', { code: 'EENVELOPE', command: 'DATA', response: '550 5.6.0 No' }), 'refused data 550'],
  [error('dot', { code: 'EMESSAGE', command: 'DATA', response: '550 5.6.0 No' }), 'refused dot 550'],
  [error('data', { code: 'EMESSAGE', command: 'DATA', response: '550 5.6.0 No' }), 'refused data 550'],
  [error('banner', { code: 'EPROTOCOL', command: 'CONN', response: '554 5.7.1 No' }), 'deferred banner 554'],
  [error('mail', { code: 'EPROTOCOL', command: 'CONN', response: '250 OK' }), 'deferred mail unclassified'],
  [error('dot', { code: 'EMESSAGE', command: 'DATA', response: '600 what' }), 'uncertain unclassified'],
])('%j is %s', (failure, expected) => {
  expect(brief(outcomeOf(failure))).toBe(expected);
});

const anyError = fc.record({
  message: fc.string(),
  code: fc.option(fc.string(), { nil: undefined }),
  originalCode: fc.option(fc.string(), { nil: undefined }),
  command: fc.option(fc.oneof(fc.string(), fc.constantFrom('DATA', 'MAIL FROM', 'RCPT TO', 'CONN', 'EHLO')), {
    nil: undefined,
  }),
  response: fc.option(
    fc.oneof(
      fc.string(),
      fc.integer({ min: 100, max: 699 }).map((code) => `${code} x`),
    ),
    { nil: undefined },
  ),
});

const failures: fc.Arbitrary<Failure> = fc.oneof(
  fc.record({ kind: fc.constantFrom('late', 'ended'), stage: fc.constantFrom(...STAGES) }),
  fc.record({ kind: fc.constant('error'), stage: fc.constantFrom(...STAGES), error: anyError }),
);

test('nothing is refused but by a 5xx of the peer, at MAIL or later', () => {
  fc.assert(
    fc.property(failures, (failure) => {
      const outcome = outcomeOf(failure);
      if (outcome.kind !== 'refused') return;
      expect(failure.kind === 'error' && failure.error.response?.startsWith('5')).toBe(true);
      expect(['mail', 'rcpt', 'data', 'dot']).toContain(outcome.stage);
    }),
  );
});

test('whatever happens after the dot without an answer is uncertain, and nothing else is', () => {
  fc.assert(
    fc.property(failures, (failure) => {
      const hasReply = failure.kind === 'error' && failure.error.response !== undefined;
      if (!hasReply) expect(outcomeOf(failure).kind).toBe(failure.stage === 'dot' ? 'uncertain' : 'deferred');
    }),
  );
});
