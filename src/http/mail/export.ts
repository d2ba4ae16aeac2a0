/** A person takes the own mailbox along, at any time: found by the session, no parameter names another's. */
import { Hono } from 'hono';
import { mailboxExport } from '../mailbox-export.ts';
import type { HttpNeeds } from '../needs.ts';
import type { MailScope } from './session.ts';

export function mailExportApi(needs: HttpNeeds): Hono<MailScope> {
  const app = new Hono<MailScope>();
  app.get('/', (context) => {
    const { clientId, address } = context.get('account');
    const unknown = 'It opens with the first outage: until then your mail is on your own server only.';
    return mailboxExport(context, needs, { clientId, address, actor: address, unknown });
  });
  return app;
}
