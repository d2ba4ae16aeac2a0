/** What can be verified of a message that lies here: SPF of who brought it, DKIM, DMARC, and the ARC chain it carries. By mailauth. */
import { Readable } from 'node:stream';
import type { ChainState } from './arc-seal.ts';
import type { ResultList } from './authentication-results.ts';
import { mailauth } from './mailauth.ts';
import { nameOf } from './relaxed-signature.ts';

/** The shape of node:dns `resolve`, which mailauth speaks; `code` of an error: ENOTFOUND, or anything else for "nobody could say". */
export type DnsResolve = (name: string, type: string) => Promise<unknown>;

/** Who brought it; `remoteIp` is `''` when not known. `reversePath`: `''` for the null one. */
export type Bringer = { readonly remoteIp: string; readonly helo: string; readonly reversePath: string };

export type Checks = {
  /** what a message shows by itself, whenever it is read */
  readonly content: { readonly dkim: ResultList; readonly chain: ChainState; readonly arc: ResultList };
  /** SPF and DMARC; they cost more questions, and are only asked for when nobody else has the answer */
  envelope(bringer: Bringer): Promise<ResultList>;
};

// Each signature may name a body length of its own, and each is one more hash over the whole message: a message with a thousand of
// them would be a thousand times as dear. Honest mail has one to three.
const MAX_SIGNATURES = 8;
// 50 sets are allowed (RFC 8617 §4.2.1), one signature is verified for each. Honest mail has one to four.
const MAX_ARC_FIELDS = 36;

// mailauth joins what is folded line by line, each time anew: a field of 130,000 lines took it a minute. A field with a thousand addresses
// has as many lines.
const MAX_FOLDS = 4_000;

/** True when verifying would cost more than any honest message does. */
export function isTooDear(fields: readonly string[]): boolean {
  const count = (pattern: RegExp) => fields.filter((field) => pattern.test(nameOf(field))).length;
  return count(/^dkim-signature$/) > MAX_SIGNATURES || count(/^arc-/) > MAX_ARC_FIELDS || foldsIn(fields) > MAX_FOLDS;
}

/** Lines that mailauth takes for a part of the line above: folds, and whatever begins no field (RFC 5322 §3.6.8). */
function foldsIn(fields: readonly string[]): number {
  const lines = fields.flatMap((field) => field.split('\r\n'));
  return lines.filter((line) => !/^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(line)).length;
}

/** Of a message that is too dear to be verified, what its author and the author's policy can still be judged by. */
export async function* authorAlone(fields: readonly string[]): AsyncGenerator<Uint8Array> {
  const from = fields.filter((field) => nameOf(field) === 'from').map((field) => field.replaceAll('\r\n', ''));
  yield Buffer.from(`${from.join('\r\n')}\r\n\r\n`, 'latin1');
}

// A byte is one, for each signature; some 10 ns. A message of 25 MB with three signatures stays below.
const MOST_WORK = 150_000_000;
// mailauth takes the body apart into lines: 25 MB of empty ones with eight signatures would be half a minute.
const LINE_WORK = 60;
const LF = 0x0a;

/** What verifying costs, as the message goes by. */
class Work {
  readonly #signatures: number;
  #done = 0;

  constructor(fields: readonly string[]) {
    const signing = fields.filter((field) => /^(?:dkim|arc-message)-signature$/.test(nameOf(field)));
    this.#signatures = Math.max(1, signing.length);
  }

  get isTooMuch(): boolean {
    return this.#done > MOST_WORK;
  }

  add(chunk: Uint8Array): void {
    let lines = 0;
    // By index: the iterator takes eight times as long, for every message.
    for (let at = 0; at < chunk.length; at += 1) if (chunk[at] === LF) lines += 1;
    this.#done += (chunk.byteLength + lines * LINE_WORK) * this.#signatures;
  }
}

/** What comes after it has become too much is read, and verified by nobody. */
async function* affordable(chunks: AsyncIterable<Uint8Array>, work: Work): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (!work.isTooMuch) work.add(chunk);
    if (!work.isTooMuch) yield chunk;
  }
}

/**
 * `fields`: those of the chunks' header. `troubled`: asked at the end, whether a question to the DNS has found nobody who could say. The
 * chunks are read to their end, also where verifying is broken off. Throws when they do.
 */
export async function checkMessage(
  chunks: AsyncIterable<Uint8Array>,
  fields: readonly string[],
  dns: { readonly resolve: DnsResolve; readonly troubled: () => boolean },
): Promise<Checks> {
  const { dkimVerify, arc, spf, dmarc } = await mailauth();
  const resolver = (name: string, type: string) => dns.resolve(name, type) as Promise<string[][]>;
  const work = new Work(fields);
  const source = Readable.from(affordable(chunks, work), { objectMode: false });
  const verified = await dkimVerify(source, { resolver, strict: true });
  const chain = await arc(verified.arc as unknown as Parameters<typeof arc>[0], { resolver, strict: true });
  const state = work.isTooMuch ? 'unknown' : chainState(chain.status.result, dns.troubled());
  return {
    content: {
      dkim: work.isTooMuch ? ['dkim=policy'] : verified.results.map(({ info }) => info),
      chain: state,
      arc: state === 'unknown' ? ['arc=temperror'] : [chain.info ?? `arc=${state}`],
    },
    async envelope({ remoteIp, helo, reversePath }) {
      const isKnown = remoteIp !== '';
      const sender = isKnown
        ? await spf({ resolver, sender: reversePath, ip: remoteIp, helo, strict: true, maxElapsedTime: LONGEST_SPF_MS })
        : undefined;
      const policy = await dmarc({
        headerFrom: verified.headerFrom,
        fromFields: verified.fromFields,
        spfDomains: sender?.status.result === 'pass' ? [sender.domain] : [],
        dkimDomains: verified.results.flatMap(({ id, status, signingDomain }) =>
          status.result === 'pass' && signingDomain !== undefined && id !== undefined
            ? [{ id, domain: signingDomain, ...(status.aligned === undefined ? {} : { aligned: status.aligned }) }]
            : [],
        ),
        arcResult: chain,
        resolver,
        strict: true,
      });
      return [...(sender === undefined ? [] : [sender.info]), ...(policy === false ? [] : [policy.info])];
    },
  };
}

// RFC 7208 §4.6.4 allows 20 s and more; no replay waits for that.
const LONGEST_SPF_MS = 4_000;

/** mailauth calls every failure final; one for want of an answer is none, and must not be sealed as one. */
function chainState(result: string, troubled: boolean): ChainState {
  if (result === 'pass' || result === 'none') return result;
  return troubled ? 'unknown' : 'fail';
}
