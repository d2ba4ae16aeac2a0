/** The webmail's reading side. A person sees one mailbox, found by the session; no path names another's. Nothing deletes (P4). */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { MessageId } from '../../core/ids.ts';
import type { Box, Cursor, StoredMessage } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound } from '../problem.ts';
import { answerAttachment, answerHtml, answerOriginal, contentOf, readStored } from '../stored-message.ts';
import { judge, judgedOf } from './judge.ts';
import type { MailScope } from './session.ts';

const listQuery = z.object({
  folder: z.enum(['inbox', 'sent']).default('inbox'),
  before: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const seenBody = z.object({ seen: z.boolean() });

export function messagesApi(needs: HttpNeeds): Hono<MailScope> {
  const app = new Hono<MailScope>();

  app.get('/', async (context) => {
    const query = listQuery.safeParse(context.req.query());
    if (!query.success) return invalid(context, query.error.issues);
    const box = await boxOf(context, needs);
    if (box === undefined) return context.json({ messages: [], next: null });
    const { folder, limit, before } = query.data;
    const rows = await needs.accounts.page(box, { folder, limit, before: parseCursor(before) });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return context.json({
      messages: rows.map(summary),
      next: last === undefined ? null : `${last.receivedAt}.${last.id}`,
    });
  });

  app.get('/:id', (context) =>
    withMessage(context, needs, async (stored) => {
      const content = contentOf(await readStored(stored, needs));
      const deliveries =
        stored.submissionId === null || stored.folder !== 'sent' ? [] : await deliveriesOf(context, stored, needs);
      const { dateMs, headerMessageId } = stored;
      return context.json({
        ...summary(stored),
        cc: JSON.parse(stored.ccJson),
        dateMs,
        messageId: headerMessageId,
        ...content,
        deliveries,
        judged: stored.folder === 'inbox' ? await judgedOf(context, stored.id, needs) : null,
      });
    }),
  );

  app.get('/:id/html', (context) =>
    withMessage(context, needs, (stored) =>
      answerHtml(context, stored, needs, context.req.query('images') === '1' ? 'allowed' : 'blocked'),
    ),
  );

  app.get('/:id/attachments/:index', (context) =>
    withMessage(context, needs, (stored) =>
      answerAttachment(context, stored, needs, Number(context.req.param('index'))),
    ),
  );

  app.get('/:id/original', (context) =>
    withMessage(context, needs, (stored) => answerOriginal(context, stored, needs)),
  );

  app.post('/:id/seen', (context) =>
    withMessage(context, needs, async (stored, box) => {
      const body = seenBody.safeParse(await context.req.json().catch(() => undefined));
      if (!body.success) return invalid(context, body.error.issues);
      await needs.accounts.setSeen(box, stored.id as MessageId, body.data.seen ? needs.now() : null);
      return context.body(null, 204);
    }),
  );

  app.post('/:id/junk', (context) => withMessage(context, needs, (stored) => judge(context, stored, 'spam', needs)));
  app.post('/:id/not-junk', (context) => withMessage(context, needs, (stored) => judge(context, stored, 'ham', needs)));
  app.post('/:id/unmark', (context) =>
    withMessage(context, needs, (stored) => judge(context, stored, 'nothing', needs)),
  );

  return app;
}

async function boxOf(context: Context<MailScope>, needs: HttpNeeds): Promise<Box | undefined> {
  const account = context.get('account');
  const mailbox = await needs.accounts.mailboxOf(account);
  return mailbox === undefined ? undefined : { clientId: account.clientId, mailboxId: mailbox.id };
}

async function withMessage(
  context: Context<MailScope>,
  needs: HttpNeeds,
  handle: (stored: StoredMessage, box: Box) => Promise<Response>,
): Promise<Response> {
  const box = await boxOf(context, needs);
  const stored =
    box === undefined ? undefined : await needs.accounts.message(box, (context.req.param('id') ?? '') as MessageId);
  if (box === undefined || stored === undefined)
    return notFound(context, 'such message in your mailbox', 'Go back to the list.');
  return handle(stored, box);
}

async function deliveriesOf(context: Context<MailScope>, stored: StoredMessage, needs: HttpNeeds) {
  return needs.ports(context.get('account').clientId).deliveriesOf(stored.submissionId as MessageId);
}

function summary(stored: StoredMessage) {
  const { id, folder, subject, preview, sizeBytes, attachmentCount } = stored;
  return {
    id,
    folder,
    from: { name: stored.fromName, address: stored.fromAddress },
    to: JSON.parse(stored.toJson),
    subject,
    preview,
    receivedAtMs: stored.receivedAt,
    sizeBytes,
    attachmentCount,
    seen: stored.seenAt !== null,
  };
}

function parseCursor(text: string | undefined): Cursor | undefined {
  const [, receivedAt, id] = /^(\d{1,15})\.([\w-]+)$/.exec(text ?? '') ?? [];
  return receivedAt === undefined || id === undefined ? undefined : { receivedAt: Number(receivedAt), id };
}
