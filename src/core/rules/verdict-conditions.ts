/** Conditions about what others have said of the message (DNS, scanners, the spam score), and about who and what it pretends to be. */
import type { SpamFacts } from '../message-facts.ts';
import { unicodeHost } from '../punycode.ts';
import { domainOf, isOwn } from './address-patterns.ts';
import { lookAlike } from './look-alike.ts';
import type { Condition } from './rule.ts';
import { sensitiveNumbers } from './sensitive.ts';
import type { Subject } from './subject.ts';
import { failed, NO, notKept, notKnown, type Truth, truthIf, yes } from './truth.ts';

type Of<Kind extends Condition['kind']> = Condition & { readonly kind: Kind };

export function judgeAuthentication({ facts }: Subject, { method, is }: Of<'authentication'>): Truth {
  const result = facts.authentication[method];
  if (is.includes(result)) return yes(`${method.toUpperCase()} is ${result}`);
  return result === 'unknown' || result === 'temperror' ? notKnown(method.toUpperCase()) : NO;
}

export function judgeSpam({ facts: { spam } }: Subject, { atLeast }: Of<'spam'>): Truth {
  return spam !== undefined && spam.score >= atLeast ? yes(`the spam score is ${spam.score}${becauseOf(spam)}`) : NO;
}

// Enough to judge by. They stand in a line of a list, and some name a host, which a sender makes as long as it likes.
const SIGNS_NAMED = 3;
const SIGN_LENGTH = 100;

/** What weighs most: a number alone tells nobody whether to believe it. */
function becauseOf({ reasons }: SpamFacts): string {
  const signs = reasons
    .filter(({ points }) => points > 0)
    .slice(0, SIGNS_NAMED)
    .map(({ words }) => (words.length > SIGN_LENGTH ? `${words.slice(0, SIGN_LENGTH - 1)}…` : words));
  return signs.length === 0 ? '' : ` (${signs.join(', ')})`;
}

export function judgeVirus({ facts }: Subject): Truth {
  const found = facts.scans.flatMap((scan) =>
    scan.kind === 'found' ? [`${scan.scanner} found ${scan.names.join(', ')}`] : [],
  );
  return truthIf(found.length > 0, found.join('; '));
}

export function judgeScannerFailed({ facts }: Subject, { scanner }: Of<'scanner-failed'>): Truth {
  const silent = facts.scans.filter((scan) => scan.kind === 'failed' && (scanner ?? scan.scanner) === scan.scanner);
  return truthIf(silent.length > 0, `${silent.map((scan) => scan.scanner).join(', ')} gave no answer`);
}

export function judgeNotFullyScanned({ facts }: Subject): Truth {
  return truthIf(facts.unscanned.length > 0, `not fully scanned (${facts.unscanned.join(', ')})`);
}

export function judgeImpersonation(subject: Subject, { of }: Of<'impersonation'>): Truth {
  return of === 'own-domain' ? judgeOwnDomain(subject) : judgeOwnAccount(subject);
}

function judgeOwnDomain({ facts, context }: Subject): Truth {
  const { ownDomains } = context;
  for (const { name, address } of [...facts.headers.from, ...facts.headers.replyTo]) {
    const domain = domainOf(address);
    const own = lookAlike(domain, ownDomains);
    if (own !== undefined) return yes(`${domain} looks like ${own}`);
    const claimed = BY_A_LIST.test(name) ? undefined : claimedIn(name, ownDomains);
    if (claimed !== undefined && !isBelowOwn(domain, ownDomains))
      return yes(`the name says ${claimed}, the address ${domain}`);
  }
  const { reversePath } = facts.envelope;
  const own = lookAlike(domainOf(reversePath), ownDomains);
  return own === undefined ? NO : yes(`${domainOf(reversePath)} looks like ${own}`);
}

// How lists write whom they pass on: their own address, his name, and that it comes through them.
const BY_A_LIST = /\bvia\b/i;

/** "ann@firm.example" as the name of somebody else's address. */
function claimedIn(name: string, ownDomains: readonly string[]): string | undefined {
  return ownDomains.find((own) => name.toLowerCase().includes(`@${unicodeHost(own)}`));
}

function isBelowOwn(domain: string, ownDomains: readonly string[]): boolean {
  return ownDomains.some((own) => domain === unicodeHost(own) || domain.endsWith(`.${unicodeHost(own)}`));
}

function judgeOwnAccount({ facts, context }: Subject): Truth {
  const pretender = facts.headers.from.find(
    ({ name, address }) => !isOwn(address, context.ownDomains) && context.isOwnName(name),
  );
  return pretender === undefined
    ? NO
    : yes(`${pretender.name} is one of your people, ${pretender.address} is not their address`);
}

export function judgeSensitive(subject: Subject, { what, atLeast }: Of<'sensitive'>): Truth {
  if (subject.budget.isSpent) return failed('the rules before it have used up the time of this message');
  const { headers, texts } = subject.facts;
  const read = [headers.subject, ...texts.map(({ text }) => text)];
  for (const text of read) subject.budget.spendReading(text);
  const count = sensitiveNumbers(what, read).size;
  // How many, never which: the words are kept where the message is not.
  if (count >= atLeast) return yes(count === 1 ? SENSITIVE[what][0] : `${count} different ${SENSITIVE[what][1]}`);
  return subject.notKept.has('texts') ? notKept('the text') : NO;
}

const SENSITIVE: Readonly<Record<Of<'sensitive'>['what'], readonly [one: string, many: string]>> = {
  card: ['a card number', 'card numbers'],
  iban: ['an IBAN', 'IBANs'],
  'national-id': ['a national identity number', 'national identity numbers'],
};
