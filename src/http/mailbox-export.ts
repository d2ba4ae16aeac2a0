/** One mailbox as a file: asked for by its owner, or by whoever steers the client. The audit log knows of it first. */
import type { Context } from 'hono';
import type { ClientId } from '../core/ids.ts';
import { exportBytes } from '../pipeline/export.ts';
import { mailboxMessages } from '../pipeline/export-source.ts';
import { download } from './download.ts';
import { CONTENT_TYPES, choosePart, exportQuery, folderSuffix } from './export-query.ts';
import type { HttpNeeds } from './needs.ts';
import { invalid, notFound } from './problem.ts';

/** `address`: lower case, `''` for the box of the unclaimed; `unknown`: what to do when there is no such mailbox */
type Asked = {
  readonly clientId: ClientId;
  readonly address: string;
  readonly actor: string;
  readonly unknown: string;
};

const NO_PLACE = { receivedAt: 0, id: '' };

export async function mailboxExport(context: Context, needs: HttpNeeds, asked: Asked): Promise<Response> {
  const query = exportQuery.safeParse(context.req.query());
  if (!query.success) return invalid(context, query.error.issues);
  const { format, folder, part } = query.data;
  const { clientId, address, actor } = asked;
  const name = address === '' ? 'unclaimed' : address;
  const mailboxId = await needs.exportStore.mailbox(clientId, address);
  if (mailboxId === undefined) return notFound(context, `mailbox "${name}"`, asked.unknown);
  const chosen = choosePart(context, await needs.exportStore.parts(clientId, mailboxId), part, NO_PLACE);
  if (chosen instanceof Response) return chosen;
  const madeAt = needs.now();
  const detail = { mailbox: name, format, folder, part };
  // HEAD asks whether there is something to take: nothing is given out.
  if (context.req.method !== 'HEAD')
    await needs.clients.record(clientId, { at: madeAt, actor, action: 'mailbox-exported', detail });
  const messages = mailboxMessages(needs.exportStore, { clientId, mailboxId }, chosen.stretch, folder);
  return download(
    {
      fileName: `${name}${folderSuffix(folder)}${chosen.suffix}.${format}`,
      contentType: CONTENT_TYPES[format],
      bytes: exportBytes(format, { messages, contents: needs.contents, madeAt }),
    },
    needs.log,
  );
}
