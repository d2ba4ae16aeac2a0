/**
 * DNS over HTTPS in its JSON form, as Cloudflare, Google and others serve it: a question to resolvers that are not our own. Bounded in time
 * and size, and never throws.
 */
import { z } from 'zod';
import type { Resolution } from '../core/resolution.ts';
import { BoundedBytes } from '../mime/bounded-bytes.ts';

// Public resolvers give up on dead name servers after a second or two of their own.
const ANSWER_MS = 3_000;
// A few addresses are some hundred bytes. A resolver's answer holds what a stranger's zone says, which must not fill our memory.
const MAX_ANSWER_BYTES = 65_536;
// More addresses than these are asked for by nobody.
const MAX_ADDRESSES = 16;

// RFC 1035 §3.2.2 and §4.1.1, RFC 3596 §2.1
const TYPES = { A: 1, AAAA: 28 } as const;
const NOERROR = 0;
const NXDOMAIN = 3;

type RecordType = keyof typeof TYPES;

const answerSchema = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).default([]),
});

/** Asks every one of `urls` for A and AAAA of a host, side by side. */
export function createResolvers(
  urls: readonly string[],
  answerMs = ANSWER_MS,
): (host: string) => Promise<readonly Resolution[]> {
  return (host) => Promise.all(urls.map((url) => resolve(url, host, answerMs)));
}

async function resolve(url: string, host: string, answerMs: number): Promise<Resolution> {
  const late = AbortSignal.timeout(answerMs);
  const [v4, v6] = await Promise.all([
    ask(questionFor(url, host, 'A'), 'A', late),
    ask(questionFor(url, host, 'AAAA'), 'AAAA', late),
  ]);
  const addresses = [v4, v6].flatMap((one) => (one.kind === 'addresses' ? one.addresses : []));
  if (addresses.length > 0) return { kind: 'addresses', addresses: addresses.slice(0, MAX_ADDRESSES) };
  const trouble = [v4, v6].find(({ kind }) => kind === 'failed') ?? [v4, v6].find(({ kind }) => kind === 'silent');
  return trouble ?? { kind: 'no-such-host' };
}

function questionFor(url: string, host: string, type: RecordType): URL {
  const question = new URL(url);
  question.searchParams.set('name', host);
  question.searchParams.set('type', type);
  return question;
}

async function ask(question: URL, type: RecordType, late: AbortSignal): Promise<Resolution> {
  try {
    const response = await fetch(question, {
      headers: { accept: 'application/dns-json' },
      redirect: 'manual',
      signal: late,
    });
    const text = await boundedText(response);
    return response.status === 200 && text !== undefined ? readAnswer(text, type) : { kind: 'silent' };
  } catch {
    // Of a resolver that cannot be reached nothing is learned about the host; one that is late was asked, and had no answer.
    return { kind: late.aborted ? 'failed' : 'silent' };
  }
}

/** An alias without an address of the type asked for is an answer without addresses, as is NXDOMAIN. */
function readAnswer(text: string, type: RecordType): Resolution {
  const { Status: status, Answer: records } = answerSchema.parse(JSON.parse(text));
  if (status === NXDOMAIN) return { kind: 'no-such-host' };
  if (status !== NOERROR) return { kind: 'failed' };
  const addresses = records.filter((record) => record.type === TYPES[type]).map(({ data }) => data);
  return addresses.length > 0 ? { kind: 'addresses', addresses } : { kind: 'no-such-host' };
}

/** undefined when it is too large to be an answer */
export async function boundedText(response: Response, maxBytes = MAX_ANSWER_BYTES): Promise<string | undefined> {
  const bytes = new BoundedBytes(maxBytes);
  // Leaving the loop cancels the rest of the body.
  for await (const chunk of response.body ?? []) {
    bytes.append(chunk, 0, chunk.byteLength);
    if (bytes.overflowed) return undefined;
  }
  return new TextDecoder().decode(bytes.view());
}
