/** The few facts of a message that its ledger row carries and its mailbox entry shows. */
import type { Summary } from '../core/ledger.ts';
import type { ContentFacts } from '../mime/facts.ts';

// For the list; the opened message tells all of them. A stranger must not decide how large our rows are.
const MAX_SHOWN = 20;

export function summarise(facts: ContentFacts): Summary {
  const { headers } = facts;
  return {
    subject: headers.subject,
    fromName: headers.from?.name ?? '',
    fromAddress: headers.from?.address ?? '',
    to: headers.to.slice(0, MAX_SHOWN),
    cc: headers.cc.slice(0, MAX_SHOWN),
    ...(headers.dateMs === undefined ? {} : { dateMs: headers.dateMs }),
    ...(headers.messageId === undefined ? {} : { headerMessageId: headers.messageId }),
    preview: facts.preview,
    attachmentCount: facts.parts.filter((part) => part.isAttachment).length,
    partCount: facts.parts.length,
    shortfalls: facts.shortfalls,
    ...(headers.isAutomatic ? { isAutomatic: true } : {}),
  };
}
