/** What a reply starts from: who gets it, its subject, and the quoted text. Pure. */
import { fullTime } from '../shared/format.ts';
import type { Message, Person } from './api.ts';
import { addRecipients, nameOf, sameKey } from './recipients.ts';
import type { Answer } from './route.ts';

/** What is being written, before it is sent. */
export type Draft = {
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  readonly subject: string;
  readonly text: string;
};

export const EMPTY_DRAFT: Draft = { to: [], cc: [], bcc: [], subject: '', text: '' };

export function answerDraft(message: Message, kind: Answer['kind'], myAddress: string): Draft {
  return {
    ...answerRecipients(message, kind, myAddress),
    bcc: [],
    subject: answerSubject(message.subject),
    text: quoted(message),
  };
}

function answerRecipients(message: Message, kind: Answer['kind'], myAddress: string): Pick<Draft, 'to' | 'cc'> {
  const replyTo = message.replyTo ?? [];
  // Answering what I sent goes on talking to the people I wrote to, not to myself.
  const mine = message.folder === 'sent';
  const partners = mine ? message.to : replyTo.length > 0 ? replyTo : [message.from];
  if (kind === 'reply') return { to: addRecipients([], partners), cc: [] };
  const me = myAddress.toLowerCase();
  const others = (people: readonly Person[]): readonly Person[] => people.filter((person) => sameKey(person) !== me);
  const to = addRecipients(addRecipients([], partners), mine ? [] : others(message.to));
  const inTo = new Set(to.map(sameKey));
  return { to, cc: addRecipients([], others(message.cc)).filter((person) => !inTo.has(sameKey(person))) };
}

function answerSubject(subject: string): string {
  return /^re:/i.test(subject.trim()) ? subject.trim() : `Re: ${subject.trim()}`;
}

/** Two empty lines for the answer, then the attribution, then the original with `> ` before each line (RFC 3676 §4.5). */
function quoted(message: Message): string {
  if (message.text === null || message.text.trim() === '') return '';
  const lines = message.text.trimEnd().split(/\r?\n/);
  const quote = lines.map((line) => (line.startsWith('>') || line === '' ? `>${line}` : `> ${line}`)).join('\n');
  return `\n\nOn ${fullTime(message.dateMs ?? message.receivedAtMs)}, ${nameOf(message.from)} wrote:\n${quote}\n`;
}
