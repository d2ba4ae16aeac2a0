/**
 * What a user writes: past the client's own filter (R5), kept first (R18), then on its way: to a colleague's mailbox, or to the world by
 * the relay. One row for the sender's copy, which is not filtered, one for each recipient; Bcc is in the envelopes only.
 */
import { createHash } from 'node:crypto';
import { type Address, parseAddress, reversePathOf } from '../core/address.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import { markedSubject } from '../core/marks.ts';
import type { LimitReached } from '../core/outbound-limits.ts';
import { readSystemAddress } from '../core/system-address.ts';
import { createInspector, type Inspected } from '../filter/inspect.ts';
import { compose, type Draft } from '../mime/compose.ts';
import type { ContentFacts } from '../mime/facts.ts';
import type { ClientView, Placement, SubmitResult } from './client-port.ts';
import { type ContentStore, contentKey } from './contents.ts';
import { type ScreenNeeds, screen, type Way } from './screen.ts';
import { summarise } from './summary.ts';

export type Author = { readonly clientId: ClientId; readonly address: Address; readonly name: string };

export type Submission = {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly inReplyTo?: string;
  /** the same for every try to send the same draft: a lost answer must not become a second message */
  readonly tryKey?: string;
};

export type Submitted =
  /** `withheld`: to whom it goes only when an administrator lets it */
  | { readonly kind: 'sent'; readonly id: MessageId; readonly withheld: readonly string[] }
  /** a rule of the client's own, in its own words: nothing was sent or kept */
  | { readonly kind: 'against-rule'; readonly recipient: string; readonly reason: string }
  | { readonly kind: 'invalid'; readonly field: string; readonly problem: string }
  | { readonly kind: 'not-open' }
  | { readonly kind: 'too-many'; readonly limit: LimitReached };

export type SubmitNeeds = ScreenNeeds & {
  readonly contents: Pick<ContentStore, 'put' | 'delete'>;
  view(clientId: ClientId): Promise<ClientView>;
  /** the deployment has a way to the world; a client may have one of its own */
  readonly hasRelay: boolean;
  submittedBefore(clientId: ClientId, retryKey: string): Promise<MessageId | null>;
  submit(clientId: ClientId, entries: readonly NewEntry[], placements: readonly Placement[]): Promise<SubmitResult>;
  readonly now: () => number;
  readonly newMessageId: () => MessageId;
  readonly serviceHost: string;
};

// A stolen password must not make us a bulk mailer; a large circular belongs to a list on the repaired server.
const MAX_RECIPIENTS = 100;

export async function submit(submission: Submission, author: Author, needs: SubmitNeeds): Promise<Submitted> {
  const recipients = parseRecipients(submission);
  if (recipients.kind === 'invalid') return recipients;
  const view = await needs.view(author.clientId);
  const { domains: ownDomains, outbound } = view.snapshot;
  const outsider =
    needs.hasRelay || outbound.relay !== undefined
      ? undefined
      : recipients.addresses.find((address) => !ownDomains.includes(address.domain));
  if (outsider !== undefined) {
    const problem = `${outsider.text} is outside your company, and this service has no way out for mail yet. Write to colleagues only.`;
    return { kind: 'invalid', field: 'to', problem };
  }
  // Whatever its token: kept, it would stand in lists and be handed to the gateway, where whoever reads it could speak for the client.
  const system = recipients.addresses.find(
    (address) => ownDomains.includes(address.domain) && readSystemAddress(address) !== undefined,
  );
  if (system !== undefined) return { kind: 'invalid', field: fieldOf(system, submission), problem: SYSTEM_ADDRESS };
  const id = needs.newMessageId();
  const composed = await compose(draftOf(submission, author), {
    messageId: `<${id}@${author.address.domain}>`,
    date: new Date(needs.now()),
  });
  if (composed.kind === 'invalid') return composed;
  const { content } = composed;
  const inspected = inspect(content);
  const writing = {
    id,
    clientId: author.clientId,
    reversePath: author.address.text,
    content,
    inspected: inspected.inspected,
    writtenAt: needs.now(),
    helo: needs.serviceHost,
  };
  const copyKey = copyKeyOf(submission, author, id);
  const screened = await screen(writing, recipients.addresses, view, needs);
  if (screened.kind === 'refused') {
    // A rule may be newer than the answer that was lost: what is on its way must not be said to have been stopped.
    const before = await needs.submittedBefore(author.clientId, copyKey);
    if (before !== null) return { kind: 'sent', id: before, withheld: [] };
    return { kind: 'against-rule', recipient: screened.recipient.text, reason: screened.reason };
  }
  const key = contentKey(author.clientId, id);
  await needs.contents.put(key, content, content.byteLength);
  const written = { id, key, author, facts: inspected.content, copyKey };
  const rows = rowsFor(written, screened.ways, ownDomains, needs);
  const result = await needs.submit(
    author.clientId,
    rows.map(({ entry }) => entry),
    rows.map(({ placement }) => placement),
  );
  const withheld = rows
    .filter(({ placement }) => placement.kind !== 'waiting')
    .map(({ entry }) => entry.recipient.text);
  if (result.kind === 'kept') return { kind: 'sent', id, withheld };
  await needs.contents.delete(key);
  switch (result.kind) {
    case 'kept-before':
      return { kind: 'sent', id: result.id, withheld };
    case 'not-open':
      return { kind: 'not-open' };
    case 'too-many':
      return result;
  }
}

