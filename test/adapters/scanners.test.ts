/** Scanners that misbehave: whatever they do, the message has an answer in time, and it says what was wrong. */
import { describe, expect, test } from 'vitest';
import { createScanners } from '../../src/adapters/scanners.ts';
import { DEFAULT_FILTER_PLAN, type ScannerPlan, type WhenFailed } from '../../src/core/filter-plan.ts';
import type { DeploymentScanner } from '../../src/pipeline/scanner.ts';
import type { ClamdBehaviour, HookAnswer } from '../support/behaviour.ts';
import { startHook } from '../support/hook.ts';
import { write } from '../support/mail.ts';
import { NO_DEPLOYMENT, startClamd, streamed, subjectOf } from '../support/scanners.ts';

const whenFailed = 'hold';
const LIMIT_MS = 2_000;
const LARGE = write({ body: 'The tide is at nine.\r\n'.repeat(200_000) });

function opened(plan: ScannerPlan, limitMs = LIMIT_MS) {
  const [scanner] = createScanners({ ...NO_DEPLOYMENT, limitMs })({ ...DEFAULT_FILTER_PLAN, scanners: [plan] });
  if (scanner === undefined) throw new Error('a plan of one makes one');
  return scanner;
}

const clamd = (port: number, limitMs = LIMIT_MS) =>
  opened({ kind: 'clamd', host: '127.0.0.1', port, tls: 'none', whenFailed }, limitMs);

describe('a clamd that', () => {
  test.each<readonly [string, ClamdBehaviour, string]>([
    ['closes at once', { kind: 'close-at-once' }, 'it closed the connection before it had answered'],
    ['closes without a word', { kind: 'close', text: '' }, 'it closed the connection before it had answered'],
    ['closes within a word', { kind: 'close', text: 'stream: OK' }, 'it closed the connection before it had answered'],
    ['talks without end', { kind: 'flood' }, 'its answer has no end'],
    ['talks nonsense', { kind: 'answer', text: '220 smtp.example ESMTP' }, 'it answered "220 smtp.example ESMTP"'],
  ])('%s has failed', async (_name, behaviour, why) => {
    const facts = await clamd(await startClamd(behaviour)).scan(subjectOf(write()));
    expect(facts).toEqual({ scanner: 'clamd', kind: 'failed', why });
  });

  test('says nothing has failed when its time is up', async () => {
    const facts = await clamd(await startClamd({ kind: 'stall' }), 100).scan(subjectOf(write()));
    expect(facts).toEqual({ scanner: 'clamd', kind: 'failed', why: 'no answer within 0.1 s' });
  });

  test.each([
    ['has a certificate for another name', { kind: 'works', certificate: 'elsewhere' } as const],
    ['speaks no TLS where it should', { kind: 'works' } as const],
  ])('%s is told nothing', async (_name, behaviour) => {
    const port = await startClamd(behaviour);
    const scanner = opened({ kind: 'clamd', host: 'localhost', port, tls: 'implicit', whenFailed });
    const content = () => Promise.reject(new Error('nobody may read it'));
    const facts = await scanner.scan(subjectOf(write(), { content }));
    expect(facts).toMatchObject({ kind: 'failed', why: expect.stringMatching(/certificate|TLS|connection|within/) });
  });

  test('answers in the middle of a large message is heard, and not sent the rest', async () => {
    const port = await startClamd({ kind: 'answer-early', text: 'INSTREAM size limit exceeded. ERROR' });
    const facts = await clamd(port).scan(subjectOf(LARGE, streamed(LARGE)));
    expect(facts).toMatchObject({ kind: 'failed', why: expect.stringMatching(/StreamMaxLength|closed/) });
  });

  test('calls a large message clean before it has heard it has failed', async () => {
    const port = await startClamd({ kind: 'answer-early', text: 'stream: OK' });
    expect(await clamd(port).scan(subjectOf(LARGE, streamed(LARGE)))).toMatchObject({ kind: 'failed' });
  });

  test('reads nothing is not sent more than the connection holds: a large message is never gathered in memory', async () => {
    let pulled = 0;
    const content = async () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
    const facts = await clamd(await startClamd({ kind: 'deaf' }), 500).scan(subjectOf('', { content }));
    expect(facts).toMatchObject({ kind: 'failed', why: 'no answer within 0.5 s' });
    // The buffers of a loopback connection are some 4 MB.
    expect(pulled).toBeLessThan(12_000_000);
  });

  test('waits for a message that never ends has failed when its time is up', async () => {
    const content = async () =>
      new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(Buffer.from('Subject: a')) });
    const facts = await clamd(await startClamd({ kind: 'works' }), 100).scan(subjectOf('', { content }));
    expect(facts).toMatchObject({ kind: 'failed', why: 'no answer within 0.1 s' });
  });
});

