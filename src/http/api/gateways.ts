/** A client's own mail servers: which there are, and in which order they are tried. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { GatewayView } from '../../pipeline/client-port.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { gatewayListSchema, readGateways, shownPeer } from './gateway-list.ts';
import { inEffect } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

export function gatewaysApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/gateways',
        summary: "Set the client's mail servers; among equals the order given is the order in which they are tried",
      },
      z.strictObject({ gateways: gatewayListSchema }),
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const read = await readGateways(context.req.valid('json').gateways, needs, await needs.clients.gatewaysOf(id));
      if (read.kind === 'wrong') return problem(context, { status: 422, ...read });
      const change = changeBy(context.get('actor'), 'gateways-set', read.peers.map(shownPeer), needs.now());
      await needs.clients.replaceGateways(id, read.peers, change);
      return inEffect(context, needs, id, 200);
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/gateways',
      summary: 'The mail servers in the order in which they are tried now, each with its score and the reasons',
      by: 'admin',
    }),
    async (context) => {
      const { id, settings, locationHint } = context.get('client');
      const gateways = await needs.ports(id).gateways();
      return context.json({ weights: settings.choice, locationHint, gateways: gateways.map(shown) });
    },
  );

  return app;
}

/** As the client object sees it; an isolate at the edge goes by what it has seen itself. */
function shown({ peer, standing, turn, score, scores, messagesThisMinute, reasons }: GatewayView) {
  return {
    ...shownPeer(peer),
    turn,
    score,
    scores,
    roundTripMs: standing.roundTripMs ?? null,
    failuresInARow: standing.failures,
    lastFailureAtMs: standing.failedAt ?? null,
    messagesThisMinute,
    reasons,
  };
}
