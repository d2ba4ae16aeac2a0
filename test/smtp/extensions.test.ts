import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../src/smtp/session-types.ts';
import type { Behaviour } from '../support/behaviour.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { AMPLE, brief, bytes, EMPTY, ENVELOPE, MESSAGE, opened } from './session-fixture.ts';

const OFFERS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES'];

async function heard(peer: Peer): Promise<readonly string[]> {
  return (await peer.dialogue()).filter(({ from }) => from === 'us').map(({ line }) => line);
}

/** What MAIL and RCPT were, for one message. */
async function commandsFor(behaviour: Behaviour, envelope: Envelope, body = MESSAGE): Promise<readonly string[]> {
  const peer = await startPeer(behaviour);
  const session = await opened(peer);
  expect(brief(await session.send(envelope, { head: EMPTY, body }))).toBe('delivered 250');
  await session.close();
  return (await heard(peer)).filter((line) => /^(MAIL|RCPT)/.test(line));
}

describe('what is asked for by DSN', () => {
  const COPY: Envelope = { ...ENVELOPE, notification: { kind: 'never' } };
  const GIVEN: Envelope = {
    ...ENVELOPE,
    notification: { kind: 'original-recipient', address: 'an+na=x@harbour.example' },
  };
  const GIVEN_UTF8: Envelope = {
    ...ENVELOPE,
    notification: { kind: 'original-recipient', address: 'jörg@harbour.example' },
  };

  test.each([
    ['nothing, of mail from outside: what its sender asked for is not ours to change', OFFERS, ENVELOPE, ''],
    ['no report at all, of a copy', OFFERS, COPY, ' NOTIFY=NEVER'],
    [
      'whom it was written to, of mail given to somebody else',
      OFFERS,
      GIVEN,
      ' ORCPT=rfc822;an+2Bna+3Dx@harbour.example',
    ],
    ['nothing, where the type of address has no place for it', OFFERS, GIVEN_UTF8, ''],
    ['nothing, where DSN is not offered', ['PIPELINING'], COPY, ''],
    ['nothing, where something else has it in its name', ['PIPELINING', 'X-DSN-LATER'], GIVEN, ''],
  ] as const)('%s', async (_name, extensions, envelope, expected) => {
    expect(await commandsFor({ extensions }, envelope)).toEqual([
      'MAIL FROM:<bo@sender.example>',
      `RCPT TO:<anna@harbour.example>${expected}`,
    ]);
  });
});

describe('SIZE', () => {
  const LIMIT = 1_000;
  const body = new Uint8Array(LIMIT).fill(0x61);
  const streamOf = (content: Uint8Array) => new Response(content).body ?? content;

  test('is declared where it is offered and the size is known, our own headers included', async () => {
    const peer = await startPeer({ maxSizeBytes: LIMIT });
    const session = await opened(peer);
    const head = bytes('X-Trace: 1\r\n');
    await session.send(ENVELOPE, { head, body: MESSAGE });
    await session.send({ ...ENVELOPE, bodyBytes: MESSAGE.byteLength }, { head, body: streamOf(MESSAGE) });
    await session.send(ENVELOPE, { head, body: streamOf(MESSAGE) });
    await session.close();
    const size = `SIZE=${head.byteLength + MESSAGE.byteLength}`;
    expect((await peer.received()).map(({ parameters }) => parameters)).toEqual([
      size,
      `BODY=8BITMIME ${size}`,
      'BODY=8BITMIME',
    ]);
    expect((await commandsFor({}, ENVELOPE))[0]).toBe('MAIL FROM:<bo@sender.example>');
  });

  test('a message over the limit is refused with the server’s own figure, and none of it is sent', async () => {
    const peer = await startPeer({ maxSizeBytes: LIMIT });
    const session = await opened(peer);
    let isLetGo = false;
    const large = new ReadableStream<Uint8Array>({
      cancel() {
        isLetGo = true;
      },
    });
    const outcome = await session.send({ ...ENVELOPE, bodyBytes: 2_000 }, { head: EMPTY, body: large });
    expect(outcome).toEqual({
      kind: 'refused',
      stage: 'mail',
      reply: {
        code: 552,
        enhanced: '5.3.4',
        text: 'Message of 2000 bytes is too large: the server offers SIZE 1000, so it was not sent',
      },
    });
    expect(isLetGo).toBe(true);
    // The session has lost nothing by it.
    expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: MESSAGE }))).toBe('delivered 250');
    await session.close();
    expect((await heard(peer)).filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
  });

  test('what only our own headers make too large is for the server to judge', async () => {
    const peer = await startPeer({ maxSizeBytes: LIMIT });
    const session = await opened(peer);
    expect(brief(await session.send(ENVELOPE, { head: bytes('X-Trace: 1\r\n'), body }))).toBe('refused dot 552');
    await session.close();
  });

  test.each([['SIZE'], ['SIZE 0'], ['SIZE lots']])('%s names no limit', async (line) => {
    const size = `SIZE=${body.byteLength}`;
    expect((await commandsFor({ extensions: [line] }, ENVELOPE, body))[0]).toBe(
      `MAIL FROM:<bo@sender.example> ${size}`,
    );
  });
});

