/**
 * What we say of mail that comes from the spool: Authentication-Results, sealed over its bytes (RFC 8601, RFC 8617), so that the
 * client's filter need not judge a message of yesterday by the address that brings it today. Never holds a message up: what cannot
 * be said is left out.
 */
import { cameByPlatform } from '../core/authentication.ts';
import type { NewEntry } from '../core/ledger.ts';
import { problemOf } from '../core/problem-of.ts';
import { arcSet, type ChainState } from '../mime/arc-seal.ts';
import { platformResults, type ResultList, resultsValue } from '../mime/authentication-results.ts';
import { type Bringer, type Checks, checkMessage, isTooDear } from '../mime/message-checks.ts';
import type { SigningKey } from '../mime/signing-key.ts';
import { type Digested, SmtpLines } from '../mime/smtp-lines.ts';
import { withPrefixedSubject } from '../mime/subject-prefix.ts';
import type { Outgoing } from '../smtp/session-types.ts';
import type { Body } from './deliver.ts';
import { askFor } from './dns-for-message.ts';
import type { LookUp } from './look-up.ts';
import type { ReadBody, Vouch } from './parcel.ts';

export type VouchNeeds = {
  readonly serviceHost: string;
  /** none: results are given, but no seal */
  readonly key: SigningKey | undefined;
  /** none: nobody can be asked, and nothing is checked */
  readonly lookUp: LookUp | undefined;
  readonly now: () => number;
  readonly trouble: (problem: string) => void;
};

export function createVouch(needs: VouchNeeds): Vouch {
  return async (entry, read) => {
    const first = await readFirst(entry, read);
    if (first === undefined) return undefined;
    const head = await headOf(entry, first, needs).catch((problem: unknown) => {
      needs.trouble(problemOf(problem));
      return NOTHING;
    });
    const body = first instanceof Uint8Array ? first : await readAgain(first, read);
    return body === undefined ? undefined : { head, body };
  };
}

/** A whole backlog may have the same trouble: it is told of, not counted. */
export function onceAnHour(now: () => number, tell: (problem: string) => void): (problem: string) => void {
  let toldAt = 0;
  return (problem) => {
    if (now() - toldAt < HOUR_MS) return;
    toldAt = now();
    tell(problem);
  };
}

const HOUR_MS = 3_600_000;
const NOTHING = new Uint8Array();

// Held whole, a message is read from the store once. Times the connections of a replay this stays far below an isolate's memory.
const MAX_HELD_BYTES = 262_144;

async function readFirst({ sizeBytes }: NewEntry, read: ReadBody): Promise<Body | undefined> {
  const body = await read();
  if (body === undefined || body instanceof Uint8Array || sizeBytes > MAX_HELD_BYTES) return body;
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** What was not read to its end is let go, or the store would hold it open for us. */
async function readAgain(first: ReadableStream<Uint8Array>, read: ReadBody): Promise<Body | undefined> {
  if (!first.locked) await first.cancel().catch(() => undefined);
  return read();
}

async function headOf(entry: NewEntry, body: Body, needs: VouchNeeds): Promise<Outgoing['head']> {
  const { message: received, results, chain } = await judge(entry, body, needs);
  // Judged as it came, sealed as it goes (RFC 8617 §5.1).
  const message = { ...received, fields: withPrefixedSubject(received.fields, entry.marks?.subjectPrefix ?? '') };
  const value = resultsValue(needs.serviceHost, results);
  const said = `Authentication-Results: ${value}\r\n`;
  return Buffer.from(`${sealed(message, { results: value, chain }, needs)}${said}`, 'latin1');
}

/** A message that cannot be sealed (it has no From) still carries what was found. */
function sealed(
  message: Digested,
  said: { readonly results: string; readonly chain: ChainState },
  { key, now, trouble }: VouchNeeds,
): string {
  if (key === undefined) return '';
  try {
    return arcSet(message, { ...said, at: now() }, key) ?? '';
  } catch (problem) {
    trouble(problemOf(problem));
    return '';
  }
}

type Judged = { readonly message: Digested; readonly results: ResultList; readonly chain: ChainState };

async function judge(entry: NewEntry, body: Body, needs: VouchNeeds): Promise<Judged> {
  const lines = new SmtpLines();
  const chunks = chunksOf(body, lines);
  const held = await headerOf(chunks, lines);
  const fields = lines.fields();
  const isOurs = entry.submissionId !== undefined;
  const isChecked = needs.lookUp !== undefined && !isOurs && !isTooDear(fields);
  const whole = both(held, chunks);
  const checks = isChecked
    ? await checkMessage(whole, fields, askFor(needs.lookUp, needs.now))
    : await unchecked(chunks, needs);
  const chain = checks?.content.chain ?? (fields.some((field) => /^arc-/i.test(field)) ? 'unknown' : 'none');
  return { message: lines.end(), chain, results: await resultsOf(entry, fields, checks) };
}

/** On arrival the sender's keys and addresses were those of the day: what the platform found then counts before what is found now. */
async function resultsOf(entry: NewEntry, fields: readonly string[], checks: Checks | undefined): Promise<ResultList> {
  if (entry.submissionId !== undefined) return [writtenHere(entry.reversePath)];
  const arrived =
    cameByPlatform(entry.origin) && checks?.content.chain !== 'fail' ? platformResults(fields) : undefined;
  if (arrived !== undefined) return [...arrived, ...(checks?.content.arc ?? [])];
  if (checks === undefined) return [];
  const { dkim, arc } = checks.content;
  return [...dkim.map(atTheReplay), ...(await checks.envelope(bringerOf(entry))), ...arc];
}

/** Our own user, logged in to the webmail (RFC 8601 §2.7.4). An odd address would need quoting; it stands in the envelope anyway. */
function writtenHere(author: string): string {
  return /^[\w.+-]+@[\w.-]+$/.test(author) ? `auth=pass smtp.auth=${author}` : 'auth=pass';
}

function bringerOf({ origin, reversePath }: NewEntry): Bringer {
  return { helo: origin.helo, remoteIp: origin.remoteIp, reversePath };
}

/** A key that the sender has changed since is a failure now that it was not on arrival: the filter is told when it was asked. */
function atTheReplay(result: string): string {
  return result.replace(/^dkim=[a-z]+/, '$& reason="checked at the replay"');
}

async function* chunksOf(body: Body, lines: SmtpLines): AsyncGenerator<Uint8Array> {
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    lines.write(chunk);
    yield chunk;
  }
}

/** Reads until the header is complete: what it holds decides whether the message is verified at all. */
async function headerOf(chunks: AsyncGenerator<Uint8Array>, lines: SmtpLines): Promise<readonly Uint8Array[]> {
  const held: Uint8Array[] = [];
  while (!lines.inBody) {
    const next = await chunks.next();
    if (next.done) break;
    held.push(next.value);
  }
  return held;
}

async function* both(held: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* held;
  yield* rest;
}

/** A seal is over the whole of it; without one, what the header says is all there is to say. */
async function unchecked(chunks: AsyncGenerator<Uint8Array>, { key }: VouchNeeds): Promise<undefined> {
  if (key === undefined) await chunks.return(undefined);
  else for await (const _ of chunks);
}
