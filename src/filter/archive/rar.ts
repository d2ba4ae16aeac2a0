/** A RAR, versions 4 and 5: what its headers list. Nothing of it is unpacked: its compression is not for others to write. */
import type { Reading } from './byte-reader.ts';
import { HeadReader } from './head-reader.ts';
import { entryName } from './listing.ts';
import { pass, peek, type Want } from './want.ts';

// As many as are read, folders and services included.
const MAX_BLOCKS = 4_000;
// A header holds names and dates; one of megabytes is there to be held in memory.
const MAX_HEADER = 65_536;

export class RarReader extends HeadReader {
  protected *read(): Reading {
    const isFifth = (yield* peek(8))[6] === 1;
    yield* pass(isFifth ? 8 : 7);
    for (let blocks = 0; blocks < MAX_BLOCKS && !this.isComplete; blocks += 1) {
      const more = isFifth ? yield* this.#readBlock5() : yield* this.#readBlock4();
      if (!more) return;
    }
  }

  /** technote.txt of RAR 4: CRC, type, flags, length of the header; then perhaps the length of what follows it. */
  *#readBlock4(): Generator<Want, boolean, Uint8Array> {
    const head = yield* peek(7);
    const [type = 0, flags, length] = [head[2], head.readUInt16LE(3), head.readUInt16LE(5)];
    if (length < 7) return false;
    const block = yield* peek(length);
    const following = (flags & 0x8000) !== 0 || type === 0x74 ? (length >= 11 ? block.readUInt32LE(7) : 0) : 0;
    if (type === 0x73 && (flags & 0x0080) !== 0) this.within.listing.markEncrypted();
    if (type === 0x74 && length >= 32) this.#listFile4(block, flags);
    this.isComplete = type === 0x7b;
    yield* pass(length + following);
    return true;
  }

  #listFile4(block: Buffer, flags: number): void {
    const isLarge = (flags & 0x0100) !== 0;
    const at = isLarge ? 40 : 32;
    const name = block.subarray(at, at + block.readUInt16LE(26));
    // After a NUL the same name follows in an encoding of its own.
    const end = name.indexOf(0);
    const isFolder = (flags & 0x00e0) === 0x00e0;
    if (!isFolder)
      this.#list(end === -1 ? name : name.subarray(0, end), {
        packedBytes: block.readUInt32LE(7),
        sizeBytes: block.readUInt32LE(11),
        isEncrypted: (flags & 0x0004) !== 0,
      });
  }

  /** rarlab.com/technote.htm (RAR 5): numbers of seven bits a byte. */
  *#readBlock5(): Generator<Want, boolean, Uint8Array> {
    const size = new Numbers(yield* peek(7), 4);
    const length = size.next();
    if (length < 2 || length > MAX_HEADER) return false;
    const block = new Numbers(yield* peek(size.at + length), size.at);
    const end = size.at + length;
    const type = block.next();
    const flags = block.next();
    const extraBytes = (flags & 1) !== 0 ? block.next() : 0;
    const following = (flags & 2) !== 0 ? block.next() : 0;
    // 4: all further headers are encrypted.
    if (type === 4) this.within.listing.markEncrypted();
    if (type === 4) return false;
    if (type === 2) this.#listFile5(block, { end, extraBytes, packedBytes: following });
    this.isComplete = type === 5;
    yield* pass(end + following);
    return true;
  }

  #listFile5(
    block: Numbers,
    { end, extraBytes, packedBytes }: { end: number; extraBytes: number; packedBytes: number },
  ): void {
    const flags = block.next();
    const sizeBytes = block.next();
    block.next();
    block.skip(((flags & 2) !== 0 ? 4 : 0) + ((flags & 4) !== 0 ? 4 : 0));
    block.next();
    block.next();
    const name = block.bytes(block.next());
    const extra = new Numbers(block.buffer, Math.max(0, end - extraBytes));
    const isFolder = (flags & 1) !== 0;
    if (!isFolder) this.#list(name, { packedBytes, sizeBytes, isEncrypted: hasEncryption(extra, end) });
  }

  #list(name: Uint8Array, sizes: { packedBytes: number; sizeBytes: number; isEncrypted: boolean }): void {
    const { listing, depth } = this.within;
    listing.add({ name: entryName(name), ...sizes, depth });
  }
}

/** Records of length, type and content; type 1 says how the file is encrypted. */
function hasEncryption(extra: Numbers, end: number): boolean {
  while (extra.at < end) {
    const length = extra.next();
    const next = extra.at + length;
    if (length === 0) return false;
    if (extra.next() === 1) return true;
    extra.at = next;
  }
  return false;
}

class Numbers {
  readonly buffer: Buffer;
  at: number;

  constructor(buffer: Buffer, at: number) {
    this.buffer = buffer;
    this.at = at;
  }

  /** Low seven bits first; what is too large for a number, or missing, is as large as it gets. */
  next(): number {
    let value = 0;
    for (let shift = 1; shift < 2 ** 56; shift *= 128) {
      const byte = this.buffer[this.at] ?? 0;
      this.at += 1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    return Number.MAX_SAFE_INTEGER;
  }

  skip(count: number): void {
    this.at += count;
  }

  bytes(count: number): Uint8Array {
    const bytes = this.buffer.subarray(this.at, this.at + Math.min(count, MAX_HEADER));
    this.at += count;
    return bytes;
  }
}
