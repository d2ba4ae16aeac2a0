/** What both sides show of the quarantine, an admin's and a person's own. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { Quarantined, QuarantinedMessage, QuarantinePage } from '../pipeline/quarantine-port.ts';
import type { HttpNeeds } from './needs.ts';
import { problem } from './problem.ts';
import { contentOf, readStored } from './stored-message.ts';

const moment = z.coerce.number().int().min(0).optional();

/** `fromMs` on, before `toMs`; `before`: the `next` of the page before */
export const quarantineQuery = z.object({
  recipient: z.string().max(320).optional(),
  fromMs: moment,
  toMs: moment,
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function shownPage({ messages, next }: QuarantinePage) {
  return { messages: messages.map(shown), next: next === undefined ? null : String(next) };
}

export async function shownContent(message: QuarantinedMessage, needs: Pick<HttpNeeds, 'contents'>) {
  const { to, cc, dateMs = null } = message;
  return { ...shown(message), to, cc, dateMs, ...contentOf(await readStored(message, needs)) };
}

/** Our keys of the store are nobody's business. */
function shown(message: Quarantined) {
  const { id, direction, from, recipient, subject, sizeBytes, reason, ruleId, cause, spamScore, mayRelease } = message;
  return {
    id,
    direction,
    from,
    recipient,
    subject,
    receivedAtMs: message.receivedAt,
    sizeBytes,
    reason,
    ruleId,
    cause,
    spamScore,
    mayRelease,
    deletableFromMs: message.deletableFrom,
  };
}

/** Whoever takes a file out of the quarantine has been told what it may be: no link that somebody else made does it by itself. */
export function isWarned(context: Context): boolean {
  return context.req.query('warned') === 'yes';
}

export function notWarned(context: Context): Response {
  return problem(context, {
    status: 409,
    title: 'This file may be dangerous',
    detail: 'It belongs to a message in quarantine. Opened, it may do harm to this computer and to others.',
    fix: 'Say that you know: add "?warned=yes". Do not open it on a computer that matters.',
  });
}
