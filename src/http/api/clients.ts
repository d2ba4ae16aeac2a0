/** Clients, their settings, domains, gateways and rules. Every change is in the audit log and takes effect before the answer. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { parseDomain } from '../../core/address.ts';
import { parseClientId } from '../../core/ids.ts';
import { peerProblem } from '../../core/peer-host.ts';
import { problemOf } from '../../core/problem-of.ts';
import {
  DEFAULT_SETTINGS,
  probeSchema,
  recoverySchema,
  replaySchema,
  settingsSchema,
  thresholdsSchema,
} from '../../pipeline/settings.ts';
import type { ClientRecord } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { type ClientScope, clientScope, operatorChange } from './client-scope.ts';
import { operation, operationWithBody } from './operation.ts';

const name = z.string().trim().min(1).max(200);

const newClient = z.strictObject({ id: z.string(), name, ...settingsSchema.partial().shape });

const clientPatch = z.strictObject({
  name: name.optional(),
  probe: probeSchema.optional(),
  recovery: recoverySchema.optional(),
  failback: z.enum(['automatic', 'hold']).optional(),
  noticeAddresses: z.array(z.email()).max(10).optional(),
});

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

const gatewayList = z.strictObject({ gateways: z.array(peer).max(10) });

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const oneLine = z.string().regex(/^[^\u0000-\u001f\u007f]*$/, 'must be one line without control characters');

const rule = z.strictObject({
  field: z.enum(['sender', 'recipient']),
  pattern: z.string().regex(/^(<>|@[^\s@]+|[^\s@]+@[^\s@]+)$/, 'an address, "@domain", or "<>" for the null sender'),
  verdict: z.enum(['accept', 'quarantine', 'reject', 'discard']),
  reason: oneLine.min(1).max(200),
});

const ruleList = z.strictObject({ rules: z.array(rule).max(500) });

export function clientsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(operation({ method: 'get', path: '/clients', summary: 'List clients' }), async (context) => {
    return context.json({ clients: (await needs.clients.list()).map(shown) });
  });

  app.openapi(
    operationWithBody({ method: 'post', path: '/clients', summary: 'Enrol a client' }, newClient),
    async (context): Promise<Response> => {
      const { id, name: clientName, ...given } = context.req.valid('json');
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
      const created = await needs.clients.create(
        { id: clientId, name: clientName, settings },
        operatorChange('client-created', { name: clientName }, needs.now()),
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
  app.use('/clients/:clientId', clientScope(needs));

  app.openapi(
    operation({ method: 'get', path: '/clients/{clientId}', summary: 'One client with all its configuration' }),
    async (context) => {
      const client = context.get('client');
      const [domains, gateways, rules] = await Promise.all([
        needs.clients.domainsOf(client.id),
        needs.clients.gatewaysOf(client.id),
        needs.clients.rulesOf(client.id),
      ]);
      const peers = gateways.map(({ host, port, tls, login }) => ({
        host,
        port,
        tls,
        username: login?.username ?? null,
      }));
      return context.json({ ...shown(client), domains, gateways: peers, rules });
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'patch', path: '/clients/{clientId}', summary: 'Change name, probes, recovery, failback, notices' },
      clientPatch,
    ),
    async (context) => {
      const client = context.get('client');
      const { name: newName, ...patch } = context.req.valid('json');
      return changeSettings(context, needs, { ...client, name: newName ?? client.name }, patch);
    },
  );

  app.openapi(
    operation({ method: 'get', path: '/clients/{clientId}/thresholds', summary: 'The deferral thresholds in force' }),
    async (context) => {
      return context.json(context.get('client').settings.thresholds);
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'put', path: '/clients/{clientId}/thresholds', summary: 'Set the deferral thresholds' },
      thresholdsSchema,
    ),
    async (context) => {
      return changeSettings(context, needs, context.get('client'), { thresholds: context.req.valid('json') });
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'put', path: '/clients/{clientId}/replay', summary: 'Set the pace of the replay' },
      replaySchema,
    ),
    async (context) => {
      return changeSettings(context, needs, context.get('client'), { replay: context.req.valid('json') });
    },
  );

  app.openapi(
    operation({ method: 'put', path: '/clients/{clientId}/domains/{domain}', summary: 'Add a mail domain' }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const text = context.req.param('domain') ?? '';
      const domain = parseDomain(text);
      if (domain === undefined)
        return invalid(context, [{ path: ['domain'], message: `"${text}" is not a domain name` }]);
      if (
        (await needs.clients.addDomain(id, domain, operatorChange('domain-added', { domain }, needs.now()))) === 'taken'
      )
        return domainTaken(context, domain);
      return inEffect(context, needs, id, 200);
    },
  );

  app.openapi(
    operation({ method: 'delete', path: '/clients/{clientId}/domains/{domain}', summary: 'Remove a mail domain' }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const domain = parseDomain(context.req.param('domain') ?? '');
      if (domain === undefined || !(await needs.clients.domainsOf(id)).includes(domain)) {
        return notFound(context, 'such domain at this client', 'GET the client to see its domains.');
      }
      // The pointer first: mail for the domain waits with its senders from here on, instead of going to a client that gave it up.
      await needs.domain(domain).release(id);
      await needs.clients.removeDomain(id, domain, operatorChange('domain-removed', { domain }, needs.now()));
      return inEffect(context, needs, id, 200);
    },
  );

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

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/rules',
        summary: "Set the client's own filter rules, in the order to try them",
      },
      ruleList,
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const rules = context.req.valid('json').rules.map((given) => ({ ...given, id: needs.newRuleId() }));
      await needs.clients.replaceRules(id, rules, operatorChange('rules-set', { rules: rules.length }, needs.now()));
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}

function shown({ id, name: clientName, version, pushedVersion, settings, createdAt }: ClientRecord) {
  return { id, name: clientName, version, inEffect: pushedVersion >= version, createdAtMs: createdAt, ...settings };
}

async function changeSettings(
  context: Context,
  needs: HttpNeeds,
  client: ClientRecord,
  patch: object,
): Promise<Response> {
  const settings = settingsSchema.parse({ ...client.settings, ...patch });
  await needs.clients.update(
    client.id,
    { name: client.name, settings },
    operatorChange('settings-changed', patch, needs.now()),
  );
  return inEffect(context, needs, client.id, 200);
}

/** The change is in D1; here it reaches the client object. When that fails the answer says so, and the schedule tries again. */
async function inEffect(
  context: Context,
  needs: HttpNeeds,
  clientId: ClientRecord['id'],
  status: 200 | 201,
): Promise<Response> {
  try {
    const pushed = await needs.push(clientId);
    switch (pushed.kind) {
      case 'in-effect':
        return context.json({ id: clientId, version: pushed.version, inEffect: true }, status);
      case 'unknown-client':
        return notFound(context, `client "${clientId}"`, 'GET /api/v1/clients lists them.');
      case 'domain-taken':
        return domainTaken(context, pushed.domain);
    }
  } catch (cause) {
    needs.log({ kind: 'trouble', clientId, where: 'push', problem: problemOf(cause) });
    return problem(context, {
      status: 503,
      title: 'Saved, but not yet in effect',
      detail: 'The change is stored; the part that handles mail could not be told.',
      fix: 'Nothing: it is tried again within five minutes. Ask again to see "inEffect".',
    });
  }
}

function domainTaken(context: Context, domain: string): Response {
  return problem(context, {
    status: 409,
    title: 'The domain belongs to another client',
    detail: `${domain} is already routed to a client of this deployment.`,
    fix: 'Remove it there first.',
  });
}
