/** Reads mail content up to the final dot (RFC 5321 §4.5.2). Strict: only CRLF ends a line, so that smuggling would be seen. */

const END = Buffer.from('\r\n.\r\n');
const DOT_LINE = Buffer.from('.\r\n');
const DOT = 0x2e;

export type ContentReader = {
  /** undefined while the dot has not come; `rest` is what followed it */
  take(chunk: Buffer): { readonly content: Buffer; readonly rest: Buffer } | undefined;
};

export function createContentReader(): ContentReader {
  const chunks: Buffer[] = [];
  let tail: Buffer = Buffer.alloc(0);
  return {
    take(chunk) {
      chunks.push(chunk);
      // Only the last four bytes can belong to a dot that is cut in two: 25 MiB is not searched again for each chunk.
      const seam = Buffer.concat([tail, chunk]);
      const found =
        seam.includes(END) || (chunks.length <= END.length && Buffer.concat(chunks).indexOf(DOT_LINE) === 0);
      tail = seam.subarray(-(END.length - 1));
      return found ? split(Buffer.concat(chunks)) : undefined;
    },
  };
}

function split(all: Buffer): { readonly content: Buffer; readonly rest: Buffer } {
  if (all.indexOf(DOT_LINE) === 0) return { content: Buffer.alloc(0), rest: all.subarray(DOT_LINE.length) };
  const end = all.indexOf(END);
  return { content: unstuff(all.subarray(0, end + 2)), rest: all.subarray(end + END.length) };
}

function unstuff(stuffed: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let start = stuffed[0] === DOT ? 1 : 0;
  for (let at = stuffed.indexOf('\r\n.', 0); at !== -1; at = stuffed.indexOf('\r\n.', at + 3)) {
    pieces.push(stuffed.subarray(start, at + 2));
    start = at + 3;
  }
  pieces.push(stuffed.subarray(start));
  return Buffer.concat(pieces);
}
