/** Deflated bytes in, plain bytes on to a sink, for as long as that is worth it. */
import { Inflate } from 'fflate';
import type { ByteSink } from './byte-sink.ts';

/** Shared by all that is inflated of one message. */
export type InflateBudget = { bytesLeft: number };

// A zip bomb within the size of a message makes 25 GiB. So much is inflated of one message in all, which takes some 0.2 s.
export const MAX_INFLATED = 16_777_216;
// Text reaches 20 to 1, logs 100. A bomb is in the hundreds, from its beginning on.
const MAX_RATIO = 200;
const RATIO_FROM = 262_144;
// The decoder gives out at once whatever one push makes, up to 1,032 times its size. Larger pushes are cheaper: for what has been honest so far.
const CAREFUL_BYTES = 1_024;
const PUSH_BYTES = 8_192;
const HONEST_RATIO = 50;

/** `stopped`: a limit was reached; `broken`: it is no deflate stream */
export type InflateState = 'running' | 'stopped' | 'broken';

/** What says so itself is believed: nothing of it is inflated. */
export function isBomb({
  sizeBytes,
  packedBytes,
}: {
  readonly sizeBytes: number;
  readonly packedBytes: number;
}): boolean {
  return sizeBytes > RATIO_FROM && sizeBytes > packedBytes * MAX_RATIO;
}

export class Inflater implements ByteSink {
  readonly #inflate: Inflate;
  readonly #budget: InflateBudget;
  readonly #sink: ByteSink;
  #state: InflateState = 'running';
  #packedBytes = 0;
  #bytes = 0;

  constructor(sink: ByteSink, budget: InflateBudget) {
    this.#sink = sink;
    this.#budget = budget;
    this.#inflate = new Inflate((bytes) => this.#gained(bytes));
  }

  get state(): InflateState {
    return this.#state;
  }

  /** that came out so far */
  get bytes(): number {
    return this.#bytes;
  }

  write(packed: Uint8Array): void {
    for (let at = 0; at < packed.length && this.#state === 'running'; ) {
      const next = at + this.#pushBytes();
      this.#push(packed.subarray(at, next));
      at = next;
    }
  }

  stop(): void {
    if (this.#state === 'running') this.#state = 'stopped';
  }

  #pushBytes(): number {
    const isHonest = this.#packedBytes > 0 && this.#bytes < this.#packedBytes * HONEST_RATIO;
    return isHonest ? PUSH_BYTES : CAREFUL_BYTES;
  }

  #push(packed: Uint8Array): void {
    this.#packedBytes += packed.length;
    try {
      this.#inflate.push(packed);
    } catch {
      this.#state = 'broken';
    }
    const isTooMuch = isBomb({ sizeBytes: this.#bytes, packedBytes: this.#packedBytes });
    if (isTooMuch || this.#budget.bytesLeft <= 0) this.stop();
  }

  #gained(bytes: Uint8Array): void {
    // Cut where the budget ends, so that what is found does not depend on how the message came in pieces.
    const taken = bytes.subarray(0, Math.max(0, this.#budget.bytesLeft));
    if (this.#state !== 'running' || taken.length === 0) return;
    this.#bytes += taken.length;
    this.#budget.bytesLeft -= taken.length;
    this.#sink.write(taken);
  }
}
