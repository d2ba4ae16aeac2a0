/** Clients and their settings. Every change is in the audit log and takes effect before the answer. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { parseClientId } from '../../core/ids.ts';
import { hintFor, LOCATION_HINTS } from '../../core/region.ts';
import { givenMaintenanceSchema } from '../../pipeline/given-maintenance.ts';
import {
  choiceSchema,
  DEFAULT_SETTINGS,
  failbackSchema,
  failoverSchema,
  noticeAddressesSchema,
  probeSchema,
  recoverySchema,
  settingsSchema,
  whenRefusedSchema,
} from '../../pipeline/settings.ts';
import type { ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { type ClientScope, changeBy, clientScope } from './client-scope.ts';
import { gatewayListSchema, readGateways, shownPeer } from './gateway-list.ts';
import { changeSettings, inEffect } from './in-effect.ts';
import { noticeIssues } from './notice-issues.ts';
import { operation, operationWithBody } from './operation.ts';
import { preflightIssues } from './preflight-issues.ts';
import { probeIssues } from './probe-issues.ts';
import { shownRelay } from './relay.ts';

const name = z.string().trim().min(1).max(200);

// Secrets come by routes of their own, which seal or hash them.
const newClient = z.strictObject({
  id: z.string(),
  name,
  gateways: gatewayListSchema.default([]),
  locationHint: z.enum(LOCATION_HINTS).optional(),
  ...settingsSchema.omit({ webhooks: true, systemTokenHash: true, outbound: true, dkim: true, filter: true }).partial()
    .shape,
  maintenance: givenMaintenanceSchema.optional(),
});

const clientPatch = z.strictObject({
  name: name.optional(),
  probe: probeSchema.optional(),
  recovery: recoverySchema.optional(),
  failover: failoverSchema.optional(),
  failback: failbackSchema.optional(),
  whenRefused: whenRefusedSchema.optional(),
  choice: choiceSchema.optional(),
  noticeAddresses: noticeAddressesSchema.optional(),
});

export function clientsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients',
      summary: 'List clients; with `?states=yes` each with its state now, null where it cannot be told',
    }),
    async (context) => {
      const clients = await needs.clients.list();
      if (context.req.query('states') !== 'yes') return context.json({ clients: clients.map(shown) });
      // One object that does not answer must not hide all the others.
      const views = await Promise.allSettled(clients.map(({ id }) => needs.view(id)));
      return context.json({
        clients: clients.map((client, index) => {
          const view = views[index];
          return { ...shown(client), state: view?.status === 'fulfilled' ? view.value.state : null };
        }),
      });
    },
  );

  app.openapi(
    operationWithBody({ method: 'post', path: '/clients', summary: 'Enrol a client' }, newClient),
    async (context): Promise<Response> => {
      const { id, name: clientName, gateways, locationHint, ...given } = context.req.valid('json');
      const clientId = parseClientId(id);
      if (clientId === undefined) {
        return invalid(context, [
          {
            path: ['id'],
            message: 'use 1 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit',
          },
        ]);
      }
      const settings = settingsSchema.parse({ ...DEFAULT_SETTINGS, ...given });
      const issues = [
        ...probeIssues(settings.probe, []),
        ...preflightIssues(settings.preflight, [], ['preflight', 'address']),
      ];
      if (issues.length > 0) return invalid(context, issues);
      const read = await readGateways(gateways, needs);
      if (read.kind === 'wrong') return problem(context, { status: 422, ...read });
      const { peers } = read;
      // Now or never: the client object lives where it is first asked for, and that is when this change is pushed.
      const home = locationHint ?? hintFor(peers) ?? null;
      const created = await needs.clients.create(
        { id: clientId, name: clientName, settings, locationHint: home, gateways: peers },
        changeBy(context.get('actor'), 'client-created', { name: clientName }, needs.now()),
      );
      if (created === 'exists') {
        return problem(context, {
          status: 409,
          title: 'Already there',
          detail: `Client "${id}" exists.`,
          fix: 'Choose another id, or PATCH the one that is there.',
        });
      }
      return inEffect(context, needs, clientId, 201);
    },
  );

  app.use('/clients/:clientId/*', clientScope(needs));

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}',
      summary: 'One client with all its configuration',
      by: 'admin',
    }),
    async (context) => {
      const client = context.get('client');
      const [domains, gateways, { rules }] = await Promise.all([
        needs.clients.domainsOf(client.id),
        needs.clients.gatewaysOf(client.id),
        needs.filters.rules(client.id),
      ]);
      return context.json({ ...shown(client), domains, gateways: gateways.map(shownPeer), rules });
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'patch', path: '/clients/{clientId}', summary: 'Change name, probes, recovery, failback, notices' },
      clientPatch,
    ),
    async (context) => {
      const client = context.get('client');
      const { name: newName, ...settings } = context.req.valid('json');
      const domains = await needs.clients.domainsOf(client.id);
      const issues = [
        ...(settings.probe === undefined ? [] : probeIssues(settings.probe, domains)),
        ...noticeIssues(settings.noticeAddresses ?? [], domains, 'noticeAddresses'),
      ];
      if (issues.length > 0) return invalid(context, issues);
      return changeSettings(context, needs, { name: newName, settings });
    },
  );

  return app;
}

function shown({ id, name: clientName, version, pushedVersion, settings, locationHint, createdAt }: ClientRecord) {
  const { webhooks, systemTokenHash: _, outbound, dkim, filter: __, ...open } = settings;
  const inEffect = pushedVersion >= version;
  return {
    id,
    name: clientName,
    version,
    inEffect,
    createdAtMs: createdAt,
    locationHint,
    ...open,
    webhooks: webhooks.map(({ url }) => ({ url })),
    outbound: { ...outbound, relay: outbound.relay === null ? null : shownRelay(outbound.relay) },
    dkim: dkim.map(({ domain, selector }) => ({ domain, selector })),
  };
}
