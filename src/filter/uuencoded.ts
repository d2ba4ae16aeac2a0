/**
 * Files within a plain text, as they were sent before MIME (POSIX uuencode): some programs still show them as attachments, so they are looked
 * into like attachments. A line that is none ends the file.
 */
import { type Line, LineReader } from '../mime/line-reader.ts';
import type { PartSink } from '../mime/observer.ts';

// 45 bytes a line make 61 characters; some write a check sum behind them.
const MAX_LINE = 1_000;
const BEGIN = /^begin [0-7]{3,4} (\S.{0,254})$/;
const B = 0x62;

export class UuencodedFiles implements PartSink {
  readonly #open: (name: string) => PartSink | undefined;
  readonly #lines = new LineReader((line) => this.#read(line), MAX_LINE);
  /** begun, and nothing of it has come: a letter may speak of such a line */
  #begun: string | undefined;
  #file: PartSink | undefined;

  constructor(open: (name: string) => PartSink | undefined) {
    this.#open = open;
  }

  write(bytes: Uint8Array): void {
    this.#lines.write(bytes);
  }

  end(): void {
    this.#lines.end();
    this.#close();
  }

  #read({ bytes, start, end }: Line): void {
    if (this.#file === undefined && this.#begun === undefined) {
      if (bytes[start] === B) this.#begun = BEGIN.exec(latin1(bytes, start, end))?.[1];
      return;
    }
    const decoded = decodeLine(bytes.subarray(start, end));
    if (decoded === undefined) {
      this.#close();
      return;
    }
    if (this.#begun !== undefined) this.#file = this.#open(this.#begun);
    this.#begun = undefined;
    this.#file?.write(decoded);
  }

  #close(): void {
    this.#file?.end();
    this.#file = undefined;
    this.#begun = undefined;
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** The first character says how many bytes; undefined where that cannot be: also for `end`. Blanks at the end may have been lost. */
function decodeLine(line: Uint8Array): Uint8Array | undefined {
  const first = line[0] ?? 0;
  const count = (first - 32) & 63;
  const quads = Math.ceil(count / 3);
  if (first < 33 || first > 96 || count === 0 || line.length > quads * 4 + 3) return undefined;
  const decoded = new Uint8Array(quads * 3);
  for (let quad = 0; quad < quads; quad += 1) {
    const at = 1 + quad * 4;
    const bits =
      (sextet(line[at]) << 18) | (sextet(line[at + 1]) << 12) | (sextet(line[at + 2]) << 6) | sextet(line[at + 3]);
    decoded.set([(bits >> 16) & 0xff, (bits >> 8) & 0xff, bits & 0xff], quad * 3);
  }
  return decoded.subarray(0, count);
}

function sextet(character = 32): number {
  return (character - 32) & 63;
}
