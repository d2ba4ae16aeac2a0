import { chosenName, domainOf, localPartOf, registrableDomain } from './domains.ts';
import { isCheapTop, isFreeMail } from './known-hosts.ts';
import { fitsAddress } from './name-fit.ts';
import { isRandomName } from './random-name.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

// Words by which an organisation, or a part of one, is meant; a person has a name.
const OFFICE =
  /\b(?:bank\w*|banco|support|security|sicherheit\w*|service|customer|kundenservice|atendimento|setor|administrator|admin|helpdesk|help desk|it department|web ?mail|mail ?box|e-?mail server|server|team|notifica\w+|account|billing|invoice|tribunal|justica|intimac\w+|nota fiscal|nf-?e|correios|delivery|department|office|official|foundation|fund|lottery|casino|company|corporation|group|inc|ltd|gmbh|ministry|government|rewards?|deals?|offers?|newsletter|shop|store|insurance|loans?)\b/;
const PITCH =
  /[€✅✔]|\b(?:exclusive|bonus|gutschein\w*|winner|gewinn\w*|gluckwunsch|congrat\w*|casino|spins|warnung|sicherheitswarnung|warning|alert|claim\w*|payout|auszahlung\w*|airdrop|free|gratis|kostenlos\w*|giveaway|prizes?|loans?|pills?|pharmacy|discounts?|deals?|offers?|angebote?|rewards?|trick|secret|dating|singles|sexy|viagra|cialis|weight ?loss|cheap|mystery|lottery|jackpot|intimacao|nf-?e|cash|investment|promo\w*)\b/;
const ADDRESS_IN_NAME = /[\w.+-]+@([\w-]+\.[\w.-]+\w)/;
const DOMAIN_NAME = /^[\W_]*((?:[a-z0-9-]+\.)+(?:com|net|org|de|fr|nl|io|co\.uk|com\.br|it|es))[\W_]*$/;
const FAMILIES = [
  { domains: /^(?:gmail|googlemail)\.com$/, ids: /(?:gmail|google|googlemail)\.com$/ },
  { domains: /^(?:hotmail|live|msn|outlook)\./, ids: /(?:hotmail|live|msn|outlook|gbl|microsoft)(?:\.\w+)*$|\.gbl$/ },
  { domains: /^(?:yahoo|ymail|rocketmail)\./, ids: /yahoo(?:\.\w+)+$|ymail\.com$/ },
  { domains: /^(?:aol|netscape)\.com$/, ids: /(?:aol|netscape)\.(?:com|net)$/ },
];

export const SENDER_SIGNS: readonly Sign[] = [
  {
    name: 'dmarc-fail',
    points: 14,
    see: ({ facts: { authentication } }) =>
      when(authentication.dmarc === 'fail', 'the domain in From disowns the message (DMARC)'),
  },
  {
    name: 'spf-fail',
    points: 12,
    see: ({ facts: { authentication } }) =>
      when(authentication.spf === 'fail', 'the sending host is not one of the domain’s (SPF)'),
  },
  {
    name: 'spf-softfail',
    points: 8,
    see: ({ facts: { authentication } }) =>
      when(authentication.spf === 'softfail', 'the sending host is probably not one of the domain’s (SPF)'),
  },
  {
    name: 'sender-errors',
    points: 4,
    see: ({
      facts: {
        authentication: { spf, dmarc },
      },
    }) =>
      when(
        ['permerror', 'temperror'].some((error) => spf === error || dmarc === error),
        'the sender’s records cannot be read',
      ),
  },
  {
    name: 'nobody-vouches',
    points: 9,
    see: ({
      facts: {
        authentication: { spf, dkim, dmarc },
      },
    }) =>
      when(
        ['none', 'neutral', 'permerror'].includes(spf) &&
          ['none', 'fail', 'neutral', 'unknown'].includes(dkim) &&
          dmarc !== 'pass',
        'nothing vouches for the sender',
      ),
  },
  {
    name: 'dmarc-pass',
    points: -3,
    see: ({ facts: { authentication } }) =>
      when(
        authentication.dmarc === 'pass' && authentication.dkim === 'pass',
        'the domain in From vouches for the message',
      ),
  },
  {
    name: 'office-free-mail',
    points: 13,
    see: ({ name, fromDomain }) =>
      when(OFFICE.test(name) && isFreeMail(fromDomain), 'an organisation by its name, a free address by its domain'),
  },
  { name: 'name-is-address', points: 14, see: nameIsAddress },
  { name: 'name-unlike-address', points: 10, see: nameUnlikeAddress },
  { name: 'domain-unsaid', points: 5, see: domainUnsaid },
  { name: 'no-sender', points: 10, see: noSender },
  {
    name: 'several-senders',
    points: 8,
    see: ({ facts: { headers } }) => when(headers.from.length > 1, 'several senders in From'),
  },
  { name: 'reply-elsewhere', points: 13, see: replyElsewhere },
  {
    name: 'random-sender',
    points: 9,
    see: ({ from, fromHost }) =>
      when(
        [localPartOf(from.address), ...fromHost.split('.').slice(0, -1)].some(isRandomName),
        'the sender’s address is made of random letters',
      ),
  },
  {
    name: 'cheap-sender-domain',
    points: 7,
    see: ({ fromHost }) =>
      when(isCheapTop(fromHost), 'the sender’s domain is of the kind that is bought to be thrown away'),
  },
  {
    name: 'to-self',
    points: 7,
    see: ({ from, recipients }) =>
      when(
        from.address !== '' && recipients.length === 1 && recipients[0] === from.address.toLowerCase(),
        'sender and recipient are the same',
      ),
  },
  {
    name: 'name-is-pitch',
    points: 8,
    see: ({ name }) => when(PITCH.test(name), 'the sender’s name is an offer or a warning instead of a name'),
  },
  { name: 'three-domains', points: 6, see: threeDomains },
  { name: 'self-with-link', points: 9, see: selfWithLink },
  { name: 'free-mail-forged', points: 7, see: freeMailForged },
  {
    name: 'digits-sender',
    points: 5,
    see: ({ from }) =>
      when(
        /^[a-z._-]{2,}\d{3,}(?:[a-z]{1,4})?$/i.test(localPartOf(from.address)),
        'the sender’s address is one of many that were numbered',
      ),
  },
  {
    name: 'digits-free-mail',
    points: 4,
    see: ({ from, fromDomain }) =>
      when(
        isFreeMail(fromDomain) && /\d{3,}|[a-z]{18,}/i.test(localPartOf(from.address)),
        'a free address with numbers in it',
      ),
  },
];

