/**
 * A message as it will stand at the peer, for whoever signs it: CRLF, a bare CR and a bare LF each end a line, because SMTP carries
 * them so (smtp/content.ts). What is hashed here is what arrives, also where the stored bytes are mended on their way out.
 */
import { createHash } from 'node:crypto';
import { BoundedBytes } from './bounded-bytes.ts';

export type Digested = {
  /** the header fields from the top, folds and all, without the last line end; one character per byte */
  readonly fields: readonly string[];
  /** base64 of SHA-256 of the body in relaxed form (RFC 6376 §3.4.4) */
  readonly bodyHash: string;
};

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

// Twice what the walker reads of a message's own header (mime/walk-limits.ts): a header that never ends must not be held in memory.
const MAX_HEADER_BYTES = 524_288;

export class SmtpLines {
  readonly #header = new BoundedBytes(MAX_HEADER_BYTES);
  readonly #body = new RelaxedBody();
  #inBody = false;
  #lineIsEmpty = true;
  #afterCr = false;

  /** the header has been read: `fields` is complete */
  get inBody(): boolean {
    return this.#inBody;
  }

  /** Throws when the header is longer than anybody reads. */
  fields(): Digested['fields'] {
    if (this.#header.overflowed) throw new Error(`the header is longer than ${MAX_HEADER_BYTES} bytes`);
    const { buffer, byteOffset, byteLength } = this.#header.view();
    return fieldsOf(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
  }

  write(chunk: Uint8Array): void {
    let at = 0;
    while (!this.#inBody && at < chunk.length) {
      this.#headerByte(chunk, at);
      at += 1;
    }
    if (at < chunk.length) this.#body.write(chunk.subarray(at));
  }

  /** Throws as `fields` does. */
  end(): Digested {
    return { fields: this.fields(), bodyHash: this.#body.digest() };
  }

  #headerByte(chunk: Uint8Array, at: number): void {
    const byte = chunk[at];
    const isSecondHalf = byte === LF && this.#afterCr;
    this.#afterCr = byte === CR;
    if (isSecondHalf) return;
    if (byte !== CR && byte !== LF) {
      this.#header.append(chunk, at, at + 1);
      this.#lineIsEmpty = false;
      return;
    }
    this.#inBody = this.#lineIsEmpty;
    this.#lineIsEmpty = true;
    this.#header.append(LINE_END, 0, 1);
    // The LF of the line that ends the header is no line of the body.
    if (this.#inBody && this.#afterCr) this.#body.skipLf();
  }
}

const LINE_END = Uint8Array.of(LF);

function fieldsOf(text: string): readonly string[] {
  return text
    .replace(/\n+$/, '')
    .split(/\n(?![ \t])/)
    .filter((field) => field !== '')
    .map((field) => field.replaceAll('\n', '\r\n'));
}

// One for all, because nothing stays in it between two writes.
const BLOCK = new Uint8Array(65_536);

/** RFC 6376 §3.4.4: white space within a line is one space, at its end none; empty lines at the end of the body are none. */
class RelaxedBody {
  readonly #hash = createHash('sha256');
  #length = 0;
  #wroteAny = false;
  #lineEnds = 0;
  #hasSpace = false;
  #afterCr = false;

  skipLf(): void {
    this.#afterCr = true;
  }

  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const end = endOfWord(chunk, at);
      if (end > at) this.#word(chunk, at, end);
      else this.#control(chunk[at] ?? 0);
      at = Math.max(end, at + 1);
    }
    this.#spill();
  }

  digest(): string {
    if (this.#wroteAny) {
      this.#put(CR);
      this.#put(LF);
    }
    this.#spill();
    return this.#hash.digest('base64');
  }

  #word(chunk: Uint8Array, from: number, to: number): void {
    this.#afterCr = false;
    this.#writeHeld();
    for (let at = from; at < to; at += BLOCK.length) {
      const length = Math.min(BLOCK.length, to - at);
      if (this.#length + length > BLOCK.length) this.#spill();
      copy(chunk, at, length, this.#length);
      this.#length += length;
    }
    this.#wroteAny = true;
  }

  #control(byte: number): void {
    if (this.#isWhite(byte)) return;
    this.#writeHeld();
    this.#put(byte);
  }

  /** What is held back until something follows it; other control characters are content. */
  #isWhite(byte: number): boolean {
    const isSecondHalf = byte === LF && this.#afterCr;
    this.#afterCr = byte === CR;
    if (byte === CR || byte === LF) {
      if (!isSecondHalf) this.#lineEnds += 1;
      this.#hasSpace = false;
      return true;
    }
    if (byte !== SPACE && byte !== TAB) return false;
    this.#hasSpace = true;
    return true;
  }

  #writeHeld(): void {
    for (; this.#lineEnds > 0; this.#lineEnds -= 1) {
      this.#put(CR);
      this.#put(LF);
    }
    if (this.#hasSpace) this.#put(SPACE);
    this.#hasSpace = false;
  }

  #put(byte: number): void {
    if (this.#length === BLOCK.length) this.#spill();
    BLOCK[this.#length] = byte;
    this.#length += 1;
    this.#wroteAny = true;
  }

  #spill(): void {
    this.#hash.update(BLOCK.subarray(0, this.#length));
    this.#length = 0;
  }
}

function endOfWord(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && (chunk[at] ?? 0) > SPACE) at += 1;
  return at;
}

// A view and its copying cost as much as so many bytes one by one.
const SHORT_BYTES = 32;

function copy(chunk: Uint8Array, from: number, length: number, to: number): void {
  if (length > SHORT_BYTES) {
    BLOCK.set(chunk.subarray(from, from + length), to);
    return;
  }
  for (let offset = 0; offset < length; offset += 1) BLOCK[to + offset] = chunk[from + offset] ?? 0;
}
