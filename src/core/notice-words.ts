/** What people are told of a line of the timeline (R12), in words they can act on. Never a subject, a body or a secret. Pure. */
import { type Occasion, TIMELINE, type TimelineKind } from './timeline.ts';

export type NoticeWords = { readonly subject: string; readonly text: string };

/** Something that stood in the timeline; `when`: `2026-11-23 22:40:00 UTC`. */
export type Told = { readonly when: string; readonly words: string };

export type Link = { readonly label: string; readonly url: string };

export type Telling = Told & {
  readonly kind: TimelineKind;
  readonly clientName: string;
  readonly occasion: Occasion;
  /** what was seen, a line each */
  readonly evidence: readonly string[];
  /** an alarm that is told again: the how-manieth time, and what has happened since it was first told */
  readonly reminder?: { readonly number: number; readonly since: readonly Told[] };
  readonly links: readonly Link[];
  /** 0: it is not told again */
  readonly repeatMinutes: number;
};

// The first lines show what is wrong; the rest is in the timeline.
const MAX_EVIDENCE = 10;
const MAX_SINCE = 10;

const OCCASIONS: Readonly<Record<Occasion, { readonly prefix: string; readonly note: readonly string[] }>> = {
  real: { prefix: '', note: [] },
  drill: { prefix: 'Drill: ', note: ['This is a drill. The mail server is well; everything else is as it would be.'] },
  maintenance: { prefix: 'Maintenance: ', note: ['This is planned work.'] },
};

export function noticeWords(telling: Telling): NoticeWords {
  const { clientName, kind, occasion, reminder } = telling;
  const again = reminder === undefined ? '' : `Reminder ${reminder.number}: `;
  const { headline } = TIMELINE[kind];
  return {
    subject: `${OCCASIONS[occasion].prefix}${again}${oneLine(clientName)}: ${headline}`,
    text: paragraphs(telling)
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.map(oneLine).join('\n'))
      .join('\n\n')
      .concat('\n'),
  };
}

function paragraphs({ kind, occasion, when, words, evidence, reminder, links, repeatMinutes }: Telling) {
  const repeat =
    repeatMinutes === 0
      ? []
      : [`You are told again every ${repeatMinutes} minutes until somebody has seen this or it is over.`];
  return [
    OCCASIONS[occasion].note,
    [TIMELINE[kind].meaning],
    [`What was seen: ${words}`, ...evidence.slice(0, MAX_EVIDENCE).map((line) => `  ${line}`)],
    [reminder === undefined ? `When: ${when}` : `Since: ${when}`],
    sinceThen(reminder?.since ?? []),
    ...links.map(({ label, url }) => [`${label}:`, url]),
    links.length === 0 ? [] : ['Each link works once, for 24 hours.'],
    links.length === 0 ? [] : repeat,
  ];
}

function sinceThen(since: readonly Told[]): readonly string[] {
  if (since.length === 0) return [];
  const shown = since.slice(-MAX_SINCE).map(({ when, words }) => `  ${when}: ${words}`);
  const left = since.length - shown.length;
  return ['What has happened since:', ...(left === 0 ? [] : [`  … ${left} more, in the timeline`]), ...shown];
}

/** The gateway's own words come in here, and a client's name. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trimEnd();
}
