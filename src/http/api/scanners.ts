/** Scanners of others that every message of a client is shown to. Where mail goes is the operator's to say, as with mail servers. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { readScanners, scannerListSchema, shownScanner } from './given-scanners.ts';
import { inEffect } from './in-effect.ts';
import { operationWithBody } from './operation.ts';

export function scannersApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/filter/scanners',
        summary: "Set the client's rspamd, clamd and HTTP scanners; their secrets are kept sealed, and never shown",
      },
      z.strictObject({ scanners: scannerListSchema }),
    ),
    async (context): Promise<Response> => {
      const { id, settings } = context.get('client');
      const read = await readScanners(context.req.valid('json').scanners, needs, settings.filter.scanners);
      if (read.kind === 'wrong') return problem(context, { status: 422, ...read });
      const detail = { scanners: read.scanners.map(shownScanner) };
      const change = changeBy(context.get('actor'), 'scanners-set', detail, needs.now());
      await needs.clients.update(id, { settings: { filter: { scanners: [...read.scanners] } } }, change);
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}
