/**
 * The bytes of the part that is open, decoded and handed on as they stream by. Whether the line end before a delimiter belongs to the
 * part is known only when the next line is: so a little is held back between chunks, never more than a delimiter is long.
 */
import type { PartSink } from './observer.ts';
import { transferDecoder } from './transfer-encoding.ts';

// Handed on in pieces, so that a chunk that is a whole message does not cost every listener a buffer of its size.
const PIECE = 65_536;
// A delimiter (part-tree.ts) and the line end before it.
const MAX_HELD = 1_100;
const EMPTY = new Uint8Array();

export class BodyTap {
  #sink: PartSink | undefined;
  #decode = transferDecoder('');
  #from = 0;
  #chunk: Uint8Array = EMPTY;
  #chunkAt = 0;
  #held: Uint8Array = EMPTY;
  #heldAt = 0;

  /** `at`: its place in the whole message */
  next(chunk: Uint8Array, at: number): void {
    this.#chunk = chunk;
    this.#chunkAt = at;
  }

  open(sink: PartSink | undefined, encoding: string, from: number): void {
    this.#sink = sink;
    this.#from = from;
    this.#decode = transferDecoder(encoding);
  }

  close(to: number): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#handOn(sink, to);
    const rest = this.#decode.end();
    if (rest.length > 0) sink.write(rest);
    sink.end();
    this.#sink = undefined;
  }

  /** The chunk is not ours to keep: what lies before `safe` is the part's, of the rest a copy waits for the next chunk. */
  settle(safe: number): void {
    const sink = this.#sink;
    if (sink !== undefined) {
      this.#handOn(sink, safe);
      this.#hold();
    }
    this.#chunkAt += this.#chunk.length;
    this.#chunk = EMPTY;
  }

  #handOn(sink: PartSink, to: number): void {
    if (to <= this.#from) return;
    if (this.#from < this.#chunkAt) this.#pass(sink, this.#held.subarray(this.#from - this.#heldAt, to - this.#heldAt));
    const end = to - this.#chunkAt;
    for (let at = Math.max(0, this.#from - this.#chunkAt); at < end; at += PIECE)
      this.#pass(sink, this.#chunk.subarray(at, Math.min(at + PIECE, end)));
    this.#from = to;
  }

  #pass(sink: PartSink, encoded: Uint8Array): void {
    const decoded = this.#decode.write(encoded);
    if (decoded.length > 0) sink.write(decoded);
  }

  /** What does not fit follows a delimiter on its own line, and is nobody's. */
  #hold(): void {
    const old = this.#from < this.#chunkAt ? this.#held.subarray(this.#from - this.#heldAt) : EMPTY;
    const fresh = this.#chunk.subarray(Math.max(0, this.#from - this.#chunkAt));
    const held = new Uint8Array(Math.min(MAX_HELD, old.length + fresh.length));
    held.set(old);
    held.set(fresh.subarray(0, held.length - old.length), old.length);
    this.#held = held;
    this.#heldAt = this.#from;
  }
}
