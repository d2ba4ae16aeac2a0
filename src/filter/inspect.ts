/**
 * The one pass over a message for the filter: what mime/walker.ts tells, and all that rules and scores read of headers, parts, texts and
 * links. Memory is bounded whatever comes. It decides nothing, and a fault of ours in it is a fact, never an error (P2): the
 * message is marked as not fully scanned and goes on.
 */
import type { InspectedFacts, Unscanned } from '../core/message-facts.ts';
import type { ContentFacts } from '../mime/facts.ts';
import type { HeaderField } from '../mime/header-block.ts';
import type { Observer, PartSink, PartStart } from '../mime/observer.ts';
import { DEFAULT_LIMITS, type WalkLimits } from '../mime/walk-limits.ts';
import { createWalker } from '../mime/walker.ts';
import { MAX_INFLATED } from './archive/inflater.ts';
import { MAX_ENTRIES_OF_A_MESSAGE } from './archive/listing.ts';
import { MAX_LOOKS_OF_A_MESSAGE } from './archive/zip.ts';
import { inspectHeaders } from './inspected-headers.ts';
import { PartInspector } from './part-inspector.ts';
import { SniffedPage } from './sniffed-page.ts';
import { textKindOf } from './text-kind.ts';
import { TextParts } from './text-parts.ts';
import { UuencodedFiles } from './uuencoded.ts';

export type Inspected = { readonly content: ContentFacts; readonly inspected: InspectedFacts };

export type Inspector = {
  /** chunks of any size, cut anywhere; not kept */
  write(chunk: Uint8Array): void;
  /** once, after the last chunk */
  end(): Inspected;
};

export function createInspector(limits: WalkLimits = DEFAULT_LIMITS): Inspector {
  const inspection = new Inspection(limits);
  const walker = createWalker(limits, inspection);
  return {
    write: (chunk) => walker.write(chunk),
    end() {
      const content = walker.end();
      return { content, inspected: inspection.facts(content) };
    },
  };
}

// A message within a message, encoded, within a message: every level is a walk of its own over the bytes of the one around it.
const MAX_ENCODED_DEPTH = 3;

class Inspection implements Observer {
  readonly #limits: WalkLimits;
  readonly #parts: PartInspector[] = [];
  readonly #texts = new TextParts();
  readonly #budget = {
    bytesLeft: MAX_INFLATED,
    entriesLeft: MAX_ENTRIES_OF_A_MESSAGE,
    looksLeft: MAX_LOOKS_OF_A_MESSAGE,
  };
  readonly #marks = new Set<Unscanned>();
  #fields: readonly HeaderField[] = [];

  constructor(limits: WalkLimits) {
    this.#limits = limits;
  }

  header(fields: readonly HeaderField[]): void {
    this.#fields = fields;
  }

  part(start: PartStart, encodedDepth = 0): PartSink | undefined {
    if (this.#parts.length >= this.#limits.parts) {
      this.#marks.add('parts');
      return undefined;
    }
    const part = new PartInspector(start, this.#budget);
    this.#parts.push(part);
    return this.#guarded([part, this.#textOf(start), this.#messageOf(start, encodedDepth), this.#filesOf(start)]);
  }

  /** What is not said to be text may be a page all the same: a browser that is given it looks for itself. */
  #textOf(start: PartStart): PartSink {
    const kind = textKindOf(start);
    if (kind !== undefined) return this.#texts.gather(kind, start.charset);
    return new SniffedPage(() => this.#texts.gather('html', start.charset));
  }

  /** A message that the walk has not looked into: encoded, which RFC 2046 §5.2.1 forbids and people do, or attached as a file. */
  #messageOf({ path, contentType, fileName = '' }: PartStart, depth: number): PartSink | undefined {
    if (!MESSAGE_TYPE.test(contentType) && !MESSAGE_NAME.test(fileName)) return undefined;
    if (depth >= MAX_ENCODED_DEPTH) {
      this.#marks.add('depth');
      return undefined;
    }
    const walker = createWalker(this.#limits, {
      header: () => undefined,
      part: (start) => this.part({ ...start, path: `${path}.${start.path}` }, depth + 1),
    });
    const end = () => {
      for (const shortfall of walker.end().shortfalls) this.#marks.add(shortfall);
    };
    return { write: (bytes) => walker.write(bytes), end };
  }

  #filesOf({ path, contentType, isAttachment }: PartStart): PartSink | undefined {
    if (contentType !== 'text/plain' || isAttachment) return undefined;
    let files = 0;
    return new UuencodedFiles((fileName) => {
      files += 1;
      const where = { path: `${path}.${files}`, contentType: 'application/octet-stream', charset: undefined };
      return this.part({ ...where, fileName, nameAsSent: fileName, isAttachment: true });
    });
  }

  facts(content: ContentFacts): InspectedFacts {
    const { texts, links, markup, unscanned } = this.#texts.facts();
    const { sizeBytes, sha256, shortfalls } = content;
    const parts = this.#parts.map((part) => part.inspected());
    const within = parts.flatMap((part) => part.unscanned);
    return {
      headers: inspectHeaders(this.#fields, content.headers),
      sizeBytes,
      sha256,
      parts: parts.map(({ facts }) => facts),
      texts,
      links,
      markup,
      threats: parts.flatMap(({ facts: { path }, threats }) => threats.map((name) => ({ name, path }))),
      unscanned: [...new Set([...shortfalls, ...this.#marks, ...unscanned, ...within])],
    };
  }

  /** Not swallowed: it stands among the facts, and a client's rule decides what follows. */
  #guarded(sinks: readonly (PartSink | undefined)[]): PartSink {
    const each = (step: (sink: PartSink) => void) => {
      try {
        for (const sink of sinks) if (sink !== undefined) step(sink);
      } catch {
        this.#marks.add('fault');
      }
    };
    return { write: (bytes) => each((sink) => sink.write(bytes)), end: () => each((sink) => sink.end()) };
  }
}

const MESSAGE_TYPE = /^message\/(?:rfc822|global)$/;
const MESSAGE_NAME = /\.eml$/i;
