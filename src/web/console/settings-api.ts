/** What a client's admin sets: thresholds, planned work, notices, people; and the log of it. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base } from './api.ts';

const numbers = z.object({
  amount: z.number(),
  durationSeconds: z.number(),
  frequency: z.object({ deferrals: z.number(), perSeconds: z.number(), share: z.number() }),
  confirmSeconds: z.number(),
});
const profile = z.enum(['cautious', 'standard', 'eager']);
const ownNumbers = z.object({
  amount: z.optional(z.number()),
  durationSeconds: z.optional(z.number()),
  frequency: z.optional(z.object({ deferrals: z.number(), perSeconds: z.number(), share: z.optional(z.number()) })),
  confirmSeconds: z.optional(z.number()),
});
const thresholds = z.object({
  profile,
  own: ownNumbers,
  inForce: numbers,
  profiles: z.object({ cautious: numbers, standard: numbers, eager: numbers }),
});

const when = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('weekly'), weekdays: z.array(z.number()), from: z.string(), minutes: z.number() }),
]);
const plannedWork = z.object({
  id: z.string(),
  title: z.string(),
  timeZone: z.string(),
  meaning: z.enum(['failover', 'keep']),
  when,
});
const maintenance = z.object({
  windows: z.array(
    z.object({ ...plannedWork.shape, nextBeginMs: z.nullable(z.number()), nextEndMs: z.nullable(z.number()) }),
  ),
  open: z.nullable(
    z.object({
      id: z.string(),
      title: z.string(),
      meaning: z.enum(['failover', 'keep']),
      beginMs: z.number(),
      endMs: z.number(),
    }),
  ),
});

const notices = z.object({
  addresses: z.array(z.string()),
  webhooks: z.array(z.object({ url: z.string() })),
  repeatMinutes: z.number(),
  mutedUntilMs: z.nullable(z.number()),
  unacknowledged: z.array(z.object({ number: z.number(), kind: z.string(), atMs: z.number(), words: z.string() })),
});
const madeSecret = z.object({ url: z.string(), secret: z.string() });
const noticeTest = z.object({
  way: z.enum(['mail', 'webhook']),
  to: z.string(),
  taken: z.boolean(),
  answer: z.string(),
});

const role = z.enum(['user', 'admin']);
const people = z.object({
  total: z.number(),
  canLogIn: z.number(),
  accounts: z.array(
    z.object({
      id: z.string(),
      address: z.string(),
      name: z.string(),
      source: z.enum(['imported', 'manual', 'learned']),
      role,
      group: z.nullable(z.string()),
      canLogIn: z.boolean(),
    }),
  ),
});

const auditPage = z.object({
  entries: z.array(
    z.object({ id: z.string(), atMs: z.number(), actor: z.string(), action: z.string(), detail: z.unknown() }),
  ),
  next: z.nullable(z.string()),
});

export type Numbers = Frozen<z.infer<typeof numbers>>;
export type Profile = z.infer<typeof profile>;
export type OwnNumbers = Frozen<z.infer<typeof ownNumbers>>;
export type Thresholds = Frozen<z.infer<typeof thresholds>>;
export type PlannedWork = Frozen<z.infer<typeof plannedWork>>;
export type When = PlannedWork['when'];
export type Maintenance = Frozen<z.infer<typeof maintenance>>;
export type Notices = Frozen<z.infer<typeof notices>>;
export type MadeSecret = Frozen<z.infer<typeof madeSecret>>;
export type NoticeTest = Frozen<z.infer<typeof noticeTest>>;
export type Role = z.infer<typeof role>;
export type People = Frozen<z.infer<typeof people>>;
export type Person = People['accounts'][number];
export type AuditPage = Frozen<z.infer<typeof auditPage>>;
export type AuditLine = AuditPage['entries'][number];

export async function fetchThresholds(id: string, signal: AbortSignal): Promise<Thresholds> {
  return requestJson({ method: 'GET', path: `${base(id)}/thresholds`, signal }, thresholds);
}

export async function saveThresholds(id: string, chosen: { readonly profile: Profile } & OwnNumbers): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/thresholds`, body: chosen });
}

export async function fetchMaintenance(id: string, signal: AbortSignal): Promise<Maintenance> {
  return requestJson({ method: 'GET', path: `${base(id)}/maintenance`, signal }, maintenance);
}

export async function saveMaintenance(id: string, windows: readonly PlannedWork[]): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/maintenance`, body: { windows } });
}

export async function extendMaintenance(id: string, minutes: number): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/maintenance/extend`, body: { minutes } });
}

export async function fetchNotices(id: string, signal: AbortSignal): Promise<Notices> {
  return requestJson({ method: 'GET', path: `${base(id)}/notices`, signal }, notices);
}

export type NoticeChange = Partial<Pick<Notices, 'addresses' | 'repeatMinutes' | 'webhooks'>>;

/** Answers with the secrets that were made for new webhooks: they are shown this once. */
export async function saveNotices(id: string, change: NoticeChange): Promise<readonly MadeSecret[]> {
  const shape = z.object({ madeSecrets: z.optional(z.array(madeSecret)) });
  const { madeSecrets } = await requestJson({ method: 'PUT', path: `${base(id)}/notices`, body: change }, shape);
  return madeSecrets ?? [];
}

export async function mute(id: string, minutes: number): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/notices/mute`, body: { minutes } });
}

export async function unmute(id: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/notices/unmute`, body: {} });
}

export async function acknowledge(id: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/notices/acknowledge`, body: {} });
}

export async function testNotices(id: string): Promise<readonly NoticeTest[]> {
  const shape = z.object({ answers: z.array(noticeTest) });
  return (await requestJson({ method: 'POST', path: `${base(id)}/notices/test`, body: {} }, shape)).answers;
}

export async function fetchPeople(id: string, signal: AbortSignal): Promise<People> {
  return requestJson({ method: 'GET', path: `${base(id)}/accounts`, signal }, people);
}

export async function setRole(id: string, accountId: string, chosen: Role): Promise<void> {
  const path = `${base(id)}/accounts/${encodeURIComponent(accountId)}/role`;
  await request({ method: 'PUT', path, body: { role: chosen } });
}

export async function setGroup(id: string, accountId: string, group: string | null): Promise<void> {
  const path = `${base(id)}/accounts/${encodeURIComponent(accountId)}/group`;
  await request({ method: 'PUT', path, body: { group } });
}

export async function setPassword(id: string, accountId: string, password: string): Promise<void> {
  const path = `${base(id)}/accounts/${encodeURIComponent(accountId)}/password`;
  await request({ method: 'PUT', path, body: { password } });
}

export async function fetchAudit(id: string, before: string | undefined, signal: AbortSignal): Promise<AuditPage> {
  const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
  return requestJson({ method: 'GET', path: `${base(id)}/audit${query}`, signal }, auditPage);
}
