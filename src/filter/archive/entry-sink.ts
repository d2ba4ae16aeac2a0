/** The content of one entry of an archive on its way to whoever looks at it: inflated where it is deflated, within the budget. */
import type { ByteSink } from './byte-sink.ts';
import { Inflater } from './inflater.ts';
import type { OpenEntry } from './listing.ts';
import type { EntryContent, Within } from './within.ts';

export class EntrySink implements ByteSink {
  readonly #within: Within;
  readonly #entry: OpenEntry;
  readonly #content: EntryContent;
  readonly #inflater: Inflater | undefined;
  #storedBytes = 0;

  constructor(entry: OpenEntry, how: 'stored' | 'deflated', within: Within) {
    this.#within = within;
    this.#entry = entry;
    this.#content = within.openContent(entry.name);
    this.#inflater = how === 'deflated' ? new Inflater(this.#content, within.budget) : undefined;
  }

  write(bytes: Uint8Array): void {
    if (this.#inflater === undefined) {
      this.#storedBytes += bytes.length;
      this.#content.write(bytes);
      return;
    }
    this.#inflater.write(bytes);
    if (!this.#content.wantsMore) this.#inflater.stop();
  }

  /** All of it has come. */
  end(): void {
    const hash = this.#finish();
    const isWhole = this.#inflater === undefined || this.#inflater.state === 'running';
    if (isWhole) this.#entry.sha256 = hash;
    else if (this.#content.wantsMore) this.#within.listing.unscanned.add('archive');
  }

  /** It was cut short: no hash is told of it. */
  abandon(): void {
    this.#finish();
    this.#within.listing.markPartial('archive');
  }

  #finish(): string {
    const { listing, depth } = this.#within;
    const bytes = this.#inflater?.bytes ?? this.#storedBytes;
    if (bytes > this.#entry.sizeBytes) listing.exceeded(depth, bytes - this.#entry.sizeBytes);
    const hash = this.#content.end();
    if (bytes > 0) this.#entry.trueType = this.#content.trueType.type;
    return hash;
  }
}
