/** What Breakwater puts before a message, taken off again: behind it the bytes must be those that were sent (P3). */

// What stands above the trace of a message that is given back: who vouches for it, and `Received: … (Breakwater) …`.
const OURS = /^(?:arc-[a-z-]+:|authentication-results:|received:[\s\S]*\(breakwater\)|x-breakwater-[a-z-]+:)/i;
// The last field of ours, next to the message: a message may have its own of every name above.
const LAST = /^x-breakwater-trace:/i;

export type Traced = {
  /** the fields taken off, each as one string with its folds */
  readonly fields: readonly string[];
  readonly content: Buffer;
};

export function stripTrace(raw: Buffer): Traced {
  const fields: string[] = [];
  let start = 0;
  for (let end = fieldEnd(raw, start); end > start; end = fieldEnd(raw, start)) {
    const field = raw.toString('latin1', start, end);
    if (!OURS.test(field)) break;
    fields.push(field);
    start = end;
    if (LAST.test(field)) return { fields, content: raw.subarray(start) };
  }
  return { fields: [], content: raw };
}

/** One header field ends where a line does not begin with white space (RFC 5322 §2.2.3); `start` when there is none. */
export function fieldEnd(raw: Buffer, start: number): number {
  for (let at = raw.indexOf('\r\n', start); at !== -1; at = raw.indexOf('\r\n', at + 2)) {
    const next = raw[at + 2];
    if (next !== 0x20 && next !== 0x09) return at + 2;
  }
  return start;
}
