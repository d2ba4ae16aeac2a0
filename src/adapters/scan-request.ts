/** One POST of a message to a scanner behind HTTP, and its JSON answer: bounded, and never led elsewhere. */
import { type OutwardUrlPolicy, outwardUrlProblem } from '../core/outward-url.ts';
import { failed, type ScanAnswer } from '../core/scanner-answers.ts';
import type { ScanSubject } from '../pipeline/scanner.ts';
import { BYTES_GONE } from './bounded-scan.ts';
import { boundedText } from './resolver.ts';

export type ScanRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly policy: OutwardUrlPolicy;
  readonly late: AbortSignal;
  /** undefined: the answer is none */
  readonly read: (json: unknown) => ScanAnswer | undefined;
};

// rspamd names each of its symbols with what it saw; the longest seen was 30 KB.
const MAX_ANSWER_BYTES = 262_144;

export async function askByPost(subject: ScanSubject, request: ScanRequest): Promise<ScanAnswer> {
  // Checked when it was set as well; the policy may have been changed since.
  const problem = outwardUrlProblem(request.url, request.policy);
  if (problem !== undefined) return failed(`not asked: ${problem.detail}`);
  const content = await subject.content();
  if (content === undefined) return BYTES_GONE;
  const response = await post(content, subject.sizeBytes, request).catch(() => undefined);
  // The platform's own words may hold the URL, and with it a secret.
  if (response === undefined) return failed('no connection');
  if (response.status !== 200) {
    await response.body?.cancel();
    return failed(`it answered HTTP ${response.status}`);
  }
  const text = await boundedText(response, MAX_ANSWER_BYTES);
  if (text === undefined) return failed('its answer has no end');
  return request.read(parsed(text)) ?? failed('its answer cannot be understood');
}

async function post(
  content: Uint8Array | ReadableStream<Uint8Array>,
  sizeBytes: number,
  { url, headers, late }: ScanRequest,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: content instanceof Uint8Array ? content : ofLength(content, sizeBytes),
    headers: { 'user-agent': 'Breakwater', 'content-type': 'message/rfc822', ...headers },
    // A redirect could lead where the URL itself may not, and it would carry the message and the secret along.
    redirect: 'manual',
    signal: late,
  });
}

/** With its length said, or it would go out in chunks, which not every scanner reads. */
function ofLength(content: ReadableStream<Uint8Array>, sizeBytes: number): ReadableStream<Uint8Array> {
  const { readable, writable } = new FixedLengthStream(sizeBytes);
  // What goes wrong here fails the request as well.
  content.pipeTo(writable).catch(() => undefined);
  return readable;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a header can carry. An address or a greeting with more in it loses that; the scanner reads the message all the same. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, '?').trim();
}
