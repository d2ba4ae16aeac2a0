/** A Microsoft cabinet ([MS-CAB] §2): its list stands at its beginning. Nothing is unpacked. */
import type { Reading } from './byte-reader.ts';
import { HeadReader } from './head-reader.ts';
import { entryName } from './listing.ts';
import { pass, peek, upto } from './want.ts';

const HEADER_BYTES = 36;
const FILE_BYTES = 16;
const NUL = Uint8Array.of(0);
const MAX_NAME = 500;

export class CabReader extends HeadReader {
  protected *read(): Reading {
    const header = yield* peek(HEADER_BYTES);
    const [listAt, files] = [header.readUInt32LE(16), header.readUInt16LE(28)];
    yield* pass(listAt);
    for (let file = 0; file < files; file += 1) yield* this.#readFile();
    this.isComplete = true;
  }

  *#readFile(): Reading {
    const { listing, depth } = this.within;
    const sizeBytes = (yield* peek(FILE_BYTES)).readUInt32LE(0);
    yield* pass(FILE_BYTES);
    const name: number[] = [];
    yield* upto(NUL, { write: (bytes) => name.push(...bytes.subarray(0, MAX_NAME - name.length)) });
    yield* pass(1);
    listing.add({ name: entryName(Uint8Array.from(name)), sizeBytes, packedBytes: 0, isEncrypted: false, depth });
  }
}
