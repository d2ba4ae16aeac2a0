/**
 * What codes mean, as data: enhanced status codes (RFC 3463 and the IANA registry "SMTP Enhanced Status Codes", with the numbers
 * vendors added) and the basic replies of RFC 5321 §4.2. The first digit says whether to try again; here is what the rest says.
 */
import type { Lasting, OutcomeClass } from './outcome-class.ts';
import type { Meaning } from './reply-patterns.ts';

export type StatusMeaning = Readonly<Record<Lasting, OutcomeClass>> & {
  /** what the words may still say against the code: codes are chosen by people, some of them carelessly */
  readonly unless: ReadonlySet<Meaning>;
  /** the same for 5.y.z, where it differs */
  readonly unlessPermanent?: ReadonlySet<Meaning>;
};

const POLICY = { temporary: 'greylist/policy-temporary', permanent: 'permanent-policy' } as const;
const MAILBOX = { temporary: 'mailbox-level', permanent: 'permanent-mailbox' } as const;
const DNS = both('dns');
const TLS = both('tls');

function both(one: OutcomeClass): Readonly<Record<Lasting, OutcomeClass>> {
  return { temporary: one, permanent: one };
}

function unless(...meanings: readonly Meaning[]): { readonly unless: ReadonlySet<Meaning> } {
  return { unless: new Set(meanings) };
}

const FIRM = unless();
const ABOUT_A_MAILBOX: readonly Meaning[] = [
  'unknown-recipient',
  'disabled-recipient',
  'full-mailbox',
  'recipient-rate',
];
// Not `refused-recipient`: 4.7.1 and 5.7.1 with those words alone are a policy.
const ABOUT_US: readonly Meaning[] = ['peer', 'sender', 'content', 'tls'];
const ABOUT_THE_SYSTEM: readonly Meaning[] = ['limit', 'exhausted', 'trouble', 'silence', 'tls'];
// RFC 3463 gives X.3.0, X.4.0 and X.5.0 to whatever has no better number; only "later" and a bare "no" say less than they do.
const ANYTHING = unless(
  ...ABOUT_A_MAILBOX,
  'refused-recipient',
  ...ABOUT_US,
  ...ABOUT_THE_SYSTEM,
  'greylist',
  'rate',
  'name-lookup',
  'loop',
  'policy',
);

type Table = Readonly<Record<string, StatusMeaning>>;

// By subject.detail; the digit before it only says temporary or permanent.
const DETAILS: Table = {
  '1.1': { ...MAILBOX, ...unless('peer') },
  '1.2': { ...DNS, ...unless('peer', 'sender', 'tls', ...ABOUT_A_MAILBOX) },
  '1.7': { ...POLICY, ...FIRM },
  '1.8': { ...POLICY, ...FIRM },
  // IANA: null MX (RFC 7505); Exchange gives it to recipients it does not find.
  '1.10': { ...MAILBOX, ...unless('name-lookup') },
  '2.2': { ...MAILBOX, ...unless('sender') },
  '2.3': { ...POLICY, ...unless('full-mailbox') },
  // Exchange Online: 5xx, and yet only this hour's limit of one mailbox.
  '2.121': { ...both('mailbox-level'), ...FIRM },
  '2.122': { ...both('mailbox-level'), ...FIRM },
  '3.1': { ...both('server-busy'), ...unless('full-mailbox', 'content', 'trouble') },
  '3.2': {
    ...both('server-down'),
    ...unless('limit', 'exhausted', 'rate', 'recipient-rate', 'greylist', 'peer', 'tls'),
  },
  '3.3': { ...POLICY, ...unless('tls', 'trouble', 'exhausted') },
  '3.4': { ...POLICY, ...unless('exhausted', 'full-mailbox') },
  '3.5': { ...both('server-down'), ...unless('tls', 'peer', 'content') },
  '3.6': { ...POLICY, ...FIRM },
  '4.2': { ...both('connection'), ...unless('tls', 'limit', 'exhausted') },
  // "Directory server": for Postfix and Exchange that is DNS, for others their own LDAP, which the words say.
  '4.3': { ...DNS, ...unless('trouble', 'limit', 'exhausted', 'tls', 'sender') },
  '4.4': { ...DNS, ...unless(...ABOUT_THE_SYSTEM, 'sender', 'loop') },
  // IANA: congestion; Gmail's 5.4.5 is a daily quota.
  '4.5': { temporary: 'server-busy', permanent: 'permanent-policy', ...FIRM },
  '4.6': { ...POLICY, ...unless('name-lookup') },
  // Exchange: agent loops and hop counts.
  '4.11': { ...POLICY, ...FIRM },
  '4.12': { ...POLICY, ...FIRM },
  '4.14': { ...POLICY, ...FIRM },
  '4.310': { ...DNS, ...FIRM },
  '4.312': { ...DNS, ...FIRM },
  '4.317': { ...TLS, ...FIRM },
  '5.3': { temporary: 'server-busy', permanent: 'permanent-policy', ...FIRM },
  // Postfix: "TLS is required, but was not offered" and "Server certificate not trusted"; elsewhere a kind of login or of signature.
  '7.4': { temporary: 'tls', permanent: 'permanent-policy', ...unless('tls') },
  '7.5': { temporary: 'tls', permanent: 'permanent-policy', ...unless('tls') },
  // Exchange Online: a recipient its organisation has banned, or does not have.
  // RFC 7293: the mailbox has another owner.
  '7.17': { ...MAILBOX, ...FIRM },
  '7.18': { ...MAILBOX, ...FIRM },
  '7.504': { ...MAILBOX, ...FIRM },
  '7.505': { ...MAILBOX, ...FIRM },
  '7.10': { ...TLS, ...FIRM },
  '7.11': { ...TLS, ...FIRM },
};

