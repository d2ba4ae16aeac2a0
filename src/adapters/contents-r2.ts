/** Raw bytes in R2: written once, never changed (P3). */
import type { ContentStore } from '../pipeline/contents.ts';

export function createContentStore(bucket: R2Bucket): ContentStore {
  return {
    async put(key, content, sizeBytes) {
      const written = await (content instanceof Uint8Array
        ? bucket.put(key, content, ONCE)
        : putStream(bucket, key, content, sizeBytes));
      if (written === null) throw new Error('there are bytes under this key already');
      if (written.size !== sizeBytes) throw new Error(`R2 holds ${written.size} of ${sizeBytes} bytes`);
    },
    async get(key) {
      return (await bucket.get(key))?.body;
    },
    async delete(key) {
      await bucket.delete(key);
    },
  };
}

// Write-once: a second put under the key answers null instead of replacing what a row already speaks of.
const ONCE: R2PutOptions = { onlyIf: new Headers({ 'If-None-Match': '*' }) };

/** R2 wants the length before the bytes; FixedLengthStream fails the put when fewer or more come (platform.md 25). */
async function putStream(
  bucket: R2Bucket,
  key: string,
  content: ReadableStream<Uint8Array>,
  sizeBytes: number,
): Promise<R2Object | null> {
  const { readable, writable } = new FixedLengthStream(sizeBytes);
  const [written] = await Promise.all([bucket.put(key, readable, ONCE), content.pipeTo(writable)]);
  return written;
}
