/**
 * Words before the subject of a message that is handed on: the only thing of its bytes that is ever rewritten, on a client's own rule. The
 * header is gathered to its end and given on with its Subject changed; the body streams by. Every other byte stays.
 */
import { BoundedBytes } from './bounded-bytes.ts';
import { oneLine } from './display-text.ts';
import { encodeHeaderText } from './encoded-words.ts';

export type Body = Uint8Array | ReadableStream<Uint8Array>;

// What the walker reads of a header (mime/walk-limits.ts) and some: one that never ends must not be held in memory, and goes as it is.
const MAX_HEADER_BYTES = 524_288;
// A mark, no message: longer it would push what the sender wrote off the screen.
const MAX_PREFIX = 60;
// RFC 5322 §2.1.1: 998 characters in a line.
const MAX_LINE = 998;
const CR = 0x0d;
const LF = 0x0a;

export function withSubjectPrefix(body: Body, prefix: string): Body {
  if (prefix === '') return body;
  return body instanceof Uint8Array ? prefixed(body, prefix) : body.pipeThrough(prefixStream(prefix));
}

/** As in the header of `withSubjectPrefix`, for whoever signs it: `fields` as characters of one byte, without their line end. */
export function withPrefixedSubject(fields: readonly string[], prefix: string): readonly string[] {
  if (prefix === '') return fields;
  return fields.some(isSubject)
    ? fields.map((field) => (isSubject(field) ? prefixedField(field, prefix) : field))
    : [...fields, `Subject: ${wordsOf(prefix, 'text')}`];
}

/** At most so many bytes more. */
export function subjectGrowth(prefix: string): number {
  return prefix === '' ? 0 : `Subject: ${wordsOf(prefix, 'encoded-word')}\r\n`.length;
}

function prefixed(message: Uint8Array, prefix: string): Uint8Array {
  const end = headerEnd(message.subarray(0, MAX_HEADER_BYTES));
  if (end === undefined && message.byteLength > MAX_HEADER_BYTES) return message;
  const header = message.subarray(0, end ?? message.byteLength);
  return Buffer.concat([rewritten(header, prefix), message.subarray(header.byteLength)]);
}

function prefixStream(prefix: string): TransformStream<Uint8Array, Uint8Array> {
  const held = new BoundedBytes(MAX_HEADER_BYTES + 1);
  let isThrough = false;
  const flush = (controller: TransformStreamDefaultController<Uint8Array>) => {
    controller.enqueue(prefixed(held.view().slice(), prefix));
    isThrough = true;
    held.clear();
  };
  return new TransformStream({
    transform(chunk, controller) {
      if (isThrough) return controller.enqueue(chunk);
      const room = MAX_HEADER_BYTES + 1 - held.view().byteLength;
      held.append(chunk, 0, Math.min(room, chunk.byteLength));
      if (chunk.byteLength < room && headerEnd(held.view()) === undefined) return;
      flush(controller);
      if (chunk.byteLength > room) controller.enqueue(chunk.subarray(room));
    },
    flush: (controller) => {
      if (!isThrough) flush(controller);
    },
  });
}

/** Where the empty line begins that ends the header; lines end as SMTP will carry them: at CRLF, a bare CR or a bare LF. */
function headerEnd(bytes: Uint8Array): number | undefined {
  let lineStart = 0;
  for (let at = 0; at < bytes.byteLength; at += 1) {
    const byte = bytes[at];
    if (byte !== CR && byte !== LF) continue;
    if (at === lineStart) return at;
    if (byte === CR && bytes[at + 1] === LF) at += 1;
    lineStart = at + 1;
  }
  return undefined;
}

function rewritten(header: Uint8Array, prefix: string): Uint8Array {
  const text = Buffer.from(header).toString('latin1');
  // A field with the lines that continue it; what splits them stays with them.
  const fields = text.split(/(?<=\r\n|\r(?!\n)|(?<!\r)\n)(?![ \t])/);
  if (fields.some(isSubject))
    return Buffer.from(
      fields.map((field: string) => (isSubject(field) ? prefixedField(field, prefix) : field)).join(''),
      'latin1',
    );
  const end = text === '' || /[\r\n]$/.test(text) ? '' : '\r\n';
  return Buffer.from(`${text}${end}Subject: ${wordsOf(prefix, 'text')}\r\n`, 'latin1');
}

function isSubject(field: string): boolean {
  return /^subject[ \t]*:/i.test(field);
}

/** Where a sender writes several, each: which of them is shown is the choice of the reader's program. */
function prefixedField(field: string, prefix: string): string {
  const colon = field.indexOf(':');
  const [name, value] = [field.slice(0, colon + 1), field.slice(colon + 1)];
  const words = wordsOf(prefix, /^\s*=\?/.test(value) ? 'encoded-word' : 'text');
  const firstLine = value.split(/[\r\n]/, 1)[0] ?? '';
  const isTooLong = name.length + 1 + words.length + 1 + firstLine.length > MAX_LINE && firstLine.trim() !== '';
  const gap = value === '' || /^[ \t\r\n]/.test(value) ? '' : ' ';
  return `${name} ${words}${isTooLong ? '\r\n' : ''}${gap}${value}`;
}

/** Between two encoded words a space is not shown (RFC 2047 §6.2), so it has to be within the first. */
function wordsOf(prefix: string, before: 'encoded-word' | 'text'): string {
  const text = oneLine(prefix, MAX_PREFIX);
  const words = encodeHeaderText(text);
  return words === text || before === 'text' ? words : encodeHeaderText(`${text} `);
}
