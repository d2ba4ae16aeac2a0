/**
 * What the service itself writes: outage notices, links to log in. A strict wrapper over mimetext, which lets line breaks through
 * into headers, folds nothing and names encodings without applying them. The result is ASCII with CRLF line ends.
 */
import { createMimeMessage } from 'mimetext/browser';
import { formatDateField } from './date-field.ts';
import { encodeHeaderText } from './encoded-words.ts';
import type { Mailbox } from './facts.ts';
import { isHeaderSafe } from './header-safe.ts';

export type Notice = {
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  /** with its angle brackets */
  readonly messageId: string;
  readonly date: Date;
  /** fields of our own, by which a machine knows it: names and values of one printable word each */
  readonly marks?: Readonly<Record<string, string>>;
};

// Printable ASCII without white space.
const WORD = /^[\x21-\x7e]+$/;

/** Throws a TypeError when a value cannot stand in a header: every value here is ours, so that is a bug of ours. */
export function buildNotice(notice: Notice): Uint8Array {
  const { from, to, subject, text, messageId, date, marks = {} } = notice;
  const unfit =
    [from.name, to.name, subject].find((value) => !isHeaderSafe(value)) ??
    [from.address, to.address, messageId, ...Object.entries(marks).flat()].find((value) => !WORD.test(value));
  if (unfit !== undefined) throw new TypeError(`not fit for a header: ${JSON.stringify(unfit.slice(0, 80))}`);
  const message = createMimeMessage();
  // mimetext would write one encoded word of any length for these three; a value of our own encoding goes in as it is.
  message.headers.fields = message.headers.fields.filter(({ name }) => !['From', 'To', 'Subject'].includes(name));
  message.setHeaders({
    Date: formatDateField(date.getTime()),
    'Message-ID': messageId,
    From: mailboxText(from),
    To: mailboxText(to),
    Subject: encodeHeaderText(subject),
    // RFC 3834 §5: no vacation notice and no list may answer this.
    'Auto-Submitted': 'auto-generated',
    ...marks,
  });
  message.addMessage({ contentType: 'text/plain', charset: 'utf-8', encoding: 'base64', data: base64Body(text) });
  return new TextEncoder().encode(`${message.asRaw()}\r\n`);
}

function mailboxText({ name, address }: Mailbox): string {
  if (name === '') return `<${address}>`;
  const phrase = encodeHeaderText(name);
  return `${phrase === name ? `"${name.replace(/["\\]/g, '\\$&')}"` : phrase} <${address}>`;
}

/** RFC 2045 §6.8: lines of 76; text with CRLF line ends before it is encoded. */
function base64Body(text: string): string {
  const encoded = Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n'), 'utf8').toString('base64');
  return encoded.match(/.{1,76}/g)?.join('\r\n') ?? '';
}
