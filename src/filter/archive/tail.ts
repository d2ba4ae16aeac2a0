/** The last bytes of a stream, so many at most. */
export class Tail {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice(-this.#limit));
    this.#length += Math.min(bytes.length, this.#limit);
    // Joined only now and then: each byte is copied a bounded number of times.
    if (this.#length > this.#limit * 2 || this.#pieces.length > 64) this.#join();
  }

  view(): Buffer {
    this.#join();
    return Buffer.from(this.#pieces[0] ?? []);
  }

  #join(): void {
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = [joined.subarray(Math.max(0, joined.length - this.#limit))];
    this.#length = this.#pieces[0]?.length ?? 0;
  }
}
