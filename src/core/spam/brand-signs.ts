/** Signs that the sender speaks under a name that is another’s (brands.ts). */

import { brandIn, brandInHost, isOf } from './brands.ts';
import { localPartOf, registrableDomain } from './domains.ts';
import { isCheapTop, isFreeMail } from './known-hosts.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

export const BRAND_SIGNS: readonly Sign[] = [
  { name: 'brand-elsewhere', points: 20, see: brandElsewhere },
  { name: 'brand-in-domain', points: 16, see: brandInDomain },
  { name: 'brand-in-subject', points: 7, see: brandInSubject },
];

function brandElsewhere({ name, fromHost, from }: Reading): string | undefined {
  if (/ via /.test(name)) return undefined;
  const brand =
    brandIn(name) ??
    (isFreeMail(registrableDomain(fromHost))
      ? undefined
      : brandIn(
          localPartOf(from.address)
            .toLowerCase()
            .replace(/[._+-]/g, ' '),
        ));
  if (brand === undefined) return undefined;
  return when(
    !isOf(brand, fromHost) || isCheapTop(fromHost),
    `speaks as ${brand.name}, writes from ${fromHost || 'nowhere'}`,
  );
}

function brandInDomain({ fromHost }: Reading): string | undefined {
  const brand = brandInHost(fromHost);
  return brand === undefined
    ? undefined
    : `the sender’s domain ${fromHost} has the name of ${brand.name} in it and is not theirs`;
}

/** Only where something can be clicked: people speak of brands. */
function brandInSubject({ facts, fromHost, links, subject, name }: Reading): string | undefined {
  if (facts.headers.isReply || links.length === 0 || brandIn(name) !== undefined) return undefined;
  const brand = brandIn(subject);
  if (brand === undefined || isOf(brand, fromHost)) return undefined;
  return when(
    !links.some(({ host }) => isOf(brand, host)),
    `the subject speaks of ${brand.name}; neither sender nor links are theirs`,
  );
}