describe.each(['rspamd', 'http'] as const)('a scanner behind HTTP (%s) that', (kind) => {
  test.each<readonly [string, HookAnswer, string]>([
    ['answers an error', { kind: 'status', status: 500 }, 'it answered HTTP 500'],
    ['sends us elsewhere', { kind: 'status', status: 307 }, 'it answered HTTP 307'],
    ['answers JSON of another kind', { kind: 'status', status: 200 }, 'its answer cannot be understood'],
    ['answers a list', { kind: 'json', status: 200, value: [1] }, 'its answer cannot be understood'],
    ['answers without a score or verdict', { kind: 'json', status: 200, value: {} }, 'its answer cannot be understood'],
    ['talks without end', { kind: 'flood' }, 'its answer has no end'],
  ])('%s has failed', async (_name, answer, why) => {
    const { url } = await startHook(answer);
    const facts = await opened({ kind, url, whenFailed }).scan(subjectOf(write()));
    expect(facts).toEqual({ scanner: kind, kind: 'failed', why });
  });

  test('says nothing has failed when its time is up', async () => {
    const hook = await startHook({ kind: 'stall' });
    const facts = await opened({ kind, url: hook.url, whenFailed }, 100).scan(subjectOf(write()));
    expect(facts).toEqual({ scanner: kind, kind: 'failed', why: 'no answer within 0.1 s' });
    await hook.release();
  });
});

describe('where it may be', () => {
  const strict = { ...NO_DEPLOYMENT, policy: { allowPrivate: false, ownHosts: ['edge.example'] }, limitMs: LIMIT_MS };
  const plans: readonly (readonly [string, ScannerPlan])[] = [
    ['a clamd on loopback', { kind: 'clamd', host: '127.0.0.1', port: 3310, tls: 'none', whenFailed }],
    ['a clamd in a private network', { kind: 'clamd', host: '10.0.0.3', port: 3310, tls: 'none', whenFailed }],
    ['an rspamd on loopback', { kind: 'rspamd', url: 'https://127.0.0.1', whenFailed }],
    ['an rspamd without TLS', { kind: 'rspamd', url: 'http://rspamd.example', whenFailed }],
    ['a scanner that is this service itself', { kind: 'http', url: 'https://edge.example/ingest', whenFailed }],
  ];
  test.each(plans)('%s is not asked', async (_name, plan) => {
    const [scanner] = createScanners(strict)({ ...DEFAULT_FILTER_PLAN, scanners: [plan] });
    const content = () => Promise.reject(new Error('nobody may read it'));
    expect(await scanner?.scan(subjectOf(write(), { content }))).toMatchObject({
      kind: 'failed',
      why: expect.stringMatching(/^not asked: /),
    });
  });
});

