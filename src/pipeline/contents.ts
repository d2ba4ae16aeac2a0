/** The raw bytes of messages: written once, never changed (P3). */
import type { ClientId, MessageId } from '../core/ids.ts';

export type ContentStore = {
  /** resolves when the bytes are durable; a stream must hold exactly `sizeBytes` */
  put(key: string, content: Uint8Array | ReadableStream<Uint8Array>, sizeBytes: number): Promise<void>;
  get(key: string): Promise<ReadableStream<Uint8Array> | undefined>;
  delete(key: string): Promise<void>;
};

export function contentKey(clientId: ClientId, id: MessageId): string {
  return `raw/${clientId}/${id}`;
}
