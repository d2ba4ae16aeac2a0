/** A rule as one sentence, for people who decide on it and for the record of what was changed. */
import type { Action, AttachmentTest, Condition, Rule } from './rule.ts';
import { describeTest } from './text-test-words.ts';

/** "When the subject contains "invoice" and the sender is at b.example: put it into quarantine." */
export function describe(rule: Rule): string {
  const when = rule.when.kind === 'always' ? 'Always' : `When ${describeCondition(rule.when)}`;
  return `${when}: ${describeAction(rule.then)}.`;
}

export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'accept':
      return 'accept it and try no further rule';
    case 'quarantine':
      return 'put it into quarantine';
    case 'reject':
      return `refuse it, telling the sender "${action.text}"`;
    case 'discard':
      return 'discard it and tell nobody';
    case 'hold':
      return 'hold it for a person to decide';
    case 'redirect':
      return `send it to ${action.to} instead`;
    case 'notify':
      return action.whom === 'admins' ? 'tell the administrators' : 'tell the recipient';
    case 'tag':
      return describeTag(action);
  }
}

function describeTag({ header, subjectPrefix }: Action & { readonly kind: 'tag' }): string {
  const parts = [
    ...(header === undefined ? [] : [`mark it with the header "${header.name}: ${header.value}"`]),
    ...(subjectPrefix === undefined ? [] : [`put "${subjectPrefix.trim()}" before its subject`]),
  ];
  return parts.join(' and ');
}

export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'always':
      return 'there is a message';
    case 'all':
      return joined(condition.of, ' and ');
    case 'any':
      return joined(condition.of, ' or ');
    case 'not':
      return describeOpposite(condition.of);
    case 'direction':
      return condition.is === 'inbound' ? 'it comes from outside' : 'one of your people sends it';
    case 'address':
      return describeAddress(condition);
    case 'header':
      return condition.test.how === 'present'
        ? `there is a header ${condition.name}`
        : `the header ${condition.name} ${describeTest(condition.test)}`;
    case 'text':
      return `${PLACES[condition.in]} ${describeTest(condition.test)}`;
    case 'size':
      return `it is larger than ${describeSize(condition.overBytes)}`;
    case 'time':
      return describeTime(condition);
    case 'country':
      return `it was sent from ${oneOf(condition.in)}`;
    case 'attachment':
      return describeAttachment(condition.test);
    case 'link':
      return `a link leads to ${oneOf(condition.hosts)}`;
    case 'authentication':
      return `${condition.method.toUpperCase()} says ${oneOf(condition.is)}`;
    case 'spam':
      return `the spam score is ${condition.atLeast} or more`;
    case 'virus':
      return 'a scanner has found something harmful';
    case 'listed':
      return `${LISTED[condition.of]} is on the list "${condition.list}"`;
    case 'impersonation':
      return condition.of === 'own-domain'
        ? "the sender's domain is made to look like one of yours"
        : 'the sender uses the name of one of your people from another address';
    case 'sensitive':
      return describeSensitive(condition);
    case 'not-fully-scanned':
      return 'it could not be scanned to its end';
    case 'scanner-failed':
      return condition.scanner === undefined
        ? 'a scanner gave no answer'
        : `the scanner ${condition.scanner} gave no answer`;
  }
}

const PLACES = {
  subject: 'the subject',
  body: 'the text',
  anywhere: 'the subject, text, a file name or a link',
} as const;

const LISTED: Readonly<Record<(Condition & { readonly kind: 'listed' })['of'], string>> = {
  sender: 'the sender',
  'sender-domain': "the sender's domain",
  recipient: 'the recipient',
  'remote-ip': 'the sending IP address',
  'link-host': 'where a link leads to',
  'attachment-hash': 'the content of an attachment',
};

const ROLES: Readonly<Record<(Condition & { readonly kind: 'address' })['of'], string>> = {
  sender: 'the sender (envelope)',
  recipient: 'the recipient',
  from: 'the From address',
  'reply-to': 'the Reply-To address',
  'to-or-cc': 'a To or Cc address',
};

