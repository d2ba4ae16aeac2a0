/** How the gateway has answered: minute by minute, and the record that `npm run backtest` judges again. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Recorded } from '../../core/record.ts';
import { failingShare, type HourCount, uptimeOf } from '../../core/uptime.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import type { ClientScope } from './client-scope.ts';
import { operation } from './operation.ts';

const DAY_MS = 86_400_000;
// A gateway that fails one message a minute for a year would make an answer of 60 MB: the newest week of such minutes is shown.
const MAX_MINUTES = 10_000;
// A page is a megabyte at most.
const PAGE_SIZE = 2_000;

const days = (otherwise: number) => z.coerce.number().int().min(1).max(400).default(otherwise);
const uptimeQuery = z.object({ days: days(7) });
const observationsQuery = z.object({ days: days(90), after: z.coerce.number().int().min(0).optional() });

export function uptimeApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>();

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/uptime',
      summary:
        'Messages taken and failures of the last `?days=` (7, at most 400), by hour; by minute where something failed',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const query = uptimeQuery.safeParse(context.req.query());
      if (!query.success) return invalid(context, query.error.issues);
      const { from, to, records } = await needs.ports(context.get('client').id).uptime(query.data.days * DAY_MS);
      const { since, percent, delivered, failing, hours, minutes } = uptimeOf(records, to);
      return context.json({
        days: query.data.days,
        from: Math.max(from, since ?? from),
        to,
        delivered,
        failing,
        uptimePercent: percent === undefined ? null : Math.round(percent * 1000) / 1000,
        minutes: minutes.slice(-MAX_MINUTES).map(shown),
        minutesLeftOut: Math.max(0, minutes.length - MAX_MINUTES),
        hours: hours.map(shown),
      });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/observations',
      summary:
        'The answers that were judged in the last `?days=` (90), oldest first; `?after=` with `next` brings the page behind',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const query = observationsQuery.safeParse(context.req.query());
      if (!query.success) return invalid(context, query.error.issues);
      const { after } = query.data;
      const start = after === undefined ? { lastMs: query.data.days * DAY_MS } : { cursor: after };
      const page = await needs.ports(context.get('client').id).observations(start, PAGE_SIZE);
      return context.json({
        observations: page.observations.map(shownObservation),
        next: page.cursor === undefined ? null : String(page.cursor),
      });
    },
  );

  return app;
}

function shown({ at, delivered, failing }: HourCount) {
  return { atMs: at, delivered, failing, failingShare: Math.round(failingShare({ delivered, failing }) * 1000) / 1000 };
}

function shownObservation({ at, ...observation }: Recorded) {
  return { atMs: at, ...observation };
}