// IANA 7.20-7.30 and Gmail's neighbours: DKIM, SPF, reverse DNS, ARC, DMARC, a pace for those without.
// Exchange Online 7.320-7.325: DANE and MTA-STS (Microsoft NDR reference).
const RANGES: readonly {
  readonly subject: string;
  readonly from: number;
  readonly to: number;
  readonly means: StatusMeaning;
}[] = [
  { subject: '7', from: 20, to: 39, means: { ...POLICY, ...FIRM } },
  { subject: '7', from: 320, to: 325, means: { ...TLS, ...FIRM } },
];

const SUBJECTS: Table = {
  '1': { ...MAILBOX, ...unless(...ABOUT_US, 'rate') },
  // Answers about a mailbox that are about the sender, the pace or the system: Gmail 4.2.1, Dovecot 4.2.0, "5.2.1 … is blacklisted".
  '2': { ...MAILBOX, ...unless('greylist', 'peer', 'content', 'loop', 'limit', 'rate', 'exhausted', 'trouble') },
  '3': { ...both('server-down'), ...ANYTHING },
  '4': { ...both('connection'), ...ANYTHING },
  '5': { ...POLICY, ...ANYTHING },
  '6': { ...POLICY, ...unless('exhausted') },
  // 4.7.x is also what a broken milter, a proxy or a full disk answers; 5.7.x with the words "service unavailable" is a refusal.
  '7': {
    ...POLICY,
    ...unless(...ABOUT_A_MAILBOX, ...ABOUT_THE_SYSTEM),
    unlessPermanent: new Set<Meaning>(['tls', ...ABOUT_A_MAILBOX]),
  },
};

/** undefined for X.0.0 ("other or undefined", RFC 3463 §3.1), which says nothing, and for a subject nobody has defined */
export function meaningOfStatus(enhanced: string): StatusMeaning | undefined {
  const [, subject = '', detail = ''] = enhanced.split('.');
  const number = Number(detail);
  const range = RANGES.find((each) => each.subject === subject && each.from <= number && number <= each.to);
  return DETAILS[`${subject}.${detail}`] ?? range?.means ?? SUBJECTS[subject];
}

/** RFC 5321 §4.2.3 and its extensions: what a basic code says when neither words nor an enhanced code say more. */
export const BASIC_CODES: Readonly<Record<number, OutcomeClass>> = {
  421: 'server-down',
  // 422, 431, 441, 442, 447: not in any RFC; made of 4.2.2, 4.3.1, 4.4.1, 4.4.2 and 4.4.7, and read so.
  422: 'mailbox-level',
  431: 'server-busy',
  432: 'mailbox-level',
  441: 'connection',
  442: 'connection',
  447: 'connection',
  450: 'mailbox-level',
  452: 'server-busy',
  // RFC 3207 §4 and RFC 4954 §6: "temporary", of TLS or of the login; a server that cannot do either is not well.
  454: 'server-down',
  455: 'server-down',
  511: 'permanent-mailbox',
  512: 'dns',
  521: 'server-down',
  540: 'permanent-mailbox',
  550: 'permanent-mailbox',
  551: 'permanent-mailbox',
  552: 'permanent-mailbox',
  553: 'permanent-mailbox',
  // RFC 7504 §4 with RFC 7505: the domain accepts no mail at all.
  556: 'dns',
};
