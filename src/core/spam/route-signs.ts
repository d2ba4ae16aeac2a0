/** Signs of the way it came: the host that sent it, and the domains it gives beside that of From. */

import { domainOf, isIpAddress, registrableDomain } from './domains.ts';
import { isFreeHosting, isFreeMail, isSendingService } from './known-hosts.ts';
import { isRandomName } from './random-name.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

const RENTED =
  /(?:vps|linode|ovh\.|contabo|your-server|hwsrv|vultr|colocross|stratoserver|secureserver|amazonaws|cloudapp|bc\.googleusercontent|dynamic|\bdyn\b|dsl|dhcp|\bpool|\bppp|\bcable|cust(?:omer)?\b|static|(?:\d{1,3}[-.x]){3}\d{1,3})/i;
const ADDED_ON_ARRIVAL = /\.(?:prod|mail)\.protection\.outlook\.com$|^mx\.google\.com$/i;

export const ROUTE_SIGNS: readonly Sign[] = [
  { name: 'not-aligned', points: 6, see: notAligned },
  { name: 'bare-helo', points: 7, see: bareHelo },
  { name: 'path-elsewhere', points: 4, see: pathElsewhere },
  { name: 'sender-elsewhere', points: 10, see: senderElsewhere },
  {
    name: 'free-hosting-sender',
    points: 12,
    see: ({ fromHost, facts }) =>
      when(
        [fromHost, domainOf(facts.envelope.reversePath)].some(
          (host) => /(?:^|\.)(?:onmicrosoft\.com|azurecomm\.net)$/.test(host) || isFreeHosting(host),
        ),
        'the sender’s domain is one that anybody gets below another’s',
      ),
  },
  { name: 'message-id-from-here', points: 12, see: messageIdFromHere },
  {
    name: 'rented-host',
    points: 8,
    see: ({ facts: { envelope }, fromDomain }) =>
      when(
        RENTED.test(envelope.helo) && registrableDomain(envelope.helo) !== fromDomain,
        'sent by a rented or a private host',
      ),
  },
  {
    name: 'random-helo',
    points: 8,
    see: ({ facts: { envelope } }) =>
      when(
        envelope.helo.split('.').slice(0, 2).some(isRandomName),
        'the sending host’s name is made of random letters',
      ),
  },
];

/** Bounces go to a domain that has nothing to do with the sender. So it is with services that send for others, and they are known. */
function pathElsewhere({
  facts: { envelope, headers },
  fromDomain,
  hasHtml,
  linkDomains,
}: Reading): string | undefined {
  const path = registrableDomain(domainOf(envelope.reversePath));
  const isElsewhere = path !== '' && fromDomain !== '' && path !== fromDomain && !isSendingService(path);
  return when(
    isElsewhere && hasHtml && !headers.isReply && linkDomains.size > 0 && !linkDomains.has(fromDomain),
    `bounces go to ${path}`,
  );
}

/** A free service lets nobody write as somebody else: who does has another's name in From. */
function senderElsewhere({ facts: { headers, envelope }, fromDomain }: Reading): string | undefined {
  const sender =
    /@([\w.-]+)/.exec(headers.fields.find(({ name }) => name === 'sender')?.value ?? '')?.[1]?.toLowerCase() ?? '';
  const other = [sender, domainOf(envelope.reversePath)].find((domain) => isFreeMail(domain) && domain !== fromDomain);
  return when(other !== undefined && fromDomain !== '', `sent from ${other}, with an address at ${fromDomain}`);
}

/** Every honest program gives its message an identifier. Where none was, the first server of the recipient's side puts its own. */
function messageIdFromHere({ facts: { headers, envelope }, fromDomain, recipients }: Reading): string | undefined {
  const id = domainOf((headers.messageId ?? '').replace(/[<>\s]/g, ''));
  const isOurs =
    recipients.some((address) => registrableDomain(domainOf(address)) === registrableDomain(id)) &&
    registrableDomain(id) !== fromDomain;
  const isSenders = registrableDomain(domainOf(envelope.reversePath)) === registrableDomain(id);
  return when(id.includes('.') && !isSenders && (isOurs || ADDED_ON_ARRIVAL.test(id)), 'the sender gave no Message-ID');
}

/** SPF vouches for the envelope's domain; a message whose From is another's, and which nobody signed, is vouched for by nobody. */
function notAligned({ facts: { authentication, envelope }, fromDomain }: Reading): string | undefined {
  const path = registrableDomain(domainOf(envelope.reversePath));
  const isVouched =
    authentication.dkim === 'pass' || authentication.dmarc === 'pass' || authentication.dkim === 'unknown';
  return when(
    authentication.spf === 'pass' && !isVouched && path !== '' && path !== fromDomain && !isSendingService(path),
    `sent by ${path}, which does not vouch for ${fromDomain || 'the sender'}`,
  );
}

function bareHelo({ facts: { envelope } }: Reading): string | undefined {
  const { helo } = envelope;
  const isBare = helo !== '' && !helo.includes(':') && (!helo.includes('.') || isIpAddress(helo.replace(/[[\]]/g, '')));
  return when(isBare, 'the sending host does not give its name');
}
