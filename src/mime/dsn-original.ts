/** The header of a stored message, for its sender to know it by: no more of it than stands before its body, and no more than a bound. */
import { BoundedBytes } from './bounded-bytes.ts';
import { LineReader } from './line-reader.ts';

// A sender whom somebody forged must not be sent a megabyte of what the forger wrote (backscatter); a header of a list has 10 KB.
const MAX_BYTES = 32_768;
const LINE_END = Uint8Array.of(0x0d, 0x0a);

/** Whole lines with CRLF, bytes otherwise as they came. The rest of the stream is not read. */
export async function originalHeader(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const kept = new BoundedBytes(MAX_BYTES);
  let isOver = false;
  let keptBytes = 0;
  const lines = new LineReader(({ bytes, start, end }) => {
    isOver ||= end === start || keptBytes + (end - start) + LINE_END.length > MAX_BYTES;
    if (isOver) return;
    kept.append(bytes, start, end);
    kept.append(LINE_END, 0, LINE_END.length);
    keptBytes += end - start + LINE_END.length;
  }, MAX_BYTES);
  const reader = stream.getReader();
  while (!isOver) {
    const { done, value } = await reader.read();
    if (done) {
      lines.end();
      break;
    }
    lines.write(value);
  }
  await reader.cancel().catch(() => undefined);
  return kept.view().slice();
}
