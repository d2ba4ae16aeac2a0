/** A part that is read as a page if it begins like one. Its head is held until that is known. */
import { BoundedBytes } from '../mime/bounded-bytes.ts';
import type { PartSink } from '../mime/observer.ts';
import { detect, HEAD_BYTES } from './true-type.ts';

export class SniffedPage implements PartSink {
  readonly #open: () => PartSink;
  readonly #head = new BoundedBytes(HEAD_BYTES);
  #page: PartSink | undefined;
  #isKnown = false;

  constructor(open: () => PartSink) {
    this.#open = open;
  }

  write(bytes: Uint8Array): void {
    if (this.#isKnown) {
      this.#page?.write(bytes);
      return;
    }
    const taken = Math.min(bytes.length, HEAD_BYTES - this.#head.view().length);
    this.#head.append(bytes, 0, taken);
    if (this.#head.view().length < HEAD_BYTES) return;
    this.#judge();
    this.#page?.write(bytes.subarray(taken));
  }

  end(): void {
    if (!this.#isKnown) this.#judge();
    this.#page?.end();
  }

  #judge(): void {
    this.#isKnown = true;
    if (detect(this.#head.view()).type !== 'html') return;
    this.#page = this.#open();
    this.#page.write(this.#head.view());
  }
}
