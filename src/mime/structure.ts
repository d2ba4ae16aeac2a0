/** Lines in, structure out: which header block, part or message a line belongs to. Keeps facts, never bodies. */
import type { BodyTap } from './body-tap.ts';
import type { ContentFacts, HeaderFacts, Shortfall } from './facts.ts';
import { HeaderBlock, type HeaderField } from './header-block.ts';
import { readHeaderFacts } from './header-facts.ts';
import type { Line } from './line-reader.ts';
import type { Observer } from './observer.ts';
import { type PartHeader, readPartHeader } from './part-header.ts';
import { type Delimiter, type Entity, MAX_DELIMITER, messageAt, PartTree } from './part-tree.ts';
import { Preview } from './preview.ts';
import { isIdentity } from './transfer-encoding.ts';
import type { WalkLimits } from './walk-limits.ts';

type Reading =
  | { readonly kind: 'header'; readonly entity: Entity }
  | { readonly kind: 'body' }
  /** past a limit: nothing further is looked into */
  | { readonly kind: 'blind' };

const BODY: Reading = { kind: 'body' };

/** Who hears what, and the way the bytes take there. */
export type Listening = { readonly observer: Observer; readonly tap: BodyTap };

export class Structure {
  readonly #limits: WalkLimits;
  readonly #observer: Observer;
  readonly #tap: BodyTap;
  readonly #block: HeaderBlock;
  readonly #tree = new PartTree();
  readonly #preview = new Preview();
  readonly #shortfalls = new Set<Shortfall>();
  #reading: Reading = { kind: 'header', entity: messageAt('') };
  #headers: HeaderFacts | undefined;
  #entities = 1;

  constructor(limits: WalkLimits, { observer, tap }: Listening) {
    this.#limits = limits;
    this.#observer = observer;
    this.#tap = tap;
    this.#block = new HeaderBlock(limits.headerBytes);
  }

  readonly line = (line: Line): void => {
    const reading = this.#reading;
    if (reading.kind === 'blind') return;
    const delimiter = this.#tree.match(line);
    if (delimiter !== undefined) this.#cross(delimiter, line);
    else if (reading.kind === 'body') this.#preview.add(line);
    else if (line.end > line.start) this.#block.add(line);
    else this.#reading = this.#beginBody(reading.entity, line.next);
  };

  /** Up to where it is known whose the bytes are, while the line is not at its end. */
  settled(line: Line): number {
    const isShort = line.next - line.offset < MAX_DELIMITER;
    if (isShort || this.#tree.match(line) !== undefined) return line.offset - line.gapBytes;
    // Its last byte may be the first half of a line end.
    return line.next - 1;
  }

  /** `end`: the length of the whole message */
  finish(end: number): Pick<ContentFacts, 'headers' | 'parts' | 'preview' | 'shortfalls'> {
    this.#leave(end);
    const parts = this.#tree.finish(end);
    return {
      headers: this.#headers ?? readHeaderFacts([]),
      parts,
      preview: this.#preview.text(),
      shortfalls: [...this.#shortfalls],
    };
  }

  #cross(delimiter: Delimiter, line: Line): void {
    this.#leave(line.offset - line.gapBytes);
    switch (delimiter.kind) {
      case 'next-part':
        this.#reading = this.#enter(this.#tree.nextPart(delimiter, line));
        return;
      case 'end':
        // What follows belongs to nobody until the next delimiter: the epilogue.
        this.#tree.endMultipart(delimiter, line);
        this.#reading = BODY;
    }
  }

  /** A header block that a delimiter, or the end of the message, cut short still describes a part: an empty one. */
  #leave(offset: number): void {
    if (this.#reading.kind === 'header') this.#beginBody(this.#reading.entity, offset);
    this.#preview.close();
    this.#tap.close(offset);
  }

  #enter(entity: Entity): Reading {
    this.#entities += 1;
    if (this.#entities <= this.#limits.parts) return { kind: 'header', entity };
    this.#shortfalls.add('parts');
    return { kind: 'blind' };
  }

  #beginBody(entity: Entity, offset: number): Reading {
    if (this.#block.overflowed) this.#shortfalls.add('header-bytes');
    const fields = this.#block.take();
    this.#readOutermost(fields);
    const header = readPartHeader(fields, entity.fallbackType);
    if (header.contentType.startsWith('multipart/') && header.boundary !== undefined && this.#mayNest()) {
      this.#tree.openMultipart(header.boundary, header.contentType.slice('multipart/'.length), entity.prefix);
      return BODY;
    }
    return this.#beginPart(entity, header, offset);
  }

  #readOutermost(fields: readonly HeaderField[]): void {
    if (this.#headers !== undefined) return;
    this.#headers = readHeaderFacts(fields);
    this.#observer.header(fields);
  }

  #beginPart(entity: Entity, header: PartHeader, offset: number): Reading {
    const { contentType, fileName, encoding, charset, nameAsSent } = header;
    const { leafPath: path } = entity;
    const isAttachment = isAttached(header, entity);
    this.#tree.openPart({ path, contentType, ...(fileName === undefined ? {} : { fileName }), isAttachment }, offset);
    if (MESSAGE.test(contentType) && isIdentity(encoding) && this.#mayNest())
      return this.#enter(this.#tree.openEmbedded());
    const sink = this.#observer.part({ path, contentType, charset, fileName, nameAsSent, isAttachment });
    this.#tap.open(sink, encoding, offset);
    if (contentType === 'text/plain' && !isAttachment) this.#preview.open({ kind: 'plain', encoding, charset });
    if (contentType === 'text/html' && !isAttachment) this.#preview.open({ kind: 'html', encoding, charset });
    return BODY;
  }

  #mayNest(): boolean {
    if (this.#tree.depth < this.#limits.depth) return true;
    this.#shortfalls.add('depth');
    return false;
  }
}

// RFC 2046 §5.2.1, RFC 6532 §3.7.
const MESSAGE = /^message\/(?:rfc822|global)$/;

/** What a reader lists as attached, by the same rule as the view of the message (mime/read.ts): all but text and inline pictures. */
function isAttached({ contentType, disposition, hasContentId }: PartHeader, { isRelated }: Entity): boolean {
  if (disposition === 'attachment') return true;
  if (contentType === 'text/plain' || contentType === 'text/html' || contentType.startsWith('multipart/')) return false;
  if (MESSAGE.test(contentType)) return disposition !== '' && disposition !== 'inline';
  return !(isRelated && hasContentId);
}
