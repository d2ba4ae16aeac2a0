/**
 * clamd by INSTREAM (clamd(8)): the message in chunks over a socket of ours, one line as the answer. It may answer in the middle (a limit
 * of its own) and closes then; what is written after that is lost.
 */
import type { Socket } from 'node:net';
import { describeCause } from '../core/outcome.ts';
import { peerProblem } from '../core/peer-host.ts';
import { clamdAnswer, failed, type ScanAnswer } from '../core/scanner-answers.ts';
import { BoundedBytes } from '../mime/bounded-bytes.ts';
import type { Scanner } from '../pipeline/scanner.ts';
import { connect } from '../smtp/connect.ts';
import { BYTES_GONE, boundedScanner, type ScannerTerms } from './bounded-scan.ts';

export type ClamdPlace = { readonly host: string; readonly port: number; readonly tls: 'none' | 'implicit' };

export type ClamdTerms = ScannerTerms & { readonly allowPrivate: boolean };

export function createClamd(place: ClamdPlace, terms: ClamdTerms): Scanner {
  return boundedScanner(terms, async (subject, late) => {
    // Checked when it was set as well; the policy may have been changed since.
    const problem = peerProblem(place.host, place.port, terms);
    if (problem !== undefined) return failed(`not asked: ${problem.detail}`);
    const connected = await connect(place, terms.limitMs);
    if (connected.kind === 'failed') return failed(describeCause(connected.cause));
    const { socket } = connected;
    // Before anything is waited for: what happens without a listener is never heard of.
    const heard = hear(socket);
    late.addEventListener('abort', () => {
      socket.destroy();
    });
    try {
      const content = await subject.content();
      if (content === undefined) return BYTES_GONE;
      const sent = await send(socket, content, heard);
      const answer = await heard;
      return sent === 'part' && answer.kind === 'clean' ? TOO_EARLY : answer;
    } finally {
      // Not `end`: the platform may never say that it has closed.
      socket.destroy();
    }
  });
}

const TOO_EARLY = failed('it answered before it had the whole message');

type Bytes = Uint8Array | ReadableStream<Uint8Array>;

async function send(socket: Socket, content: Bytes, heard: Promise<ScanAnswer>): Promise<'all' | 'part'> {
  const isOver = heard.then(() => true);
  for await (const frame of framesOf(content)) {
    const isFull = !socket.destroyed && !socket.write(frame);
    // Leaving the loop cancels what is not read of the message.
    if (socket.destroyed || (isFull && (await Promise.race([isOver, drained(socket)])))) return 'part';
  }
  return 'all';
}

function drained(socket: Socket): Promise<false> {
  return new Promise((resolve) => socket.once('drain', () => resolve(false)));
}

// An answer is a line of some fifty bytes; more is an attempt to fill our memory.
const MAX_ANSWER_BYTES = 1024;
const NUL = 0;

/** The one answer, or how the connection ended without it. */
function hear(socket: Socket): Promise<ScanAnswer> {
  const answer = new BoundedBytes(MAX_ANSWER_BYTES);
  return new Promise((resolve) => {
    socket.on('data', (chunk: Uint8Array) => {
      const end = chunk.indexOf(NUL);
      answer.append(chunk, 0, end === -1 ? chunk.byteLength : end);
      if (answer.overflowed) resolve(failed('its answer has no end'));
      else if (end !== -1) resolve(clamdAnswer(Buffer.from(answer.view()).toString('latin1')));
    });
    // An error without a listener would be an uncaught one; `close` follows it.
    socket.on('error', () => {});
    socket.on('close', () => resolve(failed('it closed the connection before it had answered')));
  });
}

// `z`: the command and the answer end with NUL.
const COMMAND = Buffer.from('zINSTREAM\0');
const LAST_CHUNK = Buffer.alloc(4);
const FRAME_BYTES = 65_536;

/** The command goes with the first chunk, and the last one with the end: two small writes cost a round trip (docs/tools.md, Nagle). */
async function* framesOf(content: Bytes): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = COMMAND;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    for (let at = 0; at < chunk.byteLength; at += FRAME_BYTES) {
      const piece = chunk.subarray(at, at + FRAME_BYTES);
      if (held.byteLength >= FRAME_BYTES) {
        yield held;
        held = Buffer.alloc(0);
      }
      held = Buffer.concat([held, lengthOf(piece), piece]);
    }
  }
  yield Buffer.concat([held, LAST_CHUNK]);
}

/** Four bytes, the most significant first. Never of an empty chunk, which would be the end. */
function lengthOf(piece: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.byteLength);
  return length;
}
