/**
 * What a digest of the quarantine says. A person's names senders and subjects, which a stranger has chosen: one line each, short, and
 * nothing in them that a mail program would make a link of. An administrator's has counts only. Pure.
 */
import type { QuarantinePlan } from './filter-plan.ts';
import type { NoticeWords } from './notice-words.ts';
import { CAUSES, type Cause } from './quarantine.ts';

/** `when`: `2026-11-23 22:40 UTC` */
export type DigestLine = {
  readonly when: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly subject: string;
  readonly reason: string;
  readonly cause: Cause;
};

export type PersonalDigest = {
  /** newest first, the first of `count` */
  readonly lines: readonly DigestLine[];
  readonly count: number;
  readonly users: Exclude<QuarantinePlan['users'], 'nothing'>;
  readonly hours: number;
  readonly url: string;
};

export function personalDigest({ lines, count, users, hours, url }: PersonalDigest): NoticeWords {
  const left = count - lines.length;
  const paragraphs = [
    [`The filter of your company has kept back ${messages(count)} for you. Nothing was deleted.`],
    ...lines.map((line) => [
      `${line.when}, from ${harmless(line.fromName)} <${harmless(line.fromAddress)}>`,
      `  ${harmless(line.subject) || '(no subject)'}`,
      `  Why: ${harmless(line.reason)}`,
    ]),
    left > 0 ? [`… and ${left} more.`] : [],
    users === 'release'
      ? [
          'Look at them safely, and let out what you were waiting for. What may be dangerous only your administrator lets out:',
          url,
        ]
      : ['Look at them safely here. Your administrator can let one out for you:', url],
    [`You get this at most once in ${hours} hours, and only when something is new.`],
  ];
  return { subject: `Quarantine: ${messages(count)} kept back for you`, text: textOf(paragraphs) };
}

export type AdminDigest = {
  readonly clientName: string;
  readonly counts: ReadonlyMap<Cause, number>;
  readonly hours: number;
  readonly url: string;
};

const NAMES: Readonly<Record<Cause, string>> = { spam: 'spam', threat: 'dangerous', rule: 'by a rule of yours' };

export function adminDigest({ clientName, counts, hours, url }: AdminDigest): NoticeWords {
  const total = CAUSES.reduce((sum, cause) => sum + (counts.get(cause) ?? 0), 0);
  const paragraphs = [
    [`The filter has kept back ${messages(total)} since the last such notice:`],
    CAUSES.filter((cause) => (counts.get(cause) ?? 0) > 0).map((cause) => `  ${counts.get(cause)} ${NAMES[cause]}`),
    ['Look at them in the console:', url],
    [`You get this at most once in ${hours} hours, and only when something is new.`],
  ];
  return { subject: `${oneLine(clientName)}: ${messages(total)} in quarantine`, text: textOf(paragraphs) };
}

// A screen's width. A sender decides how long a subject is.
const MAX_LINE = 120;
const LINK = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S*/gi;

function harmless(text: string): string {
  const line = oneLine(text).replace(LINK, '[link]');
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}

function oneLine(text: string): string {
  // Direction marks too: they would turn the line around.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

function textOf(paragraphs: readonly (readonly string[])[]): string {
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
