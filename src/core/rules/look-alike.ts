/**
 * Domains made to be taken for one of the client's own. Short names have many honest neighbours, so what is only near (one letter, a word
 * more, another ending) counts for longer ones; letters that look the same count for all. Never the own domains, nor what lies below them.
 */
import { unicodeHost } from '../punycode.ts';
import { plainLetters, skeleton } from './confusables.ts';

// One letter of four is another word: `dell` and `bell`.
const LEAST_FOR_ONE_EDIT = 6;
const LEAST_FOR_WORDS = 5;
const LEAST_FOR_ENDING = 5;
// `ing` and `lng`, `a1` and `al` are all honest; letters of another alphabet in one's place are not.
const LEAST_FOR_SHAPES = 4;

// Second levels under which names are registered like under a TLD; the full list (publicsuffix.org) has 9,000 and changes every week.
const SECOND_LEVELS = /^(?:ac|co|com|edu|gob|gov|gv|mil|ne|net|nom|or|org|sch)$/;

// What is put before or behind a name without a hyphen: an unknown word there is mostly an honest longer name (`northwindow`).
const BAIT =
  /^(?:account|accounts|admin|alert|auth|bank|billing|cloud|corp|group|help|helpdesk|hr|id|inc|info|invoice|invoices|it|llc|login|ltd|mail|mails|my|office|online|pay|payment|payments|payroll|portal|secure|security|service|services|signin|sso|support|team|the|update|verify|web|webmail)$/;

/** The own domain that `domain` is made to be taken for, or undefined. */
export function lookAlike(domain: string, ownDomains: readonly string[]): string | undefined {
  const host = unicodeHost(domain);
  if (!host.includes('.')) return undefined;
  const owns = ownDomains.map(unicodeHost);
  const registered = registeredName(host);
  if (owns.some((own) => host === own || host.endsWith(`.${own}`) || registered === registeredName(own)))
    return undefined;
  return owns.find((own) => resembles(host, own));
}

function resembles(host: string, own: string): boolean {
  const [given, known] = [nameParts(host), nameParts(own)];
  // firm.example.other.test, and firm-example.test; but firm.co.uk is no trick upon firm.co.
  if (new RegExp(`(?:^|\\.)${escaped(own)}\\.[^.]+\\.`).test(host)) return true;
  if (`-${given.label}-`.includes(`-${own.replaceAll('.', '-')}-`)) return true;
  if (given.label === known.label) return known.label.length >= LEAST_FOR_ENDING;
  if (hasSameShape(given.label, known.label)) return true;
  if (addsWord(plainLetters(given.label), known.label)) return true;
  return known.label.length >= LEAST_FOR_ONE_EDIT && isOneEdit(plainLetters(given.label), known.label);
}

function hasSameShape(given: string, own: string): boolean {
  const isForeign = plainLetters(given) !== given;
  if (isForeign && plainLetters(given) === plainLetters(own)) return true;
  return own.length >= LEAST_FOR_SHAPES && skeleton(given) === skeleton(own);
}

function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&');
}

/** The part that was registered: `firm` of mail.firm.co.uk. */
function nameParts(host: string): { readonly label: string } {
  return { label: registeredName(host).split('.')[0] ?? '' };
}

function registeredName(host: string): string {
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  return labels.slice(top.length === 2 && SECOND_LEVELS.test(second) ? -3 : -2).join('.');
}

function addsWord(given: string, own: string): boolean {
  if (own.length < LEAST_FOR_WORDS || !given.includes(own.replaceAll('-', ''))) return isSplit(given, own);
  const words = given.split('-');
  if (words.length > 1 && words.includes(own)) return true;
  if (given.startsWith(`${own}-`) || given.endsWith(`-${own}`)) return true;
  if (given.startsWith(own)) return BAIT.test(given.slice(own.length));
  return (given.endsWith(own) && BAIT.test(given.slice(0, -own.length))) || isSplit(given, own);
}

/** `north-wind` for `northwind`, and the other way round. */
function isSplit(given: string, own: string): boolean {
  return own.length >= LEAST_FOR_WORDS && given !== own && given.replaceAll('-', '') === own.replaceAll('-', '');
}

/** One letter more, less, other, or two neighbours changed round. */
function isOneEdit(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  const rest = [one.slice(from), other.slice(from)] as const;
  const [a, b] = rest;
  if (a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1)) return true;
  return a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
}
