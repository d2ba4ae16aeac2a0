/** What one streaming pass over a message tells us. Plain values: stored in the ledger as JSON, read by filters and screens. */

export type Mailbox = { readonly name: string; readonly address: string };

export type HeaderFacts = {
  /** with its angle brackets, as sent; absent when the message has none */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  /** it answers another: In-Reply-To or References, whatever stands in them (RFC 5322 §3.6.4) */
  readonly isReply: boolean;
  /** a machine says that it wrote it: Auto-Submitted other than "no" (RFC 3834 §5) */
  readonly isAutomatic: boolean;
  /** decoded (RFC 2047), one line, at most 500 characters */
  readonly subject: string;
  /** the first From mailbox, decoded */
  readonly from?: Mailbox;
  /** decoded To and Cc mailboxes, at most 50 of each */
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** epoch ms of the Date header, when it can be read */
  readonly dateMs?: number;
  /** count of Received headers: the loop guard's second eye (RFC 5321 §6.3) */
  readonly receivedCount: number;
  /** values of our own trace header, outermost first: the loop guard's first eye */
  readonly traces: readonly string[];
  /** it bears the mark by which a server files our copies of sent mail, which nobody else may give */
  readonly isMarkedSent: boolean;
};

export type PartFacts = {
  /** `1.2` as IMAP numbers parts (RFC 3501 §6.4.5) */
  readonly path: string;
  /** lower case, `text/plain` when absent or unreadable (RFC 2045 §5.2) */
  readonly contentType: string;
  readonly fileName?: string;
  readonly isAttachment: boolean;
  /** bytes as encoded in the message */
  readonly sizeBytes: number;
};

export type Shortfall = 'header-bytes' | 'parts' | 'depth';

export type ContentFacts = {
  readonly sizeBytes: number;
  /** hex, of every byte received */
  readonly sha256: string;
  /** hex, of the bytes below the platform's trace headers: equal for a sender's own retry */
  readonly retryHash: string;
  readonly headers: HeaderFacts;
  readonly parts: readonly PartFacts[];
  /** start of the first text part, decoded, white space folded, at most 200 characters */
  readonly preview: string;
  /** which cap was passed, so that the message counts as not fully scanned; it is never dropped for that */
  readonly shortfalls: readonly Shortfall[];
};
