/** Signs of how the message is made: what is hidden, disguised, hung on to it, or missing from it. */

import { hasOddLetters } from './disguise.ts';
import { domainOf, localPartOf } from './domains.ts';
import { isFreeMail } from './known-hosts.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';

const SCANNED = /\b(?:scan (?:the |this )?(?:qr|code)|qr[- ]?code)/;

export const CONTENT_SIGNS: readonly Sign[] = [
  {
    name: 'disguised-text',
    points: 9,
    see: ({ rawText }) => when(hasOddLetters(rawText), 'words in the text are disguised by odd letters'),
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
    name: 'coded-text',
    points: 7,
    see: ({ rawText }) => when(isCode(rawText), 'the text begins or ends with a code that makes each copy different'),
  },
  {
    name: 'toll-free',
    points: 5,
    see: ({ text, facts: { headers } }) =>
      when(
        !headers.isReply && /\b1?[-. (]{0,2}8(?:00|88|77|66|55|44)[-. )]{1,2}\d{3}[-. ]\d{4}\b/.test(text),
        'a number that may be called for free',
      ),
  },
  {
    name: 'mislabelled-html',
    points: 10,
    see: ({ facts }) =>
      when(
        facts.texts.some(
          ({ kind, text }) =>
            kind === 'plain' &&
            /^\s*<(?:!doctype html|html|head|body|table|div|center|p|font)\b/i.test(text.slice(0, 500)),
        ),
        'HTML that says it is plain text',
      ),
  },
  { name: 'greets-address', points: 6, see: greetsAddress },
  { name: 'stranger-in-text', points: 7, see: strangerInText },
  { name: 'knows-name', points: -5, see: knowsName },
  { name: 'asks-nothing', points: -7, see: asksNothing },
  {
    name: 'only-html',
    points: 1,
    see: ({ facts: { texts } }) => when(texts.length > 0 && texts.every(({ kind }) => kind === 'html'), 'HTML only'),
  },
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

/** Letters of both cases and digits in one word of the first or the last line. Where the word is parted is told by its hyphens alone: tried
 * in every way, one line of base64 took for ever. */
function isCode(text: string): boolean {
  const lines = text.trim().split('\n');
  return [lines[0] ?? '', lines.at(-1) ?? ''].some(
    (line) =>
      /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d.*\d)(?:[A-Za-z\d]{4,}|[A-Za-z\d]{2,}(?:-[A-Za-z\d]{2,})+)-?$/.test(
        line.trim().slice(0, 80),
      ) && (line.match(/[a-zA-Z]\d|\d[a-zA-Z]/g)?.length ?? 0) >= 3,
  );
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
  return when(letters < 100 && pictures > 0 && links.length > 0, 'a picture with a link instead of a letter');
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

/** `jonas.weber@…` is greeted as Jonas: a list of addresses to be had for money seldom tells which part is the name. */
function knowsName({ facts: { headers }, recipients, text }: Reading): string | undefined {
  const names = [
    ...recipients.flatMap((address) => (/[._-]/.test(localPartOf(address)) ? localPartOf(address).split(/[._-]/) : [])),
    ...[...headers.to, ...headers.cc].flatMap(({ name }) =>
      name.includes('@') ? [] : name.toLowerCase().split(/[^\p{L}]+/u),
    ),
  ].filter((name) => /^\p{L}{4,}$/u.test(name));
  // Without what a list puts before a subject: its own name.
  const start = text.slice(0, 400).replace(/\[[^\]]*\]/g, ' ');
  return when(
    names.some((name) => new RegExp(`(?:^|[^\\p{L}\\p{N}@.])${name}(?![\\p{L}\\p{N}@])`, 'u').test(start)),
    'knows the recipient’s name',
  );
}

/** Whoever wants something leaves a way to give it. */
function asksNothing({ facts: { headers, parts }, links, text }: Reading): string | undefined {
  const hasWay =
    headers.replyTo.length > 0 ||
    links.length > 0 ||
    parts.some(({ isAttachment }) => isAttachment) ||
    /[\w.+-]@[\w-]+\.\w|(?:\d[ ().-]{0,2}){7,}/.test(text);
  return when(text.trim() !== '' && !hasWay, 'nothing to click, to open, to call or to answer elsewhere');
}
