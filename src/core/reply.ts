/** An SMTP reply as the peer gave it (RFC 5321 §4.2). */
export type Reply = {
  /** 200-599 */
  readonly code: number;
  /** RFC 3463, `4.2.2`; absent when the peer gave none */
  readonly enhanced?: string;
  /** without the codes, lines joined by a space, cut at 500 characters */
  readonly text: string;
};

// A peer may send a reply of any length to fill our ledger; the sense is in the first words.
const MAX_TEXT = 500;
const LINE = /^([2-5]\d\d)(?:[ -]|$)(.*)$/;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const CONTROL = /[\u0000-\u001f\u007f]+/g;

export function parseReply(raw: string): Reply | undefined {
  const lines = raw.split(/\r?\n/).filter((line) => line !== '');
  const first = LINE.exec(lines[0] ?? '');
  if (first === null) return undefined;
  const texts = lines.map((line) => (LINE.exec(line)?.[2] ?? line).trim());
  const enhanced = ENHANCED.exec(texts[0] ?? '')?.[1];
  const text = texts
    .map((line) => line.replace(ENHANCED, ''))
    .join(' ')
    .replace(CONTROL, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return { code: Number(first[1]), ...(enhanced === undefined ? {} : { enhanced }), text };
}

export function formatReply(reply: Reply): string {
  return [String(reply.code), reply.enhanced, reply.text].filter((part) => part !== undefined && part !== '').join(' ');
}

/** RFC 4954 §6: what a server says to a client that should have logged in, or did so in vain. It is about us, not about a message. */
export function asksForLogin(reply: Reply): boolean {
  return LOG_IN_FIRST.has(reply.code);
}

const LOG_IN_FIRST: ReadonlySet<number> = new Set([530, 534, 535, 538]);
