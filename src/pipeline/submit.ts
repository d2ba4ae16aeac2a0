/**
 * What a user writes: kept first (R18), then on its way: to a colleague's mailbox, or to the world by the relay. One row for the
 * sender's copy, one for each recipient; Bcc is in the envelopes only.
 */
import { createHash } from 'node:crypto';
import { type Address, parseAddress, reversePathOf } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { NewEntry } from '../core/ledger.ts';
import type { LimitReached } from '../core/outbound-limits.ts';
import { readSystemAddress } from '../core/system-address.ts';
import { type Composed, compose, type Draft } from '../mime/compose.ts';
import { createWalker } from '../mime/walker.ts';
import type { SubmitResult } from './client-port.ts';
import { type ContentStore, contentKey } from './receive.ts';
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
  | { readonly kind: 'sent'; readonly id: MessageId }
  | { readonly kind: 'invalid'; readonly field: string; readonly problem: string }
  | { readonly kind: 'not-open' }
  | { readonly kind: 'too-many'; readonly limit: LimitReached };

export type SubmitNeeds = {
  readonly contents: Pick<ContentStore, 'put' | 'delete'>;
  snapshot(clientId: ClientId): Promise<Pick<ClientSnapshot, 'domains' | 'outbound'>>;
  /** the deployment has a way to the world; a client may have one of its own */
  readonly hasRelay: boolean;
  submit(clientId: ClientId, entries: readonly NewEntry[]): Promise<SubmitResult>;
  readonly now: () => number;
  readonly newMessageId: () => MessageId;
  readonly serviceHost: string;
};

// A stolen password must not make us a bulk mailer; a large circular belongs to a list on the repaired server.
const MAX_RECIPIENTS = 100;

export async function submit(submission: Submission, author: Author, needs: SubmitNeeds): Promise<Submitted> {
  const recipients = parseRecipients(submission);
  if (recipients.kind === 'invalid') return recipients;
  const { domains: ownDomains, outbound } = await needs.snapshot(author.clientId);
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
  const key = contentKey(author.clientId, id);
  await needs.contents.put(key, composed.content, composed.content.byteLength);
  const entries = entriesFor(
    {
      id,
      key,
      author,
      composed,
      tryKey: submission.tryKey === undefined ? id : `${submission.tryKey} ${fingerprint(submission)}`,
    },
    recipients.addresses,
    ownDomains,
    needs,
  );
  const result = await needs.submit(author.clientId, entries);
  if (result.kind === 'kept') return { kind: 'sent', id };
  await needs.contents.delete(key);
  switch (result.kind) {
    case 'kept-before':
      return { kind: 'sent', id: result.id };
    case 'not-open':
      return { kind: 'not-open' };
    case 'too-many':
      return result;
  }
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
  readonly composed: Extract<Composed, { kind: 'composed' }>;
  readonly tryKey: string;
};

function entriesFor(
  written: Written,
  recipients: readonly Address[],
  ownDomains: readonly string[],
  needs: SubmitNeeds,
): readonly NewEntry[] {
  const walker = createWalker();
  walker.write(written.composed.content);
  const facts = walker.end();
  const shared = {
    clientId: written.author.clientId,
    reversePath: reversePathOf(written.author.address),
    contentKey: written.key,
    sizeBytes: facts.sizeBytes,
    sha256: facts.sha256,
    receivedAt: needs.now(),
    origin: { helo: needs.serviceHost, remoteIp: '' },
    summary: summarise(facts),
    submissionId: written.id,
  };
  const entry = (kind: NewEntry['kind'], recipient: Address, id: MessageId): NewEntry => ({
    ...shared,
    id,
    kind,
    recipient,
    retryKey: id,
  });
  const { address } = written.author;
  return [
    // The copy stands for the whole submission: where it is known, the rest is (they enter in one commit).
    { ...entry('sent-copy', address, written.id), retryKey: `sent by ${address.key} ${written.tryKey}` },
    ...recipients.map((to) => entry(ownDomains.includes(to.domain) ? 'inbound' : 'outbound', to, needs.newMessageId())),
  ];
}
