/** What a user writes → the bytes that are kept, shown and sent. Bcc is not known here: it belongs to envelopes. */
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseAddress } from '../core/address.ts';
import type { Mailbox } from './facts.ts';
import { isHeaderSafe } from './header-safe.ts';

export type Draft = {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  readonly text: string;
  /** Message-IDs with their angle brackets */
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
};

/** `messageId` with its angle brackets */
export type DraftIds = { readonly messageId: string; readonly date: Date };

export type Composed =
  /** CRLF line ends throughout */
  | { readonly kind: 'composed'; readonly content: Uint8Array }
  /** `field` names a field of the draft or `messageId`; `problem` is for its writer */
  | { readonly kind: 'invalid'; readonly field: string; readonly problem: string };

export async function compose(draft: Draft, ids: DraftIds): Promise<Composed> {
  const invalid = firstInvalid(draft, ids);
  if (invalid !== undefined) return invalid;
  const composer = new MailComposer({
    from: draft.from,
    to: [...draft.to],
    cc: [...draft.cc],
    subject: draft.subject,
    // The composer would leave a bare CR as it is, which SMTP forbids (RFC 5321 §2.3.8).
    text: draft.text.replace(/\r\n|\r|\n/g, '\r\n'),
    messageId: ids.messageId,
    date: ids.date,
    ...(draft.inReplyTo === undefined ? {} : { inReplyTo: draft.inReplyTo }),
    ...(draft.references === undefined ? {} : { references: [...draft.references] }),
    newline: 'win',
    // Nothing a user writes may make us read a file or fetch an address (server-side request forgery).
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { kind: 'composed', content: new Uint8Array(await composer.compile().build()) };
}

type Invalid = Extract<Composed, { kind: 'invalid' }>;

function firstInvalid(draft: Draft, ids: DraftIds): Invalid | undefined {
  const mailboxes = { from: [draft.from], to: draft.to, cc: draft.cc };
  for (const [field, list] of Object.entries(mailboxes)) {
    for (const mailbox of list) {
      const problem = mailboxProblem(mailbox);
      if (problem !== undefined) return { kind: 'invalid', field, problem };
    }
  }
  const values = {
    subject: [draft.subject],
    inReplyTo: [draft.inReplyTo ?? ''],
    references: draft.references ?? [],
    messageId: [ids.messageId],
  };
  for (const [field, list] of Object.entries(values)) {
    if (!list.every(isHeaderSafe))
      return { kind: 'invalid', field, problem: 'It contains a line break or another control character.' };
  }
  return undefined;
}

function mailboxProblem({ name, address }: Mailbox): string | undefined {
  if (!isHeaderSafe(name)) return 'A name contains a line break or another control character.';
  if (!isHeaderSafe(address)) return 'An address contains a line break or another control character.';
  return parseAddress(address) === undefined ? `"${address.slice(0, 80)}" is not an e-mail address.` : undefined;
}
