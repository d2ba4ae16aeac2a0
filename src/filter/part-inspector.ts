/** One part as its decoded bytes stream by: hash, size, and what it truly is. */
import { createHash } from 'node:crypto';
import type { PartFacts } from '../core/message-facts.ts';
import type { PartSink, PartStart } from '../mime/observer.ts';

export class PartInspector implements PartSink {
  readonly #start: PartStart;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  #sha256 = '';

  constructor(start: PartStart) {
    this.#start = start;
  }

  write(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
  }

  end(): void {
    this.#sha256 = this.#hash.digest('hex');
  }

  facts(): PartFacts {
    const { path, contentType, fileName, isAttachment } = this.#start;
    return {
      path,
      contentType,
      trueType: 'unknown',
      ...(fileName === undefined ? {} : { fileName }),
      isAttachment,
      sizeBytes: this.#sizeBytes,
      sha256: this.#sha256,
      tricks: [],
      hasMacros: false,
      isEncrypted: false,
    };
  }
}
