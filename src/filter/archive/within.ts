/** What the reader of an archive needs of whoever opened it. */

import type { Detected } from '../true-type.ts';
import type { ByteSink } from './byte-sink.ts';
import type { InflateBudget } from './inflater.ts';
import type { Listing } from './listing.ts';

/** The content of one entry, looked at like that of a part. */
export type EntryContent = ByteSink & {
  /** false once it is known to be a picture or a film: nothing in it runs, and to inflate it costs much */
  readonly wantsMore: boolean;
  /** hex, of all that was written */
  end(): string;
  /** once it has ended */
  readonly trueType: Detected;
};

/** Of all zips of one message: how often letters that may begin a record are looked at. */
export type LooksBudget = { looksLeft: number };

export type Within = {
  readonly listing: Listing;
  /** what the archive itself is called */
  readonly name: string;
  /** of the entries, from 1 */
  readonly depth: number;
  readonly budget: InflateBudget & LooksBudget;
  openContent(name: string): EntryContent;
  markMacros(): void;
};

/** By what its entries are called, a zip may be more than a zip. */
export type ContainerKind = 'archive' | 'ooxml' | 'odf' | 'program';

export type ArchiveReader = ByteSink & {
  end(): void;
  readonly container: ContainerKind;
  /** of a document: `word`, `xl`, `ppt`, or the type that an ODF names */
  readonly flavour: string;
};
