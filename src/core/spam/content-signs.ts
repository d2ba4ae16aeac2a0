/** Signs of how the message is made: what is hidden, disguised, hung on to it, or missing from it. */
import { domainOf, localPartOf } from './domains.ts';
import { isFreeMail } from './known-hosts.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

const INVISIBLE_IN_WORD = /\p{L}(?:[\u00ad\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\ufeff]|\u034f)+\p{L}/u;
const STACKED_MARKS = /\p{Script=Latin}\p{M}{2,}|(?:\p{Script=Latin}[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]){4}/u;
const STYLED_LETTERS = /[\u{1d400}-\u{1d7ff}\u{1f110}-\u{1f189}\uff21-\uff3a\uff41-\uff5a]{3}/u;
const MIXED_WORD = /\b[a-z]+[\u0391-\u03c9\u0410-\u044f]+|[\u0391-\u03c9\u0410-\u044f]+[a-z]+\b/i;
const EMOJI = /[\u{1f300}-\u{1faff}\u2600-\u27bf\u2b50\u203c\u23e9-\u23fa]/gu;
const SHOUTED = /\p{Lu}/gu;
const LETTER = /\p{L}/gu;
const TRAILING_CODE = /(?:[\s:#(-]|^)(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{6,}\)?\s*$/i;
const TRACKED = /[a-z]{2,}\s*[#:]?\s*\d{6,}|#\d{5,}/i;
const SCANNED = /\b(?:scan (?:the |this )?(?:qr|code)|qr[- ]?code)/;
const MONEY =
  /(?:mio|milli?on\w*)\W{0,3}(?:[£$€]|usd\b|eur|gbp|dol|pfund|pound)|(?:[$€£¥]|\b(?:usd|eur|gbp|r\$)\s?)\s?\d[\d.,]{2,}|\d[\d.,]{2,}\s?(?:[€$£]|euro?s?\b|usd\b|dollars?\b)/i;

export const CONTENT_SIGNS: readonly Sign[] = [
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
    name: 'disguised-text',
    points: 9,
    see: ({ rawText }) =>
      when(
        STYLED_LETTERS.test(rawText) || MIXED_WORD.test(rawText) || STACKED_MARKS.test(rawText),
        'words in the text are disguised by odd letters',
      ),
  },
  { name: 'hidden-text', points: 6, see: hiddenText },
  {
    name: 'password-field',
    points: 22,
    see: ({ facts: { markup } }) => when(markup.passwordFields > 0, 'asks for a password in the message itself'),
  },
  { name: 'form', points: 4, see: ({ facts: { markup } }) => when(markup.forms > 0, 'has a form in it') },
  {
    name: 'script',
    points: 6,
    see: ({ facts: { markup } }) =>
      when(markup.scripts > 0 || markup.iframes > 0, 'has a program or another page in it'),
  },
  { name: 'one-picture', points: 9, see: onePicture },
  {
    name: 'qr-code',
    points: 9,
    see: ({ text, facts: { markup, parts } }) =>
      when(
        SCANNED.test(text) &&
          (markup.remoteImages + markup.inlineImages > 0 || parts.some(({ trueType }) => trueType === 'image')),
        'wants a picture to be scanned',
      ),
  },
  {
    name: 'html-attachment',
    points: 14,
    see: ({ facts }) =>
      when(
        facts.parts.some(
          ({ isAttachment, fileName = '' }) =>
            isAttachment && /\.(?:s?html?|xhtml|svg|hta|mht(?:ml)?)$/i.test(fileName),
        ),
        'a page of the web is attached',
      ),
  },
  {
    name: 'tricked-name',
    points: 16,
    see: ({ facts }) =>
      when(
        facts.parts.some(({ tricks }) => tricks.length > 0),
        'an attachment’s name deceives',
      ),
  },
  {
    name: 'program-attached',
    points: 16,
    see: ({ facts }) =>
      when(
        facts.parts.some(
          ({ isAttachment, trueType, fileName = '' }) =>
            isAttachment &&
            (trueType === 'executable' || /\.(?:exe|scr|pif|com|bat|cmd|vbs|js|jse|wsf|lnk|iso|img)$/i.test(fileName)),
        ),
        'a program is attached',
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
    points: 3,
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
  { name: 'no-subject', points: 4, see: ({ subject }) => when(subject.trim() === '', 'no subject') },
  { name: 'recipient-in-subject', points: 10, see: recipientInSubject },
  { name: 'greets-address', points: 6, see: greetsAddress },
  { name: 'money-in-subject', points: 6, see: ({ subject }) => when(MONEY.test(subject), 'money in the subject') },
  {
    name: 'nobody-addressed',
    points: 6,
    see: ({ facts: { headers } }) =>
      when(
        headers.to.filter(({ address }) => address.includes('@')).length === 0 &&
          headers.cc.length === 0 &&
          headers.from.length > 0,
        'addressed to nobody',
      ),
  },
  {
    name: 'no-message-id',
    points: 6,
    see: ({ facts: { headers } }) => when(headers.messageId === undefined && headers.from.length > 0, 'no Message-ID'),
  },
  {
    name: 'windows-message-id',
    points: 8,
    see: ({ facts: { headers } }) =>
      when(
        /@(?:WIN-[A-Z0-9]+|DESKTOP-[A-Z0-9]+|SERVER|localhost|vps[\w-]*)(?:\.localdomain)?>?$/i.test(
          headers.messageId ?? '',
        ),
        'its Message-ID is that of a program on a rented host',
      ),
  },
  {
    name: 'recipient-in-message-id',
    points: 10,
    see: ({ facts: { headers }, recipients }) =>
      when(
        recipients.some((address) => (headers.messageId ?? '').toLowerCase().includes(address)),
        'the recipient’s address is in the Message-ID',
      ),
  },
  {
    name: 'urgent-header',
    points: 4,
    see: ({ facts: { headers } }) =>
      when(
        headers.fields.some(
          ({ name, value }) =>
            (name === 'x-priority' && /^\s*[12]/.test(value)) ||
            (name === 'importance' && /high/i.test(value)) ||
            (name === 'x-msmail-priority' && /high/i.test(value)),
        ),
        'marked as urgent',
      ),
  },
  { name: 'program-forged', points: 14, see: programForged },
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
  { name: 'stranger-in-text', points: 7, see: strangerInText },
  { name: 'asks-nothing', points: -8, see: asksNothing },
  {
    name: 'only-html',
    points: 2,
    see: ({ facts: { texts } }) => when(texts.length > 0 && texts.every(({ kind }) => kind === 'html'), 'HTML only'),
  },
  { name: 'sending-script', points: 8, see: sendingScript },
  {
    name: 'answers',
    points: -6,
    see: ({ facts: { headers }, text }) =>
      when(
        headers.isReply && /(?:^| )>|\b(?:wrote|writes|schrieb|a ecrit|escribio|scrisse|schreef):/.test(text),
        'answers a message and quotes it',
      ),
  },
];

function isDisguised(text: string): boolean {
  return INVISIBLE_IN_WORD.test(text) || STACKED_MARKS.test(text) || STYLED_LETTERS.test(text) || MIXED_WORD.test(text);
}

/** A line for the preview is hidden in honest newsletters as well; pages of it are not. */
function hiddenText({ facts: { markup } }: Reading): string | undefined {
  return when(
    markup.hiddenCharacters > 400 && markup.hiddenCharacters > markup.visibleCharacters,
    'more text is hidden than shown',
  );
}

function onePicture({ facts: { markup, texts, parts }, links }: Reading): string | undefined {
  const letters = texts.reduce((most, { text }) => Math.max(most, text.trim().length), 0);
  const pictures =
    markup.remoteImages + markup.inlineImages + parts.filter(({ trueType }) => trueType === 'image').length;
  return when(letters < 200 && pictures > 0 && links.length > 0, 'a picture with a link instead of a letter');
}

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

/** Who knows a person knows more of them than the address. */
function greetsAddress({ text, recipients }: Reading): string | undefined {
  const greeted =
    /\b(?:dear|hi|hello|hey|hallo|ola|hola|bonjour|ciao|guten tag|prezado|caro|estimado|attention|attn)[ ,:]+(\S+)/
      .exec(text)?.[1]
      ?.replace(/[,.:;!]+$/, '');
  if (greeted === undefined) return undefined;
  return when(
    recipients.some(
      (address) =>
        greeted === address ||
        (localPartOf(address).length > 5 && /\d|[._-]/.test(localPartOf(address)) && greeted === localPartOf(address)),
    ),
    'greets the address instead of a person',
  );
}

/** Outlook and Outlook Express wrote identifiers of their own shape; whoever claims to be them and does not is another program. */
function programForged({ facts: { headers } }: Reading): string | undefined {
  const mailer = headers.fields.find(({ name }) => name === 'x-mailer')?.value ?? '';
  const id = headers.messageId ?? '';
  const isForged =
    /^Microsoft Outlook(?: Express|,? Build)/i.test(mailer) &&
    id !== '' &&
    !/^<(?:[\da-f]{8,16}\$[\da-f]{4,12}\$[\da-f]{4,12}@|[A-Z]{20,}\.|[\da-f-]{36}@|[A-F\d]{20,}|BAY|COL|SNT|DUB|[\w.+-]{20,}@(?:phx\.gbl|[\w.]*(?:hotmail|msn|outlook)))/.test(
      id,
    );
  return when(isForged, 'says it is Outlook and is not, by its Message-ID');
}

/** An answer is wanted, and not by the one who writes. */
function strangerInText({ facts: { headers }, text, recipients, from }: Reading): string | undefined {
  if (headers.isReply) return undefined;
  const known = new Set([
    ...recipients,
    from.address.toLowerCase(),
    ...headers.replyTo.map(({ address }) => address.toLowerCase()),
  ]);
  for (const [address] of text.slice(0, 6000).matchAll(/[\w.+-]{3,40}@[\w-]{2,30}\.[\w.-]{2,20}\w/g))
    if (isFreeMail(domainOf(address)) && !known.has(address)) return `wants to be answered at ${address}`;
  return undefined;
}

/** Whoever wants something leaves a way to give it. */
function asksNothing({ facts: { parts }, links, text }: Reading): string | undefined {
  const hasWay =
    links.length > 0 ||
    parts.some(({ isAttachment }) => isAttachment) ||
    /[\w.+-]@[\w-]+\.\w|(?:\d[ ().-]{0,2}){7,}/.test(text);
  return when(text.trim() !== '' && !hasWay, 'nothing to click, to open, to call or to answer elsewhere');
}

function escaped(text: string): string {
  return text.replace(/[^a-z0-9]/g, '\\$&');
}

function sendingScript({ facts: { headers } }: Reading): string | undefined {
  const field = headers.fields.find(
    ({ name, value }) =>
      name === 'x-php-originating-script' ||
      name === 'x-php-script' ||
      (name === 'x-mailer' &&
        /\b(?:phpmailer|leaf ?mailer|the bat! \(v[\d.]+\) (?:unreg|ed)|sendblaster|advanced mass sender|massmail|bulk|atomic mail|group mail|mach ?10)\b/i.test(
          value,
        )),
  );
  return field === undefined ? undefined : 'sent by a program of a web site or for bulk mail';
}
