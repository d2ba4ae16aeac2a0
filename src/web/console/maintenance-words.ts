/** Planned work: how a window is worded, and what a person may type for one. Pure. */
import { span } from '../shared/format.ts';
import type { PlannedWork, When } from './settings-api.ts';

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export const MEANINGS: Record<PlannedWork['meaning'], string> = {
  failover: 'Emergency mailboxes are open while it lasts, and the server is left in peace',
  keep: 'What the server does not take is kept, and nobody is alarmed; mailboxes stay closed',
};

export function whenWords(when: When, timeZone: string): string {
  switch (when.kind) {
    case 'once':
      return `Once, ${when.from.replace('T', ' ')} to ${when.to.replace('T', ' ')} (${timeZone})`;
    case 'weekly': {
      const days = when.weekdays.map((day) => WEEKDAYS[day - 1] ?? '').join(', ');
      return `Every ${days} at ${when.from} for ${span(when.minutes * 60_000)} (${timeZone})`;
    }
  }
}

/** As a form holds it, every field as text. */
export type Draft = {
  readonly kind: When['kind'];
  readonly title: string;
  readonly timeZone: string;
  readonly meaning: PlannedWork['meaning'];
  /** local times as `<input type="datetime-local">` has them */
  readonly from: string;
  readonly to: string;
  readonly weekdays: readonly number[];
  readonly clock: string;
  readonly minutes: string;
};

export type DraftErrors = Readonly<Partial<Record<keyof Draft, string>>>;
export type ReadDraft =
  | { readonly kind: 'read'; readonly work: PlannedWork }
  | { readonly kind: 'wrong'; readonly errors: DraftErrors };

export function emptyDraft(timeZone: string): Draft {
  return {
    kind: 'once',
    title: '',
    timeZone,
    meaning: 'keep',
    from: '',
    to: '',
    weekdays: [7],
    clock: '02:00',
    minutes: '120',
  };
}

export function readDraft(draft: Draft, taken: readonly string[]): ReadDraft {
  const errors = draftErrors(draft);
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  const { title, timeZone, meaning } = draft;
  const id = freshId(title, taken);
  return { kind: 'read', work: { id, title: title.trim(), timeZone, meaning, when: whenOf(draft) } };
}

function whenOf(draft: Draft): When {
  if (draft.kind === 'once') return { kind: 'once', from: draft.from, to: draft.to };
  const weekdays = [...draft.weekdays].sort((a, b) => a - b);
  return { kind: 'weekly', weekdays, from: draft.clock, minutes: Number(draft.minutes) };
}

function draftErrors(draft: Draft): DraftErrors {
  const minutes = Number(draft.minutes);
  const shared = {
    ...(draft.title.trim() === '' ? { title: 'Say in a few words what is done.' } : {}),
    ...(isTimeZone(draft.timeZone) ? {} : { timeZone: 'Choose one from the list, as Europe/Berlin.' }),
  };
  if (draft.kind === 'once') {
    return {
      ...shared,
      ...(draft.from === '' ? { from: 'Enter the day and the time it begins.' } : {}),
      // Both are local times of one zone, so their texts compare as the times do.
      ...(draft.to === '' || draft.to <= draft.from ? { to: 'Enter an end after the beginning.' } : {}),
    };
  }
  return {
    ...shared,
    ...(draft.weekdays.length === 0 ? { weekdays: 'Choose at least one day.' } : {}),
    ...(draft.clock === '' ? { clock: 'Enter the time it begins.' } : {}),
    ...(Number.isInteger(minutes) && minutes >= 1 && minutes <= 1_440 ? {} : { minutes: 'Enter 1 to 1,440 minutes.' }),
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** The API names windows by a slug: one from the title, so that the audit log can be read. */
function freshId(title: string, taken: readonly string[]): string {
  const slug =
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 30) || 'work';
  if (!taken.includes(slug)) return slug;
  let n = 2;
  while (taken.includes(`${slug}-${n}`)) n += 1;
  return `${slug}-${n}`;
}
