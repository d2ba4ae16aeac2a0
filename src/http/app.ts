/** Everything that comes by HTTP: ingest, the operator's API, the webmail's API. The pages themselves are static assets. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { problemOf } from '../core/problem-of.ts';
import { actPages } from './act.ts';
import { accountsApi } from './api/accounts.ts';
import { requireActor } from './api/actor.ts';
import { auditApi } from './api/audit.ts';
import type { ClientScope } from './api/client-scope.ts';
import { clientsApi } from './api/clients.ts';
import { dkimApi } from './api/dkim.ts';
import { domainsApi } from './api/domains.ts';
import { emergencyApi } from './api/emergency.ts';
import { expiryApi } from './api/expiry.ts';
import { exportApi } from './api/export.ts';
import { filterApi } from './api/filter.ts';
import { filterListsApi } from './api/filter-lists.ts';
import { filterModelApi } from './api/filter-model.ts';
import { gatewaysApi } from './api/gateways.ts';
import { maintenanceApi } from './api/maintenance.ts';
import { noticesApi } from './api/notices.ts';
import { outboundApi } from './api/outbound.ts';
import { preflightApi } from './api/preflight.ts';
import { quarantineApi } from './api/quarantine.ts';
import { relayApi } from './api/relay.ts';
import { replayControlApi, replayPlanApi } from './api/replay.ts';
import { ruleTrialApi } from './api/rule-trial.ts';
import { ruleVersionsApi } from './api/rule-versions.ts';
import { rulesApi } from './api/rules.ts';
import { scannersApi } from './api/scanners.ts';
import { systemTokenApi } from './api/system-token.ts';
import { thresholdsApi } from './api/thresholds.ts';
import { trustApi } from './api/trust.ts';
import { uptimeApi } from './api/uptime.ts';
import { consoleApi } from './console/console-api.ts';
import { ingest } from './ingest.ts';
import { mailExportApi } from './mail/export.ts';
import { describeMe } from './mail/me.ts';
import { messagesApi } from './mail/messages.ts';
import { mailQuarantineApi } from './mail/quarantine.ts';
import { sendApi } from './mail/send.ts';
import { type MailScope, requireSession, SESSION_COOKIE, sessionApi } from './mail/session.ts';
import type { HttpNeeds } from './needs.ts';
import { notFound, problem } from './problem.ts';

export function createApp(needs: HttpNeeds) {
  const app = new OpenAPIHono();
  app.use('/api/*', secureHeaders({ xFrameOptions: false }));
  app.use('/api/*', async (context, next) => {
    await next();
    // A shared computer's cache must not keep what a mailbox showed.
    if (!context.res.headers.has('cache-control')) context.header('Cache-Control', 'private, no-store');
  });
  app.route('/ingest', ingest(needs));
  app.route('/act', actPages(needs));
  app.route('/api/v1', operatorApi(needs));
  app.route('/api/mail', mailApi(needs));
  app.route('/api/console', consoleApi(needs));
  app.notFound((context) =>
    notFound(context, `resource at ${new URL(context.req.url).pathname}`, 'See /api/v1/openapi.json.'),
  );
  app.onError((cause, context) => {
    if (cause instanceof HTTPException && cause.status < 500) return badRequest(context, cause);
    needs.log({ kind: 'trouble', where: new URL(context.req.url).pathname, problem: problemOf(cause) });
    return problem(context, {
      status: 503,
      title: 'Not possible just now',
      detail: 'Something of ours did not answer.',
      fix: 'Try again in a moment; nothing was half written.',
    });
  });
  return app;
}

/** What the framework refuses before a handler sees it: a body that is no JSON, or is not called JSON. The caller's to mend, not ours. */
function badRequest(context: Context, cause: HTTPException): Response {
  return problem(context, {
    status: cause.status < 500 && cause.status !== 415 ? 400 : 415,
    title: 'The request cannot be read',
    detail: `${cause.message || 'The body cannot be read'}.`,
    fix: 'Send the header "Content-Type: application/json" and a body that is valid JSON.',
  });
}

function operatorApi(needs: HttpNeeds) {
  const api = new OpenAPIHono<ClientScope>();
  api.openAPIRegistry.registerComponent('securitySchemes', 'operator', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'admin', {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
  });
  api.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Breakwater API', version: '1' } });
  api.use('/clients/*', requireActor(needs, api.openAPIRegistry));
  // The clients come first: they bring the scope that all others stand in.
  api.route('/', clientsApi(needs));
  for (const resource of [domainsApi, gatewaysApi, thresholdsApi, maintenanceApi, noticesApi, systemTokenApi])
    api.route('/', resource(needs));
  for (const resource of [filterApi, scannersApi, rulesApi, ruleTrialApi, ruleVersionsApi, filterListsApi])
    api.route('/', resource(needs));
  api.route('/', accountsApi(needs));
  api.route('/', emergencyApi(needs));
  api.route('/', expiryApi(needs));
  api.route('/', exportApi(needs));
  api.route('/', quarantineApi(needs));
  api.route('/', filterModelApi(needs));
  api.route('/', replayControlApi(needs));
  api.route('/', replayPlanApi(needs));
  api.route('/', auditApi(needs));
  api.route('/', uptimeApi(needs));
  api.route('/', preflightApi(needs));
  for (const resource of [relayApi, dkimApi, outboundApi, trustApi]) api.route('/', resource(needs));
  return api;
}

function mailApi(needs: HttpNeeds) {
  const api = new OpenAPIHono<MailScope>();
  // Beside SameSite=Strict: a form on another site cannot log a person in or send in their name.
  api.use('*', csrf());
  api.route('/', sessionApi(needs));
  api.use('*', requireSession(needs));
  api.get('/me', async (context) => context.json(await describeMe(context.get('account'), needs)));
  api.route('/messages', messagesApi(needs));
  api.route('/quarantine', mailQuarantineApi(needs));
  api.route('/export', mailExportApi(needs));
  api.route('/', sendApi(needs));
  return api;
}
