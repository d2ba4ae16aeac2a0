/** The emergency as the operator steers it: state, declarations, outages, the timeline, what is held for a person. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { probeDueAt } from '../../core/health.ts';
import type { Health } from '../../core/health-state.ts';
import type { MessageId } from '../../core/ids.ts';
import type { DeclarationResult, OutageRecord, OutageView } from '../../pipeline/client-port.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { actorName } from './actor.ts';
import { changeBy, type ObjectScope, recordDone } from './client-scope.ts';
import { operation, operationWithBody } from './operation.ts';

const declaration = z.strictObject({ reason: z.string().trim().min(1).max(500) });
const failure = declaration.extend({ drill: z.literal(true).optional() });
const TIMELINE_LIMIT = 500;

export function emergencyApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ObjectScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/status',
      summary: 'Health with its evidence, spool, replay',
      by: 'admin',
    }),
    async (context) => {
      const { health, easing, maintenance, outage, spool, replay, relayTrouble } = await needs
        .ports(context.get('clientId'))
        .status();
      return context.json({
        health: shownHealth(health),
        easing: easing === null ? null : { level: easing.level, sinceMs: easing.since },
        maintenance:
          maintenance === null
            ? null
            : { title: maintenance.title, meaning: maintenance.meaning, endMs: maintenance.end },
        outage: outage === null ? null : shownRecord(outage),
        spool,
        replay,
        relayTrouble: relayTrouble === null ? null : { sinceMs: relayTrouble.since, words: relayTrouble.words },
      });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/declare-failure',
        summary: 'Say that the gateway is down, or begin a drill',
        by: 'admin',
      },
      failure,
    ),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const { reason, drill } = context.req.valid('json');
      const by = actorName(context.get('actor'));
      const result = await needs.ports(id).declareFailure({ by, reason, ...(drill ? { isDrill: drill } : {}) });
      const detail = { reason, result: resultWords(result) };
      const action = drill ? 'drill-begun' : 'failure-declared';
      await recordDone(needs, id, changeBy(context.get('actor'), action, detail, needs.now()));
      return declared(context, result);
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'post',
        path: '/clients/{clientId}/declare-repair',
        summary: 'Say that the gateway is repaired',
        by: 'admin',
      },
      declaration,
    ),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const { reason } = context.req.valid('json');
      const result = await needs.ports(id).declareRepair({ by: actorName(context.get('actor')), reason });
      const detail = { reason, result: resultWords(result) };
      await recordDone(needs, id, changeBy(context.get('actor'), 'repair-declared', detail, needs.now()));
      return declared(context, result);
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/outages',
      summary: 'All outages with their reports, newest first',
      by: 'admin',
    }),
    async (context) => {
      return context.json({ outages: (await needs.ports(context.get('clientId')).outages()).map(shown) });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/outages/{outageId}',
      summary: 'The report of one outage',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const outages = await needs.ports(context.get('clientId')).outages();
      const outage = outages.find((candidate) => candidate.id === context.req.param('outageId'));
      return outage === undefined
        ? notFound(context, 'such outage at this client', 'GET …/outages lists them.')
        : context.json(shown(outage));
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/events',
      summary: 'The timeline, newest first',
      by: 'admin',
    }),
    async (context) => {
      const events = await needs.ports(context.get('clientId')).timeline(TIMELINE_LIMIT);
      return context.json({ events: events.map(({ at, ...event }) => ({ atMs: at, ...event })) });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/held',
      summary: 'Messages held for a person, each with its reason',
      by: 'admin',
    }),
    async (context) => {
      const held = await needs.ports(context.get('clientId')).held();
      return context.json({ held: held.map(({ recipient, ...entry }) => ({ ...entry, recipient: recipient.text })) });
    },
  );

  app.openapi(
    operation({
      method: 'post',
      path: '/clients/{clientId}/held/{messageId}/retry',
      summary: 'Try a held message once more',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const id = context.get('clientId');
      const messageId = (context.req.param('messageId') ?? '') as MessageId;
      if ((await needs.ports(id).retryHeld(messageId)) === 'not-held')
        return notFound(context, 'such held message', 'GET …/held lists them.');
      await recordDone(needs, id, changeBy(context.get('actor'), 'held-retried', { messageId }, needs.now()));
      return context.json({ id: messageId });
    },
  );

  return app;
}

/** For the audit log, which also has what was asked for in vain. */
function resultWords(result: DeclarationResult): string {
  return result.kind === 'done' ? result.state : `not possible: ${result.why}`;
}

function declared(context: Context, result: DeclarationResult): Response {
  if (result.kind === 'done') return context.json({ state: result.state });
  return problem(context, {
    status: 409,
    title: 'Not possible now',
    detail: `${result.why}.`,
    fix: 'GET …/status shows the present state.',
  });
}

/** The state and the evidence for it, oldest first: what was heard, when, and what it weighs. */
function shownHealth(health: Health) {
  return {
    state: health.state,
    sinceMs: health.since,
    cause: health.state === 'down' || health.state === 'recovering' ? health.cause : null,
    aliveAtMs: health.history.aliveAt ?? null,
    nextProbeAtMs: probeDueAt(health) ?? null,
    goodProbesInARow: health.state === 'down' ? (health.streak?.count ?? 0) : null,
    // What waits for a person's word, among others: `asked`, `repair-waits`.
    said: 'said' in health ? health.said : [],
    deferrals: health.history.deferrals.map(({ at, weight, what }) => ({ atMs: at, weight, what })),
  };
}

function shown({ report, ...record }: OutageView) {
  return { ...shownRecord(record), ...report };
}

function shownRecord({
  id,
  kind,
  cause,
  openedBy,
  closedBy,
  firstDeferralAt,
  downAt,
  mailboxesReadyAt,
  mailboxes,
  repairedAt,
  closedAt,
}: OutageRecord) {
  return {
    id,
    kind,
    cause,
    openedBy,
    closedBy,
    firstDeferralAtMs: firstDeferralAt,
    detectedAtMs: downAt,
    mailboxesReadyAtMs: mailboxesReadyAt,
    mailboxes,
    repairedAtMs: repairedAt,
    closedAtMs: closedAt,
  };
}
