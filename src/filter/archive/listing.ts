/** What the archives in one part list, gathered by their readers: one list for the attachment and all that lies in it. */
import type { ArchiveEntry, ArchiveFacts, Unscanned } from '../../core/message-facts.ts';
import { decodeUnlabelled } from '../../mime/charset.ts';

export type ArchiveFormat = ArchiveFacts['format'];
export type OpenEntry = { -readonly [Key in keyof ArchiveEntry]: ArchiveEntry[Key] };

// A zip of a million empty files fits into 25 MiB many times over; a list is for people and rules to read.
const MAX_ENTRIES = 1_000;
// And a message of 25 MiB holds three hundred such zips: 300,000 entries are 200 MB of facts, and seconds of whoever reads them.
export const MAX_ENTRIES_OF_A_MESSAGE = 5_000;
// What file systems take is shorter; a path may be longer, and its end is what counts.
const MAX_NAME = 500;

/** Shared by all archives of one message. */
export type ListingBudget = { entriesLeft: number };

export class Listing {
  readonly format: ArchiveFormat;
  readonly unscanned = new Set<Unscanned>();
  readonly #budget: ListingBudget;
  readonly #entries: OpenEntry[] = [];
  /** by depth: what is claimed to come out, or what did come out where that is more */
  readonly #unpacked: number[] = [];
  #isEncrypted = false;
  #isPartial = false;

  constructor(format: ArchiveFormat, budget: ListingBudget) {
    this.format = format;
    this.#budget = budget;
  }

  /** undefined: the list is full */
  add(entry: ArchiveEntry): OpenEntry | undefined {
    this.#unpacked[entry.depth] = (this.#unpacked[entry.depth] ?? 0) + entry.sizeBytes;
    if (entry.isEncrypted) this.markEncrypted();
    if (this.#entries.length >= MAX_ENTRIES || this.#budget.entriesLeft <= 0) {
      this.markPartial('archive');
      return undefined;
    }
    this.#budget.entriesLeft -= 1;
    const open = { ...entry, name: entry.name.slice(-MAX_NAME).toWellFormed() };
    this.#entries.push(open);
    return open;
  }

  /** More came out of an entry than it claims. */
  exceeded(depth: number, bytes: number): void {
    this.#unpacked[depth] = (this.#unpacked[depth] ?? 0) + bytes;
  }

  markEncrypted(): void {
    this.#isEncrypted = true;
    this.unscanned.add('encrypted');
  }

  /** The list itself lacks something. */
  markPartial(why: Unscanned): void {
    this.#isPartial = true;
    this.unscanned.add(why);
  }

  /** `packedBytes`: of the whole part */
  facts(packedBytes: number): ArchiveFacts {
    const unpacked = Math.max(0, ...this.#unpacked.filter((bytes) => bytes !== undefined));
    return {
      format: this.format,
      entries: this.#entries,
      isEncrypted: this.#isEncrypted,
      ratio: Math.round((10 * unpacked) / Math.max(1, packedBytes)) / 10,
      isPartial: this.#isPartial,
    };
  }
}

/** As listed: UTF-8 where it is that, windows-1252 otherwise. */
export function entryName(bytes: Uint8Array): string {
  return decodeUnlabelled(bytes);
}
