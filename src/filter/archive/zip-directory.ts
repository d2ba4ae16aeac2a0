/** The directory at the end of a zip (APPNOTE.TXT 6.3 §4.3.12), by which readers go: as much of it as the tail of the file holds. */
import { CENTRAL, CENTRAL_BYTES, END_BYTES, readCentral, type ZipRecord } from './zip-records.ts';

export type ZipDirectory = { readonly records: Iterable<ZipRecord>; readonly isWhole: boolean };

const CENTRAL_MARK = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
const END_MARK = Buffer.from([0x50, 0x4b, 0x05, 0x06]);

/** undefined when the zip has no end */
export function readDirectory(tail: Buffer): ZipDirectory | undefined {
  const end = lastEnd(tail);
  if (end === -1) return undefined;
  const begin = end - tail.readUInt32LE(end + 12);
  // A second end within the comment leads nowhere: then it is the first record there is.
  const first = recordEnd(tail, begin) === undefined ? tail.indexOf(CENTRAL_MARK) : begin;
  return { records: recordsFrom(tail, first), isWhole: begin >= 0 };
}

/** The last one, as readers take it; a comment may follow. */
function lastEnd(tail: Buffer): number {
  const at = tail.lastIndexOf(END_MARK);
  return at !== -1 && at + END_BYTES <= tail.length ? at : -1;
}

function* recordsFrom(tail: Buffer, first: number): Generator<ZipRecord> {
  let at = first;
  for (let next = recordEnd(tail, at); next !== undefined; next = recordEnd(tail, at)) {
    yield readCentral(tail.subarray(at, next));
    at = next;
  }
}

function recordEnd(tail: Buffer, at: number): number | undefined {
  if (at < 0 || at + CENTRAL_BYTES > tail.length || tail.readUInt32LE(at) !== CENTRAL) return undefined;
  const end = at + CENTRAL_BYTES + tail.readUInt16LE(at + 28) + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
  return end > tail.length ? undefined : end;
}
