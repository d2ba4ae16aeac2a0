/** The mail domains of a client, each of one client only. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { parseAddress, parseDomain } from '../../core/address.ts';
import { type Reference, referencesOf } from '../../core/rules/references.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { domainTaken, inEffect } from './in-effect.ts';
import { operation } from './operation.ts';

export function domainsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({ method: 'put', path: '/clients/{clientId}/domains/{domain}', summary: 'Add a mail domain' }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const text = context.req.param('domain') ?? '';
      const domain = parseDomain(text);
      if (domain === undefined)
        return invalid(context, [{ path: ['domain'], message: `"${text}" is not a domain name` }]);
      if (
        (await needs.clients.addDomain(
          id,
          domain,
          changeBy(context.get('actor'), 'domain-added', { domain }, needs.now()),
        )) === 'taken'
      )
        return domainTaken(context, domain);
      return inEffect(context, needs, id, 200);
    },
  );

  app.openapi(
    operation({ method: 'delete', path: '/clients/{clientId}/domains/{domain}', summary: 'Remove a mail domain' }),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const domain = parseDomain(context.req.param('domain') ?? '');
      if (domain === undefined || !(await needs.clients.domainsOf(id)).includes(domain)) {
        return notFound(context, 'such domain at this client', 'GET the client to see its domains.');
      }
      const redirects = referencesOf((await needs.filters.rules(id)).rules).filter(
        (one) => one.kind === 'redirect' && parseAddress(one.to)?.domain === domain,
      );
      if (redirects.length > 0) return redirectedTo(context, domain, redirects);
      // The pointer first: mail for the domain waits with its senders from here on, instead of going to a client that gave it up.
      await needs.domain(domain).release(id);
      await needs.clients.removeDomain(
        id,
        domain,
        changeBy(context.get('actor'), 'domain-removed', { domain }, needs.now()),
      );
      return inEffect(context, needs, id, 200);
    },
  );

  return app;
}

/** A rule must not send the client's mail to whoever has the domain next. */
function redirectedTo(context: Context, domain: string, redirects: readonly Reference[]): Response {
  return problem(context, {
    status: 409,
    title: 'A rule redirects mail to this domain',
    detail: `An address at ${domain} is named by ${redirects.map(({ rule }) => `"${rule.name}"`).join(', ')}.`,
    fix: 'Change or remove the rule first, with PUT …/rules.',
  });
}
