/** What a person may type for the pace of a replay. Pure. */
import type { Plan } from './replay-api.ts';

/** As a form holds it. `megabytes` empty: no limit */
export type PaceDraft = {
  readonly messages: string;
  readonly megabytes: string;
  readonly connections: string;
  readonly start: Plan['start'];
};

export type PaceErrors = Readonly<Partial<Record<keyof PaceDraft, string>>>;
export type ReadPace =
  | { readonly kind: 'read'; readonly plan: Plan }
  | { readonly kind: 'wrong'; readonly errors: PaceErrors };

/** The API's own bounds (src/pipeline/settings.ts), so that a slip is seen at the field. */
const LEAST_BYTES = 5_242_880;
const MOST_BYTES = 10_000_000_000;
const MOST_MESSAGES = 60_000;
export const CONNECTIONS = ['1', '2', '3', '4', '5', '6'] as const;
const MEGABYTE = 1_000_000;

export function paceDraft({ messagesPerMinute, bytesPerMinute, connections, start }: Plan): PaceDraft {
  return {
    messages: String(messagesPerMinute),
    megabytes: bytesPerMinute === null ? '' : String(bytesPerMinute / MEGABYTE),
    connections: String(connections),
    start,
  };
}

export function readPace(draft: PaceDraft): ReadPace {
  const messages = numberOf(draft.messages);
  const bytes = draft.megabytes.trim() === '' ? null : Math.round(numberOf(draft.megabytes) * MEGABYTE);
  const hasMessages = messages >= 1 && messages <= MOST_MESSAGES;
  const hasBytes = bytes === null || (bytes >= LEAST_BYTES && bytes <= MOST_BYTES);
  const errors: PaceErrors = {
    ...(hasMessages ? {} : { messages: `Enter 1 to ${MOST_MESSAGES.toLocaleString('en')} messages a minute.` }),
    ...(hasBytes ? {} : { megabytes: 'Enter 5.3 to 10,000 MB a minute, or leave it empty for no limit.' }),
  };
  if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
  return {
    kind: 'read',
    plan: {
      messagesPerMinute: messages,
      bytesPerMinute: bytes,
      connections: Number(draft.connections),
      start: draft.start,
    },
  };
}

function numberOf(text: string): number {
  const plain = text.trim().replace(',', '.');
  return plain === '' ? Number.NaN : Number(plain);
}
