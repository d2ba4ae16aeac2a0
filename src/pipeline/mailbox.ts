/**
 * Failover for people: a mailbox for every account, and the ledger's rows projected into them in batches.
 * D1 may be away at any time here: a failure is told to the caller, who comes back; nothing is lost, the ledger is the truth.
 */
import { mailboxCandidates, parseAddress } from '../core/address.ts';
import type { ClientId, MailboxId, OutageId } from '../core/ids.ts';
import type { LedgerEntry } from '../core/ledger.ts';

/** One row of the mailbox index. */
export type IndexedMessage = {
  readonly entry: LedgerEntry;
  readonly mailboxId: MailboxId;
  readonly folder: 'inbox' | 'sent';
  readonly outageId: OutageId;
};

export type MailboxIndex = {
  /** accounts the gateway itself vouched for, when nobody had entered them; known ones stay as they are */
  learnAccounts(clientId: ClientId, addresses: readonly string[], now: number): Promise<void>;
  /** a mailbox for every account that has none, and the one for the unclaimed; answers how many the client has */
  openMailboxes(clientId: ClientId, outageId: OutageId, now: number): Promise<number>;
  /** those of them at which somebody is known; `addresses` in lower case */
  accountsAmong(clientId: ClientId, addresses: readonly string[]): Promise<readonly string[]>;
  /** mailbox ids by address key; unknown addresses are absent; `''` is the unclaimed box */
  findMailboxes(clientId: ClientId, addresses: readonly string[]): Promise<ReadonlyMap<string, MailboxId>>;
  /** idempotent: a row that is there already stays, but for one given to another recipient since, which moves to that one's mailbox, unread */
  addMessages(clientId: ClientId, messages: readonly IndexedMessage[]): Promise<void>;
};

/** Files each row under its recipient, under the recipient without sub-address, or among the unclaimed. */
export async function project(
  clientId: ClientId,
  entries: readonly (LedgerEntry & { readonly outageId: OutageId })[],
  index: MailboxIndex,
): Promise<void> {
  const wanted = new Set(entries.flatMap((entry) => boxesFor(entry)));
  const found = await index.findMailboxes(clientId, [...wanted]);
  const messages = entries.flatMap((entry): IndexedMessage[] => {
    const mailboxId = boxesFor(entry)
      .map((address) => found.get(address))
      .find((id) => id !== undefined);
    if (mailboxId === undefined) throw new Error('the unclaimed mailbox is not there');
    return [{ entry, mailboxId, folder: entry.kind === 'sent-copy' ? 'sent' : 'inbox', outageId: entry.outageId }];
  });
  await index.addMessages(clientId, messages);
}

const UNCLAIMED = '';

/** Best first. A sent copy lies with its sender, who is its recipient in the ledger. */
function boxesFor(entry: LedgerEntry): readonly string[] {
  const address = parseAddress(entry.recipient.key);
  return [...(address === undefined ? [] : mailboxCandidates(address)), UNCLAIMED];
}
