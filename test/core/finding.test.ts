import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, classifyCause } from '../../src/core/evidence.ts';
import { findingOfSaid } from '../../src/core/finding.ts';
import { readLine } from '../../src/core/log-line.ts';
import type { Cause, Fault, Outcome, Stage } from '../../src/core/outcome.ts';
import type { OutcomeClass } from '../../src/core/outcome-class.ts';
import type { Reply } from '../../src/core/reply.ts';
import { PATTERNS } from '../../src/core/reply-patterns.ts';

// Lines as the software of the time says them, with addresses and hosts of our own.
const LINES: Readonly<Record<Exclude<OutcomeClass, 'delivered'>, readonly string[]>> = {
  connection: [
    'connect to mail.harbour.example[192.0.2.10]:25: Connection refused',
    'connect to mail.harbour.example[2001:db8::10]:587: Network is unreachable',
    'lost connection with mail.harbour.example[192.0.2.10] while receiving the initial server greeting',
    'conversation with mail.harbour.example[192.0.2.10] timed out while sending end of data -- message may be sent more than once',
    'H=mail.harbour.example [192.0.2.10]: Remote host closed connection in response to EHLO quay.example',
    'all hosts for harbour.example have been failing for a long time',
    "Error: connect ECONNREFUSED 192.0.2.10:465 (code: 'ESOCKET', command: 'CONN')",
    'dial tcp 192.0.2.10:25: i/o timeout',
    'Deferred: Connection timed out with mail.harbour.example.',
    "I wasn't able to establish a connection to that host. (#4.4.1)",
    '450 4.4.316 Connection refused [Message=Socket error code 10061]',
    '550 5.4.300 Message expired',
    '421 4.4.2 mail.harbour.example Error: timeout exceeded',
    '451 4.7.0 Timeout waiting for client input [harbour.example]',
  ],
  dns: [
    'Host or domain name not found. Name service error for name=harbour.example type=MX: Host not found, try again',
    'Error: getaddrinfo EAI_AGAIN mail.harbour.example',
    'dial tcp: lookup mail.harbour.example: no such host',
    'Deferred: Name server: mail.harbour.example.: host name lookup failure',
    'all relevant MX records point to non-existent hosts',
    'CNAME lookup failed temporarily. (#4.4.3)',
    '450 4.4.312 DNS query failed',
    '550 5.4.310 DNS domain nowhere.example does not exist',
    '550 5.1.2 <anna@nowhere.example>... Host unknown',
    '556 5.1.10 Recipient domain has a null MX',
  ],
  tls: [
    'Cannot start TLS: handshake failure',
    'TLS is required, but was not offered by host mail.harbour.example[192.0.2.10]',
    'H=mail.harbour.example [192.0.2.10]: a TLS session is required, but the server did not offer TLS support',
    "Hostname/IP does not match certificate's altnames: Host: mail.harbour.example",
    'x509: certificate has expired or is not yet valid',
    'error:0A00010B:SSL routines::wrong version number',
    '454 4.7.0 TLS not available due to local problem',
    '530 5.7.0 You must issue STARTTLS first',
    '451 4.7.323 tlsa-invalid: The domain failed DANE validation',
    '[{LED=450 4.4.317 Cannot connect to remote server [Message=SSLProvidedCertExpired]}]',
  ],
  'server-down': [
    '421 4.3.2 Service not active',
    '421 mail.harbour.example Service not available, closing transmission channel',
    '451 4.3.0 <anna@harbour.example>: Temporary lookup failure',
    '451 4.3.0 Error: queue file write error',
    '451 4.7.1 Service unavailable - try again later',
    '451 Temporary local problem - please try later',
    '451 4.2.0 <anna@harbour.example> Internal error occurred. Refer to server log for more information.',
    '451 4.7.0 Temporary server error. Please try again later. PRX2',
    '451 4.5.0 Error in processing, virus_scan FAILED',
    '451 qq temporary problem (#4.3.0)',
    '450 4.3.2 Maintenance, back in 20 minutes',
    '454 4.7.0 Temporary authentication failure: connection lost to authentication server',
    '553 5.3.5 system config error',
    'SMTP error from remote mail server after MAIL FROM:<bob@quay.example>: 451 Temporary internal error',
    'host mail.harbour.example[192.0.2.10] refused to talk to me: 421 4.3.2 Service not available',
  ],
  'server-busy': [
    '452 4.3.1 Insufficient system storage',
    '452 4.4.5 Insufficient disk space; try again later',
    '421 4.3.2 Connection rate limit exceeded.',
    '421 4.7.0 mail.harbour.example Error: too many connections from 192.0.2.7',
    '451 4.7.500 Server busy. Please try again later from [192.0.2.7].',
    '452 4.5.3 Error: too many recipients',
    '421 #4.4.5 Too many connections from your host.',
    '421 Zu viele Verbindungen, bitte langsamer',
  ],
  'mailbox-level': [
    '452 4.2.2 <anna@harbour.example> Quota exceeded (mailbox for user is full)',
    '450 4.2.0 <anna@harbour.example>: Mailbox temporarily locked',
    '450 4.2.1 The user you are trying to contact is receiving mail too quickly.',
    '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded',
    '450 4.1.1 <anna@harbour.example>: Recipient address rejected: unverified address: Address verification in progress',
    'mailbox is full: retry timeout exceeded',
    'host mail.harbour.example[192.0.2.10] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)',
  ],
  'greylist/policy-temporary': [
    '450 4.2.0 <anna@harbour.example>: Recipient address rejected: Greylisted, see https://greylist.example/help',
    '451 4.7.1 Greylisting in action, please come back later',
    '451 4.7.1 Try again later',
    '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.7]',
    '421 4.7.1 Service unavailable; Client host [192.0.2.7] blocked using list.example',
    '451 4.7.650 The mail server [192.0.2.7] has been temporarily rate limited due to IP reputation.',
    '450 4.1.8 <bob@nowhere.example>: Sender address rejected: Domain not found',
    '451 4.7.24 The SPF record of the sending domain has suspicious entries',
    "(451, b'4.7.1 Graylisted for 300 seconds')",
  ],
  'permanent-mailbox': [
    '550 5.1.1 <anna@harbour.example>: Recipient address rejected: User unknown in virtual mailbox table',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient anna@harbour.example not found by SMTP address lookup',
    '550 5.4.1 Recipient address rejected: Access denied.',
    '550 5.2.1 The email account that you tried to reach is inactive.',
    '550 Unrouteable address',
    '550 #5.1.0 Address rejected.',
    '553 sorry, no mailbox here by that name (#5.1.1)',
    "554 delivery error: dd This user doesn't have a harbour.example account (anna@harbour.example) [0]",
    '552 5.2.2 <anna@harbour.example>: user is over quota',
    "Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'",
    'smtp; 550 5.1.1 <anna@harbour.example>... User unknown',
  ],
  'permanent-policy': [
    '554 5.7.1 <anna@quay.example>: Relay access denied',
    '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using list.example',
    "554-mail.harbour.example Access to this mail system has been rejected due to the sending MTA's poor reputation",
    '550 5.7.26 Blocked: the sender is unauthenticated, SPF and DKIM did not pass',
    '550 5.7.1 Message rejected as spam by Content Filtering.',
    '552 5.3.4 Message size exceeds fixed limit',
    '554 5.6.0 Message is malformed',
    '550 5.4.6 Routing loop detected',
    '535 5.7.8 Error: authentication failed: bad password',
    '503 5.5.1 Error: need MAIL command',
    '550 Sender verify failed',
    'Error: Invalid login: 535 5.7.8 Username and Password not accepted',
  ],
};

