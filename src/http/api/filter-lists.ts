/** What a client's rules look things up in: one list by its name, set whole. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { parseList } from '../../core/filter-list.ts';
import type { ClientId } from '../../core/ids.ts';
import { referencesOf } from '../../core/rules/references.ts';
import type { FilterList } from '../../pipeline/filter-store.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { inEffect } from './in-effect.ts';
import { operation, operationWithLines } from './operation.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const MAX_LISTS = 50;
// All of them are in the one row of 2 MB that holds the client's snapshot, and are read again with every change of it.
const MAX_BYTES = 524_288;
// Enough to tell what was changed, and a line of the log that can still be read.
const NAMED_IN_AUDIT = 20;

export function filterListsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/lists',
      summary: 'The lists that rules look things up in, and which rules do',
      by: 'admin',
    }),
    async (context) => {
      const { id } = context.get('client');
      const [lists, uses] = await Promise.all([needs.filters.lists(id), usesOfLists(needs, id)]);
      return context.json({
        lists: lists.map((list) => ({
          ...shown(list),
          usedBy: uses.filter((use) => use.list === list.name).map(({ rule }) => rule),
        })),
        sizeBytes: lists.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        maxSizeBytes: MAX_BYTES,
      });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/lists/{name}',
      summary: 'One list with its entries',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const name = context.req.param('name') ?? '';
      const entries = await needs.filters.list(id, name);
      return entries === undefined ? noSuchList(context, name) : context.json({ name, entries });
    },
  );

  app.openapi(
    operationWithLines({
      method: 'put',
      path: '/clients/{clientId}/lists/{name}',
      summary:
        'Set a list: a line for each address, domain, host, IP address, network or SHA-256; of a CSV the first column',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const name = context.req.param('name') ?? '';
      if (!NAME.test(name)) return badName(context);
      const text = await context.req.text();
      if (text.length > MAX_BYTES) return tooLarge(context);
      const parsed = parseList(text);
      if (parsed.kind === 'invalid') {
        return problem(context, {
          status: 422,
          title: 'The list cannot be read',
          detail: `Line ${parsed.line}: ${parsed.problem}.`,
          fix: 'Correct that line and send the whole list again; nothing was changed.',
        });
      }
      const others = (await needs.filters.lists(id)).filter((list) => list.name !== name);
      if (others.length >= MAX_LISTS) return tooMany(context);
      const { entries } = parsed;
      const before = (await needs.filters.list(id, name)) ?? [];
      const size = new TextEncoder().encode(JSON.stringify(entries)).byteLength;
      if (others.reduce((sum, { sizeBytes }) => sum + sizeBytes, size) > MAX_BYTES) return tooLarge(context);
      const detail = { name, count: entries.length, ...difference(before, entries) };
      await needs.filters.putList(id, name, entries, changeBy(context.get('actor'), 'list-set', detail, needs.now()));
      return inEffect(context, needs, id, 200);
    },
  );

  app.openapi(
    operation({
      method: 'delete',
      path: '/clients/{clientId}/lists/{name}',
      summary: 'Remove a list that no rule names',
      by: 'admin',
    }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const name = context.req.param('name') ?? '';
      const uses = (await usesOfLists(needs, id)).filter(({ list }) => list === name);
      if (uses.length > 0)
        return inUse(
          context,
          name,
          uses.map(({ rule }) => rule),
        );
      const change = changeBy(context.get('actor'), 'list-removed', { name }, needs.now());
      if ((await needs.filters.removeList(id, name, change)) === 'unknown') return noSuchList(context, name);
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}

/** Which rule names which list; also those that are off, for they may be on tomorrow. */
async function usesOfLists({ filters }: HttpNeeds, clientId: ClientId) {
  const { rules } = await filters.rules(clientId);
  return referencesOf(rules).flatMap((one) => (one.kind === 'list' ? [{ list: one.list, rule: one.rule.name }] : []));
}

function difference(before: readonly string[], after: readonly string[]) {
  const [known, wanted] = [new Set(before), new Set(after)];
  const added = after.filter((entry) => !known.has(entry));
  const removed = before.filter((entry) => !wanted.has(entry));
  return {
    addedCount: added.length,
    removedCount: removed.length,
    added: added.slice(0, NAMED_IN_AUDIT),
    removed: removed.slice(0, NAMED_IN_AUDIT),
  };
}

function shown({ name, count, sizeBytes, at, actor }: FilterList) {
  return { name, count, sizeBytes, atMs: at, by: actor };
}

function noSuchList(context: Context, name: string): Response {
  return notFound(context, `list "${name}" at this client`, 'GET …/lists lists them; PUT …/lists/NAME makes one.');
}

function badName(context: Context): Response {
  const message = 'use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit';
  return invalid(context, [{ path: ['name'], message }]);
}

function inUse(context: Context, name: string, users: readonly string[]): Response {
  return problem(context, {
    status: 409,
    title: 'A rule looks things up in this list',
    detail: `"${name}" is named by ${users.map((user) => `"${user}"`).join(', ')}.`,
    fix: 'Change or remove the rule first, with PUT …/rules.',
  });
}

function tooMany(context: Context): Response {
  return problem(context, {
    status: 422,
    title: 'Too many lists',
    detail: `A client has at most ${MAX_LISTS} lists.`,
    fix: 'Put what is looked up alike into one list, and remove those that no rule names.',
  });
}

function tooLarge(context: Context): Response {
  return problem(context, {
    status: 413,
    title: 'Too much to look things up in',
    detail: `The lists of a client have at most ${MAX_BYTES / 1024} KB together: some 20,000 addresses, or 7,800 hashes.`,
    fix: 'Name a domain instead of its addresses, shorten this list or another; nothing was changed.',
  });
}
