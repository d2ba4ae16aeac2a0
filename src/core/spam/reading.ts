/** A message as the signs read it: the same text and domains are wanted by many of them, and are worked out once. */
import type { LinkFacts, MessageFacts, Party } from '../message-facts.ts';
import { domainOf, localPartOf, registrableDomain } from './domains.ts';
import { isEverybodys, isSendingService } from './known-hosts.ts';
import { plainLetters } from './plain-letters.ts';

/** A reader has decided by then; the steps of the patterns stay bounded. */
const MAX_TEXT = 12_000;
const MAX_LINKS = 100;

export type Reading = {
  readonly facts: MessageFacts;
  readonly from: Party;
  /** of From, lower case; `''` when there is none */
  readonly fromHost: string;
  readonly fromDomain: string;
  /** in plain letters (plain-letters.ts) */
  readonly name: string;
  readonly subject: string;
  /** name, subject and text, in plain letters, blanks folded */
  readonly text: string;
  /** as it stands, the first of it */
  readonly rawText: string;
  /** what can be clicked, of http and https */
  readonly links: readonly LinkFacts[];
  /** registrable domains of those, without the ones that say nothing of the sender */
  readonly linkDomains: ReadonlySet<string>;
  readonly pictureHosts: ReadonlySet<string>;
  readonly hasHtml: boolean;
  /** To and Cc */
  readonly recipients: readonly string[];
};

const NOBODY: Party = { name: '', address: '' };

export function readingOf(facts: MessageFacts): Reading {
  const { headers } = facts;
  const from = headers.from.find(({ address }) => address.includes('@')) ?? headers.from[0] ?? NOBODY;
  const fromHost = from.address.includes('@') ? domainOf(from.address).replace(/[>\s].*$/, '') : '';
  const links = facts.links.slice(0, MAX_LINKS).filter(({ host, from: where }) => host !== '' && where !== 'image');
  const rawText = facts.texts
    .map(({ text }) => text.slice(0, MAX_TEXT))
    .join('\n')
    .slice(0, 2 * MAX_TEXT);
  return {
    facts,
    from,
    fromHost,
    fromDomain: registrableDomain(fromHost),
    name: plainLetters(headers.from.map(({ name }) => name).join(' ')).slice(0, 200),
    subject: plainLetters(headers.subject),
    text: plainLetters(`${headers.from[0]?.name ?? ''} \n ${headers.subject} \n ${longest(facts)}`).replace(
      /\s+/g,
      ' ',
    ),
    rawText,
    links,
    linkDomains: new Set(
      links
        .filter(({ host }) => !isEverybodys(host) && !isSendingService(host))
        .map(({ host }) => registrableDomain(host)),
    ),
    pictureHosts: new Set(
      facts.links.flatMap(({ host, from: where }) => (where === 'image' && host !== '' ? [host] : [])),
    ),
    hasHtml: facts.texts.some(({ kind }) => kind === 'html'),
    recipients: [...headers.to, ...headers.cc]
      .map(({ address }) => address.toLowerCase())
      .filter((address) => localPartOf(address).length > 2),
  };
}

/** The same words come as plain text and as HTML; one of them is enough. */
function longest({ texts }: MessageFacts): string {
  return texts
    .reduce((best, { text }) => (text.trim().length > best.trim().length ? text : best), '')
    .slice(0, MAX_TEXT);
}
