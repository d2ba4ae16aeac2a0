/** Text of strangers, made fit for one line of a list: nothing in it moves the cursor, reorders or hides its neighbours. */
import { decodeWords } from 'postal-mime';
import { decodeUnlabelled } from './charset.ts';

// Control characters and line separators break lists and logs. The bidi overrides, embeddings and isolates make "exe.fdp" look like
// "pdf.exe" backwards and a sender's address look like another's; plain direction marks (LRM, RLM) are left to those who need them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;

// A field may fill the whole header block; decoding 256 KiB to show 500 characters is work for the attacker.
const MAX_ENCODED = 16_384;

/** `raw`: one character per byte, as header-block.ts gives it; encoded words (RFC 2047) are decoded. At most `maxLength` UTF-16 units. */
export function displayText(raw: string, maxLength: number): string {
  return oneLine(decodeWords(unicodeOf(raw.slice(0, MAX_ENCODED))), maxLength);
}

/**
 * Raw 8-bit in a header is UTF-8 (RFC 6532) or the habit of old programs, windows-1252. Inside an encoded word it is neither, but of
 * the word's own charset: there it becomes what the word should have held. Encoded words stay encoded.
 */
export function unicodeOf(raw: string): string {
  if (!/[\u0080-\u00ff]/.test(raw)) return raw;
  return decodeUnlabelled(Buffer.from(raw.replace(Q_WORD, escapeRawBytes), 'latin1'));
}

const Q_WORD = /=\?[^?\s]+\?q\?[^?]*\?=/gi;

function escapeRawBytes(word: string): string {
  return word.replace(/[\u0080-\u00ff]/g, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function oneLine(text: string, maxLength: number): string {
  const line = text.replace(UNSHOWABLE, ' ').replace(/\s+/g, ' ').trim();
  // A cut through a surrogate pair, and any other half of one, would make the row invalid UTF-8.
  return line.slice(0, maxLength).toWellFormed().trimEnd();
}
