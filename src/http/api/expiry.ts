/** When a message that one recipient keeps from being delivered goes back to its sender, and which have gone. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { ExpiredEntry } from '../../pipeline/client-port.ts';
import { expirySchema } from '../../pipeline/settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import type { ClientScope } from './client-scope.ts';
import { changeSettings } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

const PAGE_SIZE = 100;
const expiredQuery = z.object({ before: z.coerce.number().int().min(1).optional() });

export function expiryApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/expiry',
      summary: 'How long one recipient may keep a message from being delivered, and what its sender hears',
      by: 'admin',
    }),
    async (context) => context.json(context.get('client').settings.expiry),
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/expiry',
        summary:
          'Set after how long a message goes back to its sender; what is left out is 5 days, and no word of a delay',
        by: 'admin',
      },
      expirySchema,
    ),
    async (context) => changeSettings(context, needs, { settings: { expiry: context.req.valid('json') } }),
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/expired',
      summary: 'Messages that went back to their senders, newest first; `?before=` with `next` brings the page behind',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const query = expiredQuery.safeParse(context.req.query());
      if (!query.success) return invalid(context, query.error.issues);
      const page = await needs.ports(context.get('client').id).expired(query.data.before ?? null, PAGE_SIZE);
      return context.json({
        expired: page.expired.map(shown),
        next: page.cursor === undefined ? null : String(page.cursor),
      });
    },
  );

  return app;
}

function shown({ recipient, reversePath, ...entry }: ExpiredEntry) {
  return { ...entry, sender: reversePath, recipient: recipient.text };
}
