/** A client's people: listed, imported from CSV, added by hand, given passwords. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type AccountRow, parseAccountsCsv } from '../../core/accounts-csv.ts';
import { parseAddress } from '../../core/address.ts';
import type { AccountId } from '../../core/ids.ts';
import type { AccountRole, NewAccount } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, notFound, problem } from '../problem.ts';
import { type ClientScope, changeBy } from './client-scope.ts';
import { tellObject } from './in-effect.ts';
import { operation, operationWithBody, operationWithLines } from './operation.ts';

const role = z.enum(['user', 'admin']);
const password = z.string().min(10).max(200);
// As the order of a replay takes it (replay.ts): a name that a person types into a field.
const group = z.string().trim().min(1).max(200);
const newAccount = z.strictObject({
  address: z.string(),
  name: z.string().trim().max(200).default(''),
  password: password.optional(),
  role: role.optional(),
  group: group.optional(),
});

// A hash costs some 100 ms of CPU by design: more in one request would run into the platform's limit half-way.
const MAX_PASSWORDS = 100;
// 10,000 accounts are 1 MB of CSV; anything far larger is not an address list.
const MAX_CSV_BYTES = 4_194_304;

// Enough to tell which list it was, and a line that can still be read.
const NAMED_IN_AUDIT = 100;

export function accountsApi(needs: HttpNeeds) {
  const app = new OpenAPIHono<ClientScope>({
    defaultHook: (result, context) => (result.success ? undefined : invalid(context, result.error.issues)),
  });

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/accounts',
      summary: 'List accounts, and how many could log in now',
      by: 'admin',
    }),
    async (context) => {
      const accounts = await needs.accounts.list(context.get('client').id);
      return context.json({
        total: accounts.length,
        canLogIn: accounts.filter((account) => account.canLogIn).length,
        accounts,
      });
    },
  );

  app.openapi(
    operationWithBody(
      { method: 'post', path: '/clients/{clientId}/accounts', summary: 'Add or complete one account' },
      newAccount,
    ),
    async (context): Promise<Response> => {
      const given = context.req.valid('json');
      return add(context, needs, {
        source: 'manual',
        rows: [{ address: given.address, name: given.name, password: given.password ?? '', group: '' }],
        ...(given.role === undefined ? {} : { role: given.role }),
        ...(given.group === undefined ? {} : { group: given.group }),
      });
    },
  );

  app.openapi(
    operationWithLines({
      method: 'post',
      path: '/clients/{clientId}/accounts/import',
      summary: 'Import people: CSV with a header line, columns address, name, password, group; or bare addresses',
    }),
    async (context): Promise<Response> => {
      const csv = await context.req.text();
      if (csv.length > MAX_CSV_BYTES) {
        return problem(context, {
          status: 413,
          title: 'Too much at once',
          detail: 'The file is larger than 4 MB.',
          fix: 'Split it and import the parts one after another.',
        });
      }
      const parsed = parseAccountsCsv(csv);
      if (parsed.kind === 'invalid') {
        return problem(context, {
          status: 422,
          title: 'The CSV cannot be read',
          detail: `Line ${parsed.line}: ${parsed.problem}`,
          fix: 'Correct that line and send the whole file again; nothing was imported.',
        });
      }
      return add(context, needs, { source: 'imported', rows: parsed.rows });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/accounts/{accountId}/password',
        summary: 'Set a password; ends the sessions of the account',
      },
      z.strictObject({ password }),
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const accountId = (context.req.param('accountId') ?? '') as AccountId;
      const set = await needs.accounts.setPassword(
        id,
        accountId,
        await needs.hashPassword(context.req.valid('json').password),
        changeBy(context.get('actor'), 'password-set', { accountId }, needs.now()),
      );
      if (set === 'unknown') return notFound(context, 'such account at this client', 'GET …/accounts lists them.');
      return context.json({ id: accountId });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/accounts/{accountId}/role',
        summary: 'Make somebody an administrator of the client, or a user again; in effect with their next request',
      },
      z.strictObject({ role }),
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const accountId = (context.req.param('accountId') ?? '') as AccountId;
      const given = context.req.valid('json');
      const change = changeBy(context.get('actor'), 'role-set', { accountId, ...given }, needs.now());
      if ((await needs.accounts.setRole(id, accountId, given.role, change)) === 'unknown')
        return notFound(context, 'such account at this client', 'GET …/accounts lists them.');
      return context.json({ id: accountId, ...given });
    },
  );

  app.openapi(
    operationWithBody(
      {
        method: 'put',
        path: '/clients/{clientId}/accounts/{accountId}/group',
        summary: 'Put somebody into a group, by which a replay can be steered; null takes them out',
        by: 'admin',
      },
      z.strictObject({ group: group.nullable() }),
    ),
    async (context): Promise<Response> => {
      const { id } = context.get('client');
      const accountId = (context.req.param('accountId') ?? '') as AccountId;
      const given = context.req.valid('json');
      const change = changeBy(context.get('actor'), 'group-set', { accountId, ...given }, needs.now());
      if ((await needs.accounts.setGroup(id, accountId, given.group, change)) === 'unknown')
        return notFound(context, 'such account at this client', 'GET …/accounts lists them.');
      return context.json({ id: accountId, ...given });
    },
  );

  app.openapi(
    operation({
      method: 'get',
      path: '/clients/{clientId}/unclaimed',
      summary: 'Recipients nobody has entered, with how much mail waits for each',
      by: 'admin',
    }),
    async (context) => {
      return context.json({ unclaimed: await needs.accounts.unclaimed(context.get('client').id) });
    },
  );

  return app;
}

type Batch = {
  readonly source: 'imported' | 'manual';
  readonly rows: readonly AccountRow[];
  readonly role?: AccountRole;
  readonly group?: string;
};

/** All or nothing: one bad line imports none. */
async function add(
  context: Context<ClientScope>,
  needs: HttpNeeds,
  { source, rows, ...given }: Batch,
): Promise<Response> {
  const client = context.get('client');
  const domains = await needs.clients.domainsOf(client.id);
  const issues = rows.flatMap((row, index) => {
    const wrong = addressProblem(row, domains);
    return wrong === undefined ? [] : [{ path: [`row ${index + 1}`], message: wrong }];
  });
  if (issues.length > 0) return invalid(context, issues.slice(0, 20));
  if (rows.filter((row) => row.password !== '').length > MAX_PASSWORDS) {
    return problem(context, {
      status: 422,
      title: 'Too many passwords at once',
      detail: `At most ${MAX_PASSWORDS} passwords in one request.`,
      fix: 'Import the people first, without passwords, then the passwords in parts.',
    });
  }
  const accounts: NewAccount[] = [];
  for (const row of rows) {
    const passwordHash = row.password === '' ? null : await needs.hashPassword(row.password);
    const inGroup = row.group === '' ? {} : { group: row.group };
    accounts.push({
      address: parseAddress(row.address)?.key ?? '',
      name: row.name,
      passwordHash,
      ...given,
      ...inGroup,
    });
  }
  const addresses = accounts.slice(0, NAMED_IN_AUDIT).map(({ address }) => address);
  const detail = { source, count: accounts.length, ...given, addresses };
  await needs.accounts.put(
    client.id,
    accounts,
    source,
    changeBy(context.get('actor'), 'accounts-added', detail, needs.now()),
  );
  if (accounts.some(({ name }) => name !== '')) await tellObject(needs, client.id);
  return context.json({
    imported: accounts.length,
    withPassword: accounts.filter(({ passwordHash }) => passwordHash !== null).length,
  });
}

function addressProblem(row: AccountRow, domains: readonly string[]): string | undefined {
  const address = parseAddress(row.address);
  if (address === undefined) return `"${row.address.slice(0, 80)}" is not an e-mail address`;
  if (!domains.includes(address.domain))
    return `${address.domain} is not a domain of this client; add the domain first`;
  if (row.password !== '' && !password.safeParse(row.password).success) return 'a password has 10 to 200 characters';
  if (row.group !== '' && !group.safeParse(row.group).success) return 'the name of a group has 200 characters at most';
  return undefined;
}