const ROWS = Object.entries(LINES).flatMap(([expected, lines]) => lines.map((line) => [expected, line] as const));

describe('a line of a log is read as a person would read it', () => {
  it('has lines of every class', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(ROWS)('%s: %s', (expected, line) => {
    expect(findingOfSaid(readLine(line)).class).toBe(expected);
  });

  it('finds the stage in the words around a reply', () => {
    const stageOf = (line: string) => readLine(line).stage;
    expect(stageOf('lost connection with mail.harbour.example while receiving the initial server greeting')).toBe(
      'banner',
    );
    expect(stageOf('host x said: 451 no (in reply to MAIL FROM command)')).toBe('mail');
    expect(stageOf('SMTP error from remote mail server after RCPT TO:<anna@harbour.example>: 451 no')).toBe('rcpt');
    expect(stageOf('host x said: 451 no (in reply to end of DATA command)')).toBe('dot');
    expect(stageOf('451 4.3.0 no')).toBeUndefined();
  });

  it('takes the outer reply where one reply quotes another', () => {
    const said = readLine('421 4.1.1 <anna@harbour.example>: unverified: host mail.harbour.example said: 550 5.1.1 no');
    expect(said).toMatchObject({ code: 421, enhanced: '4.1.1' });
  });
});

describe('codes come before words, and words before a guess', () => {
  const rows: readonly (readonly [string, Stage | undefined, OutcomeClass, string])[] = [
    ['452 4.2.2 insufficient system storage', 'rcpt', 'mailbox-level', 'enhanced'],
    ['450 4.1.8 service unavailable', 'mail', 'greylist/policy-temporary', 'enhanced'],
    ['550 5.7.1 service unavailable', 'rcpt', 'permanent-policy', 'enhanced'],
    ['451 4.7.1 service unavailable', 'rcpt', 'server-down', 'words'],
    ['451 4.3.0 user unknown', 'rcpt', 'mailbox-level', 'words'],
    ['451 4.0.0 greylisted', 'rcpt', 'greylist/policy-temporary', 'words'],
    ['421 try again later', 'rcpt', 'server-down', 'code'],
    ['450 try again later', 'rcpt', 'greylist/policy-temporary', 'words'],
    ['451 hm', 'banner', 'server-down', 'stage'],
    ['451 hm', 'tls', 'tls', 'stage'],
    ['550 hm', 'mail', 'permanent-policy', 'stage'],
    ['550 hm', 'rcpt', 'permanent-mailbox', 'code'],
    ['451 hm', 'rcpt', 'greylist/policy-temporary', 'guess'],
    ['554 hm', undefined, 'permanent-policy', 'guess'],
    ['hm', undefined, 'connection', 'guess'],
    ['250 2.0.0 Ok: queued', 'dot', 'delivered', 'code'],
  ];

  it.each(rows)('%s at %s is %s by %s', (line, stage, expected, by) => {
    expect(findingOfSaid({ ...readLine(line), ...(stage === undefined ? {} : { stage }) })).toMatchObject({
      class: expected,
      by,
    });
  });
});

const STAGES: readonly Stage[] = ['connect', 'banner', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'dot'];
const CLASSES: readonly string[] = [...Object.keys(LINES), 'delivered'];

const anyStage = fc.constantFrom(...STAGES);
const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('refused' as const, 'unreachable' as const, 'timeout' as const, 'lost' as const) }),
  fc.record({
    kind: fc.constant('dns' as const),
    answer: fc.constantFrom('no-such-host' as const, 'failed' as const, 'failed-for-us' as const),
  }),
  fc.record({ kind: fc.constant('tls' as const), problem: fc.string() }),
  fc.record({ kind: fc.constant('unsupported' as const), what: fc.string() }),
  fc.record({ kind: fc.constantFrom('unclassified' as const, 'token' as const), problem: fc.string() }),
);
const anyEnhanced = fc
  .tuple(fc.constantFrom(4, 5), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 999 }))
  .map((parts) => parts.join('.'));
