/** How a client's mail is filtered, beside its own rules: built-in sets, spam, the quarantine, what follows when something was not looked into. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { DEFAULT_FILTER_PLAN } from '../../core/filter-plan.ts';
import { BUILT_IN_SETS, rulesOf, SET_NAMES } from '../../core/rules/built-in.ts';
import { describe } from '../../core/rules/describe.ts';
import type { BuiltInSet } from '../../core/rules/rule.ts';
import { type FilterSettings, filterSettingsSchema, whenFailed } from '../../pipeline/filter-settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { shownScanner } from './given-scanners.ts';
import { inEffect } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

// Scanners are set by a route of their own, which seals their secrets.
const { sets, spam, whenNotFullyScanned, quarantine } = filterSettingsSchema.shape;
const change = z
  // Not as the settings have it: what is left out must not come back as its default.
  .strictObject({ sets, spam, whenScannerFailed: whenFailed, whenNotFullyScanned, quarantine })
  .partial()
  .refine(
    (given) => Object.keys(given).length > 0,
    'give at least one of sets, spam, whenScannerFailed, whenNotFullyScanned, quarantine',
  );

export function filterApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/filter',
      summary:
        "The filter beside the client's own rules: the built-in sets and what each does, spam, scanners, quarantine",
      by: 'admin',
    }),
    async (context) => {
      const { filter } = context.get('client').settings;
      return context.json({
        ...filter,
        sets: BUILT_IN_SETS.map((set) => ({
          set,
          name: SET_NAMES[set],
          isOn: filter.sets.includes(set),
          words: wordsOf(set, filter),
        })),
        scanners: filter.scanners.map(shownScanner),
      });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/filter',
        summary:
          'Set `sets` (the names of those that are on), `spam`, `whenScannerFailed`, `whenNotFullyScanned`, `quarantine`; what is left out stays',
        by: 'admin',
      },
      change,
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const given = context.req.valid('json');
      const audited = changeBy(context.get('actor'), 'filter-set', given, needs.now());
      await needs.clients.update(id, { settings: { filter: given } }, audited);
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}

/** What a set does, with the thresholds that hold: the sentences of its rules. */
function wordsOf(set: BuiltInSet, { spam: thresholds }: FilterSettings): readonly string[] {
  return rulesOf({ ...DEFAULT_FILTER_PLAN, sets: [set], spam: thresholds })
    .filter(({ id }) => id.startsWith(`set:${set}`))
    .map(describe);
}
