/**
 * What a client's filter puts on a message that goes on: header fields above it, words before its subject. The bytes that are kept stay as
 * they were received (P3); whoever hands the message over puts the marks on then, at the edge and from the spool alike. Pure.
 */
import type { Decision } from './rules/rule.ts';

export type Marks = Pick<Decision, 'headers' | 'subjectPrefix'>;

/** Undefined where there is nothing to put on, which is most mail. */
export function marksOf({ headers, subjectPrefix }: Marks): Marks | undefined {
  return headers.length === 0 && subjectPrefix === '' ? undefined : { headers, subjectPrefix };
}

/** As the ledger and the index keep them: JSON, null for none. */
export function readMarks(json: string | null): { readonly marks?: Marks } {
  return json === null ? {} : { marks: JSON.parse(json) as Marks };
}

/** As the reader sees it. */
export function markedSubject(subject: string, marks: Marks | undefined): string {
  return marks === undefined || marks.subjectPrefix === '' ? subject : `${marks.subjectPrefix} ${subject}`.trimEnd();
}
