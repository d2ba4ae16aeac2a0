/**
 * The one pass over a message for the filter: what mime/walker.ts tells, and all that rules and scores read of headers, parts, texts and
 * links. Memory is bounded whatever comes. It decides nothing, and a fault of ours in it is a fact, never an error (P2): the
 * message is marked as not fully scanned and goes on.
 */
import type { HeaderFacts, InspectedFacts, Unscanned } from '../core/message-facts.ts';
import type { ContentFacts } from '../mime/facts.ts';
import type { HeaderField } from '../mime/header-block.ts';
import type { Observer, PartSink, PartStart } from '../mime/observer.ts';
import { DEFAULT_LIMITS, type WalkLimits } from '../mime/walk-limits.ts';
import { createWalker } from '../mime/walker.ts';
import { MAX_INFLATED } from './archive/inflater.ts';
import { inspectHeaders } from './inspected-headers.ts';
import { PartInspector } from './part-inspector.ts';
import { SniffedPage } from './sniffed-page.ts';
import { textKindOf } from './text-kind.ts';
import { TextParts } from './text-parts.ts';

export type Inspected = { readonly content: ContentFacts; readonly inspected: InspectedFacts };

export type Inspector = {
  /** chunks of any size, cut anywhere; not kept */
  write(chunk: Uint8Array): void;
  /** once, after the last chunk */
  end(): Inspected;
};

export function createInspector(limits: WalkLimits = DEFAULT_LIMITS): Inspector {
  const inspection = new Inspection();
  const walker = createWalker(limits, inspection);
  return {
    write: (chunk) => walker.write(chunk),
    end() {
      const content = walker.end();
      return { content, inspected: inspection.facts(content) };
    },
  };
}

class Inspection implements Observer {
  readonly #parts: PartInspector[] = [];
  readonly #texts = new TextParts();
  readonly #budget = { bytesLeft: MAX_INFLATED };
  #fields: readonly HeaderField[] = [];
  #hasFailed = false;

  header(fields: readonly HeaderField[]): void {
    this.#fields = fields;
  }

  part(start: PartStart): PartSink {
    const part = new PartInspector(start, this.#budget);
    this.#parts.push(part);
    const text = this.#textOf(start);
    return {
      write: (bytes) =>
        this.#guarded(() => {
          part.write(bytes);
          text.write(bytes);
        }),
      end: () =>
        this.#guarded(() => {
          part.end();
          text.end();
        }),
    };
  }

  /** What is not said to be text may be a page all the same: a browser that is given it looks for itself. */
  #textOf(start: PartStart): PartSink {
    const kind = textKindOf(start);
    if (kind !== undefined) return this.#texts.gather(kind, start.charset);
    return new SniffedPage(() => this.#texts.gather('html', start.charset));
  }

  facts(content: ContentFacts): InspectedFacts {
    const { texts, links, markup, unscanned } = this.#texts.facts();
    const { sizeBytes, sha256, shortfalls } = content;
    const parts = this.#parts.map((part) => part.inspected());
    const marks = new Set<Unscanned>([
      ...shortfalls,
      ...unscanned,
      ...parts.flatMap((part) => part.unscanned),
      ...(this.#hasFailed ? (['fault'] as const) : []),
    ]);
    return {
      headers: this.#headers(content),
      sizeBytes,
      sha256,
      parts: parts.map(({ facts }) => facts),
      texts,
      links,
      markup,
      threats: parts.flatMap(({ facts: { path }, threats }) => threats.map((name) => ({ name, path }))),
      unscanned: [...marks],
    };
  }

  #headers(content: ContentFacts): HeaderFacts {
    return inspectHeaders(this.#fields, content.headers);
  }

  /** Not swallowed: it stands among the facts, and a client's rule decides what follows. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch {
      this.#hasFailed = true;
    }
  }
}
