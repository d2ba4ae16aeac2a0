/** Addresses and hosts taken apart. Pure text: nothing is looked up. */

/** Below these, names are given out like below `com`: the most used of the public suffix list, and hosters that give everybody a name. */
const SECOND_LEVEL = new Set(
  'co com org net gov edu ac ne or go gob gouv nom ltd plc me sch nhs gen govt mil asn id web info biz firm store art rec leg jus'.split(
    ' ',
  ),
);

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(0, at);
}

/** `mail.shop.example.co.uk` → `example.co.uk`; an IP address, and what has no dot, as it is. */
export function registrableDomain(host: string): string {
  const labels = host
    .toLowerCase()
    .split('.')
    .filter((label) => label !== '');
  if (labels.length <= 2 || isIpAddress(host)) return labels.join('.');
  const top = labels.at(-1) ?? '';
  const second = labels.at(-2) ?? '';
  const isBelowSecond = top.length === 2 && SECOND_LEVEL.has(second);
  return labels.slice(isBelowSecond ? -3 : -2).join('.');
}

export function isIpAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^\[?[0-9a-f]*:[0-9a-f:.]+\]?$/i.test(host);
}

/** Of RFC 1918, of the link itself, or of the machine itself: whoever writes such a number works beside the one who reads it. */
export function isPrivateAddress(host: string): boolean {
  return /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(host) && isIpAddress(host);
}

/** The name somebody chose: `example` of `mail.example.co.uk`. */
export function chosenName(host: string): string {
  return registrableDomain(host).split('.')[0] ?? '';
}
