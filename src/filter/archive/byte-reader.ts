/**
 * A format read while its bytes stream by: the reader is a generator that says what it wants next, this feeds it. What it wants to look
 * at is held, what it passes on is not; a reader that wants more than there is simply never goes on.
 */
import { CONTINUE, type Want } from './want.ts';

export type Reading = Generator<Want, void, Uint8Array>;

const EMPTY = new Uint8Array();

export class ByteReader {
  readonly #reading: Reading;
  #want: Want | undefined;
  /** of a `pass`: how much of it is to come */
  #remaining = 0;
  #held: Uint8Array = EMPTY;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#ask(EMPTY);
  }

  /** `bytes`: valid during the call only */
  write(bytes: Uint8Array): void {
    if (this.#want === undefined) return;
    const available = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const used = this.#feed(available);
    this.#held = this.#want === undefined ? EMPTY : available.slice(used);
  }

  /** What was wanted and did not come: the entry that is open hears that it is at its end. */
  end(): void {
    if (this.#want?.kind === 'upto') this.#want.sink?.write(this.#held);
    this.#want = undefined;
    this.#reading.return();
  }

  /** How many of them are done with. */
  #feed(bytes: Uint8Array): number {
    let at = 0;
    while (this.#want !== undefined) {
      const taken = this.#take(this.#want, bytes, at);
      if (taken === undefined) return at;
      at += taken.used;
      if (taken.isDone) this.#ask(taken.answer);
      else return at;
    }
    return bytes.length;
  }

  #take(want: Want, bytes: Uint8Array, at: number): Taken | undefined {
    const available = bytes.length - at;
    switch (want.kind) {
      case 'peek':
        return available < want.count
          ? undefined
          : { used: 0, isDone: true, answer: bytes.subarray(at, at + want.count) };
      case 'pass': {
        const used = Math.min(available, this.#remaining);
        if (used > 0) want.sink?.write(bytes.subarray(at, at + used));
        this.#remaining -= used;
        return { used, isDone: this.#remaining === 0, answer: CONTINUE };
      }
      case 'upto': {
        const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(want.mark, at);
        const used = found === -1 ? Math.max(0, available - want.mark.length + 1) : found - at;
        if (used > 0) want.sink?.write(bytes.subarray(at, at + used));
        return { used, isDone: found !== -1, answer: CONTINUE };
      }
    }
  }

  #ask(answer: Uint8Array): void {
    const { value, done } = this.#reading.next(answer);
    this.#want = done === true ? undefined : value;
    if (this.#want?.kind === 'pass') this.#remaining = this.#want.count;
  }
}

type Taken = { readonly used: number; readonly isDone: boolean; readonly answer: Uint8Array };
