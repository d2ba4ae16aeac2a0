/**
 * Everything a client may take with it, at any time: an outage or a mailbox as mbox or zip, one held message, the report of an
 * outage. Each is in the audit log before its first byte leaves; when that cannot be written, nothing is given out.
 */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { MessageId } from '../../core/ids.ts';
import { exportBytes } from '../../pipeline/export.ts';
import type { OutageExport } from '../../pipeline/export-port.ts';
import { outageMessages, outageRows } from '../../pipeline/export-source.ts';
import { outageReportBytes } from '../../pipeline/outage-report.ts';
import { download } from '../download.ts';
import { CONTENT_TYPES, choosePart, exportQuery, folderSuffix } from '../export-query.ts';
import { mailboxExport } from '../mailbox-export.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { changeBy, type ObjectScope, recordDone } from './client-scope.ts';
import { operation } from './operation.ts';

const reportQuery = z.object({ format: z.enum(['json', 'csv']) });
const REPORT_TYPES = { json: 'application/json', csv: 'text/csv; charset=utf-8; header=present' } as const;
/** In place of an address: the box of the recipients whom nobody has entered. */
const UNCLAIMED = 'unclaimed';

export function exportApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ObjectScope>();

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/outages/{outageId}/export',
      summary: 'Every message of an outage: `?format=mbox` or `zip`; `&folder=`, `&quarantined=yes`, `&part=`',
      by: 'admin',
    }),
    (context) => withOutage(context, needs, (found) => outageExport(context, needs, found)),
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/outages/{outageId}/report',
      summary: 'The report of an outage, a line for each message, hash-chained: `?format=json` or `csv`',
      by: 'admin',
    }),
    (context) => withOutage(context, needs, (found) => outageReport(context, needs, found)),
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/mailboxes/{address}/export',
      summary:
        'All a mailbox has ever shown (`unclaimed`: that of the unknown): `?format=mbox` or `zip`; `&folder=`, `&part=`',
      by: 'admin',
    }),
    (context) => anyMailbox(context, needs),
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/held/{messageId}/content',
      summary: 'One held message as it was received',
      by: 'admin',
    }),
    (context) => heldContent(context, needs),
  );

  return app;
}

type Scoped = Context<ObjectScope>;

async function withOutage(
  context: Scoped,
  needs: HttpNeeds,
  answer: (found: OutageExport) => Promise<Response>,
): Promise<Response> {
  const outageId = context.req.param('outageId') ?? '';
  const found = await needs.exports(context.get('clientId')).outageExport(outageId);
  return found === null ? notFound(context, 'such outage at this client', 'GET …/outages lists them.') : answer(found);
}

async function outageExport(context: Scoped, needs: HttpNeeds, { outage, parts }: OutageExport): Promise<Response> {
  const query = exportQuery.safeParse(context.req.query());
  if (!query.success) return invalid(context, query.error.issues);
  const { format, folder, part } = query.data;
  const quarantined = query.data.quarantined === 'yes' ? 'included' : 'left-out';
  const chosen = choosePart(context, parts, part, 0);
  if (chosen instanceof Response) return chosen;
  await record(context, needs, 'outage-exported', { outage: outage.id, ...query.data });
  const clientId = context.get('clientId');
  const rows = outageRows(needs.exports(clientId), outage.id, chosen.stretch);
  const messages = outageMessages(rows, { folder, quarantined });
  return download(
    {
      fileName: `${clientId}-outage-${outage.id}${folderSuffix(folder)}${chosen.suffix}.${format}`,
      contentType: CONTENT_TYPES[format],
      bytes: exportBytes(format, { messages, contents: needs.contents, madeAt: needs.now() }),
    },
    needs.log,
  );
}

async function outageReport(context: Scoped, needs: HttpNeeds, found: OutageExport): Promise<Response> {
  const query = reportQuery.safeParse(context.req.query());
  if (!query.success) return invalid(context, query.error.issues);
  const { format } = query.data;
  const clientId = context.get('clientId');
  const outage = found.outage.id;
  await record(context, needs, 'outage-reported', { outage, format });
  // What the chain ended in, kept where the file's bearer cannot reach it.
  const written = (chain: object) =>
    recordDone(needs, clientId, changeBy(context.get('actor'), 'report-written', { outage, ...chain }, needs.now()));
  return download(
    {
      fileName: `${clientId}-report-${outage}.${format}`,
      contentType: REPORT_TYPES[format],
      bytes: outageReportBytes({ clientId, format, found, port: needs.exports(clientId), now: needs.now, written }),
    },
    needs.log,
  );
}

async function anyMailbox(context: Scoped, needs: HttpNeeds): Promise<Response> {
  const clientId = context.get('clientId');
  const address = (context.req.param('address') ?? '').toLowerCase();
  return mailboxExport(context, needs, {
    clientId,
    address: address === UNCLAIMED ? '' : address,
    actor: actorName(context.get('actor')),
    unknown: 'GET …/accounts lists the people; mailboxes open with the first outage.',
  });
}

async function heldContent(context: Scoped, needs: HttpNeeds): Promise<Response> {
  const clientId = context.get('clientId');
  const messageId = (context.req.param('messageId') ?? '') as MessageId;
  const row = await needs.exports(clientId).heldRow(messageId);
  if (row === null) return notFound(context, 'such held message', 'GET …/held lists them.');
  await record(context, needs, 'held-exported', { messageId });
  const content = await needs.contents.get(row.contentKey);
  if (content === undefined)
    return problem(context, {
      status: 503,
      title: 'Not readable just now',
      detail: 'The stored message could not be fetched.',
      fix: 'Try again in a moment.',
    });
  return download(
    { fileName: `${messageId}.eml`, contentType: 'application/octet-stream', bytes: chunksOf(content) },
    needs.log,
  );
}

async function* chunksOf(content: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* content;
}

async function record(context: Scoped, needs: HttpNeeds, action: string, detail: unknown): Promise<void> {
  // HEAD asks whether there is something to take: nothing is given out.
  if (context.req.method === 'HEAD') return;
  await needs.clients.record(context.get('clientId'), changeBy(context.get('actor'), action, detail, needs.now()));
}
