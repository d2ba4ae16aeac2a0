/** Signs of the program that wrote the message: what it says of itself, and what only such programs leave. */

import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

export const PROGRAM_SIGNS: readonly Sign[] = [
  {
    name: 'odd-message-id',
    points: 8,
    see: ({ facts: { headers } }) => when(isOddId(headers.messageId), 'a Message-ID that no honest program makes'),
  },
  {
    name: 'nobody-addressed',
    points: 6,
    see: ({ facts: { headers } }) =>
      when(
        headers.to.filter(({ address }) => address.includes('@') && !/^undisclosed/i.test(address)).length === 0 &&
          headers.cc.length === 0 &&
          headers.from.length > 0,
        'addressed to nobody',
      ),
  },
  {
    name: 'no-message-id',
    points: 6,
    see: ({ facts: { headers } }) => when(headers.messageId === undefined && headers.from.length > 0, 'no Message-ID'),
  },
  {
    name: 'windows-message-id',
    points: 8,
    see: ({ facts: { headers } }) =>
      when(
        /@(?:WIN-[A-Z0-9]+|DESKTOP-[A-Z0-9]+|SERVER|localhost|vps[\w-]*)(?:\.localdomain)?>?$/i.test(
          headers.messageId ?? '',
        ),
        'its Message-ID is that of a program on a rented host',
      ),
  },
  {
    name: 'recipient-in-message-id',
    points: 10,
    see: ({ facts: { headers }, recipients }) =>
      when(
        recipients.some((address) => (headers.messageId ?? '').toLowerCase().includes(address)),
        'the recipient’s address is in the Message-ID',
      ),
  },
  {
    name: 'urgent-header',
    points: 4,
    see: ({ facts: { headers } }) =>
      when(
        headers.fields.some(
          ({ name, value }) =>
            (name === 'x-priority' && /^\s*[12]/.test(value)) ||
            (name === 'importance' && /high/i.test(value)) ||
            (name === 'x-msmail-priority' && /high/i.test(value)),
        ),
        'marked as urgent',
      ),
  },
  { name: 'program-forged', points: 14, see: programForged },
  { name: 'sending-script', points: 8, see: sendingScript },
];

/** RFC 5322 §3.6.4 wants something before the @ and behind it; honest programs give a name there, not the address of a stranger. */
function isOddId(id: string | undefined): boolean {
  if (id === undefined) return false;
  return !/^<[^@<>]+@[^@<>]+>$/.test(id) || /@(?:\d{1,3}\.){3}\d{1,3}>$/.test(id) || /\$0000[\da-f]{4}\$/.test(id);
}

/** Outlook and Outlook Express wrote identifiers of their own shape; whoever claims to be them and does not is another program. */
function programForged({ facts: { headers } }: Reading): string | undefined {
  const mailer = headers.fields.find(({ name }) => name === 'x-mailer')?.value ?? '';
  const id = headers.messageId ?? '';
  const isForged =
    /^Microsoft Outlook(?: Express|,? Build)/i.test(mailer) &&
    id !== '' &&
    !/^<(?:[\da-f]{8,16}\$[\da-f]{4,12}\$[\da-f]{4,12}@|[A-Z]{20,}\.|[\da-f-]{36}@|[A-F\d]{20,}|BAY|COL|SNT|DUB|[\w.+-]{20,}@(?:phx\.gbl|[\w.]*(?:hotmail|msn|outlook)))/.test(
      id,
    );
  return when(isForged, 'says it is Outlook and is not, by its Message-ID');
}

function sendingScript({ facts: { headers } }: Reading): string | undefined {
  const field = headers.fields.find(
    ({ name, value }) =>
      name === 'x-php-originating-script' ||
      name === 'x-php-script' ||
      (name === 'x-mailer' &&
        /\b(?:phpmailer|leaf ?mailer|the bat! \(v[\d.]+\) (?:unreg|ed)|sendblaster|advanced mass sender|massmail|bulk|atomic mail|group mail|mach ?10)\b/i.test(
          value,
        )),
  );
  return field === undefined ? undefined : 'sent by a program of a web site or for bulk mail';
}
