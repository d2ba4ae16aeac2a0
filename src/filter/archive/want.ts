/** What a reader of a streamed format may ask for (byte-reader.ts), as generators to delegate to. */
import type { ByteSink } from './byte-sink.ts';

export type Want =
  /** to see so many bytes and leave them where they are */
  | { readonly kind: 'peek'; readonly count: number }
  /** to go on by so many, which the sink hears */
  | { readonly kind: 'pass'; readonly count: number; readonly sink: ByteSink | undefined }
  /** to go on until the mark is next */
  | { readonly kind: 'upto'; readonly mark: Uint8Array; readonly sink: ByteSink | undefined };

export const CONTINUE = new Uint8Array();

/** The bytes are valid until the next want. */
export function* peek(count: number): Generator<Want, Buffer, Uint8Array> {
  const bytes = yield { kind: 'peek', count };
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function* pass(count: number, sink?: ByteSink): Generator<Want, void, Uint8Array> {
  if (count > 0) yield { kind: 'pass', count, sink };
}

export function* upto(mark: Uint8Array, sink?: ByteSink): Generator<Want, void, Uint8Array> {
  yield { kind: 'upto', mark, sink };
}
