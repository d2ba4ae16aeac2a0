/** Signs of where the message leads, and whether it says so. */
import type { LinkFacts } from '../message-facts.ts';
import { isIpAddress, isPrivateAddress, registrableDomain } from './domains.ts';
import {
  isCheapTop,
  isEverybodys,
  isFreeHosting,
  isPictureHost,
  isSendingService,
  isShortener,
} from './known-hosts.ts';
import { isRandomName } from './random-name.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

// What is further on is not what the message is for, and 300 links of 2,000 characters would be long to look through.
const MAX_LINKS = 60;
const MAX_URL = 300;
const REDIRECT =
  /^https?:\/\/(?:[^/]*\.)?(?:google\.[a-z.]+\/(?:amp\/|url\?)|youtube\.com\/redirect|bing\.com\/ck|doubleclick\.net\/.*(?:adurl|;https?)|[^/]+\/(?:redir|redirect|out|go)\b[^?]*\?[^#]*=https?(?::|%3a))/i;
const PLACEHOLDER =
  /\{\{[\w $.-]{2,}\}\}|\{[A-Z_]{4,}\}|\[\[[\w -]+\]\]|%%[\w-]+%%|\$email\b|\[(?:email|name|firstname|first_name)\]/;
const SCHEME = /^\s*(?:data|javascript|vbscript|file):/i;

export const LINK_SIGNS: readonly Sign[] = [
  {
    name: 'number-host',
    points: 18,
    see: ({ links }) =>
      when(
        many(links, ({ host, from }) => from !== 'text' && (isNumber(host) || !host.includes('.'))),
        'links lead to a number instead of a name',
      ),
  },
  {
    name: 'number-host-in-text',
    points: 8,
    see: ({ links }) =>
      when(
        many(links, ({ host, from }) => from === 'text' && isNumber(host)),
        'names a host by its number',
      ),
  },
  {
    name: 'shortened',
    points: 8,
    see: ({ links }) =>
      when(
        many(links, ({ host, from }) => isShortener(host) && from !== 'form'),
        'links go through a shortening service',
      ),
  },
  {
    name: 'free-hosting',
    points: 12,
    see: ({ links, fromDomain }) =>
      when(
        many(
          links,
          ({ host, from }) => from !== 'text' && isFreeHosting(host) && registrableDomain(host) !== fromDomain,
        ),
        'links lead to pages that anybody can put there',
      ),
  },
  {
    name: 'redirect',
    points: 12,
    see: ({ facts }) =>
      when(
        facts.links
          .slice(0, MAX_LINKS)
          .some(
            ({ url, host, from }) =>
              from !== 'text' && from !== 'image' && !isSendingService(host) && REDIRECT.test(url.slice(0, MAX_URL)),
          ),
        'links go through another’s redirection',
      ),
  },
  {
    name: 'user-in-link',
    points: 14,
    see: ({ facts }) =>
      when(
        facts.links.some(({ url, from }) => from !== 'text' && /^https?:\/\/[^/?#]*@/i.test(url)),
        'links have a false host before the true one',
      ),
  },
  {
    name: 'script-link',
    points: 14,
    see: ({ facts }) =>
      when(
        facts.links.some(({ url, from }) => from !== 'image' && SCHEME.test(url)),
        'links carry their page with them',
      ),
  },
  {
    name: 'placeholder',
    points: 12,
    see: ({ facts, subject }) =>
      when(
        PLACEHOLDER.test(subject) ||
          facts.links.slice(0, 40).some(({ url, text }) => PLACEHOLDER.test(safeDecode(url)) || PLACEHOLDER.test(text)),
        'a form letter that was not filled in',
      ),
  },
  {
    name: 'cheap-link-domain',
    points: 8,
    see: ({ links }) =>
      when(
        many(links, ({ host }) => isCheapTop(host)),
        'links lead to a domain of the kind that is bought to be thrown away',
      ),
  },
  {
    name: 'random-link-host',
    points: 12,
    see: ({ links }) =>
      when(
        many(
          links,
          ({ host, from }) =>
            from !== 'text' &&
            !isEverybodys(host) &&
            !isSendingService(host) &&
            host.split('.').slice(0, -1).some(isRandomName),
        ),
        'links lead to a name of random letters',
      ),
  },
  {
    name: 'look-alike-link',
    points: 14,
    see: ({ links }) =>
      when(
        links.some(({ host }) => isMixed(host)),
        'a link’s host mixes alphabets',
      ),
  },
  { name: 'links-elsewhere', points: 5, see: linksElsewhere },
  {
    name: 'borrowed-pictures',
    points: 8,
    see: ({ pictureHosts, links }) =>
      when(
        links.length > 0 && [...pictureHosts].some(isPictureHost),
        'its pictures are from a place where anybody can put them',
      ),
  },
  {
    name: 'odd-port',
    points: 6,
    see: ({ facts }) =>
      when(
        facts.links.some(({ url, from }) => from !== 'text' && /^https?:\/\/[^/?#]*:(?!80\b|443\b)\d+/i.test(url)),
        'links lead to an odd port',
      ),
  },
  { name: 'random-link-path', points: 6, see: randomLinkPath },
  { name: 'scattered-hosts', points: 12, see: scatteredHosts },
  {
    name: 'pictures-elsewhere',
    points: 4,
    see: ({ pictureHosts, linkDomains, fromDomain }) =>
      when(
        linkDomains.size > 0 &&
          [...pictureHosts].some(
            (host) =>
              /(?:img|imag|pic|foto|photo|upload|tiny|shack)/.test(registrableDomain(host)) &&
              !linkDomains.has(registrableDomain(host)) &&
              registrableDomain(host) !== fromDomain,
          ),
        'pictures from a place that is neither the sender’s nor that of the links',
      ),
  },
  {
    name: 'vouched-and-home',
    points: -5,
    see: ({ facts: { authentication }, linkDomains, fromDomain }) =>
      when(
        authentication.dmarc === 'pass' && fromDomain !== '' && linkDomains.has(fromDomain),
        'the sender vouches for the message, and its links lead there',
      ),
  },
  {
    name: 'links-home',
    points: -5,
    see: ({ linkDomains, fromDomain }) =>
      when(fromDomain !== '' && linkDomains.has(fromDomain), 'links lead to the sender'),
  },
  { name: 'recipient-in-link', points: 7, see: recipientInLink },
];

function isNumber(host: string): boolean {
  return isIpAddress(host) && !isPrivateAddress(host);
}

/** A digest leads everywhere, and somewhere to any kind of place: what counts is where a good part of the links lead. */
function many(links: readonly LinkFacts[], test: (link: LinkFacts) => boolean): boolean {
  const hits = links.filter(test).length;
  return hits > 0 && (links.length <= 8 || hits * 5 >= links.length);
}

/** A letter is answered, a newsletter leads home: mail whose every link leads to one strange place wants to be clicked and nothing else. */
function linksElsewhere({ facts, hasHtml, linkDomains, fromDomain, links }: Reading): string | undefined {
  const isOne =
    hasHtml && !facts.headers.isReply && links.some(({ from }) => from === 'href') && linkDomains.size === 1;
  return when(
    isOne && fromDomain !== '' && !linkDomains.has(fromDomain),
    'all links lead to one domain, which is not the sender’s',
  );
}

/** What is behind the host tells who clicked and nothing else, at a domain that is not the sender's. */
function randomLinkPath({ links, linkDomains, fromDomain }: Reading): string | undefined {
  const isElsewhere = linkDomains.size === 1 && !linkDomains.has(fromDomain);
  const isCode = ({ url, from }: LinkFacts) =>
    from === 'href' && /^https?:\/\/[^/]+\/(?:[\w-]{1,3}\/)?(?=[^/?]*[a-z])(?=[^/?]*\d)[\w+=-]{16,}\/?$/i.test(url);
  return when(isElsewhere && links.some(isCode), 'links are a code at a domain that is not the sender’s');
}

/** One domain, a name below it for every link: made so that no two messages have a host in common. */
function scatteredHosts({ links, fromDomain }: Reading): string | undefined {
  const hosts = new Set(
    links
      .filter(
        ({ host, from }) =>
          from === 'href' &&
          registrableDomain(host) !== fromDomain &&
          !isEverybodys(host) &&
          /^(?=\w*\d)[\da-z]{1,8}\./.test(host),
      )
      .map(({ host }) => host),
  );
  const domains = new Set([...hosts].map(registrableDomain));
  return when(hosts.size >= 3 && domains.size * 3 <= hosts.size, 'a different host of the same domain in every link');
}

function recipientInLink({ facts, recipients }: Reading): string | undefined {
  const urls = facts.links
    .slice(0, 40)
    .filter(({ from, host }) => from !== 'image' && host !== '')
    .map(({ url }) => safeDecode(url).toLowerCase());
  return when(
    recipients.some((address) => urls.some((url) => url.includes(address))),
    'links carry the recipient’s address',
  );
}

/** Latin letters beside letters of another alphabet that has look-alikes. */
function isMixed(host: string): boolean {
  return host.split('.').some((label) => /[a-z]/.test(label) && /[\u0370-\u058f]/.test(label)) || /[\ud835]/.test(host);
}

function safeDecode(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
