/** What a sender reads when a message is delayed or comes back, and what their mail system reads (RFC 3464). Pure. */
import { inWords } from './expiry.ts';
import { parseReply, type Reply } from './reply.ts';

export type ReturnKind = 'failed' | 'delayed';

/** Times are ready to be read. */
export type ReturnStory = {
  readonly kind: ReturnKind;
  readonly recipient: string;
  /** of the message that came; '' when it had none */
  readonly subject: string;
  readonly received: string;
  readonly lastTried: string;
  readonly triedForMs: number;
  /** `delayed` only */
  readonly retriedUntil: string;
  /** in the gateway's own words, or in ours where it said none */
  readonly lastWord: string;
  /** at least one attempt ended without an answer */
  readonly mayHaveArrived: boolean;
};

export type ReturnWords = { readonly subject: string; readonly text: string };

export function returnWords(story: ReturnStory): ReturnWords {
  const { kind, recipient, lastWord } = story;
  const isFailed = kind === 'failed';
  const subject = isFailed ? `Not delivered: your message to ${recipient}` : `Delayed: your message to ${recipient}`;
  const lines = [
    isFailed
      ? 'Your message could not be delivered, and it is not tried any more.'
      : 'Your message has not been delivered yet. You need not do anything: it is still being tried.',
    '',
    `To:          ${recipient}`,
    ...(story.subject === '' ? [] : [`Subject:     ${story.subject}`]),
    `Received:    ${story.received}`,
    `Last tried:  ${story.lastTried}`,
    ...(isFailed ? [] : [`Tried until: ${story.retriedUntil}`]),
    '',
    `The mail server of the recipient has put it off ${isFailed ? `for ${inWords(story.triedForMs)}` : 'so far'}. Its last answer:`,
    '',
    `    ${lastWord}`,
    '',
    ...(story.mayHaveArrived
      ? ['One attempt ended without an answer, so a copy may have arrived all the same.', '']
      : []),
    ...(isFailed ? FAILED_ADVICE : DELAYED_ADVICE),
    '',
    'This was written by a machine; nobody reads an answer to it.',
  ];
  return { subject, text: lines.join('\n') };
}

const FAILED_ADVICE = [
  'What you can do: tell the recipient by another way, for example by telephone, and',
  'read the answer above to them or to whoever looks after their mail. Send the',
  'message again when that is mended. It was kept for nobody: the one that you sent',
  'will not arrive later.',
];

const DELAYED_ADVICE = [
  'What you can do: nothing, or, if it is urgent, tell the recipient by another way.',
  'Do not send the message again, or it may arrive twice. If it cannot be delivered',
  'by the time above, you will be told once more.',
];

/** What the ledger's words about the last attempt hold: the server's reply, where it gave one. */
export type LastWord = { readonly words: string; readonly reply?: Reply };

export function lastWordOf(detail: string): LastWord {
  const end = detail.lastIndexOf('; tried for ');
  const outcome = end === -1 ? detail : detail.slice(0, end);
  const words = outcome.replace(/ \(at [^()]*\)$/, '');
  const reply = parseReply(words);
  return reply === undefined ? { words: outcome } : { words, reply };
}

/**
 * RFC 3463 §3.5: 4.4.7, delivery time expired, where the peer has not said what the matter was. Never class 5: nobody has refused the
 * message for good, its trouble has only gone on for too long (§2).
 */
export function statusOf({ reply }: LastWord): string {
  return reply?.enhanced?.startsWith('4.') === true ? reply.enhanced : '4.4.7';
}