describe('what it is told', () => {
  const SAID = { kind: 'json', status: 200, value: { score: 1, required_score: 15, action: 'no action' } } as const;

  test('rspamd hears the envelope, the id and its password', async () => {
    const hook = await startHook(SAID);
    const mail = write();
    await opened({ kind: 'rspamd', url: hook.url, sealedPassword: 'open sesame', whenFailed }).scan(subjectOf(mail));
    const [call] = await hook.calls();
    expect(call).toMatchObject({
      method: 'POST',
      body: mail,
      headers: {
        from: 'sender@world.example',
        rcpt: 'anna@harbour.example',
        ip: '192.0.2.7',
        helo: 'mail.world.example',
        'queue-id': 'harbour/1',
        password: 'open sesame',
        'content-length': String(mail.length),
      },
    });
    expect(call?.headers).not.toHaveProperty('user');
  });

  test('of what is not known rspamd hears nothing, and of our own people that they have logged in', async () => {
    const hook = await startHook(SAID);
    const envelope = { reversePath: 'anna@harbour.example', recipient: 'x@world.example', helo: '', remoteIp: '' };
    const scanner = opened({ kind: 'rspamd', url: hook.url, whenFailed });
    await scanner.scan(subjectOf(write(), { envelope, direction: 'outbound' }));
    const [call] = await hook.calls();
    expect(call?.headers).toMatchObject({ user: 'anna@harbour.example' });
    expect(call?.headers).not.toHaveProperty('ip');
    expect(call?.headers).not.toHaveProperty('helo');
    expect(call?.headers).not.toHaveProperty('password');
  });

  test('an address that no header can carry keeps no message from being scanned', async () => {
    const hook = await startHook(SAID);
    const envelope = {
      reversePath: 'jörg@wörld.example\r\nIP: 1.1.1.1',
      recipient: 'ß@x',
      helo: '\u0000',
      remoteIp: '',
    };
    const facts = await opened({ kind: 'rspamd', url: hook.url, whenFailed }).scan(subjectOf(write(), { envelope }));
    expect(facts.kind).toBe('scored');
    expect((await hook.calls())[0]?.headers).toMatchObject({ from: 'j?rg@w?rld.example?IP: 1.1.1.1' });
  });

  test('a scanner behind HTTP hears its token and the length of a stream', async () => {
    const hook = await startHook({ kind: 'json', status: 200, value: { verdict: 'clean' } });
    const mail = write();
    const scanner = opened({ kind: 'http', url: hook.url, sealedToken: 'a-token', whenFailed });
    expect((await scanner.scan(subjectOf(mail, streamed(mail)))).kind).toBe('clean');
    expect((await hook.calls())[0]).toMatchObject({
      body: mail,
      headers: {
        authorization: 'Bearer a-token',
        'content-length': String(mail.length),
        'content-type': 'message/rfc822',
      },
    });
  });

  test('a secret that cannot be opened is said, and nothing is sent', async () => {
    const hook = await startHook(SAID);
    const seal = { open: () => Promise.reject(new Error('another key')) };
    const plan = { kind: 'rspamd', url: hook.url, sealedPassword: 'x', whenFailed } as const;
    const [scanner] = createScanners({ ...NO_DEPLOYMENT, seal, limitMs: LIMIT_MS })({
      ...DEFAULT_FILTER_PLAN,
      scanners: [plan],
    });
    expect(await scanner?.scan(subjectOf(write()))).toMatchObject({ why: expect.stringMatching(/SEAL_KEY/) });
    expect(await hook.calls()).toEqual([]);
  });
});

describe('whose scanners are asked', () => {
  const deployment: readonly DeploymentScanner[] = [
    { kind: 'rspamd', url: 'https://rspamd.example' },
    { kind: 'clamd', host: 'clamd.example', port: 3310, tls: 'implicit' },
  ];
  const scanners = createScanners({ ...NO_DEPLOYMENT, deployment, limitMs: LIMIT_MS });
  const http: ScannerPlan = { kind: 'http', url: 'https://one.example', whenFailed };
  const own: ScannerPlan = { kind: 'clamd', host: 'own.example', port: 3310, tls: 'implicit', whenFailed };

  test.each<readonly [string, readonly ScannerPlan[], readonly (readonly [string, string])[], WhenFailed]>([
    [
      'the deployment’s where a client has none, held where it wants that',
      [],
      [
        ['rspamd', 'hold'],
        ['clamd', 'hold'],
      ],
      'hold',
    ],
    [
      'the deployment’s where a client has none',
      [],
      [
        ['rspamd', 'pass-marked'],
        ['clamd', 'pass-marked'],
      ],
      'pass-marked',
    ],
    [
      'the client’s own in their place',
      [own],
      [
        ['clamd', 'hold'],
        ['rspamd', 'pass-marked'],
      ],
      'pass-marked',
    ],
    [
      'several of a kind by number, and never more than four',
      [http, http, http, own],
      [
        ['http', 'hold'],
        ['http-2', 'hold'],
        ['http-3', 'hold'],
        ['clamd', 'hold'],
      ],
      'pass-marked',
    ],
  ])('%s', (_name, plan, expected, whenScannerFailed) => {
    expect(
      scanners({ scanners: plan, whenScannerFailed }).map((scanner) => [scanner.name, scanner.whenFailed]),
    ).toEqual(expected);
  });
});
