/** By which relay a client's mail leaves for the world, and whether the domains' SPF records let it. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Peer } from '../../core/client.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { gatewayListSchema, readGateways, shownPeer } from './gateway-list.ts';
import { inEffect } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

const relaySchema = gatewayListSchema.element.refine(
  ({ capacityPerMinute, latitude }) => capacityPerMinute === undefined && latitude === undefined,
  { message: 'leave out capacity and place: there is one relay, so nothing is chosen by them' },
);

// Each is some questions to a resolver, and somebody waits for the answer.
const MAX_CHECKED = 20;

export function relayApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/relay',
      summary: "By which relay mail leaves for the world: the client's own, or the deployment's",
      by: 'admin',
    }),
    async (context) => {
      const { id, settings } = context.get('client');
      const own = settings.outbound.relay;
      const [{ relayTrouble }, gateways] = await Promise.all([needs.ports(id).status(), needs.clients.gatewaysOf(id)]);
      return context.json({
        own: own === null ? null : shownRelay(own),
        deployment: needs.relay === undefined ? null : { host: needs.relay.host, port: needs.relay.port },
        inUse: own === null ? (needs.relay === undefined ? 'none' : 'deployment') : 'own',
        trouble: relayTrouble === null ? null : { sinceMs: relayTrouble.since, words: relayTrouble.words },
        warning: gateways.some(({ host }) => host === own?.host) ? IS_GATEWAY : null,
      });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/relay',
        summary: "Let the client's mail leave by a relay of its own; its secrets are kept sealed, and never shown",
      },
      relaySchema,
    ),
    async (context): Promise<Response> => {
      const given = context.req.valid('json');
      if (isOurselves(given.host, needs)) return problem(context, loop(given.host));
      const { id, settings } = context.get('client');
      const { relay: before } = settings.outbound;
      const read = await readGateways([given], needs, before === null ? [] : [before]);
      if (read.kind === 'wrong') return problem(context, { status: 422, ...read });
      const [relay] = read.peers;
      if (relay === undefined) throw new Error('one relay was read, and none came');
      const change = changeBy(context.get('actor'), 'relay-set', shownRelay(relay), needs.now());
      await needs.clients.update(id, { settings: { outbound: { relay } } }, change);
      return inEffect(context, needs, id, 200);
    },
  );

  app.openapi(
    operation({
      method: 'delete',
      path: '/clients/{clientId}/relay',
      summary: "Let the client's mail leave by the deployment's relay; without one what waits goes on waiting",
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const change = changeBy(context.get('actor'), 'relay-removed', {}, needs.now());
      await needs.clients.update(id, { settings: { outbound: { relay: null } } }, change);
      return inEffect(context, needs, id, 200);
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/relay/spf',
      summary: "Whether each domain's SPF record lets the relay send for it, and what to add; asked of the DNS now",
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id, settings } = context.get('client');
      const host = settings.outbound.relay?.host ?? needs.relay?.host;
      if (host === undefined) {
        return problem(context, {
          status: 409,
          title: 'No relay',
          detail: 'Neither this client nor the deployment has a relay, so nobody sends for its domains.',
          fix: 'PUT …/relay, or set RELAY for the deployment.',
        });
      }
      const domains = (await needs.clients.domainsOf(id)).slice(0, MAX_CHECKED);
      return context.json({ relayHost: host, domains: await needs.checkSpf(domains, host) });
    },
  );

  return app;
}

/** For the audit log and for screens: everything but the password. */
export function shownRelay(relay: Peer) {
  const { capacityPerMinute: _, latitude: __, longitude: ___, ...shown } = shownPeer(relay);
  return shown;
}

function isOurselves(host: string, { ownHosts }: HttpNeeds): boolean {
  return ownHosts.includes(host.toLowerCase().replace(/\.$/, ''));
}

/** What our own front takes for a client is spooled here: mail to the world would come back to us for ever. */
function loop(host: string) {
  return {
    status: 422,
    title: 'This relay is this service itself',
    detail: `${host} is where mail comes in; what left by it would come back.`,
    fix: 'Name the smarthost of a provider, or another server that takes mail for the world with a login.',
  } as const;
}

const IS_GATEWAY = "The relay is the client's own mail server: when that fails, nothing leaves for the world either.";
