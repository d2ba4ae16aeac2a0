/**
 * The page of a one-click link: `GET /act/CLIENT/TOKEN` says what pressing will do and does nothing, for scanners of links fetch
 * with GET; the one button posts to the same address. It needs neither a login nor D1 nor a script (P9).
 */
import { type Context, Hono } from 'hono';
import { type ClientId, parseClientId } from '../core/ids.ts';
import { problemOf } from '../core/problem-of.ts';
import type { DeadLink, LinkAction, LinkResult, LinkView } from '../pipeline/client-port.ts';
import { type Page, pageHtml } from './act-page.ts';
import { ACTION_WORDS, DEAD_LINK_WORDS } from './act-words.ts';
import type { HttpNeeds } from './needs.ts';

type ActNeeds = Pick<HttpNeeds, 'ports' | 'isLinkToken' | 'clients' | 'now' | 'log'>;

export function actPages(needs: ActNeeds): Hono {
  const app = new Hono();
  app.use('*', async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  });
  app.get('/:clientId/:token', (context) =>
    answer(context, needs, async ({ clientId, token }) => asked(await needs.ports(clientId).peekLink(token))),
  );
  app.post('/:clientId/:token', (context) =>
    answer(context, needs, async ({ clientId, token }) => {
      const result = await needs.ports(clientId).useLink(token);
      if (result.kind === 'done') await record(clientId, result, needs);
      return acted(result);
    }),
  );
  return app;
}

// The address is a key: it is neither cached, nor indexed, nor told to the next page.
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
} as const;

type Named = { readonly clientId: ClientId; readonly token: string };

/** Errors end here: the log of the application would tell the address, which is a key. */
async function answer(context: Context, needs: ActNeeds, ask: (named: Named) => Promise<Page>): Promise<Response> {
  const clientId = parseClientId(context.req.param('clientId') ?? '');
  const token = context.req.param('token') ?? '';
  // What we have not made never gets as far as a client's object: to start one costs, and any name would start one.
  if (clientId === undefined || !needs.isLinkToken(clientId, token)) return show(context, dead({ kind: 'unknown' }));
  try {
    return await show(context, await ask({ clientId, token }));
  } catch (cause) {
    needs.log({ kind: 'trouble', clientId, where: 'act', problem: problemOf(cause) });
    return show(context, {
      status: 503,
      heading: 'Not possible just now',
      text: 'Something of ours did not answer. Try again in a moment: if the link was not used, it still works.',
    });
  }
}

function asked(view: LinkView): Page {
  if (view.kind !== 'usable') return dead(view);
  const { question, effect, button } = ACTION_WORDS[view.action];
  return { status: 200, clientName: view.clientName, heading: question, text: effect, state: view.state, button };
}

function acted(result: LinkResult): Page {
  switch (result.kind) {
    case 'done': {
      const { done, next } = ACTION_WORDS[result.action];
      return { status: 200, clientName: result.clientName, heading: done, text: next, state: result.state };
    }
    case 'not-possible': {
      const { clientName, state, why } = result;
      return { status: 409, clientName, heading: 'Nothing has changed', text: `${sentence(why)}.`, state };
    }
    case 'used':
    case 'expired':
    case 'unknown':
      return dead(result);
  }
}

function dead(link: DeadLink): Page {
  const words = DEAD_LINK_WORDS[link.kind];
  if (link.kind === 'unknown') return { ...words, status: 404 };
  return { ...words, status: 410, clientName: link.clientName, state: link.state };
}

type Pressed = Pick<Extract<LinkResult, { kind: 'done' }>, 'action' | 'by'>;

/** The audit log is in D1; when that is away, what was pressed counts all the same and stands in the timeline (P9). */
async function record(clientId: ClientId, { action, by }: Pressed, needs: ActNeeds): Promise<void> {
  const change = { at: needs.now(), actor: 'link', action: AUDIT_ACTIONS[action], detail: { by } };
  await needs.clients.record(clientId, change).catch((problem: unknown) => {
    needs.log({ kind: 'trouble', clientId, where: 'audit', problem: problemOf(problem) });
  });
}

const AUDIT_ACTIONS: Readonly<Record<LinkAction, string>> = {
  'declare-failure': 'failure-declared',
  'declare-repair': 'repair-declared',
  acknowledge: 'acknowledged',
};

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function show(context: Context, page: Page): Promise<Response> {
  return context.html(await pageHtml(page), page.status);
}
