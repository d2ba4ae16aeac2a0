/** The audit log of a client: who changed what, and when. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { AuditLine, AuditPage } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import type { ClientScope } from './client-scope.ts';
import { operation } from './operation.ts';

// Two tall screens; `next` brings the page before.
const PAGE_SIZE = 100;

export function auditApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>();

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/audit',
      summary: 'Every change, newest first; `?before=` with the `next` of an answer brings the page before',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const given = context.req.query('before');
      const before = given === undefined ? undefined : parsePlace(given);
      if (given !== undefined && before === undefined)
        return invalid(context, [{ path: ['before'], message: 'use the `next` of an earlier answer' }]);
      const lines = await needs.clients.auditOf(context.get('client').id, { before, limit: PAGE_SIZE });
      const last = lines.at(-1);
      return context.json({
        entries: lines.map(({ at, ...line }) => ({ atMs: at, ...line })),
        next: last !== undefined && lines.length === PAGE_SIZE ? formatPlace(last) : null,
      });
    },
  );

  return app;
}

function formatPlace({ at, id }: AuditLine): string {
  return `${at}.${id}`;
}

function parsePlace(text: string): AuditPage['before'] {
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
}
