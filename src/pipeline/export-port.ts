/** What an export asks of the ledger and of the mailbox index; durable/export-rows.ts and adapters/export-d1.ts answer. */
import type { ClientId, MailboxId, MessageId } from '../core/ids.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import type { Marks } from '../core/marks.ts';
import type { OutageView } from './client-port.ts';

/** A row of the ledger without subject and content. `sender`: `''` for bounces */
export type ExportRow = Pick<
  LedgerEntry,
  | 'id'
  | 'seq'
  | 'kind'
  | 'state'
  | 'sizeBytes'
  | 'sha256'
  | 'contentKey'
  | 'receivedAt'
  | 'attempts'
  | 'uncertainAttempts'
  | 'detail'
  | 'marks'
> & { readonly sender: string; readonly recipient: string; readonly settledAt: number | null };

/** Where a part begins and how many it has; the next one begins where it ends. */
export type Part<Place> = { readonly from: Place; readonly messages: number };

/** `shown`: inbound messages the mailbox index knows, null while D1 cannot be asked */
export type OutageExport = {
  readonly outage: OutageView;
  readonly rejectedByRule: number;
  readonly shown: number | null;
  readonly parts: readonly Part<number>[];
};

/** From `from` on, below `below`; oldest first. */
export type RowRange = { readonly from: number; readonly below?: number | undefined; readonly limit: number };

/** Oldest first, told apart by their ids. */
export type IndexPlace = { readonly receivedAt: number; readonly id: string };

/** A row of the mailbox index without subject and preview. */
export type IndexRow = IndexPlace & {
  readonly folder: 'inbox' | 'sent';
  readonly fromAddress: string;
  readonly recipient: string;
  readonly sizeBytes: number;
  readonly contentKey: string;
  readonly marks?: Marks;
};

export type IndexRange = {
  readonly from: IndexPlace;
  readonly below?: IndexPlace | undefined;
  readonly limit: number;
};

/** Every question is scoped to its client (P8). */
export type ExportStore = {
  /** `''`: the box of the unclaimed */
  mailbox(clientId: ClientId, address: string): Promise<MailboxId | undefined>;
  parts(clientId: ClientId, mailboxId: MailboxId): Promise<readonly Part<IndexPlace>[]>;
  rows(clientId: ClientId, mailboxId: MailboxId, range: IndexRange): Promise<readonly IndexRow[]>;
};

/** What the client object answers (durable/client-object.ts). */
export type ExportPort = {
  outageExport(outageId: string): Promise<OutageExport | null>;
  exportRows(outageId: string, range: RowRange): Promise<readonly ExportRow[]>;
  /** null: no message of this id is held or quarantined */
  heldRow(id: MessageId): Promise<ExportRow | null>;
};