function inspect(content: Uint8Array): Inspected {
  const inspector = createInspector();
  inspector.write(content);
  return inspector.end();
}

/** Of the sender's copy, which stands for the whole submission: where it is known, the rest is (they enter in one commit). */
function copyKeyOf(submission: Submission, { address }: Author, id: MessageId): string {
  const tried = submission.tryKey === undefined ? id : `${submission.tryKey} ${fingerprint(submission)}`;
  return `sent by ${address.key} ${tried}`;
}

/** A draft that was changed after a lost answer is another message, whatever key came with it. */
function fingerprint({ to, cc, bcc, subject, text, inReplyTo }: Submission): string {
  return createHash('sha256')
    .update(JSON.stringify([to, cc, bcc, subject, text, inReplyTo]))
    .digest('hex');
}

type Recipients =
  | { readonly kind: 'parsed'; readonly addresses: readonly Address[] }
  | Extract<Submitted, { kind: 'invalid' }>;

/** Every recipient once, however often and in whichever field it was named. */
function parseRecipients(submission: Submission): Recipients {
  const byKey = new Map<string, Address>();
  for (const field of ['to', 'cc', 'bcc'] as const) {
    for (const text of submission[field]) {
      const address = parseAddress(text.trim());
      if (address === undefined)
        return { kind: 'invalid', field, problem: `"${printable(text)}" is not an e-mail address.` };
      byKey.set(address.key, address);
    }
  }
  if (byKey.size === 0) return { kind: 'invalid', field: 'to', problem: 'Name at least one recipient.' };
  if (byKey.size > MAX_RECIPIENTS)
    return { kind: 'invalid', field: 'to', problem: `At most ${MAX_RECIPIENTS} recipients in one message.` };
  return { kind: 'parsed', addresses: [...byKey.values()] };
}

const SYSTEM_ADDRESS =
  'By an address that begins with "breakwater-" a failure or a repair is declared, which does not work from here: write to this address from outside, or use the console.';

function fieldOf({ key }: Address, submission: Submission): string {
  const fields = ['to', 'cc', 'bcc'] as const;
  return fields.find((field) => submission[field].some((text) => parseAddress(text.trim())?.key === key)) ?? 'to';
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 80);
}

function draftOf(submission: Submission, author: Author): Draft {
  const mailbox = (address: string) => ({ name: '', address: address.trim() });
  return {
    from: { name: author.name, address: author.address.text },
    to: submission.to.map(mailbox),
    cc: submission.cc.map(mailbox),
    subject: submission.subject,
    text: submission.text,
    ...(submission.inReplyTo === undefined
      ? {}
      : { inReplyTo: submission.inReplyTo, references: [submission.inReplyTo] }),
  };
}

type Written = {
  readonly id: MessageId;
  readonly key: string;
  readonly author: Author;
  readonly facts: ContentFacts;
  readonly copyKey: string;
};

type Row = { readonly entry: NewEntry; readonly placement: Placement };

function rowsFor(
  { id, key, author, facts, copyKey }: Written,
  ways: readonly Way[],
  ownDomains: readonly string[],
  needs: SubmitNeeds,
): readonly Row[] {
  const summary = summarise(facts);
  const shared = {
    clientId: author.clientId,
    reversePath: reversePathOf(author.address),
    contentKey: key,
    sizeBytes: facts.sizeBytes,
    sha256: facts.sha256,
    receivedAt: needs.now(),
    origin: { helo: needs.serviceHost, remoteIp: '' },
    submissionId: id,
  };
  const entryFor = ({ recipient, original, marks }: Way): NewEntry => {
    const rowId = needs.newMessageId();
    return {
      ...shared,
      id: rowId,
      kind: ownDomains.includes(recipient.domain) ? 'inbound' : 'outbound',
      recipient,
      retryKey: rowId,
      summary: { ...summary, subject: markedSubject(summary.subject, marks) },
      ...(original === undefined ? {} : { originalRecipient: original.text }),
      ...(marks === undefined ? {} : { marks }),
    };
  };
  const copy: NewEntry = {
    ...shared,
    id,
    kind: 'sent-copy',
    recipient: author.address,
    retryKey: copyKey,
    summary,
  };
  return [
    { entry: copy, placement: { kind: 'waiting' } },
    ...ways.map((way) => ({ entry: entryFor(way), placement: way.placement })),
  ];
}
