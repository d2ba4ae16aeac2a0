/** Bytes gathered up to a limit; what comes after it is dropped and remembered as dropped. Grows as needed, never past the limit. */

const FIRST_CAPACITY = 1024;
const EMPTY = new Uint8Array();

export class BoundedBytes {
  readonly #limit: number;
  #bytes: Uint8Array = EMPTY;
  #length = 0;
  #overflowed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get overflowed(): boolean {
    return this.#overflowed;
  }

  append(source: Uint8Array, start: number, end: number): void {
    const taken = Math.min(end - start, this.#limit - this.#length);
    if (taken < end - start) this.#overflowed = true;
    if (taken <= 0) return;
    this.#reserve(this.#length + taken);
    this.#bytes.set(source.subarray(start, start + taken), this.#length);
    this.#length += taken;
  }

  /** Valid until the next `append` or `clear`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    this.#overflowed = false;
  }

  #reserve(wanted: number): void {
    if (wanted <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(FIRST_CAPACITY, wanted, this.#bytes.length * 2)));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
