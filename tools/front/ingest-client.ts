/** `POST /ingest`: the envelope in headers, the message as the body, one recipient per request. */
import { Readable } from 'node:stream';
import { type Answer, readAnswer, TRY_LATER } from './answer.ts';
import type { HeldCopy } from './held-copy.ts';

export type IngestSettings = { readonly ingestUrl: string; readonly token: string };

export type Transaction = {
  /** without angle brackets; empty for the null reverse path */
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly helo: string;
  readonly remoteIp: string;
};

// The Worker gives up on a gateway after some 10 s; a sender waits 10 minutes for the reply to its dot (RFC 5321 §4.5.3.2.6).
const TIMEOUT_MS = 60_000;

/** Never rejects: whatever goes wrong between us and the Worker is temporary. */
export async function ingest(
  copy: HeldCopy,
  recipient: string,
  transaction: Transaction,
  settings: IngestSettings,
): Promise<Answer> {
  try {
    const response = await fetch(settings.ingestUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${settings.token}`,
        'content-type': 'message/rfc822',
        'content-length': String(copy.sizeBytes),
        'x-breakwater-mail-from': headerValue(transaction.mailFrom),
        'x-breakwater-rcpt-to': headerValue(recipient),
        'x-breakwater-helo': headerValue(transaction.helo),
        'x-breakwater-remote-ip': headerValue(transaction.remoteIp),
        'x-breakwater-recipients': String(transaction.recipients.length),
      },
      body: Readable.toWeb(copy.open()),
      duplex: 'half',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return readAnswer(response.status, await response.json());
  } catch {
    return TRY_LATER;
  }
}

/** UTF-8 addresses (RFC 6531) do not fit into a header: percent-encoded, which `decodeURIComponent` undoes; `@` stays readable. */
export function headerValue(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@');
}
