/** What an export is made of: the ledger's rows of an outage, or what a mailbox has ever shown. Page by page, never a content. */
import type { ClientId, MailboxId } from '../core/ids.ts';
import type { ExportedMessage, ExportFolder } from './export.ts';
import type { ExportPort, ExportRow, ExportStore, IndexPlace, Part } from './export-port.ts';

/** `folder` undefined: all but what is in quarantine. */
export type ExportChoice = {
  readonly folder: 'inbox' | 'sent' | undefined;
  readonly quarantined: 'included' | 'left-out';
};

export type Stretch<Place> = { readonly from: Place; readonly below: Place | undefined };

/** Of one part: from its first message up to the next part's. `number` from 1. */
export function stretchOf<Place>(parts: readonly Part<Place>[], number: number): Stretch<Place> | undefined {
  const part = parts[number - 1];
  return part === undefined ? undefined : { from: part.from, below: parts[number]?.from };
}

const PAGE_SIZE = 500;

/** Oldest first. A row that comes into the ledger meanwhile is one of them. */
export async function* outageRows(
  port: Pick<ExportPort, 'exportRows'>,
  outageId: string,
  { from, below }: Stretch<number>,
): AsyncGenerator<ExportRow> {
  for (let next: number | undefined = from; next !== undefined; ) {
    const rows: readonly ExportRow[] = await port.exportRows(outageId, { from: next, below, limit: PAGE_SIZE });
    yield* rows;
    const last = rows.at(-1);
    next = last === undefined ? undefined : last.seq + 1;
  }
}

export async function* outageMessages(
  rows: AsyncIterable<ExportRow>,
  { folder, quarantined }: ExportChoice,
): AsyncGenerator<ExportedMessage> {
  for await (const row of rows) {
    const own = folderOf(row);
    if (own === undefined || (own === 'quarantined' && quarantined === 'left-out')) continue;
    if (folder !== undefined && own !== folder && own !== 'quarantined') continue;
    yield { ...row, folder: own };
  }
}

/** What went out to the world lies in its writer's sent copy already, byte for byte. */
function folderOf({ kind, state }: ExportRow): ExportFolder | undefined {
  switch (kind) {
    case 'inbound':
      return state === 'quarantined' ? 'quarantined' : 'inbox';
    case 'sent-copy':
      return 'sent';
    case 'outbound':
      return undefined;
  }
}

type Mailbox = { readonly clientId: ClientId; readonly mailboxId: MailboxId };

/** The index knows no reverse path: the author stands for it. */
export async function* mailboxMessages(
  store: Pick<ExportStore, 'rows'>,
  { clientId, mailboxId }: Mailbox,
  { from, below }: Stretch<IndexPlace>,
  folder: ExportChoice['folder'],
): AsyncGenerator<ExportedMessage> {
  for (let next: IndexPlace | undefined = from; next !== undefined; ) {
    const rows = await store.rows(clientId, mailboxId, { from: next, below, limit: PAGE_SIZE });
    for (const { fromAddress, ...row } of rows)
      if (folder === undefined || row.folder === folder) yield { ...row, sender: fromAddress };
    next = placeAfter(rows.at(-1));
  }
}

/** No id lies between one and the same with a character more that sorts before every other. */
function placeAfter(last: IndexPlace | undefined): IndexPlace | undefined {
  return last === undefined ? undefined : { receivedAt: last.receivedAt, id: `${last.id}\u0001` };
}
