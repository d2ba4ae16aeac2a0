/** An archive of which only the list is read: nothing is unpacked, so what lies in it was not looked into. */
import { ByteReader, type Reading } from './byte-reader.ts';
import type { ArchiveReader, Within } from './within.ts';

export abstract class HeadReader implements ArchiveReader {
  readonly container = 'archive';
  readonly flavour = '';
  protected readonly within: Within;
  readonly #reader: ByteReader;
  /** the list was read to its end */
  protected isComplete = false;

  constructor(within: Within) {
    this.within = within;
    this.#reader = new ByteReader(this.read());
    within.listing.unscanned.add('archive');
  }

  write(bytes: Uint8Array): void {
    this.#reader.write(bytes);
  }

  end(): void {
    this.#reader.end();
    if (!this.isComplete) this.within.listing.markPartial('archive');
  }

  /** Asks for its first bytes before the constructor of a class below has run: it must hold no state of its own. */
  protected abstract read(): Reading;
}
