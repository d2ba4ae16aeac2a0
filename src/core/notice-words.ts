/** What people are told of an outage (R12), in words they can act on. Never a subject, a body or a secret. Pure. */

export type NoticeOccasion = 'refused-us' | 'down' | 'mailboxes-ready' | 'up' | 'closed';

export type NoticeWords = { readonly subject: string; readonly text: string };

export type Occasion = {
  readonly kind: NoticeOccasion;
  readonly clientName: string;
  /** `2026-11-23 22:40:00 UTC` */
  readonly when: string;
  /** the timeline's own line: the evidence */
  readonly words: string;
};

const HEADLINES: Readonly<Record<NoticeOccasion, { readonly subject: string; readonly meaning: string }>> = {
  'refused-us': {
    subject: 'the mail server does not let us in',
    meaning:
      'It answers, but the connection to it fails on TLS or on our login. Mail for your people is kept here and delivered when that is mended. Mailboxes are not opened for this: if people need their mail now, declare a failure.',
  },
  down: {
    subject: 'the mail server does not answer',
    meaning:
      'Mail for your people is kept here from now on. Mailboxes are being opened for them; nothing is lost or bounced.',
  },
  'mailboxes-ready': {
    subject: 'the emergency mailboxes are open',
    meaning:
      'Your people can log in, read and write. Everything they see and send is given back to your server after the repair.',
  },
  up: {
    subject: 'the mail server takes mail again',
    meaning:
      'New mail goes to it directly. What was kept is being given back at the pace you set; the mailboxes are for reading now.',
  },
  closed: {
    subject: 'everything is given back',
    meaning: 'The emergency is over. The outage report shows that every message is accounted for.',
  },
};

export function isNoticeOccasion(kind: string): kind is NoticeOccasion {
  return Object.hasOwn(HEADLINES, kind);
}

export function noticeWords({ kind, clientName, when, words }: Occasion): NoticeWords {
  const { subject, meaning } = HEADLINES[kind];
  return {
    subject: `${oneLine(clientName)}: ${subject}`,
    text: `${meaning}\n\nWhat was seen: ${words}\nWhen: ${when}\n`,
  };
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
