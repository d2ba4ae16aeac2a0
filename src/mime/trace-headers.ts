/** What we prepend to a message when we pass it on; the message below stays as it is (P3). Deterministic: a repeat is the same bytes. */
import type { Address } from '../core/address.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import { formatDateField } from './date-field.ts';

export type Trace = {
  readonly messageId: MessageId;
  readonly clientId: ClientId;
  readonly serviceHost: string;
  /** as the peer gave it: anything at all */
  readonly helo: string;
  /** `''` when not known: what our own users write has none */
  readonly remoteIp: string;
  readonly recipient: Address;
  /** epoch ms */
  readonly receivedAt: number;
};

// RFC 5322 §2.1.1: lines of at most 78, as far as the words allow.
const MAX_LINE = 78;
// RFC 1035 §2.3.4; a longer greeting is there to fill somebody's line buffer.
const MAX_HOST = 255;
// The longest text form of an IPv6 address with an embedded IPv4 one (INET6_ADDRSTRLEN - 1).
const MAX_IP = 45;

/** RFC 5321 §4.4 and our own trace, by which we know the message again. UTF-8 only where the recipient is (RFC 6531). */
export function traceHeaders(trace: Trace): Uint8Array {
  return encode([receivedField(trace), traceField(trace)]);
}

/** For the copy that goes to its own writer: a server rule can file it under Sent by the mark. */
export function sentCopyHeaders(trace: Trace): Uint8Array {
  return encode(['X-Breakwater-Sent: yes', receivedField(trace), traceField(trace)]);
}

function receivedField({ helo, remoteIp, serviceHost, messageId, recipient, receivedAt }: Trace): string {
  const ip = harmless(remoteIp, MAX_IP);
  return fold([
    'Received:',
    'from',
    harmless(helo, MAX_HOST) || 'unknown',
    ...(ip === '' ? [] : [`([${ip.includes(':') ? `IPv6:${ip}` : ip}])`]),
    'by',
    harmless(serviceHost, MAX_HOST) || 'unknown',
    '(Breakwater)',
    'with',
    'ESMTP',
    'id',
    harmless(messageId, MAX_HOST),
    'for',
    `<${recipient.text}>;`,
    formatDateField(receivedAt),
  ]);
}

function traceField({ clientId, messageId }: Trace): string {
  return fold(['X-Breakwater-Trace:', `${harmless(clientId, MAX_HOST)}/${harmless(messageId, MAX_HOST)}`]);
}

/** Greeting and address come from strangers: nothing survives that could end the line, the comment or the field (header injection). */
function harmless(text: string, maxLength: number): string {
  return text.replace(/[^A-Za-z0-9.:_-]/g, '').slice(0, maxLength);
}

/** The words of one field, in lines that fit as far as the words allow. */
export function fold(words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length >= MAX_LINE) {
      lines.push(line);
      line = `\t${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\r\n');
}

function encode(fields: readonly string[]): Uint8Array {
  return new TextEncoder().encode(fields.map((field) => `${field}\r\n`).join(''));
}
