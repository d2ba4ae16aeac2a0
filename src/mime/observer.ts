/** Who listens while a message streams by (walker.ts). It hears and keeps what it likes; it changes nothing of the walk. */
import type { HeaderField } from './header-block.ts';

/** A part whose body is about to come: a leaf, never a multipart or a message that is looked into. */
export type PartStart = {
  /** `1.2` as IMAP numbers parts (RFC 3501 §6.4.5) */
  readonly path: string;
  /** lower case */
  readonly contentType: string;
  readonly charset: string | undefined;
  /** fit to be shown (part-header.ts) */
  readonly fileName: string | undefined;
  /** decoded and otherwise untouched: with the blanks and direction marks that are meant to deceive */
  readonly nameAsSent: string | undefined;
  readonly isAttachment: boolean;
};

export type PartSink = {
  /** decoded bytes in order, in pieces of any size; valid during the call only */
  write(bytes: Uint8Array): void;
  end(): void;
};

export type Observer = {
  /** the outermost header block, every field of it, once */
  header(fields: readonly HeaderField[]): void;
  part(start: PartStart): PartSink | undefined;
};

export const NOBODY: Observer = { header: () => undefined, part: () => undefined };
