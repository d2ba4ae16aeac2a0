/** What fails is told to the operator; what was in it stays out of the log. */
import { expect, it } from 'vitest';
import { createAccountStore } from '../../src/adapters/accounts-d1.ts';
import { compose } from '../../src/compose.ts';
import type { LogEvent } from '../../src/core/event.ts';
import { createApp } from '../../src/http/app.ts';
import { testEnv } from '../support/test-env.ts';

/** The real D1, which has lost its sessions. */
const WITHOUT_SESSIONS = {
  prepare: (query: string) => testEnv.DB.prepare(query.replace('from "sessions"', 'from "nowhere"')),
} as D1Database;

it('a query that fails is logged with the reason, without the SQL and the session it was about', async () => {
  const events: LogEvent[] = [];
  const { http } = compose(testEnv);
  const accounts = createAccountStore(WITHOUT_SESSIONS);
  const app = createApp({ ...http, accounts, log: (event) => events.push(event) });
  const response = await app.request('/api/mail/me', { headers: { cookie: '__Host-breakwater=token' } });
  expect(response.status).toBe(503);
  expect(events).toEqual([
    { kind: 'trouble', where: '/api/mail/me', problem: expect.stringContaining('no such table: nowhere') },
  ]);
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('token'))).toString('hex');
  expect(JSON.stringify(events)).not.toContain(hash);
  expect(JSON.stringify(events)).not.toContain('select');
});
