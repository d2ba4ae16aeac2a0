/** The bytes of a message are read once: what they are made of is learned in passing, and a large one goes straight to R2. */
import type { InspectedFacts } from '../core/message-facts.ts';
import { createInspector, type Inspector } from '../filter/inspect.ts';
import type { ContentFacts } from '../mime/facts.ts';

/** The bytes, read once: in memory, or already durable in R2. `inspected`: what the filter reads. */
export type Content = {
  readonly facts: ContentFacts;
  readonly inspected: InspectedFacts;
  readonly key: string;
  readonly buffer: Uint8Array | undefined;
};

/** `sizeBytes`: exact, as the front announced it */
type Announced = { readonly raw: ReadableStream<Uint8Array>; readonly sizeBytes: number };

type Contents = { put(key: string, content: ReadableStream<Uint8Array>, sizeBytes: number): Promise<void> };

// Up to here a message is held in memory once and costs no R2 operation on the healthy path. The isolate's 128 MB are shared
// by every message in flight: a burst of large mail must not fill them.
const BUFFER_BYTES = 1_048_576;

export async function readOnce(incoming: Announced, key: string, contents: Contents): Promise<Content> {
  const inspector = createInspector();
  const watched = incoming.raw.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        inspector.write(chunk);
        controller.enqueue(chunk);
      },
    }),
  );
  if (incoming.sizeBytes > BUFFER_BYTES) {
    await contents.put(key, watched, incoming.sizeBytes);
    return { ...whatWasRead(inspector), key, buffer: undefined };
  }
  const buffer = await readAll(watched, incoming.sizeBytes);
  return { ...whatWasRead(inspector), key, buffer };
}

function whatWasRead(inspector: Inspector): Pick<Content, 'facts' | 'inspected'> {
  const { content: facts, inspected } = inspector.end();
  return { facts, inspected };
}

/** A front that announces one size and sends another is cut short or broken: the sender keeps the message. */
async function readAll(stream: ReadableStream<Uint8Array>, sizeBytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(sizeBytes);
  let length = 0;
  for await (const chunk of stream) {
    if (length + chunk.byteLength > sizeBytes) throw new Error('more bytes came than were announced');
    buffer.set(chunk, length);
    length += chunk.byteLength;
  }
  if (length !== sizeBytes) throw new Error('fewer bytes came than were announced');
  return buffer;
}
