/**
 * A person's own quarantine, at any time and not in an outage only: it is asked of the client object, which says whose a message is. As
 * far as the client lets its users; nobody deletes here (P4).
 */
import { type Context, Hono } from 'hono';
import type { MessageId } from '../../core/ids.ts';
import type { Asker, QuarantinedMessage } from '../../pipeline/quarantine-port.ts';
import { recordDone } from '../api/client-scope.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { isWarned, notWarned, quarantineQuery, shownContent, shownPage } from '../quarantine-view.ts';
import { answerAttachment, answerHtml, answerOriginal } from '../stored-message.ts';
import { lessonsOf, teach } from '../teaching.ts';
import type { MailScope } from './session.ts';

type Scoped = Context<MailScope>;

export function mailQuarantineApi(needs: HttpNeeds): Hono<MailScope> {
  const app = new Hono<MailScope>();

  app.get('/', async (context) => {
    const query = quarantineQuery.omit({ recipient: true }).safeParse(context.req.query());
    if (!query.success) return invalid(context, query.error.issues);
    const { fromMs: from, toMs: to, ...rest } = query.data;
    const port = needs.quarantines(context.get('account').clientId);
    const page = await port.quarantine(askerOf(context), { ...rest, from, to });
    return context.json(shownPage(page));
  });

  app.get('/:id', (context) =>
    withOwn(context, needs, async (message) => context.json(await shownContent(message, needs))),
  );

  app.get('/:id/html', (context) =>
    withOwn(context, needs, (message) => answerHtml(context, message, needs, 'blocked')),
  );

  app.get('/:id/attachments/:index', (context) =>
    withOwn(context, needs, async (message) => {
      if (!message.mayRelease) return adminsOnly(context);
      if (!isWarned(context)) return notWarned(context);
      return answerAttachment(context, message, needs, Number(context.req.param('index')));
    }),
  );

  app.get('/:id/original', (context) =>
    withOwn(context, needs, async (message) => {
      if (!message.mayRelease) return adminsOnly(context);
      if (!isWarned(context)) return notWarned(context);
      return answerOriginal(context, message, needs);
    }),
  );

  app.post('/:id/release', async (context) => {
    const { clientId, address } = context.get('account');
    const id = context.req.param('id') as MessageId;
    const [asker, port] = [askerOf(context), needs.quarantines(clientId)];
    const message = await port.quarantined(asker, id);
    const lessons = await lessonsOf(message?.mayRelease ? [message] : [], 'ham', { clientId, asker }, needs);
    const [released] = await port.release(asker, [id]);
    switch (released?.result) {
      case 'released':
        await teach(lessons, [id], { clientId, asker }, needs);
        await recordDone(needs, clientId, {
          at: needs.now(),
          actor: address,
          action: 'quarantine-released',
          detail: { messageIds: [id] },
        });
        return context.body(null, 204);
      case 'not-allowed':
        return adminsOnly(context);
      case 'not-there':
      case undefined:
        return unknown(context);
    }
  });

  return app;
}

function askerOf(context: Scoped): Asker {
  return { kind: 'user', address: context.get('account').address };
}

async function withOwn(
  context: Scoped,
  needs: HttpNeeds,
  answer: (message: QuarantinedMessage) => Promise<Response>,
): Promise<Response> {
  const id = (context.req.param('id') ?? '') as MessageId;
  const message = await needs.quarantines(context.get('account').clientId).quarantined(askerOf(context), id);
  return message === null ? unknown(context) : answer(message);
}

function unknown(context: Context): Response {
  return notFound(context, 'such message in your quarantine', 'Somebody may have released it: look into your mailbox.');
}

/** To take a file out is to let it out. */
function adminsOnly(context: Context): Response {
  return problem(context, {
    status: 403,
    title: 'Only an administrator lets this out',
    detail: 'It may be dangerous, or your company keeps such mail for its administrators.',
    fix: 'Ask your administrator to look at it.',
  });
}
