/** A client's own filter rules (R5). */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { operationWithBody } from './operation.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const oneLine = z.string().regex(/^[^\u0000-\u001f\u007f]*$/, 'must be one line without control characters');

const rule = z.strictObject({
  field: z.enum(['sender', 'recipient']),
  pattern: z.string().regex(/^(<>|@[^\s@]+|[^\s@]+@[^\s@]+)$/, 'an address, "@domain", or "<>" for the null sender'),
  verdict: z.enum(['accept', 'quarantine', 'reject', 'discard']),
  reason: oneLine.min(1).max(200),
});

const ruleList = z.strictObject({ rules: z.array(rule).max(500) });

export function rulesApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

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
      await needs.clients.replaceRules(
        id,
        rules,
        changeBy(context.get('actor'), 'rules-set', { rules: context.req.valid('json').rules }, needs.now()),
      );
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}
