/** The addresses by which a client says by mail that its server has failed or is repaired (R11). Shown once; only a hash is kept. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { systemAddress } from '../../core/system-address.ts';
import { systemTokenHash } from '../../pipeline/system-message.ts';
import type { HttpNeeds } from '../needs.ts';
import { problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { operation } from './operation.ts';

export function systemTokenApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>();

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/system-token',
      summary: 'Make new system addresses, shown only now; older ones end',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const client = context.get('client');
      const [domain] = await needs.clients.domainsOf(client.id);
      if (domain === undefined) {
        return problem(context, {
          status: 409,
          title: 'No domain yet',
          detail: 'A system address is one at a domain of this client, and it has none.',
          fix: 'PUT …/domains/DOMAIN first.',
        });
      }
      const token = needs.newSystemToken();
      const systemTokenHashed = systemTokenHash(token);
      await needs.clients.update(
        client.id,
        { settings: { systemTokenHash: systemTokenHashed } },
        changeBy(context.get('actor'), 'system-token-made', {}, needs.now()),
      );
      const told = await inEffect(context, needs, client.id, 200);
      // Also when it is not yet in effect: there is no other time to show them.
      const answer = {
        ...(await told.json<object>()),
        failureAddress: systemAddress({ kind: 'failure', token }, domain),
        repairAddress: systemAddress({ kind: 'repair', token }, domain),
      };
      return new Response(JSON.stringify(answer), told);
    },
  );

  app.openapi(
    operation({
      method: 'delete',
      path: '/clients/{clientId}/system-token',
      summary: 'End the system addresses: what is sent to them is ordinary mail again',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const client = context.get('client');
      await needs.clients.update(
        client.id,
        { settings: { systemTokenHash: null } },
        changeBy(context.get('actor'), 'system-token-ended', {}, needs.now()),
      );
      return inEffect(context, needs, client.id, 200);
    },
  );

  return app;
}
