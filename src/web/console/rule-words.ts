/** What a rule may be made of, in the words of its form. Pure. */
import type { Action, Condition, TextTest } from '../../core/rules/rule.ts';

export type Options<Value extends string = string> = readonly (readonly [value: Value, words: string])[];

/** Conditions that the form knows; what else there is, is written as JSON. */
export const CONDITION_KINDS = [
  ['address', 'An address'],
  ['text', 'Words of the message'],
  ['attachment', 'An attachment'],
  ['direction', 'Where it goes'],
  ['header', 'A header'],
  ['link', 'Where a link leads to'],
  ['listed', 'One of your lists'],
  ['impersonation', 'Who it pretends to be'],
  ['authentication', 'SPF, DKIM, DMARC'],
  ['spam', 'Spam score'],
  ['virus', 'Found by a scanner'],
  ['sensitive', 'Numbers in it'],
  ['size', 'Size'],
  ['country', 'Country of the sending address'],
  ['time', 'Time of day'],
  ['not-fully-scanned', 'Could not be scanned to its end'],
  ['scanner-failed', 'A scanner gave no answer'],
] as const satisfies Options<Condition['kind']>;
export type ConditionKind = (typeof CONDITION_KINDS)[number][0];

type Of<Kind extends Condition['kind']> = Condition & { readonly kind: Kind };

export const DIRECTIONS: Options<Of<'direction'>['is']> = [
  ['inbound', 'It comes from outside'],
  ['outbound', 'One of your people sends it'],
];

export const ADDRESS_ROLES: Options<Of<'address'>['of']> = [
  ['sender', 'The sender (envelope)'],
  ['from', 'From, as people see it'],
  ['reply-to', 'Reply-To'],
  ['recipient', 'The recipient'],
  ['to-or-cc', 'To or Cc'],
];

export const PLACES: Options<Of<'text'>['in']> = [
  ['subject', 'The subject'],
  ['body', 'The text'],
  ['anywhere', 'Subject, text, file names, links'],
];

export const TESTS: Options<TextTest['how']> = [
  ['contains', 'contains'],
  ['word', 'has the word'],
  ['equals', 'is'],
  ['glob', 'is like (* and ?)'],
  ['pattern', 'matches the pattern'],
];

export const HEADER_TESTS: Options<TextTest['how'] | 'present'> = [['present', 'is there'], ...TESTS];

export const ATTACHMENT_TESTS: Options<Exclude<Of<'attachment'>['test']['kind'], 'hash'>> = [
  ['any', 'There is one'],
  ['dangerous', 'It can run as a program'],
  ['macro', 'It has macros'],
  ['encrypted', 'It is encrypted'],
  ['tricked-name', 'Its name is made to deceive'],
  ['bomb', 'It unpacks to a hundred times its size'],
  ['name', 'Its name is like (* and ?)'],
  ['type', 'Its type is'],
];

export const LISTED_ROLES: Options<Of<'listed'>['of']> = [
  ['sender', 'The sender'],
  ['sender-domain', "The sender's domain"],
  ['recipient', 'The recipient'],
  ['remote-ip', 'The sending IP address'],
  ['link-host', 'Where a link leads to'],
  ['attachment-hash', 'The content of an attachment'],
];

export const PRETENCES: Options<Of<'impersonation'>['of']> = [
  ['own-domain', 'A domain made to look like yours'],
  ['own-account', 'The name of one of your people'],
];

export const METHODS: Options<Of<'authentication'>['method']> = [
  ['dmarc', 'DMARC'],
  ['spf', 'SPF'],
  ['dkim', 'DKIM'],
];

export const RESULTS: Options<Of<'authentication'>['is'][number]> = [
  ['fail', 'says fail'],
  ['pass', 'says pass'],
  ['none', 'says none'],
  ['softfail', 'says softfail'],
  ['neutral', 'says neutral'],
  ['temperror', 'could not be asked'],
  ['permerror', 'is set up wrongly'],
  ['policy', 'says policy'],
  ['unknown', 'was not asked'],
];

export const NUMBERS: Options<Of<'sensitive'>['what']> = [
  ['card', 'Card numbers'],
  ['iban', 'IBANs'],
  ['national-id', 'National identity numbers'],
];

export const DAYS = [
  ['every', 'Every day'],
  ['working', 'Monday to Friday'],
  ['weekend', 'Saturday and Sunday'],
] as const satisfies Options;
export const WEEKDAYS: Readonly<Record<(typeof DAYS)[number][0], readonly number[]>> = {
  every: [1, 2, 3, 4, 5, 6, 7],
  working: [1, 2, 3, 4, 5],
  weekend: [6, 7],
};

export const ACTIONS: Options<Action['kind']> = [
  ['quarantine', 'Put it into quarantine'],
  ['tag', 'Mark it, and go on'],
  ['accept', 'Accept it, and try no further rule'],
  ['hold', 'Hold it for a person to decide'],
  ['reject', 'Refuse it, and say why'],
  ['redirect', 'Send it to somebody else, and go on'],
  ['notify', 'Tell somebody, and go on'],
  ['discard', 'Discard it, and tell nobody'],
];

export const WHOM: Options<(Action & { readonly kind: 'notify' })['whom']> = [
  ['admins', 'The administrators'],
  ['recipient', 'The recipient'],
];
