/**
 * Records of the DNS by DNS over HTTPS in its JSON form, from resolvers that are not our own. Bounded in time and size, and never throws.
 */
import { z } from 'zod';
import type { LookUp, Records, RecordType } from '../pipeline/look-up.ts';
import { boundedText } from './resolver.ts';

// A public resolver gives up on dead name servers after a second or two of its own.
const ANSWER_MS = 3_000;
/** Where a message waits (pipeline/authenticate.ts): the next resolver must have its turn before the time is up. */
export const EDGE_ANSWER_MS = 1_000;
// RFC 7208 §4.6.4 lets nobody need more than ten of anything.
const MAX_RECORDS = 32;

// RFC 1035 §3.2.2, RFC 3596 §2.1
const TYPES = { A: 1, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const satisfies Readonly<Record<RecordType, number>>;
const NOERROR = 0;
const NXDOMAIN = 3;

const answerSchema = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).default([]),
});

/** Asks one after another of `urls` until one can say. */
export function createLookUp(urls: readonly string[], answerMs = ANSWER_MS): LookUp {
  return async (name, type) => {
    for (const url of urls) {
      const said = await ask(url, { name, type }, answerMs);
      if (said.kind !== 'failed') return said;
    }
    return { kind: 'failed' };
  };
}

type Question = { readonly name: string; readonly type: RecordType };

async function ask(url: string, { name, type }: Question, answerMs: number): Promise<Records> {
  const question = new URL(url);
  question.searchParams.set('name', name);
  question.searchParams.set('type', type);
  try {
    const response = await fetch(question, {
      headers: { accept: 'application/dns-json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
    });
    const text = await boundedText(response);
    return response.status === 200 && text !== undefined ? readAnswer(text, type) : { kind: 'failed' };
  } catch {
    return { kind: 'failed' };
  }
}

function readAnswer(text: string, type: RecordType): Records {
  const { Status: status, Answer: answer } = answerSchema.parse(JSON.parse(text));
  if (status === NXDOMAIN) return { kind: 'none' };
  if (status !== NOERROR) return { kind: 'failed' };
  // Aliases on the way to the answer stand beside it.
  const ours = answer.filter((record) => record.type === TYPES[type]).slice(0, MAX_RECORDS);
  const records = ours.map(({ data }) => (type === 'TXT' ? textOf(data) : data.replace(/\.$/, '')));
  return records.length === 0 ? { kind: 'none' } : { kind: 'records', records };
}

/** As in a zone file (RFC 1035 §5.1): quoted strings, or one without quotes. */
function textOf(data: string): string {
  if (!data.startsWith('"')) return data;
  const strings = data.match(/"(?:[^"\\]|\\.)*"/gs) ?? [];
  return strings
    .map((quoted) =>
      quoted
        .slice(1, -1)
        .replace(/\\(\d{3}|.)/gs, (_, escaped: string) =>
          escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped,
        ),
    )
    .join('');
}
