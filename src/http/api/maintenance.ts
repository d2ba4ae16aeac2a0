/** Planned work on a client's gateway: its windows, what is under way, and more time for it. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { nextOccurrence } from '../../core/maintenance.ts';
import { givenMaintenanceSchema } from '../../pipeline/given-maintenance.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { type ClientScope, changeBy, recordDone } from './client-scope.ts';
import { changeSettings } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

// Work that takes another day longer is a new plan.
const extension = z.strictObject({ minutes: z.int().min(1).max(1_440) });

export function maintenanceApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/maintenance',
      summary: 'Planned work: every window with its next times, and what is under way',
      by: 'admin',
    }),
    async (context) => {
      const { id, settings } = context.get('client');
      const { maintenance: open } = await needs.ports(id).status();
      const now = needs.now();
      const windows = settings.maintenance.map((window) => {
        const next = nextOccurrence(window, now);
        return { ...window, nextBeginMs: next?.begin ?? null, nextEndMs: next?.end ?? null };
      });
      return context.json({
        windows,
        open: open && { id: open.id, title: open.title, meaning: open.meaning, beginMs: open.begin, endMs: open.end },
      });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/maintenance',
        summary: 'Set all windows of planned work',
        by: 'admin',
      },
      z.strictObject({ windows: givenMaintenanceSchema }),
    ),
    async (context) => {
      return changeSettings(context, needs, { settings: { maintenance: context.req.valid('json').windows } });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/maintenance/extend',
        summary: 'More time for the work that is under way, or that ended in the last half hour',
        by: 'admin',
      },
      extension,
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const { minutes } = context.req.valid('json');
      const result = await needs.ports(id).extendMaintenance(minutes, actorName(context.get('actor')));
      if (result.kind === 'not-possible') {
        return problem(context, {
          status: 409,
          title: 'Not possible now',
          detail: `${result.why}.`,
          fix: 'PUT …/maintenance plans another window; POST …/declare-failure opens the mailboxes at once.',
        });
      }
      await recordDone(needs, id, changeBy(context.get('actor'), 'maintenance-extended', { minutes }, needs.now()));
      return context.json({ untilMs: result.until });
    },
  );

  return app;
}
