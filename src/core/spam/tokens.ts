/**
 * What the model learns of a message: hashed tokens of its words, of the headers that say who wrote it and with what,
 * of its links and its attachments. Not of when it came, nor to whom, nor through which list, nor whether it is HTML: that separates
 * collections of mail, not honest mail from spam.
 */
import type { HeaderFacts, LinkFacts, MessageFacts, PartFacts } from '../message-facts.ts';
import { chosenName, domainOf, localPartOf, registrableDomain } from './domains.ts';
import { plainLetters } from './plain-letters.ts';
import { isSmallWord } from './small-words.ts';
import { bucketOf } from './token-hash.ts';

/** Steps of one message stay bounded whatever comes; a reader decides by the first screens as well. */
const MAX_TEXT = 24_000;
const MAX_TOKENS = 4_000;
const MAX_LINKS = 60;
const MAX_PARTS = 20;
/** A label of a host name has no more. */
const MAX_NAME = 63;

const MIN_WORD = 2;
const MAX_WORD = 20;
const WORDS = /[\p{L}\p{N}$€£¥%!'’]+/gu;
const NUMBER = /^[\p{N}.,]+$/u;
const DIGITS = /\p{N}+/gu;
const DIGIT = /\p{N}/gu;
const NOT_IN_NAMES = /[^\p{L}\p{N}]+/gu;
const PIECE = 3;
// Han, kana, Thai are written without spaces: pairs of characters stand in for words.
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/;
// They tell in which weeks a collection was made.
const CALENDAR = new Set(
  'jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday pst pdt est edt gmt utc'.split(
    ' ',
  ),
);

export function tokensOf(facts: MessageFacts): Uint32Array {
  const own = addressesOf(facts.headers);
  const buckets = new Set<number>();
  const add = adder(buckets);
  headerTokens(facts, add);
  words(withoutRecipients(facts.headers.subject, own), (word) => add('subject', word));
  for (const link of facts.links.slice(0, MAX_LINKS)) linkTokens(link, add);
  for (const part of facts.parts.slice(0, MAX_PARTS)) partTokens(part, add);
  for (const { text } of facts.texts) words(withoutRecipients(text.slice(0, MAX_TEXT), own), (word) => add('', word));
  return Uint32Array.from(buckets).sort();
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
    for (const piece of piecesOf(chosenName(domainOf(address)))) add('piece of from', piece);
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

/**
 * Letters that follow each other: a name that was never seen is made of what was. Only of the name somebody chose for the sender's
 * domain: pieces of endings, local parts, return paths and links tell our lists from everything else, and would hold `.com` and
 * "support" against a company.
 */
function piecesOf(name: string): readonly string[] {
  const plain = plainLetters(name.slice(0, MAX_NAME)).replace(NOT_IN_NAMES, ' ').replace(DIGIT, '0').trim();
  if (plain === '') return [];
  const whole = ` ${plain} `;
  return Array.from({ length: whole.length - PIECE + 1 }, (_, at) => whole.slice(at, at + PIECE));
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

function step(count: number): string {
  return String(Math.ceil(Math.log2(count + 1)));
}

function words(text: string, take: (word: string) => void): void {
  for (const [found] of plainLetters(text).matchAll(WORDS)) {
    if (UNSPACED.test(found)) for (let at = 0; at < found.length - 1; at += 1) take(found.slice(at, at + 2));
    else if (found.length > MAX_WORD) take(`long ${step(found.length)}`);
    else if (found.length >= MIN_WORD && !saysNothing(found)) take(found.replace(DIGITS, '0'));
  }
}

function saysNothing(word: string): boolean {
  return NUMBER.test(word) || CALENDAR.has(word) || isSmallWord(word);
}

/** Who it is for says nothing of what it is: spam to a person's address must not teach that person's name. */
function withoutRecipients(text: string, own: readonly string[]): string {
  return own.reduce((rest, address) => rest.replaceAll(address, ' you@here '), text);
}

function addressesOf({ to, cc }: HeaderFacts): readonly string[] {
  return [...to, ...cc].slice(0, 10).flatMap(({ address }) => (address.length > 4 ? [address] : []));
}
