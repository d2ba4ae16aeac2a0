/** What a client's people have taught the filter: how much it is, and the way back to where everybody begins. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { EMPTY_MODEL } from '../../core/spam/model.ts';
import { modelOfBytes } from '../../core/spam/model-bytes.ts';
import type { HttpNeeds } from '../needs.ts';
import { changeBy, type ObjectScope, recordDone } from './client-scope.ts';
import { operation } from './operation.ts';

export function filterModelApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ObjectScope>();

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/filter/model',
      summary: "What the client's people have taught the filter: how many messages of either kind",
      by: 'admin',
    }),
    async (context) => {
      const { version, bytes } = await needs.ports(context.get('clientId')).filterModel();
      const { hamMessages, spamMessages, buckets } = (bytes === null ? undefined : modelOfBytes(bytes)) ?? EMPTY_MODEL;
      return context.json({ version, hamMessages, spamMessages, tokens: buckets.length });
    },
  );

  app.openapi(
    operation({
      method: 'delete',
      path: '/clients/{clientId}/filter/model',
      summary: 'Forget what they have taught: the shipped knowledge stays',
      by: 'admin',
    }),
    async (context) => {
      const clientId = context.get('clientId');
      const version = await needs.quarantines(clientId).resetModel();
      await recordDone(needs, clientId, changeBy(context.get('actor'), 'filter-model-reset', { version }, needs.now()));
      return context.json({ version });
    },
  );

  return app;
}
