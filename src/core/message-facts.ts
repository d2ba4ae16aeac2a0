/**
 * What the filter knows of one message: one plain value. Rules and scores read facts and nothing else, so whatever they decide can be
 * shown, tested and repeated. Every list and text in it is bounded by whoever fills it (filter/, mime/).
 */

/** `outbound`: written by the client's own people in the webmail, whoever it goes to. */
export type Direction = 'inbound' | 'outbound';

export type Party = { readonly name: string; readonly address: string };

export type EnvelopeFacts = {
  /** `''` for the null reverse path */
  readonly reversePath: string;
  readonly recipient: string;
  readonly helo: string;
  /** `''` when not known */
  readonly remoteIp: string;
  /** ISO 3166-1 alpha-2 of the sending address, where the platform says it */
  readonly country?: string;
};

export type HeaderField = { readonly name: string; readonly value: string };

export type HeaderFacts = {
  /** decoded, one line */
  readonly subject: string;
  /** every From mailbox of every From field: honest mail has one */
  readonly from: readonly Party[];
  readonly replyTo: readonly Party[];
  readonly to: readonly Party[];
  readonly cc: readonly Party[];
  readonly messageId?: string;
  readonly dateMs?: number;
  readonly receivedCount: number;
  readonly isReply: boolean;
  readonly isAutomatic: boolean;
  /** in the order of the block, names in lower case, values decoded and unfolded; the first 200, 2,000 characters each */
  readonly fields: readonly HeaderField[];
};

/** Found by content, not by what the sender calls it. */
export type TrueType =
  | 'executable'
  | 'script'
  | 'archive'
  | 'ole'
  | 'ooxml'
  | 'odf'
  | 'pdf'
  | 'image'
  | 'audio'
  | 'video'
  | 'html'
  | 'text'
  | 'message'
  | 'shortcut'
  | 'disk-image'
  | 'unknown';

/** `name` as listed, `sizeBytes` as claimed; `depth` 1 for what lies in the attachment itself, 2 in an archive within it, at most 3. */
export type ArchiveEntry = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  readonly isEncrypted: boolean;
  readonly depth: number;
  /** of its content, where it was looked into */
  readonly trueType?: TrueType;
  /** where all of it was */
  readonly sha256?: string;
};

export type ArchiveFacts = {
  readonly format: 'zip' | 'gzip' | 'tar' | 'rar' | '7z' | 'cab' | 'iso' | 'other';
  /** at most 1,000 */
  readonly entries: readonly ArchiveEntry[];
  readonly isEncrypted: boolean;
  /** claimed unpacked size ÷ packed size, of the whole; a bomb is in the hundreds */
  readonly ratio: number;
  /** the list could not be read to its end, or archives lie deeper than 3 */
  readonly isPartial: boolean;
};

/** What about a name is meant to deceive the person who reads it. */
export type NameTrick =
  | 'double-extension'
  | 'direction-override'
  | 'padded'
  | 'look-alike-letters'
  | 'trailing-dot-or-space';

export type PartFacts = {
  /** `1.2` as IMAP numbers parts (RFC 3501 §6.4.5) */
  readonly path: string;
  /** as declared, lower case */
  readonly contentType: string;
  readonly trueType: TrueType;
  /** of the detected content, when it is known: `application/zip` */
  readonly trueMime?: string;
  readonly fileName?: string;
  readonly isAttachment: boolean;
  /** decoded bytes */
  readonly sizeBytes: number;
  /** hex, of the decoded bytes */
  readonly sha256: string;
  /** of its name, and of the names of what lies in it */
  readonly tricks: readonly NameTrick[];
  readonly archive?: ArchiveFacts;
  /** it, or a document in it */
  readonly hasMacros: boolean;
  /** an encrypted archive, a document with a password, or one of them in it */
  readonly isEncrypted: boolean;
};

/** `html`: the words a reader sees, without tags; at most 65,536 characters each, the first 8 text parts. */
export type TextFacts = {
  readonly kind: 'plain' | 'html';
  readonly text: string;
  readonly isTruncated: boolean;
};

export type LinkFacts = {
  /** as written, at most 2,000 characters */
  readonly url: string;
  /** lower case, in Unicode where it is punycode; `''` for what is no host (`mailto:`, `tel:`, relative) */
  readonly host: string;
  /** what stands on the screen for it */
  readonly text: string;
  readonly from: 'href' | 'text' | 'form' | 'image';
};

