/** A tar (POSIX ustar, with the long names of pax and of GNU): blocks of 512 bytes, nothing is packed. */
import { ByteReader, type Reading } from './byte-reader.ts';
import { EntrySink } from './entry-sink.ts';
import { entryName } from './listing.ts';
import { pass, peek } from './want.ts';
import type { ArchiveReader, Within } from './within.ts';

const BLOCK = 512;
// As many files and folders as are read; each costs half a kilobyte of the message.
const MAX_RECORDS = 2_000;
// A long name is an entry of its own.
const MAX_LONG_NAME = 4_096;

export class TarReader implements ArchiveReader {
  readonly container = 'archive';
  readonly flavour = '';
  readonly #within: Within;
  readonly #reader: ByteReader;
  #open: EntrySink | undefined;
  #longName = '';

  constructor(within: Within) {
    this.#within = within;
    this.#reader = new ByteReader(this.#read());
  }

  write(bytes: Uint8Array): void {
    this.#reader.write(bytes);
  }

  end(): void {
    this.#reader.end();
    this.#open?.abandon();
  }

  *#read(): Reading {
    for (let records = 0; records < MAX_RECORDS; records += 1) {
      const header = Buffer.from(yield* peek(BLOCK));
      // Two blocks of zeros are the end; one will do.
      if (header[0] === 0) return;
      yield* pass(BLOCK);
      yield* this.#readEntry(header);
    }
    this.#within.listing.markPartial('archive');
  }

  *#readEntry(header: Buffer): Reading {
    const sizeBytes = sizeOf(header.subarray(124, 136));
    const type = String.fromCharCode(header[156] ?? 0);
    const padding = (BLOCK - (sizeBytes % BLOCK)) % BLOCK;
    if ((type === 'L' || type === 'x') && sizeBytes <= MAX_LONG_NAME) {
      const bytes = yield* peek(sizeBytes);
      this.#longName = (type === 'L' ? text(bytes) : paxPath(bytes)) || this.#longName;
      yield* pass(sizeBytes + padding);
      return;
    }
    if (type === '0' || type === '\0' || type === '7') this.#openEntry(header, sizeBytes);
    yield* pass(sizeBytes, this.#open);
    this.#open?.end();
    this.#open = undefined;
    yield* pass(padding);
  }

  #openEntry(header: Buffer, sizeBytes: number): void {
    const { listing, depth } = this.#within;
    const folder = text(header.subarray(345, 500));
    const name = this.#longName || `${folder === '' ? '' : `${folder}/`}${text(header.subarray(0, 100))}`;
    this.#longName = '';
    const entry = listing.add({ name, sizeBytes, packedBytes: sizeBytes, isEncrypted: false, depth });
    if (entry !== undefined) this.#open = new EntrySink(entry, 'stored', this.#within);
  }
}

/** Octal, or from a first bit that is set on binary (GNU). What is no number is nothing. */
function sizeOf(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4) & 0xffffffffffffn);
  return Number.parseInt(/[0-7]+/.exec(field.toString('latin1'))?.[0] ?? '0', 8);
}

/** Records of `length key=value` and a line end (POSIX pax, "pax Extended Header"). */
function paxPath(bytes: Uint8Array): string {
  return /^\d+ path=(.*)$/m.exec(entryName(bytes))?.[1] ?? '';
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return entryName(end === -1 ? field : field.subarray(0, end));
}
