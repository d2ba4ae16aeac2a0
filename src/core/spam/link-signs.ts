/** Signs of where the message leads, and whether it says so. */
import type { LinkFacts } from '../message-facts.ts';
import { brandInHost, brandOf, isOf } from './brands.ts';
import { isIpAddress, registrableDomain } from './domains.ts';
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

const SHOWN_HOST = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?:#]\S*)?\s*$/u;
const REDIRECT =
  /^https?:\/\/(?:[^/]*\.)?(?:google\.[a-z.]+\/(?:amp\/|url\?)|youtube\.com\/redirect|bing\.com\/ck|l\.facebook\.com|facebook\.com\/l\.php|linkedin\.com\/(?:slink|redir)|doubleclick\.net\/.*(?:adurl|;https?)|[^/]+\/(?:redir|redirect|out|go)\b[^?]*\?[^#]*=https?(?::|%3a))/i;
const PLACEHOLDER =
  /\{\{?[\w $.-]{3,}\}?\}|\[\[[\w -]+\]\]|%%[\w-]+%%|\$email\b|\[(?:email|name|firstname|first_name)\]/i;
const SCHEME = /^\s*(?:data|javascript|vbscript|file):/i;

export const LINK_SIGNS: readonly Sign[] = [
  {
    name: 'number-host',
    points: 18,
    see: ({ links }) =>
      when(
        many(links, ({ host, from }) => from !== 'text' && (isIpAddress(host) || !host.includes('.'))),
        'links lead to a number instead of a name',
      ),
  },
  {
    name: 'number-host-in-text',
    points: 8,
    see: ({ links }) =>
      when(
        many(links, ({ host, from }) => from === 'text' && isIpAddress(host)),
        'names a host by its number',
      ),
  },
  { name: 'link-shows-other', points: 9, see: showsOther },
  { name: 'link-shows-brand', points: 16, see: showsBrand },
  { name: 'brand-in-link', points: 14, see: brandInLink },
  {
    name: 'shortened',
    points: 8,
    see: ({ links }) =>
      when(
        many(links, ({ host, from }) => isShortener(host) && from === 'href'),
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
        facts.links.some(({ url, from }) => from !== 'text' && from !== 'image' && REDIRECT.test(url)),
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
  { name: 'brand-pictures', points: 14, see: brandPictures },
  {
    name: 'odd-port',
    points: 6,
    see: ({ facts }) =>
      when(
        facts.links.some(({ url, from }) => from !== 'text' && /^https?:\/\/[^/?#]*:(?!80\b|443\b)\d+/i.test(url)),
        'links lead to an odd port',
      ),
  },
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
    name: 'links-home',
    points: -5,
    see: ({ linkDomains, fromDomain, hasHtml }) =>
      when(hasHtml && fromDomain !== '' && linkDomains.has(fromDomain), 'links lead to the sender'),
  },
  { name: 'recipient-in-link', points: 7, see: recipientInLink },
];

/** A digest leads everywhere, and somewhere to any kind of place: what counts is where a good part of the links lead. */
function many(links: readonly LinkFacts[], test: (link: LinkFacts) => boolean): boolean {
  const hits = links.filter(test).length;
  return hits > 0 && (links.length <= 8 || hits * 5 >= links.length);
}

function showsOther({ links }: Reading): string | undefined {
  for (const { host, text, from } of links) {
    const shown = shownHost(text);
    if (
      from === 'href' &&
      shown !== undefined &&
      registrableDomain(shown) !== registrableDomain(host) &&
      !isSendingService(host)
    )
      return `a link shows ${shown} and leads to ${host}`;
  }
  return undefined;
}

function showsBrand({ links }: Reading): string | undefined {
  for (const { host, text, from } of links) {
    const shown = from === 'href' ? shownHost(text) : undefined;
    const brand = shown === undefined ? undefined : brandOf(shown);
    if (brand !== undefined && !isOf(brand, host) && !isSendingService(host))
      return `a link shows ${shown} and leads to ${host}`;
  }
  return undefined;
}

/** All of them, or none where there are many: a newspaper has links to everybody. */
function few(links: readonly LinkFacts[]): readonly LinkFacts[] {
  return links.length <= 12 ? links : [];
}

function shownHost(text: string): string | undefined {
  return SHOWN_HOST.exec(text.slice(0, 200))?.[1]?.toLowerCase();
}

function brandInLink({ links, fromDomain }: Reading): string | undefined {
  for (const { host } of few(links)) {
    const brand =
      registrableDomain(host) === fromDomain || isEverybodys(host) || isSendingService(host)
        ? undefined
        : brandInHost(host);
    if (brand !== undefined)
      return `links lead to ${host}, which has the name of ${brand.name} in it and is not theirs`;
  }
  return undefined;
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

function brandPictures({ pictureHosts, fromHost, links }: Reading): string | undefined {
  for (const host of pictureHosts) {
    const brand = isEverybodys(host) || isSendingService(host) ? undefined : brandOf(host);
    if (
      brand !== undefined &&
      links.length > 0 &&
      !isOf(brand, fromHost) &&
      !links.some((link) => isOf(brand, link.host))
    )
      return `shows pictures of ${host}; neither sender nor links are theirs`;
  }
  return undefined;
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
