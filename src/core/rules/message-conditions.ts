/** Conditions about who writes to whom, when, from where, and about the words of a message. */
import { civilAt, weekdayOf } from '../civil-time.ts';
import { matchesAddress, matchesHost } from './address-patterns.ts';
import { describeCondition } from './describe.ts';
import type { Condition } from './rule.ts';
import type { Subject, Text } from './subject.ts';
import { testTexts } from './text-test.ts';
import { NO, notKept, notKnown, type Truth, truthIf, yes } from './truth.ts';

type Of<Kind extends Condition['kind']> = Condition & { readonly kind: Kind };

export function judgeAddress({ facts, context }: Subject, condition: Of<'address'>): Truth {
  const address = addressesOf(facts, condition.of).find((one) =>
    condition.matches.some((pattern) => matchesAddress(pattern, one, context.ownDomains)),
  );
  return address === undefined ? NO : yes(`the ${ROLES[condition.of]} is ${address === '' ? '<>' : address}`);
}

const ROLES: Readonly<Record<Of<'address'>['of'], string>> = {
  sender: 'sender',
  recipient: 'recipient',
  from: 'From address',
  'reply-to': 'Reply-To address',
  'to-or-cc': 'To or Cc address',
};

function addressesOf({ envelope, headers }: Subject['facts'], of: Of<'address'>['of']): readonly string[] {
  switch (of) {
    case 'sender':
      return [envelope.reversePath];
    case 'recipient':
      return [envelope.recipient];
    case 'from':
      return headers.from.map(({ address }) => address);
    case 'reply-to':
      return headers.replyTo.map(({ address }) => address);
    case 'to-or-cc':
      return [...headers.to, ...headers.cc].map(({ address }) => address);
  }
}

export function judgeHeader(subject: Subject, { name, test }: Of<'header'>): Truth {
  const found = subject.facts.headers.fields.filter((field) => field.name === name.toLowerCase());
  const what = `the header ${name}`;
  const truth =
    test.how === 'present'
      ? truthIf(found.length > 0, `${what} is there`)
      : testTexts(
          subject,
          test,
          found.map(({ value }) => ({ what, text: value })),
        );
  return truth.kind === 'no' && subject.notKept.has('fields') ? notKept('the header') : truth;
}

export function judgeText(subject: Subject, condition: Of<'text'>): Truth {
  const truth = testTexts(subject, condition.test, textsIn(subject, condition.in));
  if (truth.kind !== 'no' || condition.in === 'subject') return truth;
  if (subject.notKept.has('texts')) return notKept('the text');
  return condition.in === 'anywhere' && subject.notKept.has('links') ? notKept('what the links lead to') : NO;
}

function textsIn(of: Subject, where: Of<'text'>['in']): readonly Text[] {
  const { facts } = of;
  const subject = { what: 'the subject', text: facts.headers.subject };
  const body = facts.texts.map(({ text }) => ({ what: 'the text', text }));
  switch (where) {
    case 'subject':
      return [subject];
    case 'body':
      return body;
    case 'anywhere':
      return [subject, ...body, ...of.fileNames, ...facts.links.map(({ url }) => ({ what: 'a link', text: url }))];
  }
}

export function judgeTime({ facts }: Subject, condition: Of<'time'>): Truth {
  const now = civilAt(facts.receivedAt, condition.timeZone);
  const [from, to] = [minuteOf(condition.from), minuteOf(condition.to)];
  const today = weekdayOf(now);
  const isToday = condition.weekdays.includes(today);
  const isYesterday = condition.weekdays.includes(today === 1 ? 7 : today - 1);
  const isWithin =
    from < to
      ? isToday && now.minute >= from && now.minute < to
      : (isToday && now.minute >= from) || (isYesterday && now.minute < to);
  return truthIf(isWithin, describeCondition(condition));
}

/** From `22:00`. */
function minuteOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
}

export function judgeCountry({ facts }: Subject, condition: Of<'country'>): Truth {
  const country = facts.envelope.country?.toUpperCase();
  if (country === undefined) return notKnown('the country');
  const isIn = condition.in.some((one) => one.toUpperCase() === country);
  return truthIf(isIn, `the sending address is in ${country}`);
}

export function judgeLink(subject: Subject, { hosts }: Of<'link'>): Truth {
  const link = subject.facts.links.find(({ host }) => hosts.some((pattern) => matchesHost(pattern, host)));
  if (link !== undefined) return yes(`a link leads to ${link.host}`);
  return subject.notKept.has('links') ? notKept('what the links lead to') : NO;
}