// Texts that mean something, texts that mean nothing, and pieces of both.
const anyText = fc.oneof(fc.string(), fc.constantFrom(...ROWS.map(([, line]) => line)), fc.string({ unit: 'binary' }));
const anyReply: fc.Arbitrary<Reply> = fc
  .record({ code: fc.integer({ min: 400, max: 599 }), text: anyText, enhanced: fc.option(anyEnhanced) })
  .map(({ enhanced, ...rest }) => (enhanced === null ? rest : { ...rest, enhanced }));
const anyCause: fc.Arbitrary<Cause> = fc.oneof(
  fc.record({ kind: fc.constant('reply' as const), stage: anyStage, reply: anyReply }),
  fc.record({ kind: fc.constant('fault' as const), stage: anyStage, fault: anyFault }),
);
const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('delivered' as const), reply: anyReply }),
  fc.record({ kind: fc.constant('deferred' as const), cause: anyCause }),
  fc.record({ kind: fc.constant('refused' as const), stage: anyStage, reply: anyReply }),
  fc.record({ kind: fc.constant('uncertain' as const), fault: anyFault }),
);

describe('the laws of the classifier', () => {
  it('every outcome has one class, a weight from 0 to 1, and never condemns what it proves alive', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const { class: found, weight, alive } = classify(outcome);
        expect(CLASSES).toContain(found);
        expect(weight).toBeGreaterThanOrEqual(0);
        expect(weight).toBeLessThanOrEqual(1);
        expect(alive === 'yes' && weight > 0).toBe(false);
      }),
    );
  });

  it('digits in a text decide nothing', () => {
    fc.assert(
      fc.property(anyReply, anyStage, fc.nat(), (reply, stage, digits) => {
        const numbered: Reply = { ...reply, text: `${reply.text}${digits}` };
        expect(classifyCause({ kind: 'reply', stage, reply: numbered })).toEqual(
          classifyCause({ kind: 'reply', stage, reply }),
        );
      }),
    );
  });

  it.each(ROWS)('%s stays that with a number behind it: %s', (expected, line) => {
    for (const digits of ['0', ' 550', ' 250', ' (421)', ' 450 451']) {
      expect(findingOfSaid(readLine(`${line}${digits}`)).class, digits).toBe(expected);
    }
  });

  it('a temporary failure nobody can explain neither proves life nor counts as the whole host', () => {
    const unexplained = fc.oneof(
      fc.record({
        kind: fc.constant('reply' as const),
        stage: fc.constantFrom<Stage>('rcpt', 'data', 'dot'),
        reply: fc.record({ code: fc.constantFrom(451, 458, 499), text: fc.constantFrom('', 'hm', '#', '12 34') }),
      }),
      fc.record({
        kind: fc.constant('fault' as const),
        stage: anyStage,
        fault: fc.record({ kind: fc.constant('unclassified' as const), problem: fc.string() }),
      }),
    );
    fc.assert(
      fc.property(unexplained, (cause) => {
        const { alive, weight } = classifyCause(cause);
        expect(alive).not.toBe('yes');
        expect(weight).toBeLessThan(1);
      }),
    );
  });

  it('every pattern names its source', () => {
    for (const { source } of PATTERNS) expect(source.length).toBeGreaterThan(10);
  });
});