/** Counted over all HTML parts. */
export type MarkupFacts = {
  readonly forms: number;
  readonly passwordFields: number;
  readonly scripts: number;
  readonly remoteImages: number;
  readonly inlineImages: number;
  readonly iframes: number;
  /** characters set so that nobody sees them */
  readonly hiddenCharacters: number;
  readonly visibleCharacters: number;
  readonly comments: number;
  /** zero-width and look-alike characters within words, of plain text parts as well */
  readonly obfuscatedCharacters: number;
};

export type AuthenticationResult =
  | 'pass'
  | 'fail'
  | 'softfail'
  | 'neutral'
  | 'none'
  | 'temperror'
  | 'permerror'
  | 'policy'
  /** nobody has looked */
  | 'unknown';

export type AuthenticationFacts = {
  /** who says so: the platform on arrival, we ourselves by DNS, nobody */
  readonly source: 'platform' | 'own' | 'none';
  readonly spf: AuthenticationResult;
  /** the best of the signatures */
  readonly dkim: AuthenticationResult;
  /** domains of signatures that pass */
  readonly dkimDomains: readonly string[];
  readonly dmarc: AuthenticationResult;
  /** of the peer, where the platform says it: `email()` is told none */
  readonly remoteIp?: string;
};

/** What a scanner said; `failed` is no word about the message. */
export type ScanFacts =
  | { readonly scanner: string; readonly kind: 'clean' }
  | { readonly scanner: string; readonly kind: 'found'; readonly names: readonly string[] }
  /** 0 to 100 */
  | { readonly scanner: string; readonly kind: 'scored'; readonly score: number; readonly reasons: readonly string[] }
  | { readonly scanner: string; readonly kind: 'failed'; readonly why: string };

/** `points` may be negative: reasons for taking it as honest. */
export type SpamReason = { readonly name: string; readonly words: string; readonly points: number };

export type SpamFacts = {
  /** 0 to 100 */
  readonly score: number;
  readonly answer: 'ham' | 'unsure' | 'spam';
  readonly reasons: readonly SpamReason[];
};

/** Which cap was passed or what could not be looked into: the message counts as not fully scanned. */
export type Unscanned =
  | 'header-bytes'
  | 'parts'
  | 'depth'
  | 'text'
  | 'links'
  | 'archive'
  | 'archive-depth'
  | 'encrypted'
  | 'out-of-time'
  /** a fault of ours */
  | 'fault';

export type MessageFacts = {
  readonly direction: Direction;
  readonly receivedAt: number;
  readonly envelope: EnvelopeFacts;
  readonly headers: HeaderFacts;
  /** of the whole message as received */
  readonly sizeBytes: number;
  readonly sha256: string;
  /** leaves only, at most 1,000 */
  readonly parts: readonly PartFacts[];
  readonly texts: readonly TextFacts[];
  /** at most 300 */
  readonly links: readonly LinkFacts[];
  readonly markup: MarkupFacts;
  readonly unscanned: readonly Unscanned[];
  /** known test content (EICAR), found in the one pass, within archives as well; `path` as of the part */
  readonly threats: readonly { readonly name: string; readonly path: string }[];
  readonly authentication: AuthenticationFacts;
  readonly scans: readonly ScanFacts[];
  /** absent until the score was made, and where it could not be */
  readonly spam?: SpamFacts;
};

/** What the one pass over the bytes tells, before anybody was asked about the sender or the content. */
export type InspectedFacts = Pick<
  MessageFacts,
  'headers' | 'sizeBytes' | 'sha256' | 'parts' | 'texts' | 'links' | 'markup' | 'unscanned' | 'threats'
>;

export const NO_MARKUP: MarkupFacts = {
  forms: 0,
  passwordFields: 0,
  scripts: 0,
  remoteImages: 0,
  inlineImages: 0,
  iframes: 0,
  hiddenCharacters: 0,
  visibleCharacters: 0,
  comments: 0,
  obfuscatedCharacters: 0,
};

export const NOT_AUTHENTICATED: AuthenticationFacts = {
  source: 'none',
  spf: 'unknown',
  dkim: 'unknown',
  dkimDomains: [],
  dmarc: 'unknown',
};
