/**
 * A model as bytes, for the row of a client and for the one that is shipped: a version, the messages of either kind, then for each bucket
 * the gap to the one before and its two counts, which are small and mostly share a byte.
 */
import type { SpamModel } from './model.ts';
import { BUCKETS } from './token-hash.ts';

const VERSION = 1;
// In its half of the byte: the count follows by itself.
const LARGE = 15;

export function bytesOfModel({ hamMessages, spamMessages, buckets, ham, spam }: SpamModel): Uint8Array {
  const bytes: number[] = [VERSION];
  const write = (value: number) => {
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return bytes.push(rest);
      bytes.push((rest % 128) + 128);
    }
  };
  for (const value of [hamMessages, spamMessages, buckets.length]) write(value);
  for (const [index, bucket] of buckets.entries()) {
    const [inHam, inSpam] = [ham[index] ?? 0, spam[index] ?? 0];
    write(bucket - (buckets[index - 1] ?? 0));
    bytes.push(Math.min(inHam, LARGE) * 16 + Math.min(inSpam, LARGE));
    if (inHam >= LARGE) write(inHam);
    if (inSpam >= LARGE) write(inSpam);
  }
  return Uint8Array.from(bytes);
}

/** `undefined` for what no version of ours has written: whoever stored it starts anew. */
export function modelOfBytes(bytes: Uint8Array): SpamModel | undefined {
  const reader = new Reader(bytes);
  if (reader.byte() !== VERSION) return undefined;
  const [hamMessages, spamMessages, size] = [reader.number(), reader.number(), reader.number()];
  // At least two bytes for each: a false size must not make room for what is not there.
  if (size > bytes.length / 2) return undefined;
  const [buckets, ham, spam] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
  let bucket = 0;
  for (let index = 0; index < size; index += 1) {
    const gap = reader.number();
    if (index > 0 && gap === 0) return undefined;
    bucket += gap;
    const counts = reader.byte();
    buckets[index] = bucket;
    ham[index] = counts >> 4 === LARGE ? reader.number() : counts >> 4;
    spam[index] = counts % 16 === LARGE ? reader.number() : counts % 16;
  }
  return reader.isAtEnd && bucket < BUCKETS ? { hamMessages, spamMessages, buckets, ham, spam } : undefined;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    this.#at += 1;
    return this.#bytes[this.#at - 1] ?? 0;
  }

  number(): number {
    let value = 0;
    for (let scale = 1, byte = 128; byte >= 128 && scale <= 2 ** 49; scale *= 128) {
      byte = this.byte();
      value += (byte % 128) * scale;
    }
    return value;
  }
}
