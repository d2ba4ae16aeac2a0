/** Where in a message we are: the multiparts that are open, their delimiters, and the parts whose end is not yet known. */
import type { PartFacts } from './facts.ts';
import type { Line } from './line-reader.ts';

/** An entity is what has a header block: the message, a part, a message within a part. */
export type Entity = {
  /** its own number when it is a leaf (RFC 3501 §6.4.5) */
  readonly leafPath: string;
  /** what the numbers of its children begin with */
  readonly prefix: string;
  readonly fallbackType: string;
  readonly isRelated: boolean;
};

/** `level`: of its multipart, 1 for the outermost */
export type Delimiter = { readonly kind: 'next-part' | 'end'; readonly level: number };

type Multipart = {
  readonly open: string;
  readonly close: string;
  readonly prefix: string;
  readonly subtype: string;
  children: number;
};

type OpenPart = {
  readonly facts: Omit<PartFacts, 'sizeBytes'>;
  readonly bodyStart: number;
  /** how many multiparts are around it */
  readonly level: number;
  readonly order: number;
  holdsMessage: boolean;
};

const DASH = 0x2d;
// RFC 2046 §5.1.1 allows 70; more than a line of SMTP (RFC 5321 §4.5.3.1.6) cannot be meant, and comparing it costs.
export const MAX_DELIMITER = 1_000;

export class PartTree {
  readonly #multiparts: Multipart[] = [];
  readonly #open: OpenPart[] = [];
  readonly #closed: { readonly order: number; readonly facts: PartFacts }[] = [];
  #shortest = Number.POSITIVE_INFINITY;

  /** multiparts and embedded messages around what is read now */
  get depth(): number {
    return this.#multiparts.length + this.#open.filter(({ holdsMessage }) => holdsMessage).length;
  }

  openMultipart(boundary: string, subtype: string, prefix: string): void {
    const open = `--${boundary}`.trimEnd();
    this.#multiparts.push({ open, close: `${open}--`, prefix, subtype, children: 0 });
    this.#shortest = Math.min(this.#shortest, open.length);
  }

  openPart(facts: Omit<PartFacts, 'sizeBytes'>, bodyStart: number): void {
    const order = this.#open.length + this.#closed.length;
    this.#open.push({ facts, bodyStart, level: this.#multiparts.length, order, holdsMessage: false });
  }

  /** The message inside the part just opened: its header block comes next. */
  openEmbedded(): Entity {
    const part = this.#open.at(-1);
    if (part === undefined) return messageAt('');
    part.holdsMessage = true;
    return messageAt(part.facts.path);
  }

  /** The delimiter this line is, if it is one. */
  match(line: Line): Delimiter | undefined {
    const length = line.end - line.start;
    if (length < this.#shortest || line.bytes[line.start] !== DASH || line.bytes[line.start + 1] !== DASH)
      return undefined;
    const text = textOf(line).trimEnd();
    // Innermost first: an outer delimiter ends the inner multipart even when its own end is missing (RFC 2046 §5.1.2).
    for (let level = this.#multiparts.length; level > 0; level -= 1) {
      const multipart = this.#multiparts[level - 1];
      if (text === multipart?.open) return { kind: 'next-part', level };
      if (text === multipart?.close) return { kind: 'end', level };
    }
    return undefined;
  }

  /** What was inside the delimiter's multipart has ended; its next part begins. */
  nextPart({ level }: Delimiter, line: Line): Entity {
    this.#unwind(level, line);
    const multipart = this.#multiparts[level - 1];
    if (multipart === undefined) return messageAt('');
    multipart.children += 1;
    const path = join(multipart.prefix, multipart.children);
    // RFC 2046 §5.1.5: what lies in a digest is a message unless it says otherwise.
    const fallbackType = multipart.subtype === 'digest' ? 'message/rfc822' : 'text/plain';
    return { leafPath: path, prefix: path, fallbackType, isRelated: multipart.subtype === 'related' };
  }

  /** The delimiter's multipart has ended. */
  endMultipart({ level }: Delimiter, line: Line): void {
    this.#unwind(level, line);
    this.#multiparts.length = level - 1;
    this.#measureShortest();
  }

  /** Every part, in the order of the message; what is still open ends at `end`. */
  finish(end: number): readonly PartFacts[] {
    this.#closeParts(0, end);
    return this.#closed.toSorted((a, b) => a.order - b.order).map(({ facts }) => facts);
  }

  #unwind(level: number, line: Line): void {
    this.#multiparts.length = level;
    this.#measureShortest();
    this.#closeParts(level, line.offset - line.gapBytes);
  }

  #measureShortest(): void {
    this.#shortest = Math.min(...this.#multiparts.map(({ open }) => open.length));
  }

  #closeParts(level: number, end: number): void {
    for (let part = this.#open.at(-1); part !== undefined && part.level >= level; part = this.#open.at(-1)) {
      this.#open.pop();
      this.#closed.push({ order: part.order, facts: { ...part.facts, sizeBytes: Math.max(0, end - part.bodyStart) } });
    }
  }
}

/** The message itself, or one embedded in the part `path`. */
export function messageAt(path: string): Entity {
  return { leafPath: join(path, 1), prefix: path, fallbackType: 'text/plain', isRelated: false };
}

function join(prefix: string, child: number): string {
  return prefix === '' ? String(child) : `${prefix}.${child}`;
}

function textOf(line: Line): string {
  const length = Math.min(line.end - line.start, MAX_DELIMITER);
  return Buffer.from(line.bytes.buffer, line.bytes.byteOffset + line.start, length).toString('latin1');
}
