/** The header fields that a client's rules put above a message. Whatever a rule says, nothing but a harmless field comes of it. */
import { oneLine } from './display-text.ts';
import { encodeHeaderText } from './encoded-words.ts';
import { fold } from './trace-headers.ts';

export type MarkField = { readonly name: string; readonly value: string };

// A message with a hundred marks is one whose rules have gone wrong; every server has a limit on its header.
const MAX_FIELDS = 30;
const MAX_NAME = 70;
const MAX_VALUE = 500;

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
// What says who wrote a message, to whom, how it is read, which way it came or whether it is genuine is not for a rule to say; nor are
// our own marks, which servers believe.
const NOT_OURS_TO_WRITE =
  /^(?:from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|mime-version|content-.*|resent-.*|received|received-spf|return-path|dkim-signature|arc-.*|authentication-results|x-breakwater-(?!(?:filter|spam|warning)$).*)$/i;

/** Whether a rule may put a field of that name on a message. */
export function mayMark(name: string): boolean {
  return name.length <= MAX_NAME && NAME.test(name) && !NOT_OURS_TO_WRITE.test(name);
}

/** With their line ends; what may not stand is left out. ASCII (RFC 2047). */
export function markFields(fields: readonly MarkField[]): Uint8Array {
  const written = fields
    .filter(({ name }) => mayMark(name))
    .slice(0, MAX_FIELDS)
    .map(({ name, value }) => `${fold([`${name}:`, ...inWords(value)])}\r\n`);
  return Buffer.from(written.join(''), 'latin1');
}

/** No word is longer than a line may be (RFC 5322 §2.1.1). */
function inWords(value: string): readonly string[] {
  // CR and LF would begin a field or a body of somebody else's choice (header injection).
  const text = oneLine(value, MAX_VALUE);
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes('=?');
  return isPlain ? text.split(' ') : encodeHeaderText(text).split('\r\n ');
}
