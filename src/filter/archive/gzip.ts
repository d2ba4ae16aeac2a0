/** A gzip file (RFC 1952): one entry. A second member behind the first is not read: nobody sends one. */
import { ByteReader, type Reading } from './byte-reader.ts';
import { EntrySink } from './entry-sink.ts';
import { entryName, type OpenEntry } from './listing.ts';
import { Tail } from './tail.ts';
import { pass, peek, upto } from './want.ts';
import type { ArchiveReader, Within } from './within.ts';

const HEADER_BYTES = 10;
const NUL = Uint8Array.of(0);
// The names are set against memory only: one that goes on for megabytes is passed over.
const MAX_NAME = 500;

export class GzipReader implements ArchiveReader {
  readonly container = 'archive';
  readonly flavour = '';
  readonly #within: Within;
  readonly #reader: ByteReader;
  readonly #trailer = new Tail(8);
  #entry: OpenEntry | undefined;
  #open: EntrySink | undefined;
  #bytes = 0;

  constructor(within: Within) {
    this.#within = within;
    this.#reader = new ByteReader(this.#read());
  }

  write(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#trailer.write(bytes);
    this.#reader.write(bytes);
  }

  /** What comes out is claimed in the last four bytes (RFC 1952 §2.3.1). */
  end(): void {
    this.#reader.end();
    const trailer = this.#trailer.view();
    if (this.#entry === undefined || trailer.length < 8) {
      this.#within.listing.markPartial('archive');
      return;
    }
    const claimed = trailer.readUInt32LE(4);
    this.#entry.packedBytes = this.#bytes;
    this.#entry.sizeBytes = claimed;
    this.#within.listing.exceeded(this.#within.depth, claimed);
    this.#open?.end();
  }

  *#read(): Reading {
    const flags = (yield* peek(HEADER_BYTES)).readUInt8(3);
    yield* pass(HEADER_BYTES);
    if ((flags & 0x04) !== 0) yield* pass(2 + (yield* peek(2)).readUInt16LE(0));
    const name: number[] = [];
    if ((flags & 0x08) !== 0) {
      yield* upto(NUL, { write: (bytes) => name.push(...bytes.subarray(0, MAX_NAME - name.length)) });
      yield* pass(1);
    }
    if ((flags & 0x10) !== 0) {
      yield* upto(NUL);
      yield* pass(1);
    }
    if ((flags & 0x02) !== 0) yield* pass(2);
    this.#entry = this.#list(entryName(Uint8Array.from(name)));
    if (this.#entry === undefined) return;
    this.#open = new EntrySink(this.#entry, 'deflated', this.#within);
    yield* pass(Number.MAX_SAFE_INTEGER, this.#open);
  }

  /** Without a name it is unpacked to that of the file less its ending. */
  #list(name: string): OpenEntry | undefined {
    const { listing, depth, name: own } = this.#within;
    const unpacked = name || own.replace(/\.t?gz$/i, (ending) => (ending.length === 4 ? '.tar' : ''));
    return listing.add({ name: unpacked, sizeBytes: 0, packedBytes: 0, isEncrypted: false, depth });
  }
}
