/** How much one answer carries. A part is always the same messages, as long as nothing is added to what is exported. */

// A Worker makes 10,000 requests to others for one of its own, and each message is one to R2; a zip without zip64 has at most 65,535.
const MAX_MESSAGES = 8_000;
// A zip without zip64 has at most 4 GiB. CPU: this much in the 30 s a Worker has unless told otherwise (docs/operations.md).
const MAX_BYTES = 2 * 1_073_741_824;

/**
 * SQL for the number of the part a row is in, from 0: the bytes before it, where no message counts for fewer than the share by
 * which both limits are met at once. `order`: columns by which the rows are read.
 */
export function partNumberSql(order: string): string {
  const weight = `max(size_bytes, ${Math.ceil(MAX_BYTES / MAX_MESSAGES)})`;
  return `(sum(${weight}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - ${weight}) / ${MAX_BYTES}`;
}
