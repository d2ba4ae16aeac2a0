/** What `/ingest` said about one recipient, and what one reply to DATA can say about all of them. Pure. */

/** `reply` is a whole SMTP reply line, `250 2.0.0 Accepted`. */
export type Answer =
  | { readonly kind: 'taken'; readonly reply: string; readonly disposition: Disposition }
  | { readonly kind: 'refused'; readonly reply: string }
  | { readonly kind: 'later'; readonly reply: string };

/** What the Worker did with it; `before`: it had it from an earlier try of the sender. */
export type Disposition = (typeof DISPOSITIONS)[number] | 'before';

/** What the peer hears. */
export type Verdict = Pick<Answer, 'kind' | 'reply'>;

export const TRY_LATER: Answer & Verdict = { kind: 'later', reply: '451 4.3.0 Not taken yet; please try again' };

const DISPOSITIONS = ['delivered', 'spooled', 'quarantined', 'discarded'] as const;
const REPLY_LINE = /^[245]\d\d [^\r\n]{1,500}$/;

/** Doubt is temporary (P2): only an explicit reply that begins with 5 is permanent, only an explicit disposition is success. */
export function readAnswer(status: number, body: unknown): Answer {
  const { reply, disposition } = membersOf(body);
  const line = typeof reply === 'string' && REPLY_LINE.test(reply) ? reply : undefined;
  if (status === 200) {
    const known = DISPOSITIONS.find((candidate) => candidate === disposition);
    return known !== undefined && line?.startsWith('2') === true
      ? { kind: 'taken', reply: line, disposition: known }
      : TRY_LATER;
  }
  if (line?.startsWith('5') === true) return { kind: 'refused', reply: line };
  return line?.startsWith('4') === true ? { kind: 'later', reply: line } : TRY_LATER;
}

/** `answers` is not empty: DATA follows at least one RCPT. */
export function combine(answers: readonly Answer[]): Verdict {
  const taken = answers.filter(({ kind }) => kind === 'taken');
  const waiting = answers.find(({ kind }) => kind === 'later');
  const [first = TRY_LATER] = answers;
  if (answers.length === 1) return first;
  if (waiting !== undefined) return waiting;
  if (taken.length === 0) return first;
  return { kind: 'taken', reply: `250 2.0.0 Accepted for ${taken.length} of ${answers.length} recipients` };
}

function membersOf(body: unknown): { readonly reply?: unknown; readonly disposition?: unknown } {
  return typeof body === 'object' && body !== null ? body : {};
}
