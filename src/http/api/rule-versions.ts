/** What a client's rules were, who changed them, when and why; and back to any of it. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound } from '../problem.ts';
import type { ClientScope } from './client-scope.ts';
import { operation, operationWithBody } from './operation.ts';
import { saveRules, shownRules, shownVersion } from './save-rules.ts';

// A tall screen; `next` brings those before.
const PAGE_SIZE = 50;

const restore = z.strictObject({
  /** the number of the newest version, as it was seen */
  basedOn: z.int().min(0),
});

export function ruleVersionsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/rules/versions',
      summary:
        'Every version of the rules, newest first: who, when and why; `?before=` a number brings those before it',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const before = Number(context.req.query('before') ?? Number.MAX_SAFE_INTEGER);
      if (!Number.isSafeInteger(before))
        return invalid(context, [{ path: ['before'], message: 'use the `next` of an earlier answer' }]);
      const versions = await needs.filters.ruleVersions(id, { before, limit: PAGE_SIZE });
      const next = versions.length === PAGE_SIZE ? versions.at(-1)?.number : undefined;
      return context.json({ versions: versions.map(shownVersion), next: next ?? null });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/rules/versions/{number}',
      summary: 'The rules of one version',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const version = await versionOf(context, needs);
      if (version === undefined) return noSuchVersion(context);
      return context.json(shownRules(version));
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/rules/versions/{number}/restore',
        summary:
          'Let the rules of that version hold again, as a new one; `basedOn` is the number of the newest that you saw',
        by: 'admin',
      },
      restore,
    ),
    async (context): Promise<Response> => {
      const version = await versionOf(context, needs);
      if (version === undefined) return noSuchVersion(context);
      const { basedOn } = context.req.valid('json');
      return saveRules(context, needs, { rules: version.rules, basedOn, note: `version ${version.number} again` });
    },
  );

  return app;
}

async function versionOf(context: Context<ClientScope>, { filters }: HttpNeeds) {
  const text = context.req.param('number') ?? '';
  return /^\d{1,9}$/.test(text) ? filters.ruleVersion(context.get('client').id, Number(text)) : undefined;
}

function noSuchVersion(context: Context): Response {
  return notFound(context, 'such version of the rules', 'GET …/rules/versions lists them; the newest 500 are kept.');
}
