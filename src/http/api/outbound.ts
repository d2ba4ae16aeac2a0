/** Mail to the world: what waits, was refused or delivered; what may be sent in an hour. No subject lines. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { MessageId } from '../../core/ids.ts';
import type { OutboundCursor, OutboundMessage } from '../../pipeline/client-port.ts';
import { outboundLimitsSchema } from '../../pipeline/settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { type ClientScope, changeBy, recordDone } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

const pageQuery = z.object({
  state: z.enum(['waiting', 'delivered', 'refused']).optional(),
  before: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/, 'use the "next" of the page before')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function outboundApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/outbound',
      summary: 'Mail to the world, newest first: ?state=waiting|delivered|refused, ?limit, ?before=the last "next"',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const query = pageQuery.safeParse(context.req.query());
      if (!query.success) return invalid(context, query.error.issues);
      const { state, limit, before } = query.data;
      const page = await needs.ports(context.get('clientId')).outbound({ state, limit, before: cursorOf(before) });
      const next = page.next === undefined ? null : `${page.next.receivedAt}.${page.next.seq}`;
      return context.json({ messages: page.messages.map(shown), next });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/outbound/{messageId}/retry',
      summary: 'Give a message that was refused, or stopped, to the relay once more',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const messageId = (context.req.param('messageId') ?? '') as MessageId;
      if ((await needs.ports(id).retryHeld(messageId)) === 'not-held')
        return notFound(context, 'such refused message', 'GET …/outbound?state=refused lists them.');
      await recordDone(needs, id, changeBy(context.get('actor'), 'outbound-retried', { messageId }, needs.now()));
      return context.json({ id: messageId });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/outbound/{messageId}/stop',
      summary: 'Keep a waiting message from being sent; it is held, not deleted',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const messageId = (context.req.param('messageId') ?? '') as MessageId;
      const by = actorName(context.get('actor'));
      if ((await needs.ports(id).stopOutbound(messageId, by)) === 'not-waiting') {
        return problem(context, {
          status: 409,
          title: 'Not waiting',
          detail: 'There is no such message, or it has left, is just being sent, or is held already.',
          fix: 'GET …/outbound?state=waiting lists what can be stopped.',
        });
      }
      await recordDone(needs, id, changeBy(context.get('actor'), 'outbound-stopped', { messageId }, needs.now()));
      return context.json({ id: messageId });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/outbound-limits',
      summary: 'How many recipients in the world may be written to in an hour',
      by: 'admin',
    }),
    async (context) => {
      const { perUserPerHour, perClientPerHour } = context.get('client').settings.outbound;
      return context.json({ perUserPerHour, perClientPerHour });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/outbound-limits',
        summary: 'Set them: a stolen password must not become a spam run',
      },
      outboundLimitsSchema,
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const limits = context.req.valid('json');
      const change = changeBy(context.get('actor'), 'outbound-limits-set', limits, needs.now());
      await needs.clients.update(id, { settings: { outbound: limits } }, change);
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}

function cursorOf(text: string | undefined): OutboundCursor | undefined {
  const [receivedAt, seq] = (text ?? '').split('.').map(Number);
  return text === undefined || receivedAt === undefined || seq === undefined ? undefined : { receivedAt, seq };
}

function shown({ receivedAt, nextAttemptAt, settledAt, from, ...message }: OutboundMessage) {
  return {
    ...message,
    from: from === '' ? '<>' : from,
    receivedAtMs: receivedAt,
    nextAttemptAtMs: nextAttemptAt,
    settledAtMs: settledAt,
  };
}
