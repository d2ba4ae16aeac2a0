/**
 * Chunks in, lines out, wherever the chunk edges are. A line ends with LF, and a CR before it belongs to the end. A bare CR ends
 * nothing: SMTP does not (RFC 5321 §2.3.8), nor do the servers behind us, and a reader that did would see headers they do not.
 */
import { BoundedBytes } from './bounded-bytes.ts';

/** One object, reused: valid during the call only. `bytes[start, end)` is the line without its end, clipped at the reader's limit. */
export type Line = {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** where the line begins in the whole message */
  readonly offset: number;
  /** where the next one begins */
  readonly next: number;
  /** length of the line end before this line: before a delimiter it belongs to the delimiter (RFC 2046 §5.1.1) */
  readonly gapBytes: number;
};

type MutableLine = { -readonly [Key in keyof Line]: Line[Key] };

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = new Uint8Array();

export class LineReader {
  readonly #onLine: (line: Line) => void;
  readonly #maxBytes: number;
  readonly #carried: BoundedBytes;
  readonly #line: MutableLine = { bytes: new Uint8Array(), start: 0, end: 0, offset: 0, next: 0, gapBytes: 0 };
  #carriesLine = false;
  #lastCarriedByte = 0;
  #position = 0;

  constructor(onLine: (line: Line) => void, maxBytes: number) {
    this.#onLine = onLine;
    this.#maxBytes = maxBytes;
    this.#carried = new BoundedBytes(maxBytes);
  }

  /** bytes seen so far */
  get position(): number {
    return this.#position;
  }

  /** The line whose end has not come: `next` is where it is read up to. */
  get unfinished(): Line {
    const bytes = this.#carriesLine ? this.#carried.view() : EMPTY;
    const gapBytes = this.#line.gapBytes;
    return { bytes, start: 0, end: bytes.length, offset: this.#line.offset, next: this.#position, gapBytes };
  }

  write(chunk: Uint8Array): void {
    let start = 0;
    // A plain loop: a native search per line is no faster on lines of 76, and ten times slower on a body of empty lines.
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk[at] !== LF) continue;
      this.#line.next = this.#position + at + 1;
      this.#finish(chunk, start, at);
      this.#line.offset = this.#line.next;
      start = at + 1;
    }
    if (start < chunk.length) this.#carry(chunk, start, chunk.length);
    this.#position += chunk.length;
  }

  /** The last line need not have an end. */
  end(): void {
    if (!this.#carriesLine) return;
    this.#line.next = this.#position;
    const bytes = this.#carried.view();
    this.#emit(bytes, 0, bytes.length);
  }

  #finish(chunk: Uint8Array, start: number, at: number): void {
    const lastByte = at > start ? chunk[at - 1] : this.#carriesLine ? this.#lastCarriedByte : LF;
    if (this.#carriesLine) {
      this.#carried.append(chunk, start, at);
      const bytes = this.#carried.view();
      this.#emit(bytes, 0, bytes.length);
      this.#carried.clear();
      this.#carriesLine = false;
    } else {
      this.#emit(chunk, start, at);
    }
    this.#line.gapBytes = lastByte === CR ? 2 : 1;
  }

  #carry(chunk: Uint8Array, start: number, end: number): void {
    this.#carried.append(chunk, start, end);
    this.#carriesLine = true;
    this.#lastCarriedByte = chunk[end - 1] ?? 0;
  }

  #emit(bytes: Uint8Array, start: number, end: number): void {
    let last = Math.min(end, start + this.#maxBytes);
    while (last > start && bytes[last - 1] === CR) last -= 1;
    this.#line.bytes = bytes;
    this.#line.start = start;
    this.#line.end = last;
    this.#onLine(this.#line);
  }
}
