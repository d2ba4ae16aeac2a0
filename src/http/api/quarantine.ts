/**
 * The quarantine as an admin works on it: listed, looked at safely, released one by one or several, deleted when the client's time for
 * it is over. Whoever reads another's message is in the audit log before anything of it is shown.
 */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { MessageId } from '../../core/ids.ts';
import type { Asker, QuarantinedMessage } from '../../pipeline/quarantine-port.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { isWarned, notWarned, quarantineQuery, shownContent, shownPage } from '../quarantine-view.ts';
import { answerAttachment, answerHtml, answerOriginal } from '../stored-message.ts';
import { lessonsOf, type Teacher, teach } from '../teaching.ts';
import { actorName } from './actor.ts';
import { changeBy, type ObjectScope, recordDone } from './client-scope.ts';
import { operation, operationWithBody } from './operation.ts';

// The object answers so many at once (durable/quarantine-desk.ts).
const MAX_RELEASED = 200;
// Each is read from the store again, and somebody waits for the answer. Of a whole page these say enough.
const MAX_LEARNED = 20;
const releaseBody = z.strictObject({ messageIds: z.array(z.string().max(100)).min(1).max(MAX_RELEASED) });
const ONE = '/clients/{clientId}/quarantine/{messageId}';

type Scoped = Context<ObjectScope>;

export function quarantineApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ObjectScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/quarantine',
      summary:
        'What is in quarantine, newest first: `?recipient=`, `&fromMs=`, `&toMs=`, `&limit=`; `&before=` with `next` brings the page behind',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const query = quarantineQuery.safeParse(context.req.query());
      if (!query.success) return invalid(context, query.error.issues);
      const { fromMs: from, toMs: to, ...rest } = query.data;
      const port = needs.quarantines(context.get('clientId'));
      return context.json(shownPage(await port.quarantine(askerOf(context), { ...rest, from, to })));
    },
  );

  app.openapi(
    operation({ method: 'get', path: ONE, summary: 'One message in quarantine, with its text', by: 'admin' }),
    async (context): Promise<Response> =>
      withMessage(context, needs, async (message) => context.json(await shownContent(message, needs))),
  );

  app.openapi(
    operation({
      method: 'get',
      path: `${ONE}/html`,
      summary: 'Its HTML as a page that runs nothing and fetches nothing, for a frame',
      by: 'admin',
    }),
    async (context): Promise<Response> =>
      withMessage(context, needs, (message) => answerHtml(context, message, needs, 'blocked')),
  );

  app.openapi(
    operation({
      method: 'get',
      path: `${ONE}/attachments/{index}`,
      summary: 'One of its attachments, as a download: `?warned=yes`',
      by: 'admin',
    }),
    async (context): Promise<Response> =>
      isWarned(context)
        ? withMessage(context, needs, (message) =>
            answerAttachment(context, message, needs, Number(context.req.param('index'))),
          )
        : notWarned(context),
  );

  app.openapi(
    operation({ method: 'get', path: `${ONE}/content`, summary: 'It as it was received: `?warned=yes`', by: 'admin' }),
    async (context): Promise<Response> =>
      isWarned(context)
        ? withMessage(context, needs, (message) => answerOriginal(context, message, needs))
        : notWarned(context),
  );

  app.openapi(
    operation({ method: 'post', path: `${ONE}/release`, summary: 'Let it out: it is delivered', by: 'admin' }),
    async (context): Promise<Response> => {
      const id = idOf(context);
      const [released] = await release(context, needs, [id]);
      return released === undefined ? unknown(context) : context.json({ id });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/quarantine/release',
        summary: 'Let several out; answers which were still there',
        by: 'admin',
      },
      releaseBody,
    ),
    async (context): Promise<Response> =>
      context.json({ released: await release(context, needs, context.req.valid('json').messageIds as MessageId[]) }),
  );

  app.openapi(
    operation({
      method: 'delete',
      path: ONE,
      summary: 'Delete it for good, after the days the client keeps what is in quarantine; its line in reports stays',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const [teacher, id] = [teacherOf(context), idOf(context)];
      const port = needs.quarantines(teacher.clientId);
      const message = await port.quarantined(teacher.asker, id);
      const lessons = await lessonsOf(message?.cause === 'spam' ? [message] : [], 'spam', teacher, needs);
      const deletion = await port.deleteQuarantined(id, actorName(context.get('actor')));
      switch (deletion.kind) {
        case 'deleted':
          await teach(lessons, [id], teacher, needs);
          await done(context, needs, 'quarantine-deleted', { messageId: id });
          return context.json({ id });
        case 'too-early':
          return tooEarly(context, deletion.possibleFrom);
        case 'not-there':
          return unknown(context);
      }
    },
  );

  return app;
}

async function release(context: Scoped, needs: HttpNeeds, ids: readonly MessageId[]): Promise<readonly MessageId[]> {
  const teacher = teacherOf(context);
  const port = needs.quarantines(teacher.clientId);
  const found = await Promise.all(ids.slice(0, MAX_LEARNED).map((id) => port.quarantined(teacher.asker, id)));
  // Who lets a virus out, to look at it or by mistake, has said nothing about its words.
  const teaching = found.filter((message) => message !== null).filter(({ cause }) => cause !== 'threat');
  const lessons = await lessonsOf(teaching, 'ham', teacher, needs);
  const released = await port.release(teacher.asker, ids);
  const messageIds = released.filter(({ result }) => result === 'released').map(({ id }) => id);
  await teach(lessons, messageIds, teacher, needs);
  if (messageIds.length > 0) await done(context, needs, 'quarantine-released', { messageIds });
  return messageIds;
}

async function withMessage(
  context: Scoped,
  needs: HttpNeeds,
  answer: (message: QuarantinedMessage) => Promise<Response>,
): Promise<Response> {
  const messageId = idOf(context);
  const message = await needs.quarantines(context.get('clientId')).quarantined(askerOf(context), messageId);
  if (message === null) return unknown(context);
  const part = context.req.path.split('/').slice(7).join('/');
  const change = changeBy(context.get('actor'), 'quarantine-opened', { messageId, part }, needs.now());
  // HEAD asks whether there is something to take: nothing is given out.
  if (context.req.method !== 'HEAD') await needs.clients.record(context.get('clientId'), change);
  return answer(message);
}

function teacherOf(context: Scoped): Teacher {
  return { clientId: context.get('clientId'), asker: askerOf(context) };
}

function askerOf(context: Scoped): Asker {
  return { kind: 'admin', by: actorName(context.get('actor')) };
}

function idOf(context: Scoped): MessageId {
  return (context.req.param('messageId') ?? '') as MessageId;
}

function done(context: Scoped, needs: HttpNeeds, action: string, detail: unknown): Promise<void> {
  return recordDone(needs, context.get('clientId'), changeBy(context.get('actor'), action, detail, needs.now()));
}

function unknown(context: Context): Response {
  return notFound(context, 'such message in quarantine', 'GET …/quarantine lists them; somebody may have released it.');
}

/** The client keeps it for so long on purpose: what was stopped by mistake is missed after days. */
function tooEarly(context: Context, possibleFrom: number): Response {
  const when = `${new Date(possibleFrom).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return problem(context, {
    status: 409,
    title: 'Not yet',
    detail: `It can be deleted from ${when} on: until then this client keeps what is in quarantine.`,
    fix: 'Leave it: it reaches nobody. How long it is kept is a setting of the quarantine.',
  });
}