function threeDomains({ facts: { headers }, fromDomain, linkDomains, hasHtml }: Reading): string | undefined {
  const reply = registrableDomain(domainOf(headers.replyTo[0]?.address ?? ''));
  const isStrange = reply !== '' && reply !== fromDomain && !linkDomains.has(reply) && !isFreeMail(reply);
  return when(
    hasHtml && !headers.isReply && isStrange && linkDomains.size === 1 && !linkDomains.has(fromDomain),
    'sender, answers and links are at three domains',
  );
}

/** A person's own address as the sender is a way past lists of friends. */
function selfWithLink({ from, recipients, linkDomains, fromDomain, facts }: Reading): string | undefined {
  const isSelf = from.address !== '' && recipients.includes(from.address.toLowerCase());
  return when(
    isSelf && !facts.headers.isReply && linkDomains.size > 0 && !linkDomains.has(fromDomain),
    'the recipient’s own address as sender, and links to elsewhere',
  );
}

/** What the big free services send bears their own Message-ID, or one of a mail program with their domain in it. */
function freeMailForged({ facts: { headers }, fromDomain }: Reading): string | undefined {
  const id = domainOf((headers.messageId ?? '').replace(/[<>\s]/g, ''));
  const family = FAMILIES.find(({ domains }) => domains.test(fromDomain));
  return when(
    family !== undefined && id !== '' && !family.ids.test(id) && !headers.isReply,
    `from ${fromDomain} by its address, not by its Message-ID`,
  );
}

function nameIsAddress({ facts: { headers }, fromDomain }: Reading): string | undefined {
  const [name = ''] = headers.from.map((party) => party.name.toLowerCase()).filter((text) => text !== '');
  const shown = ADDRESS_IN_NAME.exec(name)?.[1] ?? DOMAIN_NAME.exec(name)?.[1];
  if (shown === undefined || fromDomain === '' || / via /.test(name)) return undefined;
  return when(chosenName(shown) !== chosenName(fromDomain), `shows ${shown} as its name, writes from ${fromDomain}`);
}

/**
 * Neither the address nor a link has to do with the name: it was made up for this message. A person may have such an address, but writes
 * without links, or with that of a signature.
 */
function nameUnlikeAddress({
  facts: { headers },
  from,
  fromDomain,
  hasHtml,
  linkDomains,
}: Reading): string | undefined {
  const isAway = hasHtml && !headers.isReply && linkDomains.size > 0 && !linkDomains.has(fromDomain);
  if (!isAway || fromDomain === '' || from.name.includes('@')) return undefined;
  return when(!fitsAddress(from.name, from.address), 'the sender’s name fits neither the address nor the links');
}

/** Whoever writes for an organisation has its name in the letter somewhere, or a picture or a link from there; a person's is in the address. */
function domainUnsaid({
  facts,
  from,
  fromHost,
  fromDomain,
  hasHtml,
  links,
  subject,
  text,
}: Reading): string | undefined {
  const isLetter = hasHtml && !facts.headers.isReply && links.some(({ from: where }) => where === 'href');
  if (!isLetter || fromDomain === '' || isFreeMail(fromDomain) || fitsAddress(from.name, from.address))
    return undefined;
  const own = chosenName(fromHost);
  const isSaid =
    lettersOf(`${subject} ${text.slice(from.name.length)}`).includes(lettersOf(own)) ||
    facts.links.some(({ host }) => host.includes(own));
  return when(!isSaid, `nothing in it speaks of ${fromDomain}, nor does the sender’s name`);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function noSender({ facts: { headers }, from, fromHost }: Reading): string | undefined {
  if (headers.from.length === 0) return undefined;
  const isMalformed =
    fromHost === '' ||
    !/^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.[\p{L}-]{2,}$/u.test(fromHost) ||
    /[\s"'<>]/.test(from.address);
  return when(isMalformed, 'the address in From is none');
}

function replyElsewhere({ facts: { headers, envelope }, from, fromDomain, recipients }: Reading): string | undefined {
  const reply = headers.replyTo[0]?.address.toLowerCase() ?? '';
  const domain = registrableDomain(domainOf(reply));
  if (!reply.includes('@') || reply === from.address.toLowerCase() || recipients.includes(reply)) return undefined;
  // A person's second address, a list's way of keeping its members reachable: the same name before the @.
  if (
    localPartOf(reply) === localPartOf(from.address).toLowerCase() ||
    domain === registrableDomain(domainOf(envelope.reversePath))
  )
    return undefined;
  return when(
    isFreeMail(domain) && (domain !== fromDomain || isFreeMail(fromDomain)),
    `answers go to ${reply}, not to the sender`,
  );
}
