/** The SMTP front against a real peer on one side and a real HTTP server on the other. */
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { combine, readAnswer, TRY_LATER } from '../../../tools/front/answer.ts';
import { headerValue } from '../../../tools/front/ingest-client.ts';
import { createTakenBefore } from '../../../tools/front/taken-before.ts';
import { type Front, startFront } from '../../../tools/front.ts';
import { openSmtp, type SmtpClient } from '../../../tools/stack/smtp-client.ts';

const TOKEN = 'a-token-of-thirty-two-characters';
const CONTENT = Buffer.from('Subject: hello\r\n\r\nline\r\n.dot\r\n');
const DELIVERED = { status: 200, body: { disposition: 'delivered', id: 'm1', reply: '250 2.0.0 Accepted as m1' } };
const UNKNOWN_USER = { status: 422, body: { reply: '550 5.1.1 No such user' } };
const BUSY = { status: 503, body: { reply: '451 4.3.0 Not stored; please try again' } };

type Request = { readonly headers: IncomingHttpHeaders; readonly body: Buffer };
type Response = { readonly status: number; readonly body: unknown };

const arrived = new EventEmitter();
let requests: Request[];
let respond: (recipient: string) => Response;
let released: Promise<void>;
let worker: Server;
let front: Front;
let holdFolder: string;
let peer: SmtpClient;

beforeEach(async () => {
  requests = [];
  respond = () => DELIVERED;
  released = Promise.resolve();
  worker = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => worker.listen(0, '127.0.0.1', listening));
  const address = worker.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  holdFolder = await mkdtemp(join(tmpdir(), 'breakwater-front-test-'));
  const ingestUrl = `http://127.0.0.1:${port}/ingest`;
  front = await startFront({ smtpPort: 0, host: '127.0.0.1', ingestUrl, token: TOKEN, holdFolder });
  peer = await openSmtp('127.0.0.1', front.port);
});

afterEach(async () => {
  peer.close();
  await front.close();
  // Whatever came of the messages, no copy of them stays with the front.
  expect(await readdir(holdFolder)).toEqual([]);
  await rm(holdFolder, { recursive: true });
  worker.closeAllConnections();
  await new Promise((closed) => worker.close(closed));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  requests.push({ headers: request.headers, body: Buffer.concat(chunks) });
  arrived.emit('request');
  await released;
  const { status, body } = respond(decodeURIComponent(String(request.headers['x-breakwater-rcpt-to'])));
  response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
}

const send = (...recipients: readonly string[]) => peer.send({ mailFrom: 'bob@world.example', recipients }, CONTENT);

describe('the front', () => {
  it('hands on the envelope, the length and the exact bytes', async () => {
    const reply = await peer.send({ mailFrom: '', recipients: ['anna@harbour.example'] }, CONTENT);
    expect(reply.line).toBe('250 2.0.0 Accepted as m1');
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'message/rfc822',
      'content-length': String(CONTENT.byteLength),
      'x-breakwater-mail-from': '',
      'x-breakwater-rcpt-to': 'anna@harbour.example',
      'x-breakwater-helo': 'sender.example',
      'x-breakwater-remote-ip': '127.0.0.1',
      'x-breakwater-recipients': '1',
    });
    expect(requests[0]?.body).toEqual(CONTENT);
  });

  it('keeps every byte, whatever the lines look like', async () => {
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('.', '..', '.x', '').map((text) => Buffer.from(text)),
    );
    // Bare CR and LF are not SMTP content (RFC 5321 §2.3.8): lines hold neither.
    const plain = line.map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13)));
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 30 }), async (lines) => {
        const content = Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from('\r\n')]));
        const reply = await peer.send({ mailFrom: 'bob@world.example', recipients: ['anna@harbour.example'] }, content);
        expect(reply.code).toBe(250);
        expect(requests.at(-1)?.body.equals(content)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('streams 25 MiB and refuses one byte more as permanent', async () => {
    const largest = Buffer.alloc(26_214_400, 'x'.repeat(76).concat('\r\n'));
    largest.write('\r\n', largest.byteLength - 2);
    const envelope = { mailFrom: 'bob@world.example', recipients: ['anna@harbour.example'] };
    expect((await peer.send(envelope, largest)).code).toBe(250);
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(requests[0]?.body ?? Buffer.alloc(0))).toBe(digest(largest));
    expect((await peer.send(envelope, Buffer.concat([Buffer.from('y'), largest]))).code).toBe(552);
    expect(requests).toHaveLength(1);
  });

  it('percent-encodes addresses that a header can not carry', async () => {
    await peer.command('MAIL FROM:<jörg@world.example> SMTPUTF8');
    await peer.command('RCPT TO:<änne@harbour.example>');
    await peer.command('DATA');
    await peer.command('Subject: x\r\n\r\n.');
    const headers: IncomingHttpHeaders = requests[0]?.headers ?? {};
    expect(decodeURIComponent(String(headers['x-breakwater-mail-from']))).toBe('jörg@world.example');
    expect(headers['x-breakwater-rcpt-to']).toBe('%C3%A4nne@harbour.example');
  });

  it('says 451 when nobody answers at the other end', async () => {
    worker.closeAllConnections();
    await new Promise((closed) => worker.close(closed));
    expect((await send('anna@harbour.example')).line).toBe(TRY_LATER.reply);
  });
});

