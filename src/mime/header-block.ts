/** One header block (RFC 5322 §2.2): raw lines in, the fields we read out. Lenient: what is no field is passed over. */
import { BoundedBytes } from './bounded-bytes.ts';
import type { Line } from './line-reader.ts';

/** `name` in lower case; `value` unfolded and trimmed, one character per byte: its charset is not decided here. */
export type HeaderField = { readonly name: string; readonly value: string };

// RFC 5322 §2.2: printable ASCII without the colon. White space before the colon is obsolete syntax (§4.5) and still seen.
const FIELD = /^([!-9;-~]+)[ \t]*:(.*)$/s;
const LINE_END = Uint8Array.of(0x0a);

export class HeaderBlock {
  readonly #bytes: BoundedBytes;

  constructor(maxBytes: number) {
    this.#bytes = new BoundedBytes(maxBytes);
  }

  /** true when lines were left out of the reading because the block is longer than the limit */
  get overflowed(): boolean {
    return this.#bytes.overflowed;
  }

  add(line: Line): void {
    this.#bytes.append(line.bytes, line.start, line.end);
    this.#bytes.append(LINE_END, 0, 1);
  }

  /** In the order of the block. The block is empty afterwards. */
  take(): readonly HeaderField[] {
    const { buffer, byteOffset, byteLength } = this.#bytes.view();
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
    this.#bytes.clear();
    return parseFields(text);
  }
}

/** The first field of that name: where a sender repeats one, every reader of ours sees the same. */
export function firstValue(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

function parseFields(text: string): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  let folded: string[] = [];
  const close = () => {
    const field = parseField(folded.join(''));
    if (field !== undefined) fields.push(field);
    folded = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      // A continuation of nothing stays a line of its own that is no field, or it would become one by a trim.
      if (folded.length > 0) folded.push(line);
      continue;
    }
    close();
    folded = [line];
  }
  close();
  return fields;
}

function parseField(text: string): HeaderField | undefined {
  const [, rawName = '', value = ''] = FIELD.exec(text) ?? [];
  const name = rawName.toLowerCase();
  return name === '' ? undefined : { name, value: value.trim() };
}
