/** Past a limit the walk goes on counting and hashing, looks no further into the structure, and says so. */
export type WalkLimits = {
  /** kept for reading, per header block */
  readonly headerBytes: number;
  /** header blocks: parts, multiparts and embedded messages */
  readonly parts: number;
  /** multiparts and messages within one another */
  readonly depth: number;
};

export const DEFAULT_LIMITS: WalkLimits = {
  // A block without an end is an attack on the memory we read it into. Honest blocks are below 64 KiB, ARC chains included.
  headerBytes: 262_144,
  // A message of empty parts makes a record for every 10 bytes: 2.5 million from 25 MiB.
  parts: 1_000,
  // Nesting costs every reader after us a stack frame or a buffer per level (a 25 KB message of 300 levels ends some of them).
  depth: 50,
};
