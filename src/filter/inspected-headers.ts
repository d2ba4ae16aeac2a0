/** The outermost header block as rules and scores read it: every field, every From. */
import type { HeaderFacts, Party } from '../core/message-facts.ts';
import { displayText } from '../mime/display-text.ts';
import type { HeaderFacts as WalkedHeaders } from '../mime/facts.ts';
import type { HeaderField } from '../mime/header-block.ts';
import { everyValue, readMailboxes } from '../mime/header-facts.ts';

// Honest messages have 20 to 80; a rule over a hundred thousand would be asked a hundred thousand times.
const MAX_FIELDS = 200;
const MAX_VALUE = 2_000;

export function inspectHeaders(fields: readonly HeaderField[], walked: WalkedHeaders): HeaderFacts {
  const { subject, to, cc, messageId, dateMs, receivedCount, isReply, isAutomatic } = walked;
  return {
    subject,
    from: parties(fields, 'from'),
    replyTo: parties(fields, 'reply-to'),
    to,
    cc,
    ...(messageId === undefined ? {} : { messageId }),
    ...(dateMs === undefined ? {} : { dateMs }),
    receivedCount,
    isReply,
    isAutomatic,
    fields: fields.slice(0, MAX_FIELDS).map(({ name, value }) => ({ name, value: displayText(value, MAX_VALUE) })),
  };
}

/** Each field by itself: one that is broken must not swallow the next. */
function parties(fields: readonly HeaderField[], name: string): readonly Party[] {
  return everyValue(fields, name)
    .flatMap((value) => readMailboxes(value))
    .slice(0, MAX_PARTIES);
}

// As many as a reader takes from one field (mime/header-facts.ts).
const MAX_PARTIES = 50;
