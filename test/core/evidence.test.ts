import { describe, expect, it } from 'vitest';
import { type Scope, weigh } from '../../src/core/evidence.ts';
import type { Fault, Outcome, Stage } from '../../src/core/outcome.ts';
import { parseReply } from '../../src/core/reply.ts';

function deferredBy(stage: Stage, text: string): Outcome {
  const reply = parseReply(text);
  if (reply === undefined) throw new Error(`not a reply: ${text}`);
  return { kind: 'deferred', cause: { kind: 'reply', stage, reply } };
}

function faulty(stage: Stage, fault: Fault): Outcome {
  return { kind: 'deferred', cause: { kind: 'fault', stage, fault } };
}

describe('an outcome weighs towards down by what it says of the host', () => {
  const rows: readonly (readonly [Outcome, Scope, number, string])[] = [
    [faulty('connect', { kind: 'refused' }), 'host', 1, 'no'],
    [faulty('connect', { kind: 'timeout' }), 'host', 1, 'no'],
    [faulty('banner', { kind: 'lost' }), 'host', 1, 'no'],
    [faulty('mail', { kind: 'timeout' }), 'host', 0.25, 'partly'],
    [faulty('dot', { kind: 'lost' }), 'message', 0.25, 'partly'],
    [faulty('connect', { kind: 'dns', answer: 'failed' }), 'resolver', 0.5, 'no'],
    [faulty('connect', { kind: 'dns', answer: 'no-such-host' }), 'configuration', 0.5, 'no'],
    [faulty('tls', { kind: 'tls', problem: 'certificate has expired' }), 'policy', 0, 'partly'],
    [faulty('mail', { kind: 'unsupported', what: 'SMTPUTF8' }), 'message', 0, 'partly'],
    [deferredBy('banner', '421 4.3.2 shutting down'), 'host', 1, 'no'],
    [deferredBy('banner', '554 5.7.1 no'), 'policy', 0, 'partly'],
    [deferredBy('auth', '535 5.7.8 bad credentials'), 'policy', 0, 'partly'],
    [deferredBy('mail', '451 4.3.2 temporary server error'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '451 4.3.0 internal error'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '452 4.2.2 mailbox full'), 'recipient', 0, 'yes'],
    [deferredBy('rcpt', '450 4.7.1 greylisted, come back later'), 'recipient', 0, 'yes'],
    [deferredBy('mail', '451 4.7.500 Server busy. Please try again later'), 'load', 0, 'yes'],
    [deferredBy('banner', '421 4.7.0 too many connections from you'), 'load', 0, 'yes'],
    [deferredBy('dot', '451 4.6.0 cannot process'), 'message', 0.25, 'partly'],
    [{ kind: 'uncertain', fault: { kind: 'lost' } }, 'message', 0.25, 'partly'],
    [{ kind: 'delivered', reply: { code: 250, text: 'ok' } }, 'none', 0, 'yes'],
    [{ kind: 'refused', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1', text: 'unknown' } }, 'none', 0, 'yes'],
  ];

  it.each(rows)('%o', (outcome, scope, weight, alive) => {
    expect(weigh(outcome)).toEqual({ scope, weight, alive });
  });
});
