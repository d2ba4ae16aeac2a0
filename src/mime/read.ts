/** A message that a person opens: its text, its HTML as it came, its attachments. The only place that holds a whole message decoded. */
import PostalMime, { type Address, type Email, type Attachment as ParsedAttachment } from 'postal-mime';
import { parseAddress } from '../core/address.ts';
import { oneLine } from './display-text.ts';
import type { Mailbox } from './facts.ts';
import { DEFAULT_LIMITS } from './walk-limits.ts';

export type Attachment = {
  /** its place in the list, from 0: stable for the same message */
  readonly index: number;
  readonly fileName: string;
  /** as the sender says: never to be served as such */
  readonly contentType: string;
  readonly sizeBytes: number;
  /** without its angle brackets */
  readonly contentId?: string;
  /** part of the HTML, shown in it: no attachment to the reader */
  readonly isInline: boolean;
  readonly content: Uint8Array;
};

export type ReadMessage =
  | {
      readonly kind: 'read';
      readonly text?: string;
      readonly html?: string;
      /** everyone the header names, decoded, groups opened, at most 500 of each: the list keeps only the first of them */
      readonly to: readonly Mailbox[];
      readonly cc: readonly Mailbox[];
      /** where the sender wants answers (RFC 5322 §3.6.2); empty when the message does not say */
      readonly replyTo: readonly Mailbox[];
      readonly attachments: readonly Attachment[];
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-complex' };

/** What the walker found when the message came in. */
export type ReadFacts = { readonly sizeBytes: number; readonly partCount: number };

// postal-mime reads everything at once: 8 MB cost up to 55 MB, 25 MiB up to 171 MB of the isolate's 128.
const MAX_BYTES = 8_000_000;
// It has no limit of its own on breadth: 100,000 parts cost 215 MB. The walker's count is known before the bytes are fetched, the
// count of possible delimiters does not rest on two parsers agreeing.
const MAX_DELIMITER_LINES = 20_000;
const MAX_EMBEDDED_DEPTH = 5;
const MAX_FILE_NAME = 255;
const MAX_NAME = 200;
// A reply that goes to more than a few is a way to make the reader a sender of bulk.
const MAX_REPLY_TO = 10;
// What the largest providers let a person address at once; beyond it a header serves to make the page heavy.
const MAX_ADDRESSED = 500;

/** `load` is called only when the message is fit to be read, and its failure is the caller's; what is in the message never throws. */
export async function readMessage(facts: ReadFacts, load: () => Promise<Uint8Array>): Promise<ReadMessage> {
  if (facts.sizeBytes > MAX_BYTES) return { kind: 'too-large' };
  if (facts.partCount >= DEFAULT_LIMITS.parts) return { kind: 'too-complex' };
  const content = await load();
  if (content.byteLength > MAX_BYTES) return { kind: 'too-large' };
  const email = hasTooManyDelimiters(content) ? undefined : await parse(content);
  if (email === undefined) return { kind: 'too-complex' };
  return {
    kind: 'read',
    ...(email.text === undefined ? {} : { text: email.text }),
    ...(email.html === undefined ? {} : { html: email.html }),
    to: mailboxesOf(email.to).slice(0, MAX_ADDRESSED),
    cc: mailboxesOf(email.cc).slice(0, MAX_ADDRESSED),
    replyTo: mailboxesOf(email.replyTo).slice(0, MAX_REPLY_TO),
    attachments: email.attachments.map(attachmentOf),
  };
}

/** The parser throws at its own limits, and could at what its authors did not think of: either way the message can be downloaded. */
async function parse(content: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(content, {
      maxNestingDepth: DEFAULT_LIMITS.depth,
      maxHeadersSize: DEFAULT_LIMITS.headerBytes * 4,
      maxRfc822NestingDepth: MAX_EMBEDDED_DEPTH,
    });
  } catch {
    return undefined;
  }
}

/** What is no address is left out: nobody could be answered there. */
function mailboxesOf(entries: readonly Address[] = []): readonly Mailbox[] {
  return entries
    .flatMap((entry) => entry.group ?? [entry])
    .flatMap(({ name, address }) => (address === undefined ? [] : [{ name: oneLine(name, MAX_NAME), address }]))
    .filter(({ address }) => parseAddress(address) !== undefined);
}

function hasTooManyDelimiters(content: Uint8Array): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let count = 0;
  for (let at = bytes.indexOf('\n--'); at !== -1; at = bytes.indexOf('\n--', at + 3)) {
    count += 1;
    if (count > MAX_DELIMITER_LINES) return true;
  }
  return false;
}

function attachmentOf(attachment: ParsedAttachment, index: number): Attachment {
  const content = bytesOf(attachment.content);
  const contentId = attachment.contentId?.replace(/^<|>$/g, '');
  return {
    index,
    fileName: fileNameOf(attachment, index),
    contentType: attachment.mimeType,
    sizeBytes: content.byteLength,
    ...(contentId === undefined ? {} : { contentId }),
    isInline: attachment.related === true && contentId !== undefined,
    content,
  };
}

function fileNameOf({ filename, mimeType }: ParsedAttachment, index: number): string {
  const name = oneLine(filename ?? '', MAX_FILE_NAME).replace(/[/\\]/g, '_');
  if (name !== '') return name;
  return mimeType === 'message/rfc822' ? `message-${index + 1}.eml` : `attachment-${index + 1}`;
}

function bytesOf(content: ParsedAttachment['content']): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}
