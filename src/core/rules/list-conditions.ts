/** Membership of a client's lists. Entries are in lower case (core/filter-list.ts): addresses, domains, IP addresses and networks, hosts, SHA-256. */
import { entriesFor } from '../ip-network.ts';
import { unicodeHost } from '../punycode.ts';
import { domainOf } from './address-patterns.ts';
import { hashesOf } from './files.ts';
import type { Condition } from './rule.ts';
import type { Subject } from './subject.ts';
import { failed, NO, notKept, notKnown, type Truth, yes } from './truth.ts';

type Listed = Condition & { readonly kind: 'listed' };

export function judgeListed(subject: Subject, { list, of }: Listed): Truth {
  const entries = Object.hasOwn(subject.context.lists, list) ? subject.context.lists[list] : undefined;
  if (entries === undefined) return failed(`there is no list "${list}"`);
  const entry = keysOf(subject, of).find((key) => entries.has(key));
  if (entry !== undefined) return yes(`${entry} is on the list "${list}"`);
  if (of === 'remote-ip' && subject.facts.envelope.remoteIp === '') return notKnown('the sending address');
  return of === 'link-host' && subject.notKept.has('links') ? notKept('what the links lead to') : NO;
}

/** A sender is who the envelope says and who people see: lists are made of both. */
function keysOf({ facts }: Subject, of: Listed['of']): readonly string[] {
  const senders = [facts.envelope.reversePath, ...facts.headers.from.map(({ address }) => address)];
  switch (of) {
    case 'sender':
      return senders.flatMap(addressKeys);
    case 'sender-domain':
      return senders.flatMap((sender) => hostKeys(domainOf(sender)));
    case 'recipient':
      return addressKeys(facts.envelope.recipient);
    case 'remote-ip':
      return entriesFor(facts.envelope.remoteIp);
    case 'link-host':
      return facts.links.flatMap(({ host }) => hostKeys(host));
    case 'attachment-hash':
      return hashesOf(facts.parts);
  }
}

/** `<>` for bounces; an address, and its domain. */
function addressKeys(address: string): readonly string[] {
  if (address === '') return ['<>'];
  return [address.toLowerCase(), domainOf(address)];
}

/** A host, and whatever it lies below: an entry `b.example` is meant for `a.b.example` as well. */
function hostKeys(host: string): readonly string[] {
  if (host === '') return [];
  const labels = unicodeHost(host).split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}
