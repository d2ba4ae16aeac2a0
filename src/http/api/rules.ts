/** A client's own filter rules (R5): every save is a version, with who made it, when and why. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { givenRulesSchema } from '../../pipeline/rule-schema.ts';
import type { HttpNeeds } from '../needs.ts';
import type { ClientScope } from './client-scope.ts';
import { operation, operationWithBody } from './operation.ts';
import { givenRules, invalidRules } from './rule-issues.ts';
import { saveRules, shownRules } from './save-rules.ts';

const ruleList = z.strictObject({
  rules: givenRulesSchema,
  /** the number of the version that was changed; 0 where there was none */
  basedOn: z.int().min(0),
  note: z
    .string()
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
    .max(200)
    .default(''),
});

export function rulesApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalidRules(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/rules',
      summary: "The client's own filter rules, in the order in which they are tried, each in words as well",
      by: 'admin',
    }),
    async (context) => context.json(shownRules(await needs.filters.rules(context.get('client').id))),
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/rules',
        summary:
          'Set them: `basedOn` is the number of the version you changed, so that nobody overwrites what they have not seen',
        by: 'admin',
      },
      ruleList,
    ),
    async (context): Promise<Response> => {
      const { rules, basedOn, note } = context.req.valid('json');
      return saveRules(context, needs, { rules: givenRules(rules, needs.newRuleId), basedOn, note });
    },
  );

  return app;
}
