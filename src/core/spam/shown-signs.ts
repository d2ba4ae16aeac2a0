/** Signs that what is shown is not what is meant: links that show another host, and the names and pictures of others. */

import type { LinkFacts } from '../message-facts.ts';
import { brandInHost, brandOf, isOf } from './brands.ts';
import { registrableDomain } from './domains.ts';
import { isEverybodys, isSendingService } from './known-hosts.ts';
import type { Reading } from './reading.ts';
import type { Sign } from './sign.ts';

const SHOWN_HOST = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?:#]\S*)?\s*$/u;

export const SHOWN_SIGNS: readonly Sign[] = [
  { name: 'link-shows-other', points: 9, see: showsOther },
  { name: 'link-shows-brand', points: 16, see: showsBrand },
  { name: 'brand-in-link', points: 14, see: brandInLink },
  { name: 'brand-pictures', points: 14, see: brandPictures },
];

/** What leads there in the end, by its own words, is a detour and no lie: people copy such links from where they found them. */
function showsOther({ links }: Reading): string | undefined {
  for (const { host, url, text, from } of links) {
    const shown = shownHost(text);
    if (
      from === 'href' &&
      shown !== undefined &&
      registrableDomain(shown) !== registrableDomain(host) &&
      !url.toLowerCase().includes(shown) &&
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