function joined(of: readonly Condition[], word: ' and ' | ' or '): string {
  if (of.length === 0) return word === ' and ' ? 'there is a message' : 'nothing applies';
  return of.map((one) => (of.length > 1 ? within(one) : describeCondition(one))).join(word);
}

/** In brackets where "and", "or" and "not" would run into each other. */
function within(condition: Condition): string {
  const words = describeCondition(condition);
  const isCompound = (condition.kind === 'all' || condition.kind === 'any') && condition.of.length > 1;
  return isCompound || words.startsWith(OPPOSITE) ? `(${words})` : words;
}

const OPPOSITE = 'it is not so that ';

/** As people say it, where that is short. */
function describeOpposite(condition: Condition): string {
  if (condition.kind === 'address')
    return `${ROLES[condition.of]} is not ${oneOf(condition.matches.map(describePattern))}`;
  if (condition.kind === 'header' && condition.test.how === 'present') return `there is no header ${condition.name}`;
  return `${OPPOSITE}${within(condition)}`;
}

function describeAddress({ of, matches }: Condition & { readonly kind: 'address' }): string {
  return `${ROLES[of]} is ${oneOf(matches.map(describePattern))}`;
}

function describePattern(pattern: string): string {
  if (pattern === '<>') return 'empty (a bounce)';
  if (pattern === '<own>') return 'at one of your domains';
  if (pattern.startsWith('@*.')) return `at a host below ${pattern.slice(3)}`;
  return pattern.startsWith('@') ? `at ${pattern.slice(1)}` : pattern;
}

function describeAttachment(test: AttachmentTest): string {
  switch (test.kind) {
    case 'any':
      return 'something is attached';
    case 'name':
      return `the name of an attachment ${describeTest(test.test)}`;
    case 'type':
      return `an attachment is of type ${oneOf(test.types)}`;
    case 'hash':
      return test.sha256.length === 1
        ? `an attachment has the SHA-256 ${test.sha256[0]?.slice(0, 12)}…`
        : `an attachment has one of ${test.sha256.length} SHA-256`;
    case 'encrypted':
      return 'an attachment is encrypted';
    case 'macro':
      return 'an attachment has macros';
    case 'dangerous':
      return 'an attachment, or a file within it, can run as a program';
    case 'tricked-name':
      return 'the name of an attachment is made to deceive';
    case 'bomb':
      return 'an archive unpacks to a hundred times its size';
  }
}

function describeSensitive({ what, atLeast }: Condition & { readonly kind: 'sensitive' }): string {
  const [one, many] = SENSITIVE[what];
  return atLeast === 1 ? `it contains ${one}` : `it contains ${atLeast} or more different ${many}`;
}

const SENSITIVE: Readonly<Record<(Condition & { readonly kind: 'sensitive' })['what'], readonly [string, string]>> = {
  card: ['a card number', 'card numbers'],
  iban: ['an IBAN', 'IBANs'],
  'national-id': ['a national identity number', 'national identity numbers'],
};

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function describeTime({ weekdays, from, to, timeZone }: Condition & { readonly kind: 'time' }): string {
  const days = weekdays.length === 7 ? 'any day' : oneOf(weekdays.map((day) => WEEKDAYS[day - 1] ?? ''));
  return `it comes between ${from} and ${to} (${timeZone}) on ${days}`;
}

function describeSize(bytes: number): string {
  if (bytes >= 1_000_000) return `${rounded(bytes / 1_000_000)} MB`;
  return bytes >= 1_000 ? `${rounded(bytes / 1_000)} kB` : `${bytes} bytes`;
}

function rounded(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

// A sentence of four hundred addresses is read by nobody.
const MAX_NAMED = 5;

function oneOf(values: readonly string[]): string {
  if (values.length > MAX_NAMED)
    return `${values.slice(0, MAX_NAMED).join(', ')} or one of ${values.length - MAX_NAMED} more`;
  const [last = '', ...before] = values.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} or ${last}`;
}
