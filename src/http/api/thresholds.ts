/** What the client object goes by while it runs: the deferral thresholds (R9). */
import { OpenAPIHono } from '@hono/zod-openapi';
import { PROFILES } from '../../core/profiles.ts';
import type { Thresholds } from '../../core/thresholds.ts';
import { type ThresholdSettings, thresholdsInForce, thresholdsSchema } from '../../pipeline/settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import type { ClientScope } from './client-scope.ts';
import { changeSettings } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

export function thresholdsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/thresholds',
      summary: 'The deferral thresholds in force',
      by: 'admin',
    }),
    async (context) => {
      return context.json(shown(context.get('client').settings.thresholds));
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'put', path: '/clients/{clientId}/thresholds', summary: 'Set the deferral thresholds', by: 'admin' },
      thresholdsSchema,
    ),
    async (context) => {
      return changeSettings(context, needs, { settings: { thresholds: context.req.valid('json') } });
    },
  );

  return app;
}

/** What was chosen, and what follows from it: an admin sees the numbers every profile stands for. */
function shown({ profile = 'standard', ...own }: ThresholdSettings) {
  return {
    profile,
    own,
    inForce: numbersOf(thresholdsInForce({ profile, ...own })),
    profiles: {
      cautious: numbersOf(PROFILES.cautious),
      standard: numbersOf(PROFILES.standard),
      eager: numbersOf(PROFILES.eager),
    },
  };
}

function numbersOf({ amount, durationMs, frequency, confirmMs }: Thresholds) {
  return {
    amount,
    durationSeconds: durationMs / 1000,
    frequency: { deferrals: frequency.deferrals, perSeconds: frequency.perMs / 1000, share: frequency.share },
    confirmSeconds: confirmMs / 1000,
  };
}
