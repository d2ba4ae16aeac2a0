/** What a client's filter is told to trust (docs/trust.md): our name in Authentication-Results, and the key of our seals. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpNeeds } from '../needs.ts';
import type { ClientScope } from './client-scope.ts';
import { operation } from './operation.ts';

export function trustApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>();

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/trust',
      summary:
        'How mail that is given back vouches for itself: the name in Authentication-Results, the ARC key or why there is none',
      by: 'admin',
    }),
    async (context): Promise<Response> =>
      context.json({ authservId: needs.serviceHost, arc: arcOf(needs.arcKey), checksByDns: needs.checksByDns }),
  );

  return app;
}

function arcOf(arcKey: HttpNeeds['arcKey']) {
  switch (arcKey.kind) {
    case 'none':
      return {
        state: 'none',
        fix: 'Run "npm run arc-key", publish the record and set ARC_DOMAIN, ARC_SELECTOR and ARC_KEY.',
      };
    case 'unusable':
      return { state: 'unusable', problem: arcKey.problem, fix: 'Run "npm run arc-key" and set all three again.' };
    case 'ready': {
      const { domain, selector, algorithm } = arcKey.key;
      return { state: 'ready', domain, selector, algorithm, record: arcKey.record };
    }
  }
}
