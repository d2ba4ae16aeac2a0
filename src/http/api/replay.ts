/** The replay as people follow and steer it (R24): its pace, its pauses, who goes first; and what is held for them. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ClientId, MessageId } from '../../core/ids.ts';
import { problemOf } from '../../core/problem-of.ts';
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

/** The plan is a setting, and in D1 with all others. */
export function replayPlanApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operationWithBody(
      { method: 'put', path: '/clients/{clientId}/replay', summary: 'Set the pace of the replay', by: 'admin' },
      replaySchema,
    ),
    async (context) => changeSettings(context, needs, { settings: { replay: context.req.valid('json') } }),
  );

  return app;
}

/** What the client object answers alone: a replay is followed and steered while D1 is away (P9). Only groups are read there. */
export function replayControlApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ObjectScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });
  const path = '/clients/{clientId}/replay';

  app.openapi(
    operation({ method: 'get', path, summary: 'The replay: progress, rate, order, and why it waits', by: 'admin' }),
    async (context) => context.json(shown(await needs.ports(context.get('clientId')).replay())),
  );

  app.openapi(
    operationWithBody(
      { method: 'put', path: `${path}/turns`, summary: 'Say who goes first and who waits', by: 'admin' },
      turns,
    ),
    async (context) => setTurns(context, context.req.valid('json'), needs),
  );

  app.openapi(
    operationWithBody(
      { method: 'post', path: `${path}/pause`, summary: 'Pause the replay; new mail goes on', by: 'admin' },
      reason,
    ),
    async (context): Promise<Response> => {
      const [id, by] = [context.get('clientId'), actorName(context.get('actor'))];
      const given = context.req.valid('json');
      const state = await needs.ports(id).pauseReplay({ by, ...given });
      if (state === 'nothing-to-pause') return nothingToPause(context);
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

function nothingToPause(context: Context): Response {
  return problem(context, {
    status: 409,
    title: 'There is nothing to pause',
    detail: 'No outage is open: nothing is being given back, and nothing is kept that will be.',
    fix: 'From the failure on it can be paused, also before the repair. PUT …/replay with "start": "hold" is for every replay to come.',
  });
}

async function setTurns(
  context: Context<ObjectScope>,
  { turn, accounts, groups }: z.infer<typeof turns>,
  needs: HttpNeeds,
): Promise<Response> {
  const id = context.get('clientId');
  const members = await membersOf(id, groups, needs);
  if (members === undefined) {
    return problem(context, {
      status: 503,
      title: 'Groups cannot be looked up just now',
      detail: 'Who is in a group stands in our control database, which does not answer. Nothing has been changed.',
      fix: 'Name the people under "accounts": that goes without it. Or try again in a moment.',
    });
  }
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

/** undefined: nobody can say just now. */
async function membersOf(
  id: ClientId,
  groups: readonly string[],
  needs: HttpNeeds,
): Promise<readonly string[] | undefined> {
  if (groups.length === 0) return [];
  try {
    return await needs.accounts.addressesIn(id, groups);
  } catch (problem) {
    needs.log({ kind: 'trouble', clientId: id, where: 'replay/turns', problem: problemOf(problem) });
    return undefined;
  }
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
