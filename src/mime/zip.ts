/**
 * A zip of stored files, written as it goes. Stored, not deflated: a Worker's CPU is counted, and attachments are packed already.
 * Sizes and check sums stand behind each file and in the directory at the end, which is what readers go by. No zip64: below
 * 65,535 files and 4 GiB, which is the caller's to keep (pipeline/export-parts.ts).
 */
import { Zip, ZipPassThrough } from 'fflate';

const NOTHING = new Uint8Array();
// What DOS's date can say, and fflate throws beyond.
const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2099, 11, 30);

export class ZipWriter {
  readonly #zip: Zip;
  #ready: Uint8Array[] = [];
  #file: ZipPassThrough | undefined;

  constructor() {
    this.#zip = new Zip((problem, chunk) => {
      if (problem !== null) throw problem;
      this.#ready.push(chunk);
    });
  }

  /** `name` is ASCII; `modifiedAt`: epoch ms */
  begin(name: string, modifiedAt: number): void {
    const file = new ZipPassThrough(name);
    file.mtime = Math.min(Math.max(modifiedAt, EARLIEST), LATEST);
    this.#zip.add(file);
    this.#file = file;
  }

  write(chunk: Uint8Array): readonly Uint8Array[] {
    if (chunk.byteLength > 0) this.#file?.push(chunk, false);
    return this.#take();
  }

  endFile(): readonly Uint8Array[] {
    this.#file?.push(NOTHING, true);
    this.#file = undefined;
    return this.#take();
  }

  end(): readonly Uint8Array[] {
    this.#zip.end();
    return this.#take();
  }

  #take(): readonly Uint8Array[] {
    const ready = this.#ready.filter((chunk) => chunk.byteLength > 0);
    this.#ready = [];
    return ready;
  }
}
