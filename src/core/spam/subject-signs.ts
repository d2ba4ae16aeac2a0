import { isDisguised } from './disguise.ts';
import { localPartOf } from './domains.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

const EMOJI = /[\u{1f300}-\u{1faff}\u2600-\u27bf\u2b50\u203c\u23e9-\u23fa]/gu;
const SHOUTED = /\p{Lu}/gu;
const LETTER = /\p{L}/gu;
const TRAILING_CODE = /(?:[\s:#(-]|^)(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{6,}\)?\s*$/i;
const TRACKED = /[a-z]{2,}\s*[#:]?\s*\d{6,}|#\d{5,}/i;
const MONEY =
  /(?:mio|milli?on\w*)\W{0,3}(?:[£$€]|usd\b|eur|gbp|dol|pfund|pound)|(?:[$€£¥]|\b(?:usd|eur|gbp|r\$)\s?)\s?\d[\d.,]{2,}|\d[\d.,]{2,}\s?(?:[€$£]|euro?s?\b|usd\b|dollars?\b)/i;

export const SUBJECT_SIGNS: readonly Sign[] = [
  {
    name: 'disguised-subject',
    points: 18,
    see: ({ facts: { headers } }) =>
      when(
        isDisguised(`${headers.subject} \n ${headers.from.map(({ name }) => name).join(' ')}`),
        'subject or name are disguised by odd letters',
      ),
  },
  {
    name: 'emoji-subject',
    points: 5,
    see: ({ facts: { headers } }) => when(emojiIn(headers) >= 1, 'pictures in the subject or name'),
  },
  {
    name: 'many-emoji',
    points: 5,
    see: ({ facts: { headers } }) => when(emojiIn(headers) >= 3, 'many pictures in the subject or name'),
  },
  {
    name: 'shouted-subject',
    points: 7,
    see: ({ facts: { headers } }) => when(isShouted(headers.subject), 'the subject shouts'),
  },
  {
    name: 'exclaimed-subject',
    points: 2,
    see: ({ subject }) => when(/!\s*$|!!|\?\?|\$\$/.test(subject), 'the subject exclaims'),
  },
  {
    name: 'coded-subject',
    points: 5,
    see: ({ subject, facts }) =>
      when(
        (!facts.headers.isReply && /\s\S*$/.test(subject) && TRAILING_CODE.test(subject) && /\s/.test(subject)) ||
          TRACKED.test(subject),
        'the subject has a running number',
      ),
  },
  {
    name: 'spaced-subject',
    points: 6,
    see: ({ facts: { headers } }) =>
      when(/\S {6,}\S/.test(headers.subject), 'something is pushed out of sight in the subject'),
  },
  {
    name: 'false-reply',
    points: 8,
    see: ({ subject, facts: { headers } }) =>
      when(
        /^(?:re|fwd?|aw|wg|rv|res|enc)\s?:/.test(subject) && !headers.isReply,
        'says it is an answer and answers nothing',
      ),
  },
  {
    name: 'advertisement-label',
    points: 12,
    see: ({ subject }) => when(/^\W*adv?\b\W|\badv(?:\.|:|$)/.test(subject), 'labelled as an advertisement'),
  },
  {
    name: 'garbled-subject',
    points: 8,
    see: ({ facts: { headers } }) =>
      when(
        (headers.subject.match(/[\u0080-\u00bf\ufffd]/g)?.length ?? 0) >= 3,
        'the subject is in raw letters of no stated alphabet',
      ),
  },
  { name: 'no-subject', points: 4, see: ({ subject }) => when(subject.trim() === '', 'no subject') },
  { name: 'recipient-in-subject', points: 10, see: recipientInSubject },
  { name: 'money-in-subject', points: 6, see: ({ subject }) => when(MONEY.test(subject), 'money in the subject') },
  {
    name: 'recipient-name-in-subject',
    points: 5,
    see: ({ subject, recipients }) =>
      when(
        recipients.some(
          (address) =>
            localPartOf(address).length >= 6 &&
            new RegExp(`(?:^|[^a-z0-9])${escaped(localPartOf(address))}(?:$|[^a-z0-9@.])`).test(
              subject.replace(/\[[^\]]*\]/g, ''),
            ),
        ),
        'the name before the @ is in the subject',
      ),
  },
  {
    name: 'percent-in-subject',
    points: 5,
    see: ({ subject }) => when(/\d ?%/.test(subject), 'a percentage in the subject'),
  },
];

function emojiIn(headers: Reading['facts']['headers']): number {
  return `${headers.subject} ${headers.from.map(({ name }) => name).join(' ')}`.match(EMOJI)?.length ?? 0;
}

function isShouted(subject: string): boolean {
  const letters = subject.match(LETTER)?.length ?? 0;
  return letters >= 12 && (subject.match(SHOUTED)?.length ?? 0) / letters > 0.8;
}

function recipientInSubject({ subject, recipients }: Reading): string | undefined {
  return when(
    recipients.some((address) => subject.includes(address)),
    'the recipient’s address is in the subject',
  );
}

function escaped(text: string): string {
  return text.replace(/[^a-z0-9]/g, '\\$&');
}
