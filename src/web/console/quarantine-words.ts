/** How the quarantine is searched, and what is said of what was done there. Pure. */
import { counted } from '../shared/format.ts';
import type { Quarantined } from '../shared/quarantine-shapes.ts';

export type Age = 'any' | 'day' | 'week' | 'old';
export type QuarantineSearch = { readonly recipient: string; readonly age: Age };

export const EVERYTHING: QuarantineSearch = { recipient: '', age: 'any' };

export const AGES: readonly (readonly [Age, string])[] = [
  ['any', 'Whenever it came'],
  ['day', 'The last 24 hours'],
  ['week', 'The last 7 days'],
  ['old', 'Older than 30 days'],
];

const DAY_MS = 86_400_000;

export function searchQuery({ recipient, age }: QuarantineSearch, nowMs: number): URLSearchParams {
  const query = new URLSearchParams();
  if (recipient.trim() !== '') query.set('recipient', recipient.trim());
  switch (age) {
    case 'any':
      break;
    case 'day':
      query.set('fromMs', String(nowMs - DAY_MS));
      break;
    case 'week':
      query.set('fromMs', String(nowMs - 7 * DAY_MS));
      break;
    case 'old':
      query.set('toMs', String(nowMs - 30 * DAY_MS));
      break;
  }
  return query;
}

export function nothingWords({ recipient, age }: QuarantineSearch): string {
  if (recipient.trim() === '' && age === 'any') return 'Nothing is in quarantine.';
  return 'Nothing of that kind is in quarantine.';
}

/** Asked before anything dangerous is let out, for it is delivered at once; undefined where nothing is. */
export function dangerWords(messages: readonly Pick<Quarantined, 'cause' | 'reason'>[]): string | undefined {
  const dangerous = messages.filter(({ cause }) => cause === 'threat');
  const [first] = dangerous;
  if (first === undefined) return undefined;
  const which =
    messages.length === 1
      ? `It was kept because it is dangerous: ${first.reason}.`
      : `${dangerous.length.toLocaleString('en-GB')} of the ${counted(messages.length, 'message')} ${dangerous.length === 1 ? 'was' : 'were'} kept as dangerous.`;
  return `${which} What is let out is delivered at once and cannot be called back.`;
}

/** `asked`: how many were chosen; the others had left the quarantine meanwhile */
export function releasedWords(released: number, asked: number): string {
  const gone = asked - released;
  const words = `${counted(released, 'message')} let out: ${released === 1 ? 'it is' : 'they are'} delivered now.`;
  return gone === 0 ? words : `${words} ${counted(gone, 'message')} had been let out or deleted before.`;
}

export function learnedWords({
  hamMessages: ham,
  spamMessages: spam,
}: {
  readonly hamMessages: number;
  readonly spamMessages: number;
}): string {
  if (ham + spam === 0) return 'Nothing yet.';
  return `From ${counted(spam, 'message')} as spam and ${counted(ham, 'message')} as honest.`;
}
