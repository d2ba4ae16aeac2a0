/**
 * What the model learns of a message: hashed tokens of its words, of the headers that say who wrote it and with what,
 * of its links and its attachments. Not of when it came, nor to whom, nor through which list, nor whether it is HTML: that separates
 * collections of mail, not honest mail from spam.
 */
import type { HeaderFacts, LinkFacts, MessageFacts, PartFacts } from '../message-facts.ts';
import { domainOf, localPartOf, registrableDomain } from './domains.ts';
import { plainLetters } from './plain-letters.ts';
import { bucketOf } from './token-hash.ts';

/** Steps of one message stay bounded whatever comes; a reader decides by the first screens as well. */
const MAX_TEXT = 24_000;
const MAX_TOKENS = 4_000;
const MAX_LINKS = 60;
const MAX_PARTS = 20;

const MIN_WORD = 2;
const MAX_WORD = 20;
const WORDS = /[\p{L}\p{N}$€£¥%!'’]+/gu;
const NUMBER = /^[\p{N}.,]+$/u;
const DIGITS = /\p{N}+/gu;
// Han, kana, Thai are written without spaces: pairs of characters stand in for words.
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/;
// Fields of the way a message took, and of lists: they tell collections of mail apart.
const OF_THE_WAY =
  /^(?:list-|precedence|mailing-list|archived|x-(?:mailman|beenthere|loop|mailing|list|egroups|original|spam)|received|delivered|sender$|errors-to|return-path|date$)/;
// They tell in which weeks a collection was made.
const CALENDAR = new Set(
  'jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday pst pdt est edt gmt utc'.split(
    ' ',
  ),
);

/** `signs`: the names of the signs that were seen (signs.ts): a client's own mail teaches which of them mean something there. */
export function tokensOf(facts: MessageFacts, signs: readonly string[]): Uint32Array {
  const buckets = portable(facts);
  const add = adder(buckets);
  structureTokens(facts, add);
  for (const sign of signs) add('sign', sign);
  return Uint32Array.from(buckets).sort();
}

/** Without what is the habit of a time or a place: what the shipped model is taught, to be of use elsewhere. */
export function portableTokensOf(facts: MessageFacts): Uint32Array {
  return Uint32Array.from(portable(facts)).sort();
}

function portable(facts: MessageFacts): Set<number> {
  const own = addressesOf(facts.headers);
  const buckets = new Set<number>();
  const add = adder(buckets);
  headerTokens(facts, add);
  words(withoutRecipients(facts.headers.subject, own), (word) => add('subject', word));
  for (const link of facts.links.slice(0, MAX_LINKS)) linkTokens(link, add);
  for (const part of facts.parts.slice(0, MAX_PARTS)) partTokens(part, add);
  for (const { text } of facts.texts) words(withoutRecipients(text.slice(0, MAX_TEXT), own), (word) => add('', word));
  return buckets;
}

function adder(buckets: Set<number>): Add {
  return (kind, token) => {
    if (buckets.size < MAX_TOKENS) buckets.add(bucketOf(kind, token));
  };
}

type Add = (kind: string, token: string) => void;

function headerTokens({ headers, envelope, authentication }: MessageFacts, add: Add): void {
  for (const { name, address } of headers.from.slice(0, 3)) {
    words(name, (word) => add('from', word));
    senderTokens('from', address, add);
  }
  for (const { address } of headers.replyTo.slice(0, 3)) senderTokens('reply', address, add);
  senderTokens('path', envelope.reversePath, add);
  if (headers.messageId !== undefined) add('id', registrableDomain(domainOf(headers.messageId.replace(/[<>\s]/g, ''))));
  for (const { name, value } of headers.fields) {
    if (name === 'x-mailer' || name === 'user-agent') words(value, (word) => add('mailer', word));
  }
  if (authentication.dkim === 'pass') for (const domain of authentication.dkimDomains) add('dkim', domain);
}

function senderTokens(kind: string, address: string, add: Add): void {
  if (address === '') return;
  const domain = domainOf(address);
  add(kind, registrableDomain(domain));
  add(`${kind} tld`, domain.split('.').at(-1) ?? '');
  add(`${kind} who`, localPartOf(address).toLowerCase().replace(DIGITS, '0').slice(0, MAX_WORD));
}

function linkTokens({ url, host }: LinkFacts, add: Add): void {
  if (host === '') return;
  add('link', registrableDomain(host));
  add('link host', host.replace(DIGITS, '0'));
  add('link tld', host.split('.').at(-1) ?? '');
  for (const piece of (url.split(/^[a-z]+:\/\/[^/?#]*/i)[1] ?? '').split(/[/?&=._#-]+/).slice(0, 8)) {
    const word = piece.toLowerCase().replace(DIGITS, '0');
    if (word.length >= 3 && word.length <= MAX_WORD) add('path of link', word);
  }
}

function partTokens({ contentType, trueType, fileName, isAttachment }: PartFacts, add: Add): void {
  if (!isAttachment) return;
  add('attached', contentType);
  add('attached true', trueType);
  if (fileName !== undefined) add('attached as', fileName.toLowerCase().split('.').at(-1) ?? '');
}

/** Which fields a message has and how it is made, in steps of powers of two, so that near sizes are the same token. */
function structureTokens({ headers, envelope, markup, texts, links, authentication }: MessageFacts, add: Add): void {
  for (const [name, count] of Object.entries(markup)) if (count > 0) add(name, step(count));
  add('links', step(links.length));
  add('texts', texts.map(({ kind }) => kind).join(' '));
  add('spf', authentication.spf);
  add('dmarc', authentication.dmarc);
  add('vouched', `${authentication.spf} ${authentication.dkim} ${authentication.dmarc}`);
  add('helo tld', envelope.helo.split('.').at(-1) ?? '');
  for (const { name, value } of headers.fields) {
    if (!OF_THE_WAY.test(name)) add('field', name);
    if (name === 'content-type') add('type', value.toLowerCase().split(';', 1)[0] ?? '');
  }
}

function step(count: number): string {
  return String(Math.ceil(Math.log2(count + 1)));
}

function words(text: string, take: (word: string) => void): void {
  for (const [found] of plainLetters(text).matchAll(WORDS)) {
    if (UNSPACED.test(found)) for (let at = 0; at < found.length - 1; at += 1) take(found.slice(at, at + 2));
    else if (found.length > MAX_WORD) take(`long ${step(found.length)}`);
    else if (found.length >= MIN_WORD && !NUMBER.test(found) && !CALENDAR.has(found)) take(found.replace(DIGITS, '0'));
  }
}

/** Who it is for says nothing of what it is: spam to a person's address must not teach that person's name. */
function withoutRecipients(text: string, own: readonly string[]): string {
  return own.reduce((rest, address) => rest.replaceAll(address, ' you@here '), text);
}

function addressesOf({ to, cc }: HeaderFacts): readonly string[] {
  return [...to, ...cc].slice(0, 10).flatMap(({ address }) => (address.length > 4 ? [address] : []));
}
