/** The preflight: a marked message the way of a replay, before the day comes; asked for, and what the last ones have shown. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { PreflightRun, PreflightStart } from '../../pipeline/client-port.ts';
import { preflightSchema } from '../../pipeline/settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { type ClientScope, changeBy, recordDone } from './client-scope.ts';
import { changeSettings } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';
import { preflightIssues } from './preflight-issues.ts';

const SHOWN_RUNS = 20;

export function preflightApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/preflight',
      summary: 'Whether the mail servers would take a replay: the last runs, newest first, and when the next one comes',
      by: 'admin',
    }),
    async (context) => {
      const { id, settings } = context.get('client');
      const { recipient, nextAt, runs } = await needs.ports(id).preflights(SHOWN_RUNS);
      return context.json({ ...settings.preflight, recipient, nextAtMs: nextAt, runs: runs.map(shown) });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/preflight',
        summary: 'Set to whom a preflight writes, and every how many days one is sent by itself',
        by: 'admin',
      },
      preflightSchema,
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const preflight = context.req.valid('json');
      const issues = preflightIssues(preflight, await needs.clients.domainsOf(id), ['address']);
      if (issues.length > 0) return invalid(context, issues);
      return changeSettings(context, needs, { settings: { preflight } });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/preflight',
      summary:
        'Begin a preflight now. The answer is 202 at once; GET has the outcome within a minute for each mail server',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const start = await needs.ports(id).preflight(actorName(context.get('actor')));
      if (start.kind === 'begun')
        await recordDone(
          needs,
          id,
          changeBy(context.get('actor'), 'preflight-asked', { run: start.number }, needs.now()),
        );
      return started(context, start);
    },
  );

  return app;
}

function started(context: Context, start: PreflightStart): Response {
  switch (start.kind) {
    case 'begun':
    case 'running':
      return context.json({ number: start.number, state: 'running', begun: start.kind === 'begun' }, 202);
    case 'too-soon': {
      const seconds = Math.ceil(start.waitMs / 1000);
      context.header('Retry-After', String(seconds));
      return problem(context, {
        status: 429,
        title: 'Asked for just now',
        detail: 'A preflight opens connections and leaves a message: at most one a minute is sent.',
        fix: `Try again in ${seconds} s; GET …/preflight has what the last one has shown.`,
      });
    }
    case 'not-possible':
      return problem(context, {
        status: 409,
        title: 'Not possible now',
        detail: `${start.why}.`,
        fix: 'Set a domain and a gateway first; while a replay runs, GET …/status shows how it goes.',
      });
  }
}

function shown(run: PreflightRun) {
  const { number, at, by, state } = run;
  const head = { number, atMs: at, by, state };
  switch (run.state) {
    case 'running':
      return { ...head, endedAtMs: null, verdict: null, recipient: null, gateways: [] };
    case 'interrupted':
      return { ...head, endedAtMs: run.endedAt, verdict: null, recipient: null, gateways: [] };
    case 'done':
      return { ...head, endedAtMs: run.endedAt, ...run.preflight };
  }
}