describe('many messages on one connection', () => {
  /** dots, bytes that are no text, lines of every length around a block's edge */
  function messageNumber(n: number): Uint8Array {
    const text = bytes(`Subject: ${n}\r\n\r\n.\r\n..${n}\r\n`);
    const odd = Uint8Array.from(
      { length: 60 + n * 7 },
      (_, at) => [0x2e, 0xe9, 0x80, 0xff, 0x41 + (n % 20)][at % 5] ?? 0,
    );
    return Buffer.concat([text, odd, bytes('\r\n.\r\n')]);
  }

  test('fifty follow one another, byte for byte, with refused ones in between that leave no trace', async () => {
    const peer = await startPeer({
      rules: [
        { stage: 'rcpt', recipient: 'gone@harbour.example', action: { kind: 'reply', text: '550 5.1.1 Unknown' } },
        { stage: 'mail', sender: 'bad@sender.example', action: { kind: 'reply', text: '550 5.7.1 Not you' } },
      ],
    });
    const session = await opened(peer);
    const gone = { ...ENVELOPE, recipient: { ...ENVELOPE.recipient, text: 'gone@harbour.example' } };
    for (let n = 0; n < 50; n += 1) {
      expect(brief(await session.send(ENVELOPE, { head: EMPTY, body: messageNumber(n) }))).toBe('delivered 250');
      if (n % 10 === 3)
        expect(brief(await session.send(gone, { head: EMPTY, body: MESSAGE }))).toBe('refused rcpt 550');
    }
    await session.close();
    const received = await peer.received();
    expect(await peer.connections()).toBe(1);
    expect(received.map(({ content }) => content)).toEqual(
      Array.from({ length: 50 }, (_, n) => new Uint8Array(messageNumber(n))),
    );
    // Each transaction had the one recipient it was for, also after a refused one.
    expect(new Set(received.map(({ recipients }) => recipients.join()))).toEqual(new Set(['anna@harbour.example']));
    expect((await heard(peer)).filter((line) => line === 'RSET')).toHaveLength(5);
  });

  test.each([
    ['answers the eleventh with 421', { maxMessagesPerConnection: 10 }],
    [
      'says 421 by itself after each',
      { rules: [{ stage: 'dot', action: { kind: 'reply', text: '250 2.0.0 Taken\n421 4.7.0 Enough of you' } }] },
    ],
    ['hangs up after each', { hangUpAfterMessages: 1 }],
  ] as const)(
    'a server that %s is gone on with on a new one, and every message comes once',
    async (_name, behaviour) => {
      const peer = await startPeer(behaviour);
      let session = await opened(peer);
      for (let n = 0; n < 25; ) {
        if (!session.usable) session = await opened(peer);
        const outcome = await session.send(ENVELOPE, { head: EMPTY, body: bytes(`Subject: ${n}\r\n\r\n`) });
        if (outcome.kind === 'delivered') n += 1;
        else expect(brief(outcome)).toMatch(/^deferred mail (421|lost)$/);
      }
      await session.close();
      const subjects = (await peer.received()).map(({ content }) => new TextDecoder().decode(content));
      expect(subjects).toEqual(Array.from({ length: 25 }, (_, n) => `Subject: ${n}\r\n\r\n`));
    },
  );
});

test('a peer that neither answers QUIT nor closes is left in time, and left behind', async () => {
  const peer = await startPeer({ rules: [{ stage: 'quit', action: { kind: 'stall' } }] });
  const session = await opened(peer, {}, { ...AMPLE, closeMs: 150 });
  const startedAt = performance.now();
  await session.close();
  await session.close();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(session.usable).toBe(false);
  expect(await heard(peer)).toContain('QUIT');
});
