/** When a message goes back to its sender, in words; and what a person may type for it. Pure. */
import { span } from '../shared/format.ts';
import type { ExpiredMessage, Expiry } from './returns-api.ts';

export type ExpiryDraft = { readonly afterHours: string; readonly delayHours: string };
export type ReadExpiry =
  | { readonly kind: 'read'; readonly expiry: Expiry }
  | { readonly kind: 'wrong'; readonly errors: Partial<ExpiryDraft> };

// The API's own bound: a month is the longest a stored message is still news.
const MOST_HOURS = 720;
const HOUR_MS = 3_600_000;

export function expiryDraft({ afterHours, delayNoticeAfterHours }: Expiry): ExpiryDraft {
  return { afterHours: String(afterHours), delayHours: String(delayNoticeAfterHours ?? '') };
}

export function readExpiry({ afterHours, delayHours }: ExpiryDraft): ReadExpiry {
  const after = hours(afterHours);
  const delay = delayHours.trim() === '' ? null : hours(delayHours);
  const wrong = `Enter 1 to ${MOST_HOURS} hours`;
  const errors = {
    ...(after === undefined ? { afterHours: `${wrong}.` } : {}),
    ...(delay === undefined ? { delayHours: `${wrong}, or leave it empty.` } : {}),
    ...(after !== undefined && delay !== null && delay !== undefined && delay >= after
      ? { delayHours: 'Enter less than above: by then the message has gone back.' }
      : {}),
  };
  if (after === undefined || delay === undefined || Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  return { kind: 'read', expiry: { afterHours: after, delayNoticeAfterHours: delay } };
}

function hours(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && value >= 1 && value <= MOST_HOURS ? value : undefined;
}

export function expiryWords({ afterHours, delayNoticeAfterHours }: Expiry): readonly string[] {
  return [
    `When your server does not take a message for one recipient, because a mailbox is full or busy, it is tried for ${span(afterHours * HOUR_MS)}. Then it goes back to its sender, once, with the reason.`,
    delayNoticeAfterHours === null
      ? 'Until then its sender hears nothing.'
      : `After ${span(delayNoticeAfterHours * HOUR_MS)} its sender hears once that it is late, unless the recipient can read it here.`,
    'While the server is down nothing goes back, however long it lasts: that time does not count.',
  ];
}

export function toldWords({ isTold, sender }: Pick<ExpiredMessage, 'isTold' | 'sender'>): string {
  if (isTold) return `${sender} was told.`;
  return sender === '' ? 'It had no sender to tell.' : `${sender} has not been told yet.`;
}
