/** One part as its decoded bytes stream by: its content, its name, and all that is found within it. */
import type { PartFacts, Unscanned } from '../core/message-facts.ts';
import type { PartSink, PartStart } from '../mime/observer.ts';
import { ContentInspector } from './content-inspector.ts';
import { type Budget, Findings } from './findings.ts';
import { tricksOf } from './name-tricks.ts';

export type InspectedPart = {
  readonly facts: PartFacts;
  readonly threats: readonly string[];
  readonly unscanned: readonly Unscanned[];
};

export class PartInspector implements PartSink {
  readonly #start: PartStart;
  readonly #findings: Findings;
  readonly #content: ContentInspector;
  #sha256 = '';

  constructor(start: PartStart, budget: Budget) {
    this.#start = start;
    this.#findings = new Findings(budget);
    const isLetter = start.contentType.startsWith('text/') && !start.isAttachment;
    this.#content = new ContentInspector({ depth: 0, name: start.fileName ?? '', isLetter }, this.#findings);
  }

  write(bytes: Uint8Array): void {
    this.#content.write(bytes);
  }

  end(): void {
    this.#sha256 = this.#content.end();
  }

  inspected(): InspectedPart {
    const { threats, unscanned, listing } = this.#findings;
    return {
      facts: this.#facts(),
      threats: [...threats],
      unscanned: [...unscanned, ...(listing?.unscanned ?? [])],
    };
  }

  #facts(): PartFacts {
    const { path, contentType, fileName, isAttachment } = this.#start;
    const { listing, hasMacros, isEncrypted } = this.#findings;
    const { type, mime } = this.#content.trueType;
    const listed = listing?.facts(this.#content.sizeBytes);
    // Looked for because of its name, and not there.
    const archive = listed?.entries.length === 0 && !listed.isPartial && type !== 'archive' ? undefined : listed;
    return {
      path,
      contentType,
      trueType: type,
      ...(mime === undefined ? {} : { trueMime: mime }),
      ...(fileName === undefined ? {} : { fileName }),
      isAttachment,
      sizeBytes: this.#content.sizeBytes,
      sha256: this.#sha256,
      tricks: this.#tricks(archive?.entries.map(({ name }) => name) ?? []),
      ...(archive === undefined ? {} : { archive }),
      hasMacros,
      isEncrypted: isEncrypted || archive?.isEncrypted === true,
    };
  }

  /** Of its own name and of those in it: a reader sees them just the same. */
  #tricks(entryNames: readonly string[]): PartFacts['tricks'] {
    const { nameAsSent = '' } = this.#start;
    return [...new Set([nameAsSent, ...entryNames].flatMap(tricksOf))];
  }
}
