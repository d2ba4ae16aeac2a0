/** The webmail's half of the API contract: what is asked, and the shape of every answer. Times are epoch milliseconds. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';

const person = z.object({ name: z.string(), address: z.string() });
const folder = z.enum(['inbox', 'sent']);

const me = z.object({
  ...person.shape,
  role: z.enum(['user', 'admin']),
  clientName: z.string(),
  unread: z.number(),
  quarantine: z.object({ users: z.enum(['nothing', 'see', 'release']), count: z.number() }),
  mailbox: z.object({ state: z.enum(['closed', 'open', 'read-only']), sinceMs: z.nullable(z.number()) }),
});

const summary = z.object({
  id: z.string(),
  folder,
  from: person,
  to: z.array(person),
  subject: z.string(),
  preview: z.string(),
  receivedAtMs: z.number(),
  sizeBytes: z.number(),
  attachmentCount: z.number(),
  seen: z.boolean(),
});

const listing = z.object({ messages: z.array(summary), next: z.nullable(z.string()) });
const attachment = z.object({
  index: z.number(),
  fileName: z.string(),
  contentType: z.string(),
  sizeBytes: z.number(),
});
const delivery = z.object({
  recipient: z.string(),
  state: z.enum(['waiting', 'delivered', 'refused', 'held']),
  detail: z.string(),
});

const message = z.object({
  ...summary.shape,
  cc: z.array(person),
  /** Reply-To, when the message has one (RFC 5322 §3.6.2: answers go there instead of to the author) */
  replyTo: z.optional(z.array(person)),
  dateMs: z.nullable(z.number()),
  messageId: z.nullable(z.string()),
  text: z.nullable(z.string()),
  hasHtml: z.boolean(),
  attachments: z.array(attachment),
  notShown: z.nullable(z.enum(['too-large', 'too-complex'])),
  /** one per recipient of a sent message, else empty */
  deliveries: z.array(delivery),
  /** what this person has taught the filter of it */
  judged: z.nullable(z.enum(['spam', 'ham'])),
});

export type Person = Frozen<z.infer<typeof person>>;
export type Folder = z.infer<typeof folder>;
export type Me = Frozen<z.infer<typeof me>>;
export type MailboxState = Me['mailbox']['state'];
export type Summary = Frozen<z.infer<typeof summary>>;
export type Listing = Frozen<z.infer<typeof listing>>;
export type Delivery = Frozen<z.infer<typeof delivery>>;
export type Message = Frozen<z.infer<typeof message>>;

const sent = z.object({
  id: z.string(),
  /** to whom it goes only when an administrator lets it */
  withheld: z.array(z.string()),
});
export type Sent = Frozen<z.infer<typeof sent>>;

export type Outgoing = {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** id of the message that is answered, ours and not its Message-ID */
  readonly inReplyTo: string | null;
};

// Enough to fill a tall screen twice; the server stops at the same number.
const PAGE_SIZE = 50;

export async function fetchMe(signal: AbortSignal): Promise<Me> {
  return requestJson({ method: 'GET', path: '/api/mail/me', signal }, me);
}

export async function logIn(address: string, password: string): Promise<Me> {
  return requestJson({ method: 'POST', path: '/api/mail/login', body: { address, password } }, me);
}

export async function logOut(): Promise<void> {
  await request({ method: 'POST', path: '/api/mail/logout' });
}

/** `before` is the `next` of an earlier listing; without it, the newest messages. */
export async function fetchListing(
  asked: Folder,
  options: { readonly before?: string; readonly signal?: AbortSignal },
): Promise<Listing> {
  const query = new URLSearchParams({ folder: asked, limit: String(PAGE_SIZE) });
  if (options.before !== undefined) query.set('before', options.before);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  return requestJson({ method: 'GET', path: `/api/mail/messages?${query}`, ...signal }, listing);
}

export async function fetchMessage(id: string, signal: AbortSignal): Promise<Message> {
  return requestJson({ method: 'GET', path: messagePath(id), signal }, message);
}

export async function markSeen(id: string, seen: boolean): Promise<void> {
  await request({ method: 'POST', path: `${messagePath(id)}/seen`, body: { seen } });
}

export type Judged = Message['judged'];

export async function judge(id: string, judged: Judged): Promise<void> {
  const what = judged === null ? 'unmark' : judged === 'spam' ? 'junk' : 'not-junk';
  await request({ method: 'POST', path: `${messagePath(id)}/${what}`, body: {} });
}

export async function fetchColleagues(query: string, signal: AbortSignal): Promise<readonly Person[]> {
  const shape = z.object({ colleagues: z.array(person) });
  const path = `/api/mail/colleagues?${new URLSearchParams({ q: query })}`;
  return (await requestJson({ method: 'GET', path, signal }, shape)).colleagues;
}

/** `key` names this one wish to send, so that a second try after a lost answer can be told from a second message. */
export async function send(outgoing: Outgoing, key: string): Promise<Sent> {
  const call = { method: 'POST', path: '/api/mail/send', body: outgoing, headers: { 'idempotency-key': key } } as const;
  return requestJson(call, sent);
}

export function htmlPath(id: string, images: 'blocked' | 'shown'): string {
  return `${messagePath(id)}/html${images === 'shown' ? '?images=1' : ''}`;
}

export function attachmentPath(id: string, index: number): string {
  return `${messagePath(id)}/attachments/${index}`;
}

export function originalPath(id: string): string {
  return `${messagePath(id)}/original`;
}

function messagePath(id: string): string {
  return `/api/mail/messages/${encodeURIComponent(id)}`;
}
