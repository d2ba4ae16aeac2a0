/** One message on its way through the front: in a file, because `/ingest` must be told its length before the first byte. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type HeldCopy = {
  readonly sizeBytes: number;
  /** hex, of the content as it was received */
  readonly sha256: string;
  /** a new reading from the first byte: one for each recipient */
  open(): Readable;
  remove(): Promise<void>;
};

export type Place = { readonly folder: string; readonly limitBytes: number };

/**
 * Rejects when the peer goes away in the middle; what was written by then is removed. Beyond `limitBytes` nothing more is
 * written, so that a peer that never ends its message can not fill the disk; such a copy is not whole and must be refused.
 */
export async function holdCopy(content: Readable, { folder, limitBytes }: Place): Promise<HeldCopy> {
  const path = join(folder, randomUUID());
  const remove = () => rm(path, { force: true });
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
      next(null, sizeBytes > limitBytes ? undefined : chunk);
    },
  });
  try {
    await pipeline(content, measure, createWriteStream(path, { mode: 0o600 }));
  } catch (cause) {
    await remove();
    throw new Error('the message did not arrive whole', { cause });
  }
  return { sizeBytes, sha256: hash.digest('hex'), open: () => createReadStream(path), remove };
}
