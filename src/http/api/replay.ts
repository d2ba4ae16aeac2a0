/** The replay as people follow and steer it (R24): its pace, its pauses, who goes first; and what is held for them. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { MessageId } from '../../core/ids.ts';
import { TURNS } from '../../core/turn.ts';
import type { Readdressed, ReplayView } from '../../pipeline/client-port.ts';
import { replaySchema } from '../../pipeline/settings.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { type ClientScope, changeBy, type ObjectScope, recordDone } from './client-scope.ts';
import { changeSettings } from './in-effect.ts';
import { operation, operationWithBody } from './operation.ts';

const reason = z.strictObject({ reason: z.string().trim().min(1).max(500) });
// A large organisation in one call; more would be a request of many megabytes.
const MAX_ACCOUNTS = 20_000;
const turns = z
  .strictObject({
    turn: z.enum(TURNS),
    accounts: z.array(z.email().toLowerCase()).max(MAX_ACCOUNTS).default([]),
    /** as set with the accounts */
    groups: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  })
  .refine(({ accounts, groups }) => accounts.length + groups.length > 0, 'name at least one account or group');
const address = z.strictObject({ to: z.email() });

export function replayApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });
  const path = '/clients/{clientId}/replay';

  app.openapi(
    operation({ method: 'get', path, summary: 'The replay: progress, rate, order, and why it waits', by: 'admin' }),
    async (context) => context.json(shown(await needs.ports(context.get('clientId')).replay())),
  );

  app.openapi(
    operationWithBody({ method: 'put', path, summary: 'Set the pace of the replay', by: 'admin' }, replaySchema),
    async (context) => changeSettings(context, needs, { settings: { replay: context.req.valid('json') } }),
  );

  app.openapi(
    operationWithBody(
      { method: 'put', path: `${path}/turns`, summary: 'Say who goes first and who waits', by: 'admin' },
      turns,
    ),
    async (context) => setTurns(context, context.req.valid('json'), needs),
  );

  return app;
}

/** What the client object answers alone: a replay can be stopped while D1 is away (P9). */
export function replayControlApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ObjectScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });
  const path = '/clients/{clientId}/replay';

  app.openapi(
    operationWithBody(
      { method: 'post', path: `${path}/pause`, summary: 'Pause the replay; new mail goes on', by: 'admin' },
      reason,
    ),
    async (context): Promise<Response> => {
      const [id, by] = [context.get('clientId'), actorName(context.get('actor'))];
      const given = context.req.valid('json');
      const state = await needs.ports(id).pauseReplay({ by, ...given });
      await recordDone(needs, id, changeBy(context.get('actor'), 'replay-paused', { ...given, state }, needs.now()));
      return context.json({ state });
    },
  );

  app.openapi(
    operation({ method: 'post', path: `${path}/resume`, summary: 'Start or go on with the replay', by: 'admin' }),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const state = await needs.ports(id).resumeReplay(actorName(context.get('actor')));
      await recordDone(needs, id, changeBy(context.get('actor'), 'replay-resumed', { state }, needs.now()));
      return context.json({ state });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/held/{messageId}/readdress',
        summary: 'Give a held message to another address of the client, and try it at once',
        by: 'admin',
      },
      address,
    ),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const messageId = (context.req.param('messageId') ?? '') as MessageId;
      const { to } = context.req.valid('json');
      const answer = await needs.ports(id).readdressHeld(messageId, to, actorName(context.get('actor')));
      if (answer.kind === 'readdressed')
        await recordDone(needs, id, changeBy(context.get('actor'), 'held-readdressed', { messageId, to }, needs.now()));
      return readdressed(context, answer);
    },
  );

  return app;
}

async function setTurns(
  context: Context<ClientScope>,
  { turn, accounts, groups }: z.infer<typeof turns>,
  needs: HttpNeeds,
): Promise<Response> {
  const id = context.get('clientId');
  const members = groups.length === 0 ? [] : await needs.accounts.addressesIn(id, groups);
  const recipients = [...new Set([...accounts, ...members])];
  if (recipients.length === 0) {
    return problem(context, {
      status: 422,
      title: 'Nobody is in these groups',
      detail: `No account of this client is in ${groups.join(', ')}.`,
      fix: 'GET …/accounts shows the group of every account.',
    });
  }
  await needs.ports(id).setTurn(recipients, turn, actorName(context.get('actor')));
  const change = changeBy(context.get('actor'), 'replay-turns-set', { turn, accounts, groups }, needs.now());
  await recordDone(needs, id, change);
  return context.json({ turn, recipients: recipients.length });
}

function readdressed(context: Context, answer: Readdressed): Response {
  switch (answer.kind) {
    case 'readdressed':
      return context.json({ recipient: answer.recipient });
    case 'not-held':
      return notFound(context, 'such held message', 'GET …/held lists them.');
    case 'not-yours':
      return problem(context, {
        status: 422,
        title: 'This address is not at the client',
        detail: 'A message goes to the client’s own gateway, and nowhere else.',
        fix: `Give an address at one of: ${answer.domains.join(', ')}.`,
      });
  }
}

function shown({ plan, hold, progress, ...view }: ReplayView) {
  return {
    ...view,
    plan: { ...plan, bytesPerMinute: plan.bytesPerMinute ?? null },
    hold: hold === null ? null : { atMs: hold.at, by: hold.by, reason: hold.reason },
    messagesPerMinute: round(progress.messagesPerMinute),
    bytesPerMinute: round(progress.bytesPerMinute),
    endsAtMs: progress.endsAt === null ? null : round(progress.endsAt),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
