/** The fields of the outermost header block → what lists, filters and the ledger know of a message. Never throws. */
import { type Address, addressParser } from 'postal-mime';
import { parseDateField } from './date-field.ts';
import { displayText, oneLine, unicodeOf } from './display-text.ts';
import type { HeaderFacts, Mailbox } from './facts.ts';
import { firstValue, type HeaderField } from './header-block.ts';

// The limits keep a row small whatever a stranger writes: the facts stand in the ledger and in the index.
const MAX_SUBJECT = 500;
const MAX_NAME = 200;
const MAX_ADDRESS = 320;
const MAX_MAILBOXES = 50;
const MAX_MESSAGE_ID = 998;
const MAX_TRACES = 60;
const MAX_TRACE = 200;
// 50 mailboxes fit four times over; a list of 256 KiB would be parsed only to be cut.
const MAX_ADDRESS_LIST = 65_536;

export function readHeaderFacts(fields: readonly HeaderField[]): HeaderFacts {
  const messageId = readMessageId(firstValue(fields, 'message-id'));
  const inReplyTo = readMessageId(firstValue(fields, 'in-reply-to'));
  const [from] = readMailboxes(firstValue(fields, 'from') ?? '');
  const dateMs = parseDateField(firstValue(fields, 'date') ?? '');
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    isReply: ['in-reply-to', 'references'].some((name) => (firstValue(fields, name) ?? '') !== ''),
    isAutomatic: isAutomatic(firstValue(fields, 'auto-submitted')),
    subject: displayText(firstValue(fields, 'subject') ?? '', MAX_SUBJECT),
    ...(from === undefined ? {} : { from }),
    to: readMailboxes(everyValue(fields, 'to').join(', ')),
    cc: readMailboxes(everyValue(fields, 'cc').join(', ')),
    ...(dateMs === undefined ? {} : { dateMs }),
    receivedCount: fields.filter(({ name }) => name === 'received').length,
    traces: readTraces(fields),
    isMarkedSent: fields.some(({ name }) => name === 'x-breakwater-sent'),
  };
}

/** The first `<…>`; else what is there, as long as it is one word (some programs leave the brackets out). */
function readMessageId(value: string | undefined): string | undefined {
  const text = oneLine(unicodeOf(value?.slice(0, MAX_MESSAGE_ID) ?? ''), MAX_MESSAGE_ID);
  const id = /<[^<>\s]+>/.exec(text)?.[0] ?? text;
  return id === '' || /\s/.test(id) ? undefined : id;
}

/** RFC 3834 §5: a keyword, then perhaps parameters or a comment; the keyword "no" is a person. */
function isAutomatic(value = ''): boolean {
  const keyword = value.split(/[\s;(]/, 1)[0] ?? '';
  return value !== '' && keyword.toLowerCase() !== 'no';
}

/** RFC 5322 §3.6 allows one To and one Cc; where a sender writes several, all were meant. */
export function everyValue(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value);
}

export function readMailboxes(list: string): readonly Mailbox[] {
  if (list === '') return [];
  return parseAddressList(unicodeOf(list.slice(0, MAX_ADDRESS_LIST)))
    .flatMap((entry) => entry.group ?? [entry])
    .slice(0, MAX_MAILBOXES)
    .map(({ name, address }) => ({ name: oneLine(name, MAX_NAME), address: oneLine(address, MAX_ADDRESS) }));
}

/** The parser is not ours: should a list of a stranger's break it, the message still has to come in (P2). */
function parseAddressList(list: string): readonly Address[] {
  try {
    return addressParser(list);
  } catch {
    return [{ name: list, address: '' }];
  }
}

/** The first word: a message whose first line begins with a blank continues the field above it. */
function readTraces(fields: readonly HeaderField[]): readonly string[] {
  return fields
    .filter(({ name }) => name === 'x-breakwater-trace')
    .slice(0, MAX_TRACES)
    .map(({ value }) => oneLine(value, MAX_TRACE).split(' ', 1)[0] ?? '');
}
