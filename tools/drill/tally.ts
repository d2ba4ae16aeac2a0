/** What should have arrived against what did. Pure: the promise of the drill is decided here. */
import type { ReceivedMail } from '../stack/mail-server.ts';

/** One copy of one message that one server must have exactly once. */
export type Expected = {
  readonly messageId: string;
  readonly recipient: string;
  readonly copy: 'message' | 'sent-copy';
  /** hex SHA-256 of the bytes behind Breakwater's trace headers */
  readonly sha256: string;
};

export type Tally = {
  readonly missing: readonly Expected[];
  /** arrivals beyond the first of the same copy */
  readonly duplicated: number;
  /** arrivals that are known by their Message-ID but not by their bytes */
  readonly altered: number;
  /** arrivals that nobody sent */
  readonly unknown: number;
};

export function tally(expected: readonly Expected[], arrivals: readonly ReceivedMail[]): Tally {
  const wanted = new Map(expected.map((copy) => [keyOf(copy), copy]));
  const seen = new Map<string, number>();
  let altered = 0;
  let unknown = 0;
  for (const copy of arrivals.flatMap(copiesOf)) {
    const match = wanted.get(keyOf(copy));
    if (match === undefined) unknown += 1;
    else {
      seen.set(keyOf(copy), (seen.get(keyOf(copy)) ?? 0) + 1);
      if (match.sha256 !== copy.sha256) altered += 1;
    }
  }
  const duplicated = [...seen.values()].reduce((total, times) => total + times - 1, 0);
  return { missing: expected.filter((copy) => !seen.has(keyOf(copy))), duplicated, altered, unknown };
}

export function isSentCopy(mail: ReceivedMail): boolean {
  return mail.trace.some((field) => /^x-breakwater-sent:/i.test(field));
}

/** Messages a minute between the first and the last; undefined when there are too few to tell. */
export function ratePerMinute(arrivals: readonly Pick<ReceivedMail, 'at'>[]): number | undefined {
  const [first, last] = [arrivals[0]?.at, arrivals.at(-1)?.at];
  if (first === undefined || last === undefined || last <= first) return undefined;
  return ((arrivals.length - 1) * 60_000) / (last - first);
}

function copiesOf(mail: ReceivedMail): readonly Expected[] {
  const copy = isSentCopy(mail) ? 'sent-copy' : 'message';
  return mail.recipients.map((recipient) => ({ messageId: mail.messageId, recipient, copy, sha256: mail.sha256 }));
}

function keyOf({ messageId, recipient, copy }: Expected): string {
  return [messageId, recipient.toLowerCase(), copy].join('\n');
}
