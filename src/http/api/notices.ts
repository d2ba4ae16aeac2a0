/** How people of a client are told what happens (R12): addresses, webhooks, the repeat; what they have seen, and when they want quiet. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Webhook } from '../../core/client.ts';
import { LONGEST_MUTE_MS } from '../../core/notice-schedule.ts';
import { outwardUrlProblem } from '../../core/outward-url.ts';
import { webhookName } from '../../core/webhook-url.ts';
import { type ClientSettings, noticeAddressesSchema, settingsSchema } from '../../pipeline/settings.ts';
import type { ClientPatch } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { type ClientScope, changeBy, recordDone } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { noticeIssues } from './notice-issues.ts';
import { operation, operationWithBody } from './operation.ts';

const { webhooks: keptWebhooks, noticeRepeatMinutes } = settingsSchema.shape;

const givenWebhook = z.strictObject({
  url: keptWebhooks.unwrap().shape.url,
  // A signature under a short secret can be guessed from one call.
  secret: z.string().min(16, 'use at least 16 characters').max(200).optional(),
});

const change = z.strictObject({
  addresses: noticeAddressesSchema.optional(),
  repeatMinutes: noticeRepeatMinutes.optional(),
  webhooks: z
    .array(givenWebhook)
    .max(5)
    .refine((hooks) => new Set(hooks.map(({ url }) => url)).size === hooks.length, 'give each URL once')
    .optional(),
});

type Change = z.infer<typeof change>;

const mute = z.strictObject({
  minutes: z
    .int()
    .min(1)
    .max(LONGEST_MUTE_MS / 60_000),
});

export function noticesApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/notices',
      summary: 'Who is told, how often, what is muted, and which alarms nobody has seen',
      by: 'admin',
    }),
    async (context) => {
      const { id, settings } = context.get('client');
      const { mutedUntil, unacknowledged } = await needs.ports(id).notices();
      return context.json({
        addresses: settings.noticeAddresses,
        webhooks: settings.webhooks.map(({ url }) => ({ url })),
        repeatMinutes: settings.noticeRepeatMinutes,
        mutedUntilMs: mutedUntil,
        unacknowledged: unacknowledged.map(({ at, ...alarm }) => ({ ...alarm, atMs: at })),
      });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/notices',
        summary: 'Set addresses, repeat and webhooks; what is left out stays. Secrets we make are shown only now',
        by: 'admin',
      },
      change,
    ),
    async (context): Promise<Response> => {
      const client = context.get('client');
      const given = context.req.valid('json');
      const domains = await needs.clients.domainsOf(client.id);
      const issues = [...issuesOf(given, needs), ...noticeIssues(given.addresses ?? [], domains, 'addresses')];
      if (issues.length > 0) return invalid(context, issues);
      const { settings, madeSecrets } = await applied(given, client.settings, needs);
      // The path of a webhook is often its secret.
      const detail = { ...given, webhooks: given.webhooks?.map(({ url }) => webhookName(url)) };
      const audited = changeBy(context.get('actor'), 'notices-changed', detail, needs.now());
      await needs.clients.update(client.id, { settings }, audited);
      const told = await inEffect(context, needs, client.id, 200);
      // Also when it is not yet in effect: there is no other time to show them.
      const answer = { ...(await told.json<object>()), ...(madeSecrets.length === 0 ? {} : { madeSecrets }) };
      return new Response(JSON.stringify(answer), told);
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'post', path: '/clients/{clientId}/notices/mute', summary: 'No mail for so long', by: 'admin' },
      mute,
    ),
    async (context) => {
      const { id } = context.get('client');
      const { minutes } = context.req.valid('json');
      await needs.clients.record(id, changeBy(context.get('actor'), 'notices-muted', { minutes }, needs.now()));
      return context.json({ mutedUntilMs: await needs.ports(id).mute(minutes, actorName(context.get('actor'))) });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/notices/unmute',
      summary: 'Mail goes on; what stands is told at once',
      by: 'admin',
    }),
    async (context) => {
      const { id } = context.get('client');
      await needs.clients.record(id, changeBy(context.get('actor'), 'notices-unmuted', {}, needs.now()));
      await needs.ports(id).unmute(actorName(context.get('actor')));
      return context.json({ mutedUntilMs: null });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/notices/acknowledge',
      summary: 'Somebody has seen the alarms: they are not repeated',
      by: 'admin',
    }),
    async (context) => {
      const { id } = context.get('client');
      await needs.clients.record(id, changeBy(context.get('actor'), 'alarms-acknowledged', {}, needs.now()));
      return context.json({ acknowledged: await needs.ports(id).acknowledge(actorName(context.get('actor'))) });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/notices/test',
      summary: 'Send a test by every way, and hear what each answered',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const trial = await needs.ports(id).tryNotices();
      if (trial.kind === 'too-soon') return tooSoon(context, trial.waitMs);
      await recordDone(needs, id, changeBy(context.get('actor'), 'notices-tested', {}, needs.now()));
      const { answers } = trial;
      if (answers.length > 0) return context.json({ answers });
      return problem(context, {
        status: 409,
        title: 'Nobody would be told',
        detail: 'This client has neither an address nor a webhook for notices.',
        fix: 'PUT …/notices with "addresses" that do not depend on the client\'s own server, or with "webhooks".',
      });
    },
  );

  return app;
}

function tooSoon(context: Context, waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1000);
  context.header('Retry-After', String(seconds));
  return problem(context, {
    status: 429,
    title: 'Tested just now',
    detail: 'A test writes to people and calls systems of others: at most one a minute is sent.',
    fix: `Try again in ${seconds} s.`,
  });
}

function issuesOf({ webhooks = [] }: Change, needs: HttpNeeds) {
  return webhooks.flatMap(({ url }, index) => {
    const found = outwardUrlProblem(url, { allowPrivate: needs.allowPrivatePeers, ownHosts: needs.ownHosts });
    return found === undefined ? [] : [{ path: ['webhooks', index, 'url'], message: `${found.detail} ${found.fix}` }];
  });
}

type MadeSecret = { readonly url: string; readonly secret: string };
type Applied = { readonly settings: NonNullable<ClientPatch['settings']>; readonly madeSecrets: readonly MadeSecret[] };

async function applied(given: Change, settings: ClientSettings, needs: HttpNeeds): Promise<Applied> {
  const webhooks: Webhook[] = [];
  const madeSecrets: MadeSecret[] = [];
  for (const { url, secret } of given.webhooks ?? []) {
    const known = settings.webhooks.find((one) => one.url === url);
    if (known !== undefined && secret === undefined) {
      webhooks.push(known);
      continue;
    }
    const chosen = secret ?? needs.newWebhookSecret();
    if (secret === undefined) madeSecrets.push({ url, secret: chosen });
    webhooks.push({ url, sealedSecret: await needs.sealSecret(chosen) });
  }
  return {
    madeSecrets,
    settings: {
      webhooks: given.webhooks === undefined ? undefined : webhooks,
      noticeAddresses: given.addresses,
      noticeRepeatMinutes: given.repeatMinutes,
    },
  };
}
