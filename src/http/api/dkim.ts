/** Keys with which a client's mail to the world is signed (RFC 6376): made here, published by the client, removed when they are old. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { parseDomain } from '../../core/address.ts';
import type { DkimKey } from '../../core/client.ts';
import { type DkimFinding, type DkimRecord, dkimFinding, dkimRecordOf, isSelector } from '../../core/dkim-record.ts';
import { asciiOf } from '../../pipeline/dkim.ts';
import { MAX_DKIM_KEYS } from '../../pipeline/settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

const newKey = z.strictObject({
  domain: z.string().min(1).max(255),
  selector: z
    .string()
    .refine(isSelector, 'use 1 to 63 lower-case letters, digits and hyphens, as in "breakwater-2026"')
    .optional(),
});

export function dkimApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/dkim',
      summary: 'The keys, each with the DNS record to publish and whether it is there; asked of the DNS now',
      by: 'admin',
    }),
    async (context) => {
      const keys = context.get('client').settings.dkim;
      const checked = await Promise.all(keys.map(async (key) => ({ key, check: await findingOf(key, needs) })));
      const signing = signingKeys(checked);
      return context.json({
        keys: checked.map(({ key, check }) => ({ ...shown(key), check, signs: signing.has(key) })),
      });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/dkim',
        summary:
          'Make a key for a domain. It signs as soon as its record is published; an older one goes on until then',
        by: 'admin',
      },
      newKey,
    ),
    async (context): Promise<Response> => {
      const { id, settings } = context.get('client');
      const given = context.req.valid('json');
      const domain = parseDomain(given.domain);
      const domains = await needs.clients.domainsOf(id);
      if (domain === undefined || !domains.includes(domain)) {
        const message = `is no domain of this client: use ${domains.join(' or ') || 'one that you add first'}`;
        return invalid(context, [{ path: ['domain'], message }]);
      }
      const selector = given.selector ?? freeSelector(domain, settings.dkim, needs.now());
      if (settings.dkim.some((key) => key.domain === domain && key.selector === selector)) return taken(context);
      if (settings.dkim.length >= MAX_DKIM_KEYS) return tooMany(context);
      const key = { domain, selector, ...(await needs.newDkimKey()) };
      await needs.clients.update(
        id,
        { settings: { dkim: [key, ...settings.dkim] } },
        changeBy(context.get('actor'), 'dkim-key-made', { domain, selector }, needs.now()),
      );
      const told = await inEffect(context, needs, id, 201);
      return new Response(JSON.stringify({ ...(await told.json<object>()), ...shown(key) }), told);
    },
  );

  app.openapi(
    operation({
      method: 'delete',
      path: '/clients/{clientId}/dkim/{domain}/{selector}',
      summary: 'Remove a key; leave its record published for a week, for mail that is still under way',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id, settings } = context.get('client');
      const domain = parseDomain(context.req.param('domain') ?? '');
      const selector = context.req.param('selector');
      const dkim = settings.dkim.filter((key) => key.domain !== domain || key.selector !== selector);
      if (dkim.length === settings.dkim.length) return notFound(context, 'such key', 'GET …/dkim lists them.');
      const change = changeBy(context.get('actor'), 'dkim-key-removed', { domain, selector }, needs.now());
      await needs.clients.update(id, { settings: { dkim } }, change);
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}

type Context = Parameters<typeof problem>[0];

async function findingOf(key: DkimKey, needs: HttpNeeds): Promise<DkimFinding> {
  return dkimFinding(key.publicKey, await needs.textRecords(recordOf(key).name));
}

/** The first of each domain whose record is there: what the object does when mail leaves (pipeline/dkim.ts). */
function signingKeys(checked: readonly { readonly key: DkimKey; readonly check: DkimFinding }[]): ReadonlySet<DkimKey> {
  const byDomain = new Map<string, DkimKey>();
  for (const { key, check } of checked)
    if (check.kind === 'published' && !byDomain.has(key.domain)) byDomain.set(key.domain, key);
  return new Set(byDomain.values());
}

function shown(key: DkimKey) {
  return { domain: key.domain, selector: key.selector, record: { type: 'TXT', ...recordOf(key) } };
}

function recordOf(key: DkimKey): DkimRecord {
  return dkimRecordOf({ ...key, ...asciiOf(key) });
}

/** By the day on which it was made, so that a zone tells old keys from new ones. */
function freeSelector(domain: string, keys: readonly DkimKey[], now: number): string {
  const day = `breakwater-${new Date(now).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const known = new Set(keys.filter((key) => key.domain === domain).map(({ selector }) => selector));
  const names = [day, ...Array.from({ length: MAX_DKIM_KEYS }, (_, index) => `${day}-${index + 2}`)];
  return names.find((name) => !known.has(name)) ?? day;
}

function taken(context: Context): Response {
  return problem(context, {
    status: 409,
    title: 'This selector is in use',
    detail: 'There is a key with this selector; a record that changes breaks the signatures of mail under way.',
    fix: 'Use another selector, or leave it out.',
  });
}

function tooMany(context: Context): Response {
  return problem(context, {
    status: 409,
    title: 'Too many keys',
    detail: `A client has ${MAX_DKIM_KEYS} keys at most.`,
    fix: 'DELETE …/dkim/DOMAIN/SELECTOR for those that are not used any more; GET …/dkim says which sign.',
  });
}
