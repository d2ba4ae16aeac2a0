/** Signs a message for a domain (RFC 6376, RFC 8463): the DKIM-Signature field to prepend. */
import { type Coverage, signedField } from './relaxed-signature.ts';
import type { SigningKey } from './signing-key.ts';
import { type Digested, SmtpLines } from './smtp-lines.ts';

/**
 * `at`: epoch ms. The bytes are read to their end, and signed as SMTP carries them. Throws for a message that cannot be signed, and
 * when its stream fails: it leaves unsigned then, or not at all; that is for the caller to say.
 */
export async function dkimSignature(
  message: Uint8Array | ReadableStream<Uint8Array>,
  key: SigningKey,
  at: number,
): Promise<Uint8Array> {
  const field = signedField('DKIM-Signature', tagsOf(key, at), await digest(message), { ...COVERAGE, ...key });
  return Buffer.from(field, 'latin1');
}

export async function digest(message: Uint8Array | ReadableStream<Uint8Array>): Promise<Digested> {
  const lines = new SmtpLines();
  if (message instanceof Uint8Array) lines.write(message);
  else for await (const chunk of message) lines.write(chunk);
  return lines.end();
}

/** The fields a reader sees or answers by (RFC 6376 §5.4.1), and those that say how the body is read. */
export const CONTENT_FIELDS = [
  'from',
  'sender',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'to',
  'cc',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'in-reply-to',
  'references',
] as const;

// A second From, Subject or To of an attacker's would be what the reader is shown, under a signature that still holds (§8.15); a
// Content-Type that was not there would change what the body is. Threading cannot deceive: lists add to it.
const COVERAGE: Coverage = {
  signed: CONTENT_FIELDS,
  oversigned: new Set([
    'from',
    'sender',
    'reply-to',
    'subject',
    'date',
    'message-id',
    'to',
    'cc',
    'mime-version',
    'content-type',
    'content-transfer-encoding',
  ]),
};

function tagsOf({ algorithm, domain, selector }: SigningKey, at: number) {
  return [
    ['v', '1'],
    ['a', algorithm],
    ['c', 'relaxed/relaxed'],
    ['d', domain],
    ['s', selector],
    ['t', String(Math.floor(at / 1000))],
  ] as const;
}
