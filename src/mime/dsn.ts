/**
 * A delivery status notification: multipart/report (RFC 6522) of words for people, fields for their mail system (RFC 3464) and the
 * header of what came. ASCII with CRLF line ends, but for a UTF-8 address in To (RFC 6532). By hand: neither mimetext nor nodemailer's
 * composer writes a multipart/report.
 */
import { formatDateField } from './date-field.ts';
import { encodeHeaderText } from './encoded-words.ts';
import { isHeaderSafe } from './header-safe.ts';
import { isPlain, quotedPrintable, withCrlf } from './quoted-printable.ts';

/** Times are epoch ms; addresses come without angle brackets, Message-IDs with them. */
export type Dsn = {
  readonly action: 'failed' | 'delayed';
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly at: number;
  readonly reportingMta: string;
  readonly arrivedAt: number;
  readonly finalRecipient: string;
  /** RFC 3463 */
  readonly status: string;
  readonly diagnostic: Diagnostic;
  /** host name or IP address */
  readonly remoteMta?: string;
  readonly lastAttemptAt: number;
  /** for `delayed` only */
  readonly willRetryUntil?: number;
  readonly original: Original;
};

/** `smtp`: the peer's own reply; `ours`: what happened instead of one */
export type Diagnostic = { readonly kind: 'smtp' | 'ours'; readonly words: string };

/** `header`: as it came, without the empty line behind it; empty when it cannot be had */
export type Original = { readonly header: Uint8Array; readonly messageId?: string };

/** Throws a TypeError for an address or an id that cannot stand in a header: each was parsed before, so that is a bug of ours. */
export function buildDsn(dsn: Dsn): Uint8Array {
  const { from, to, messageId, reportingMta, finalRecipient, status } = dsn;
  const unfit = [from, to, messageId, reportingMta, finalRecipient, status].find((value) => !isWord(value));
  if (unfit !== undefined) throw new TypeError(`not fit for a header: ${JSON.stringify(unfit.slice(0, 80))}`);
  // Who wrote the original cannot know this id, and so cannot write a line that ends a part of ours.
  const boundary = `=_${messageId
    .slice(1, -1)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60)}`;
  const parts = [wordsPart(dsn), statusPart(dsn), ...originalPart(dsn.original)];
  const lines = [
    ...header(dsn, boundary),
    '',
    'This is a delivery status notification in MIME format.',
    ...parts.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
    '',
  ];
  return new TextEncoder().encode(lines.join('\r\n'));
}

function header(dsn: Dsn, boundary: string): readonly string[] {
  return [
    `Date: ${formatDateField(dsn.at)}`,
    `From: Mail Delivery System <${dsn.from}>`,
    `To: <${dsn.to}>`,
    subjectField(oneLine(dsn.subject)),
    `Message-ID: ${dsn.messageId}`,
    ...answering(dsn.original.messageId),
    // RFC 3834 §5: no vacation notice and no list may answer this.
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    `\tboundary="${boundary}"`,
  ];
}

// Plain words stay readable to a person who sees the source; encoded words are for the rest.
function subjectField(subject: string): string {
  const isPlain = subject.length <= 400 && /^[\x20-\x7e]*$/.test(subject) && !subject.includes('=?');
  return isPlain ? folded(`Subject: ${subject}`) : `Subject: ${encodeHeaderText(subject)}`;
}

// RFC 5322 §2.1.1: no line over 998, whatever a sender puts into a Message-ID.
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>$/;

function answering(messageId: string | undefined): readonly string[] {
  if (messageId === undefined || !MESSAGE_ID.test(messageId)) return [];
  return [`In-Reply-To: ${messageId}`, `References: ${messageId}`];
}

function wordsPart({ text }: Dsn): string {
  return part(['Content-Type: text/plain; charset=utf-8', 'Content-Description: Notification'], encoded(utf8(text)));
}

/** RFC 3464 §2: fields of the message, an empty line, fields of the recipient. */
function statusPart(dsn: Dsn): string {
  const { action, status, diagnostic, remoteMta, lastAttemptAt, willRetryUntil } = dsn;
  const fields = [
    `Reporting-MTA: dns; ${dsn.reportingMta}`,
    `Arrival-Date: ${formatDateField(dsn.arrivedAt)}`,
    '',
    `Final-Recipient: ${typedAddress(dsn.finalRecipient)}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...(remoteMta === undefined ? [] : [`Remote-MTA: dns; ${mtaName(remoteMta)}`]),
    // RFC 3464 §2.3.6 with §9.1: what is no registered type begins with X-.
    folded(`Diagnostic-Code: ${diagnostic.kind === 'smtp' ? 'smtp' : 'X-Breakwater'}; ${ascii(diagnostic.words)}`),
    `Last-Attempt-Date: ${formatDateField(lastAttemptAt)}`,
    ...(willRetryUntil === undefined ? [] : [`Will-Retry-Until: ${formatDateField(willRetryUntil)}`]),
    '',
  ];
  const head = ['Content-Type: message/delivery-status', 'Content-Description: Delivery report'];
  return part(head, { encoding: '7bit', text: fields.join('\r\n') });
}

function originalPart({ header: bytes }: Original): readonly string[] {
  if (bytes.byteLength === 0) return [];
  return [part(['Content-Type: text/rfc822-headers', 'Content-Description: Headers of your message'], encoded(bytes))];
}

type Encoded = { readonly encoding: '7bit' | 'quoted-printable'; readonly text: string };

/** RFC 6522 §4: 7 bits are enough for a sound header, and quoted-printable for one that is not. */
function encoded(bytes: Uint8Array): Encoded {
  return isPlain(bytes)
    ? { encoding: '7bit', text: withCrlf(bytes) }
    : { encoding: 'quoted-printable', text: quotedPrintable(bytes) };
}

function part(head: readonly string[], { encoding, text }: Encoded): string {
  return [...head, `Content-Transfer-Encoding: ${encoding}`, '', text].join('\r\n');
}

/** RFC 6533 §3: beyond ASCII as `\x{…}`, so that the report needs seven bits only. */
function typedAddress(address: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant, all of it
  if (/^[\u0000-\u007f]*$/.test(address)) return `rfc822; ${address}`;
  const escaped = address.replace(/[\\\u007f-\u{10ffff}]/gu, (character) => {
    return `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
  });
  return `utf-8; ${escaped}`;
}

/** RFC 3464 §2.1.2: a host's name as in SMTP, where an IP address stands in brackets. */
function mtaName(host: string): string {
  const name = ascii(host);
  if (name.includes(':')) return `[IPv6:${name.replace(/^\[|\]$/g, '')}]`;
  return /^[\d.]+$/.test(name) ? `[${name}]` : name;
}

// RFC 5322 §2.1.1: 78 at best; a fold only where a space is, and never where a line of white space alone would be left.
function folded(field: string): string {
  return field.length <= 78 ? field : field.replace(/(.{40,72}[^ ]) (?=[^ ])/g, '$1\r\n ');
}

function ascii(text: string): string {
  return oneLine(text).replace(/[^\x20-\x7e]/g, '?');
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}

function isWord(value: string): boolean {
  return value !== '' && isHeaderSafe(value) && !/[\s<>]/.test(value.replace(/^<(.*)>$/, '$1'));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
