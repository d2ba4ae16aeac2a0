/** The few facts of a message that its ledger row carries and its mailbox entry shows. */
import type { Summary } from '../core/ledger.ts';
import type { ContentFacts } from '../mime/facts.ts';

export function summarise(facts: ContentFacts): Summary {
  const { headers } = facts;
  return {
    subject: headers.subject,
    fromName: headers.from?.name ?? '',
    fromAddress: headers.from?.address ?? '',
    to: headers.to,
    cc: headers.cc,
    ...(headers.dateMs === undefined ? {} : { dateMs: headers.dateMs }),
    ...(headers.messageId === undefined ? {} : { headerMessageId: headers.messageId }),
    preview: facts.preview,
    attachmentCount: facts.parts.filter((part) => part.isAttachment).length,
    partCount: facts.parts.length,
    shortfalls: facts.shortfalls,
  };
}
