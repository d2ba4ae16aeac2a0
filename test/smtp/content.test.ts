import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropAt, replyAt } from '../support/behaviour.ts';
import { startPeer } from '../support/peer.ts';
import { brief, bytes, EMPTY, ENVELOPE, opened } from './session-fixture.ts';

/** Lines of any bytes but CR and LF; many dots, because they are what is stuffed. */
const line = fc
  .uint8Array({ maxLength: 40 })
  .map((value) => value.map((byte) => (byte === 10 || byte === 13 ? 0x2e : byte % 3 === 0 ? 0x2e : byte)));
const crlfMail = fc
  .array(line, { minLength: 1, maxLength: 12 })
  .map((lines) => join(lines.flatMap((value) => [value, bytes('\r\n')])));
const cuts = fc.array(fc.nat({ max: 300 }), { maxLength: 6 });

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function cutUp(whole: Uint8Array, places: readonly number[]): ReadableStream<Uint8Array> {
  const edges = [0, ...[...places].sort((a, b) => a - b), whole.length].map((edge) => Math.min(edge, whole.length));
  return new ReadableStream({
    start(controller) {
      for (let n = 1; n < edges.length; n += 1) {
        const piece = whole.subarray(edges[n - 1], edges[n]);
        if (piece.length > 0) controller.enqueue(piece);
      }
      controller.close();
    },
  });
}

test('mail with CRLF lines arrives byte for byte, however it is cut up', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(crlfMail, cuts, fc.boolean(), async (mail, places, isStream) => {
      const body = isStream ? cutUp(mail, places) : mail;
      const head = bytes('X-Trace: .\r\n');
      expect(brief(await session.send(ENVELOPE, { head, body }))).toBe('delivered 250');
      sent += 1;
      const received = await peer.received();
      expect(received).toHaveLength(sent);
      expect(received.at(-1)?.content).toEqual(join([head, mail]));
    }),
    { numRuns: 60 },
  );
  await session.close();
});

test.each([
  ['dots at line starts', '.\r\n..\r\n.\r\n.a\r\n', '.\r\n..\r\n.\r\n.a\r\n'],
  ['a last line without its end gets one', 'a\r\nb', 'a\r\nb\r\n'],
  ['a last line that ends in CR', 'a\r\nb\r', 'a\r\nb\r\n'],
  ['a bare LF becomes CRLF', 'a\nb\r\n', 'a\r\nb\r\n'],
  ['a bare CR becomes CRLF', 'a\rb\r\n', 'a\r\nb\r\n'],
  ['an end smuggled with LF', 'a\n.\nMAIL FROM:<x@y.example>\r\n', 'a\r\n.\r\nMAIL FROM:<x@y.example>\r\n'],
  ['an end smuggled with CR', 'a\r.\rMAIL FROM:<x@y.example>\r\n', 'a\r\n.\r\nMAIL FROM:<x@y.example>\r\n'],
  ['an end smuggled with both', 'a\n.\r\nb\r.\r\nc\r\n.\nd\r\n', 'a\r\n.\r\nb\r\n.\r\nc\r\n.\r\nd\r\n'],
])('%s', async (_name, mail, expected) => {
  const peer = await startPeer();
  const session = await opened(peer);
  // Cut at every byte: what must be mended never stands in one chunk.
  const places = Array.from({ length: mail.length }, (_, n) => n);
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: cutUp(bytes(mail), places) }))).toBe('delivered 250');
  await session.close();
  expect((await peer.received()).map(({ content }) => new TextDecoder().decode(content))).toEqual([expected]);
});

test('bytes that are no UTF-8 arrive as they are, announced as 8-bit where the peer can be told', async () => {
  const latin1 = join([bytes('Subject: '), Uint8Array.of(0xe9, 0x80, 0xff, 0x00), bytes('\r\n\r\n')]);
  for (const [extensions, parameters] of [
    [['8BITMIME', 'PIPELINING'], 'BODY=8BITMIME'],
    [['PIPELINING'], ''],
  ] as const) {
    const peer = await startPeer({ extensions });
    const session = await opened(peer);
    await session.send(ENVELOPE, { head: EMPTY, body: latin1 });
    await session.close();
    expect(await peer.received()).toMatchObject([{ content: latin1, parameters }]);
  }
});

test('an empty message is an empty line', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: EMPTY }))).toBe('delivered 250');
  await session.close();
  expect((await peer.received()).map(({ sizeBytes }) => sizeBytes)).toEqual([2]);
});

const BLOCK = join([new Uint8Array(65_534).fill(0x2e), bytes('\r\n')]);
const BLOCKS = 400;

test('25 MiB stream through without being held', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  let given = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        given += 1;
        controller.enqueue(BLOCK);
        if (given === BLOCKS) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body }))).toBe('delivered 250');
  await session.close();
  const digest = new crypto.DigestStream('SHA-256');
  const writer = digest.getWriter();
  for (let n = 0; n < BLOCKS; n += 1) await writer.write(BLOCK);
  await writer.close();
  const sha256 = [...new Uint8Array(await digest.digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  expect(await peer.digests()).toMatchObject([{ sizeBytes: BLOCKS * BLOCK.length, sha256 }]);
}, 30_000);

test('a peer that does not read stops the source: what is held does not grow with the message', async () => {
  const peer = await startPeer({ rules: [{ stage: 'content', action: { kind: 'stall' } }] });
  const session = await opened(
    peer,
    {},
    {
      connectMs: 5_000,
      bannerMs: 5_000,
      commandMs: 5_000,
      blockMs: 500,
      dotMs: 500,
      openMs: 5_000,
      messageMs: 5_000,
      closeMs: 100,
    },
  );
  let given = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += 1;
      controller.enqueue(BLOCK);
      if (given === BLOCKS) controller.close();
    },
  });
  const outcome = await session.send(ENVELOPE, { head: EMPTY, body });
  expect(brief(outcome)).toBe('deferred data timeout');
  expect(given).toBeLessThan(BLOCKS / 2);
});

test('a source that breaks in the middle never becomes a whole message', async () => {
  const peer = await startPeer();
  const session = await opened(peer);
  let given = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += 1;
      if (given < 4) controller.enqueue(BLOCK);
      else controller.error(new Error('the store is away'));
    },
  });
  expect(brief(await session.send(ENVELOPE, { head: EMPTY, body }))).toBe('deferred data unclassified');
  expect(session.usable).toBe(false);
  expect(await peer.received()).toEqual([]);
});

test.each([
  ['refused before the content', replyAt('rcpt', '550 5.1.1 No such user')],
  ['lost in the middle of the content', dropAt('content')],
])('a source is let go when its message is %s', async (_name, behaviour) => {
  const session = await opened(await startPeer(behaviour));
  let isLetGo = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(BLOCK),
    cancel() {
      isLetGo = true;
    },
  });
  await session.send(ENVELOPE, { head: EMPTY, body });
  await expect.poll(() => isLetGo).toBe(true);
});

test('a peer that answers in the middle of the content has not taken the message', async () => {
  for (const text of ['250 2.0.0 Taken', '552 5.3.4 Too big']) {
    const peer = await startPeer(replyAt('content', text));
    const session = await opened(peer);
    const body = new Uint8Array(8_000_000).fill(0x61);
    expect(brief(await session.send(ENVELOPE, { head: EMPTY, body }))).toBe(
      text.startsWith('2') ? 'deferred data unclassified' : 'refused data 552',
    );
    expect(session.usable).toBe(false);
  }
});
