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
    [faulty('connect', { kind: 'dns', answer: 'failed-for-us' }), 'resolver', 0, 'no'],
    [faulty('connect', { kind: 'dns', answer: 'no-such-host' }), 'configuration', 0.5, 'no'],
    [faulty('tls', { kind: 'tls', problem: 'certificate has expired' }), 'tls', 0, 'partly'],
    [faulty('mail', { kind: 'unsupported', what: 'SMTPUTF8' }), 'message', 0, 'partly'],
    [deferredBy('banner', '421 4.3.2 shutting down'), 'host', 1, 'no'],
    [deferredBy('banner', '554 5.7.1 no'), 'policy', 0, 'partly'],
    [deferredBy('auth', '535 5.7.8 bad credentials'), 'policy', 0, 'partly'],
    [deferredBy('mail', '451 4.3.2 temporary server error'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '451 4.3.0 internal error'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '452 4.2.2 mailbox full'), 'recipient', 0, 'yes'],
    [deferredBy('rcpt', '450 4.7.1 greylisted, come back later'), 'recipient', 0, 'yes'],
    [deferredBy('mail', '451 4.7.500 Server busy. Please try again later'), 'load', 0, 'yes'],
    // Nobody behind the door has taken anything: a probe that ends here is no full probe.
    [deferredBy('banner', '421 4.7.0 too many connections from you'), 'load', 0, 'partly'],
    [deferredBy('auth', '421 4.7.0 too many connections from you'), 'load', 0, 'partly'],
    [deferredBy('dot', '451 4.6.0 cannot process'), 'message', 0.25, 'partly'],
    // what the words and codes add to the stage
    [deferredBy('rcpt', '451 Temporary local problem - please try later'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '451 4.7.1 Service unavailable - try again later'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '452 4.3.1 Insufficient system storage'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '451 4.4.3 directory unreachable'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '421 mail.harbour.example closing'), 'host', 0.25, 'partly'],
    [deferredBy('rcpt', '450 mailbox unavailable'), 'recipient', 0, 'yes'],
    [deferredBy('rcpt', '450 hm'), 'recipient', 0, 'yes'],
    [deferredBy('rcpt', '451 hm'), 'recipient', 0, 'partly'],
    [deferredBy('rcpt', '450 4.1.8 Sender address rejected: Domain not found'), 'recipient', 0, 'yes'],
    [deferredBy('rcpt', '452 4.5.3 too many recipients'), 'load', 0, 'yes'],
    [deferredBy('rcpt', '452 4.3.2 Connection rate limit exceeded'), 'load', 0, 'yes'],
    [deferredBy('mail', '451 4.7.1 greylisted'), 'recipient', 0, 'yes'],
    [deferredBy('mail', '451 4.7.0 Temporary server error. Please try again later'), 'host', 0.25, 'partly'],
    [deferredBy('mail', '450 4.1.8 Domain of sender address does not resolve'), 'message', 0, 'partly'],
    [deferredBy('mail', '451 hm'), 'host', 0.25, 'partly'],
    [deferredBy('mail', '454 4.7.0 TLS not available due to local problem'), 'tls', 0, 'partly'],
    [deferredBy('dot', '451 4.7.1 Try again later'), 'recipient', 0, 'yes'],
    [deferredBy('dot', '452 4.2.2 mailbox full'), 'recipient', 0, 'yes'],
    [deferredBy('dot', '451 4.3.0 queue file write error'), 'host', 0.25, 'partly'],
    [deferredBy('dot', '451 hm'), 'message', 0.25, 'partly'],
    [deferredBy('banner', '450 4.7.25 Client host rejected: cannot find your hostname'), 'policy', 0, 'partly'],
    [deferredBy('banner', '452 4.3.1 Insufficient system storage'), 'host', 1, 'no'],
    [deferredBy('banner', '421 4.7.0 Temporary system problem'), 'host', 1, 'no'],
    [deferredBy('ehlo', '421 hm'), 'host', 1, 'no'],
    [deferredBy('ehlo', '502 5.5.1 no'), 'host', 1, 'no'],
    [deferredBy('tls', '454 4.7.0 not now'), 'tls', 0, 'partly'],
    [deferredBy('auth', '454 4.7.0 Temporary authentication failure'), 'host', 0.25, 'partly'],
    // One sender whom the gateway does not want is no matter of the gateway's; a login it wants is.
    [{ kind: 'refused', stage: 'mail', reply: { code: 550, enhanced: '5.7.1', text: 'no' } }, 'message', 0, 'partly'],
    [
      { kind: 'refused', stage: 'mail', reply: { code: 530, enhanced: '5.7.0', text: 'log in' } },
      'policy',
      0,
      'partly',
    ],
    [faulty('auth', { kind: 'unsupported', what: 'AUTH' }), 'policy', 0, 'partly'],
    // The token's provider is not the gateway: nothing it does may cost the gateway anything.
    [faulty('auth', { kind: 'token', problem: 'the token endpoint answered HTTP 503' }), 'policy', 0, 'partly'],
    [{ kind: 'refused', stage: 'dot', reply: { code: 554, enhanced: '5.7.1', text: 'spam' } }, 'none', 0, 'partly'],
    // a server in trouble answers false 5xx: one that speaks of itself acquits nobody
    [{ kind: 'refused', stage: 'rcpt', reply: { code: 554, enhanced: '5.3.2', text: 'closed' } }, 'host', 0, 'partly'],
    [{ kind: 'refused', stage: 'rcpt', reply: { code: 550, text: 'Internal server error' } }, 'host', 0, 'partly'],
    [{ kind: 'uncertain', fault: { kind: 'lost' } }, 'message', 0.25, 'partly'],
    [{ kind: 'delivered', reply: { code: 250, text: 'ok' } }, 'none', 0, 'yes'],
    [{ kind: 'refused', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1', text: 'unknown' } }, 'none', 0, 'partly'],
  ];

  it.each(rows)('%o', (outcome, scope, weight, alive) => {
    expect(weigh(outcome)).toEqual({ scope, weight, alive });
  });
});