describe('several recipients, one reply', () => {
  const cases: readonly (readonly [string, Record<string, Response>, string])[] = [
    [
      'all taken is 250',
      { 'a@x.example': DELIVERED, 'b@x.example': DELIVERED },
      '250 2.0.0 Accepted for 2 of 2 recipients',
    ],
    [
      'one later is 451 for all',
      { 'a@x.example': DELIVERED, 'b@x.example': BUSY },
      '451 4.3.0 Not stored; please try again',
    ],
    [
      'later outweighs refused',
      { 'a@x.example': UNKNOWN_USER, 'b@x.example': BUSY },
      '451 4.3.0 Not stored; please try again',
    ],
    ['all refused is that 5xx', { 'a@x.example': UNKNOWN_USER, 'b@x.example': UNKNOWN_USER }, '550 5.1.1 No such user'],
    [
      'some refused does not bounce the rest',
      { 'a@x.example': DELIVERED, 'b@x.example': UNKNOWN_USER },
      '250 2.0.0 Accepted for 1 of 2 recipients',
    ],
  ];
  it.each(cases)('%s', async (_name, answers, line) => {
    respond = (recipient) => answers[recipient] ?? BUSY;
    expect((await send(...Object.keys(answers))).line).toBe(line);
    expect(requests.map(({ headers }) => headers['x-breakwater-recipients'])).toEqual(['2', '2']);
  });

  it('does not hand on again to those who have it when the sender retries', async () => {
    respond = (recipient) => (recipient === 'a@x.example' ? DELIVERED : BUSY);
    await send('a@x.example', 'b@x.example');
    respond = () => DELIVERED;
    expect((await send('a@x.example', 'b@x.example')).code).toBe(250);
    const sent = requests.map(({ headers }) => headers['x-breakwater-rcpt-to']);
    // The recipients of one transaction are handed on side by side, in no order; the retry goes to the one who has not had it.
    expect(new Set(sent.slice(0, 2))).toEqual(new Set(['a@x.example', 'b@x.example']));
    expect(sent.slice(2)).toEqual(['b@x.example']);
  });

  it('hands on the same message again once its sender has been told that all have it', async () => {
    await send('a@x.example', 'b@x.example');
    await send('a@x.example', 'b@x.example');
    expect(requests).toHaveLength(4);
  });

  it('remembers them as well when the sender hung up before it heard the answer', async () => {
    let release = () => {};
    released = new Promise((resolve) => {
      release = resolve;
    });
    const request = once(arrived, 'request');
    const unheard = send('a@x.example');
    await request;
    peer.close();
    await expect(unheard).rejects.toThrow('closed');
    peer = await openSmtp('127.0.0.1', front.port);
    release();
    expect((await send('a@x.example')).line).toBe('250 2.0.0 Accepted before');
    expect(requests).toHaveLength(1);
  });

  it('counts a recipient named twice once', async () => {
    await send('a@x.example', 'a@x.example');
    expect(requests.map(({ headers }) => headers['x-breakwater-recipients'])).toEqual(['1']);
  });
});

describe('an answer of the Worker', () => {
  const later = TRY_LATER.reply;
  const cases: readonly (readonly [string, number, unknown, string])[] = [
    ['200 with a disposition is success', 200, DELIVERED.body, '250 2.0.0 Accepted as m1'],
    ['200 without one is not', 200, { reply: '250 2.0.0 Ok' }, later],
    ['200 with an unknown one is not', 200, { disposition: 'lost', reply: '250 2.0.0 Ok' }, later],
    ['200 with a refusal is doubt', 200, { disposition: 'delivered', reply: '550 5.0.0 No' }, later],
    ['a 5xx reply is passed on', 422, UNKNOWN_USER.body, '550 5.1.1 No such user'],
    ['a 4xx reply is passed on', 503, BUSY.body, '451 4.3.0 Not stored; please try again'],
    ['a wrong token is our fault', 401, { title: 'Unauthorized' }, later],
    ['a wrong address of the Worker is our fault', 404, null, later],
    ['a reply that would split the line is doubt', 422, { reply: '550 no\r\n250 yes' }, later],
    ['a reply that is no string is doubt', 422, { reply: 550 }, later],
    ['a list is doubt', 422, [], later],
  ];
  it.each(cases)('%s', (_name, status, body, line) => {
    expect(readAnswer(status, body).reply).toBe(line);
  });

  it('is never permanent unless a reply says 5', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
        expect(readAnswer(status, body).kind).toBe('later');
      }),
    );
  });
});

describe('combine', () => {
  const answer = fc.constantFrom(readAnswer(200, DELIVERED.body), readAnswer(422, UNKNOWN_USER.body), TRY_LATER);
  it('never bounces what was taken, and never confirms what was not', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
        const kinds = new Set(answers.map(({ kind }) => kind));
        const { kind } = combine(answers);
        expect(kind === 'later').toBe(kinds.has('later'));
        expect(kind === 'refused').toBe(kinds.size === 1 && kinds.has('refused'));
      }),
    );
  });
});

describe('a header value', () => {
  it('is printable ASCII and comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(headerValue(text)).toMatch(/^[!-~]*$/);
        expect(decodeURIComponent(headerValue(text))).toBe(text);
      }),
    );
  });
});

describe('who has had it', () => {
  it('is forgotten after a day', () => {
    let now = 0;
    const takenBefore = createTakenBefore(() => now);
    takenBefore.remember('one');
    now = 24 * 3_600_000 - 1;
    expect(takenBefore.has('one')).toBe(true);
    now += 1;
    expect(takenBefore.has('one')).toBe(false);
  });

  it('is bounded: the oldest are forgotten first', () => {
    const takenBefore = createTakenBefore(() => 0);
    for (let number = 0; number <= 10_000; number += 1) takenBefore.remember(String(number));
    expect(takenBefore.has('0')).toBe(false);
    expect(takenBefore.has('1')).toBe(true);
    expect(takenBefore.has('10000')).toBe(true);
  });
});
