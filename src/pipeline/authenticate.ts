/**
 * Whether a sender is who it says it is: what the platform found on arrival, where these are certainly its words, else what we find
 * ourselves by DNS. Beside the other work of the filter, bounded in time, and never a throw: what nobody could say is `temperror`.
 */
import { authenticationOf, cameByPlatform } from '../core/authentication.ts';
import { type AuthenticationFacts, type EnvelopeFacts, NOT_AUTHENTICATED } from '../core/message-facts.ts';
import { problemOf } from '../core/problem-of.ts';
import { platformRemoteIp, platformResults, type ResultList } from '../mime/authentication-results.ts';
import { authorAlone, checkMessage, isTooDear } from '../mime/message-checks.ts';
import { headerOf, rawFields } from '../mime/raw-fields.ts';
import { type AskedFor, askFor } from './dns-for-message.ts';
import type { LookUp } from './look-up.ts';
import type { ScanSubject } from './scanner.ts';

export type AuthenticationSubject = Pick<ScanSubject, 'direction' | 'envelope' | 'content'>;

export type AuthenticateNeeds = {
  /** none: nobody can be asked, and only the platform's words count */
  readonly lookUp: LookUp | undefined;
  readonly now: () => number;
  readonly startTimer: (ms: number) => { readonly expired: Promise<void>; readonly cancel: () => void };
  readonly trouble: (problem: string) => void;
};

// Senders' name servers answer within half a second. Mail waits for this, and a sender's zone may be slow on purpose.
const LIMIT_MS = 2_000;

export async function authenticate(
  subject: AuthenticationSubject,
  needs: AuthenticateNeeds,
): Promise<AuthenticationFacts> {
  // Our own people have logged in.
  if (subject.direction === 'outbound') return NOT_AUTHENTICATED;
  if (needs.lookUp === undefined && !cameByPlatform(subject.envelope)) return NOT_AUTHENTICATED;
  const check: Check = { found: [], isLate: false };
  const { expired, cancel } = needs.startTimer(LIMIT_MS);
  try {
    return await Promise.race([
      run(subject, check, needs),
      expired.then(() => authenticationOf('own', check.found, 'temperror')),
    ]);
  } catch (problem) {
    needs.trouble(problemOf(problem));
    return authenticationOf('own', check.found, 'temperror');
  } finally {
    check.isLate = true;
    cancel();
  }
}

/** `found` grows while it runs: what is known when the time is up counts. */
type Check = { found: readonly string[]; isLate: boolean };

async function run(
  { envelope, content }: AuthenticationSubject,
  check: Check,
  needs: AuthenticateNeeds,
): Promise<AuthenticationFacts> {
  const bytes = await content();
  if (bytes === undefined) return NOT_AUTHENTICATED;
  const chunks = chunksOf(bytes, check);
  try {
    const { fields, held } = await readHeader(chunks);
    const arrived = cameByPlatform(envelope) ? platformResults(fields) : undefined;
    if (arrived !== undefined) return byPlatform(arrived, platformRemoteIp(fields));
    if (needs.lookUp === undefined) return NOT_AUTHENTICATED;
    const asked = askFor(needs.lookUp, needs.now);
    // Many signatures are many times the work. The author is judged without them: they must not hide that it fails.
    const isDear = isTooDear(fields);
    const checks = await (isDear
      ? checkMessage(authorAlone(fields), [], asked)
      : checkMessage(both(held, chunks), fields, asked));
    check.found = isDear ? ['dkim=policy'] : checks.content.dkim;
    const rest = await checks.envelope(envelope);
    return certain(authenticationOf('own', [...check.found, ...rest], 'unknown'), envelope, asked);
  } finally {
    // What is not read of a message in the store is let go.
    await chunks.return(undefined);
  }
}

function byPlatform(results: ResultList, remoteIp: string): AuthenticationFacts {
  const facts = authenticationOf('platform', results, 'unknown');
  return remoteIp === '' ? facts : { ...facts, remoteIp };
}

/** A failure for want of an answer, or of the sender's address, is none: somebody's rule may reject what fails. */
function certain(facts: AuthenticationFacts, { remoteIp }: EnvelopeFacts, asked: AskedFor): AuthenticationFacts {
  if (facts.dmarc === 'unknown') return { ...facts, dmarc: 'permerror' };
  if (facts.dmarc !== 'fail') return facts;
  if (asked.troubled()) return { ...facts, dmarc: 'temperror' };
  return remoteIp === '' ? { ...facts, dmarc: 'unknown' } : facts;
}

type Bytes = Uint8Array | ReadableStream<Uint8Array>;

async function* chunksOf(content: Bytes, check: Check): AsyncGenerator<Uint8Array> {
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    // Nobody waits any more.
    if (check.isLate) return;
    yield chunk;
  }
}

// Of a message held whole only its header is looked at here, not what follows in the same chunk.
const PIECE_BYTES = 16_384;
// Twice what the walker reads of a header (mime/walk-limits.ts): one that never ends is not read to its end.
const MAX_HEADER_BYTES = 524_288;

async function readHeader(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ readonly fields: readonly string[]; readonly held: readonly Uint8Array[] }> {
  const held: Uint8Array[] = [];
  let text = '';
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    held.push(next.value);
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
      text += chunk.toString('latin1', at, at + PIECE_BYTES);
      const header = headerOf(text);
      if (header !== undefined) return { fields: rawFields(header), held };
      if (text.length > MAX_HEADER_BYTES) throw new Error(`the header is longer than ${MAX_HEADER_BYTES} bytes`);
    }
  }
  return { fields: rawFields(text), held };
}

async function* both(held: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* held;
  yield* rest;
}
