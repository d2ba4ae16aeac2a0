/**
 * One pass over a message as it streams by: its hashes, its structure, its outermost headers, its first words. Memory is O(chunk)
 * whatever comes: one line and one header block are held, each clipped. It never throws for content, never changes a byte, and
 * never decides: a message past a limit is marked as not fully scanned and goes on.
 */
import { createHash } from 'node:crypto';
import { BodyTap } from './body-tap.ts';
import type { ContentFacts } from './facts.ts';
import { LineReader } from './line-reader.ts';
import { NOBODY, type Observer } from './observer.ts';
import { RetryHash } from './platform-trace.ts';
import { Structure } from './structure.ts';
import { DEFAULT_LIMITS, type WalkLimits } from './walk-limits.ts';

export type Walker = {
  /** chunks of any size, cut anywhere; not kept */
  write(chunk: Uint8Array): void;
  /** once, after the last chunk */
  end(): ContentFacts;
};

/** `observer`: hears every part as it streams by */
export function createWalker(limits: WalkLimits = DEFAULT_LIMITS, observer: Observer = NOBODY): Walker {
  const hash = createHash('sha256');
  const retryHash = new RetryHash();
  const tap = new BodyTap();
  const structure = new Structure(limits, { observer, tap });
  const lines = new LineReader(structure.line, limits.headerBytes);
  return {
    write(chunk) {
      hash.update(chunk);
      retryHash.update(chunk);
      tap.next(chunk, lines.position);
      lines.write(chunk);
      tap.settle(structure.settled(lines.unfinished));
    },
    end() {
      lines.end();
      const sizeBytes = lines.position;
      return { sizeBytes, sha256: hash.digest('hex'), retryHash: retryHash.digest(), ...structure.finish(sizeBytes) };
    },
  };
}
