/**
 * The bytes of one message on their way to nodemailer, which stuffs dots (RFC 5321 §4.5.2) and ends with the final dot.
 *
 * What arrives at the peer is what is given here, byte for byte, for mail whose lines end in CRLF. Two things are mended, because
 * SMTP cannot carry them (§2.3.8): a bare CR or LF becomes CRLF, so that nobody down the line can be made to see a second message
 * in one (SMTP smuggling), and content whose last line is not ended gets a CRLF (§4.1.1.4).
 */
import { Readable } from 'node:stream';
import type { Outgoing } from './session-types.ts';

export type ContentWatch = {
  /** the peer has room for more */
  advanced(): void;
  /** everything has been handed over; called before the final dot can go out */
  ended(): void;
};

export type Content = {
  readonly stream: Readable;
  /** stops reading and lets the source go */
  release(): Promise<void>;
};

// What is held at a time of a message of any size: one block here and one in the socket.
const BLOCK_BYTES = 65_536;

export function openContent(outgoing: Outgoing, watch: ContentWatch): Content {
  const { body } = outgoing;
  const chunks = body instanceof Uint8Array ? [body] : chunksOf(body);
  const stream = Readable.from(blocksOf(outgoing.head, chunks, watch), {
    objectMode: false,
    highWaterMark: BLOCK_BYTES,
  });
  stream.once('end', () => watch.ended());
  return {
    stream,
    async release() {
      stream.destroy();
      // A stream that was never read is not locked; one that was is let go by chunksOf.
      await letGo(outgoing);
    },
  };
}

/** Of content that is not going to be sent. */
export async function letGo({ body }: Outgoing): Promise<void> {
  if (body instanceof ReadableStream && !body.locked) await body.cancel();
}

/** `head` leaves together with the first bytes of the body: a small message is one write. */
async function* blocksOf(
  head: Uint8Array,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  watch: ContentWatch,
): AsyncGenerator<Buffer> {
  let held: Uint8Array = head;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      const block = chunk.subarray(at, at + BLOCK_BYTES);
      yield held.length === 0 ? viewOf(block) : Buffer.concat([held, block]);
      held = EMPTY;
      watch.advanced();
    }
  }
  if (held.length > 0) yield viewOf(held);
}

const EMPTY = new Uint8Array(0);

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = readerOf(body);
  let isDone = false;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    isDone = true;
  } finally {
    if (!isDone) await reader.cancel();
  }
}

type Reading = { readonly done: false; readonly value: Uint8Array } | { readonly done: true };

/** Whole blocks where the stream can give them: a store's are small pieces, and each of them costs a turn and a write. */
function readerOf(body: ReadableStream<Uint8Array>): { read(): Promise<Reading>; cancel(): Promise<void> } {
  const reader = blockReaderOf(body);
  if (reader === undefined) {
    const plain = body.getReader();
    return { read: () => plain.read(), cancel: () => plain.cancel() };
  }
  return {
    async read() {
      const { value } = await reader.readAtLeast(BLOCK_BYTES, new Uint8Array(BLOCK_BYTES));
      // Less than was asked for only at the end, where there is nothing.
      return value !== undefined && value.byteLength > 0 ? { done: false, value } : { done: true };
    },
    cancel: () => reader.cancel(),
  };
}

/** undefined for a stream that was made of chunks by code of ours, not of bytes by the platform. */
function blockReaderOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
