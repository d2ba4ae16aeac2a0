/** The webmail's writing side, and the colleagues one writes to. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { parseAddress } from '../../core/address.ts';
import type { MessageId } from '../../core/ids.ts';
import type { LimitReached } from '../../core/outbound-limits.ts';
import type { Submitted } from '../../pipeline/submit.ts';
import type { HttpNeeds } from '../needs.ts';
import { invalid, problem } from '../problem.ts';
import { mailboxState } from './me.ts';
import type { MailScope } from './session.ts';

const addresses = z.array(z.string().max(320)).max(100);

const draft = z.strictObject({
  to: addresses,
  cc: addresses.default([]),
  bcc: addresses.default([]),
  subject: z.string().max(998, 'at most 998 characters (RFC 5322 §2.1.1)'),
  // Text only, in this form: a megabyte of it is a book.
  text: z.string().max(1_000_000),
  inReplyTo: z.string().max(100).nullable().default(null),
});

export function sendApi(needs: HttpNeeds): Hono<MailScope> {
  const app = new Hono<MailScope>();

  app.get('/colleagues', async (context) => {
    const part = (context.req.query('q') ?? '').slice(0, 100);
    return context.json({ colleagues: await needs.accounts.colleagues(context.get('account').clientId, part) });
  });

  app.post('/send', async (context) => {
    const given = draft.safeParse(await context.req.json().catch(() => undefined));
    if (!given.success) return invalid(context, given.error.issues);
    const account = context.get('account');
    const address = parseAddress(account.address);
    if (address === undefined) throw new Error('an account has an address that cannot be read');
    const { inReplyTo, ...submission } = given.data;
    const answered = inReplyTo === null ? undefined : await messageIdOf(context, inReplyTo as MessageId, needs);
    const tryKey = context.req.header('idempotency-key')?.slice(0, 100);
    if (!(await isOpen(context, needs))) return notOpen(context);
    const result = await needs.submit(
      {
        ...submission,
        ...(answered === undefined ? {} : { inReplyTo: answered }),
        ...(tryKey === undefined ? {} : { tryKey }),
      },
      { clientId: account.clientId, address, name: account.name },
    );
    switch (result.kind) {
      case 'sent':
        return context.json({ id: result.id, withheld: result.withheld }, 201);
      case 'against-rule':
        return againstRule(context, result);
      case 'invalid':
        return invalid(context, [{ path: [result.field], message: result.problem }]);
      case 'not-open':
        return notOpen(context);
      case 'too-many':
        return tooMany(context, result.limit, needs.now());
    }
  });

  return app;
}

/** The header Message-ID of the message answered: only of one in the writer's own mailbox. */
async function messageIdOf(context: Context<MailScope>, id: MessageId, needs: HttpNeeds): Promise<string | undefined> {
  const account = context.get('account');
  const mailbox = await needs.accounts.mailboxOf(account);
  const stored =
    mailbox === undefined
      ? undefined
      : await needs.accounts.message({ clientId: account.clientId, mailboxId: mailbox.id }, id);
  return stored?.headerMessageId ?? undefined;
}

async function isOpen(context: Context<MailScope>, needs: HttpNeeds): Promise<boolean> {
  const account = context.get('account');
  const [mailbox, view] = await Promise.all([needs.accounts.mailboxOf(account), needs.view(account.clientId)]);
  return mailboxState(view.state, mailbox !== undefined) === 'open';
}

/** The words are the client's own; what was written stays on the writer's screen, as with every refusal. */
function againstRule(
  context: Context,
  { recipient, reason }: Extract<Submitted, { readonly kind: 'against-rule' }>,
): Response {
  return problem(context, {
    status: 422,
    title: "Your company's rules do not let this message go",
    detail: `${reason} (This is about the message to ${recipient}.)`,
    fix: 'Nothing was sent to anybody. Change the message, or ask your administrator; it stays on your screen.',
  });
}

function tooMany(context: Context, { scope, perHour, asked, waitMs }: LimitReached, now: number): Response {
  const whose = scope === 'user' ? 'one person' : 'your company';
  const detail = `From here ${whose} can write to ${perHour} recipients outside the company in an hour.`;
  const status = 429;
  const title = 'Too many recipients just now';
  if (waitMs === null)
    return problem(context, {
      status,
      title,
      detail,
      fix: `This message has ${asked}: send it to ${perHour} at most, and to others an hour later.`,
    });
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  context.header('Retry-After', String(seconds));
  const minutes = Math.ceil(seconds / 60);
  const fix = `Nothing was sent. Send it again in ${minutes} minute${minutes === 1 ? '' : 's'} (after ${utc(now + waitMs)}), or to fewer people; it stays on your screen.`;
  return problem(context, { status, title, detail, fix });
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

function notOpen(context: Context): Response {
  return problem(context, {
    status: 409,
    title: 'This mailbox is not open for writing',
    detail: "Your company's own mail server is working again, or has not failed.",
    fix: 'Write from your usual mail program. What you have written here is still on your screen: copy it there.',
  });
}
