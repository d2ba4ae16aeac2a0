/** A client's own mail servers. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { peerProblem } from '../../core/peer-host.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { type ClientScope, operatorChange } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { operationWithBody } from './operation.ts';

const peer = z
  .strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
    tls: z.enum(['none', 'starttls', 'implicit']),
    username: z.string().min(1).max(320).optional(),
    password: z.string().min(1).max(500).optional(),
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined), {
    message: 'give username and password together, or neither',
  });

const gatewayList = z.strictObject({ gateways: z.array(peer).min(1, 'name at least one mail server').max(10) });

export function gatewaysApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/gateways',
        summary: "Set the client's mail servers, in the order to try them",
      },
      gatewayList,
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const { gateways } = context.req.valid('json');
      for (const gateway of gateways) {
        const wrong = peerProblem(gateway.host, gateway.port, { allowPrivate: needs.allowPrivatePeers });
        if (wrong !== undefined)
          return problem(context, { status: 422, title: 'This gateway cannot be reached from the edge', ...wrong });
      }
      const peers = await Promise.all(gateways.map((gateway) => needs.sealPeer(gateway)));
      const detail = gateways.map(({ host, port, tls }) => ({ host, port, tls }));
      await needs.clients.replaceGateways(id, peers, operatorChange('gateways-set', detail, needs.now()));
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}
