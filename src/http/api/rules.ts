/** A client's own filter rules (R5): every save is a version, with who made it, when and why. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { HttpNeeds } from '../needs.ts';
import { invalid } from '../problem.ts';
import type { ClientScope } from './client-scope.ts';
import { operation, operationWithBody } from './operation.ts';
import { saveRules, shownVersion } from './save-rules.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const oneLine = z.string().regex(/^[^\u0000-\u001f\u007f]*$/, 'must be one line without control characters');

const pattern = z
  .string()
  .regex(/^(<>|@[^\s@]+|[^\s@]+@[^\s@]+)$/, 'an address, "@domain", or "<>" for the null sender')
  .transform((text) => text.toLowerCase());

const rule = z.strictObject({
  id: z.string().min(1).max(40).optional(),
  name: oneLine.min(1).max(200),
  isOn: z.boolean().default(true),
  when: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('always') }),
    z.strictObject({
      kind: z.literal('address'),
      of: z.enum(['sender', 'recipient']),
      matches: z.array(pattern).min(1).max(500),
    }),
  ]),
  then: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['accept', 'quarantine', 'discard', 'hold']) }),
    z.strictObject({ kind: z.literal('reject'), text: oneLine.min(1).max(200) }),
  ]),
});

const ruleList = z.strictObject({
  rules: z.array(rule).max(500),
  /** the number of the version that was changed; 0 where there was none */
  basedOn: z.int().min(0),
  note: oneLine.max(200).default(''),
});

export function rulesApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/rules',
      summary: "The client's own filter rules, in the order in which they are tried",
      by: 'admin',
    }),
    async (context) => {
      const { rules, ...head } = await needs.filters.rules(context.get('client').id);
      return context.json({ ...shownVersion(head), rules });
    },
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
      const { rules: given, basedOn, note } = context.req.valid('json');
      const rules = given.map((one) => ({ ...one, id: one.id ?? needs.newRuleId() }));
      return saveRules(context, needs, { rules, basedOn, note });
    },
  );

  return app;
}
