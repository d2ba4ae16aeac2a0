/** The console's half of the API contract: the same API that operators script. Times are epoch milliseconds. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { ApiProblem } from '../shared/problem.ts';
import { request, requestJson } from '../shared/request.ts';

const state = z.enum(['up', 'suspect', 'tls-broken', 'refused-us', 'down', 'recovering']);

const me = z.discriminatedUnion('role', [
  z.object({ role: z.literal('operator') }),
  z.object({
    role: z.literal('admin'),
    address: z.string(),
    name: z.string(),
    clientId: z.string(),
    clientName: z.string(),
  }),
]);

const clientRow = z.object({
  id: z.string(),
  name: z.string(),
  inEffect: z.boolean(),
  /** null where the part that knows did not answer */
  state: z.nullable(state),
});

export const peerShape = z.object({
  host: z.string(),
  port: z.number(),
  tls: z.enum(['none', 'starttls', 'implicit']),
  username: z.nullable(z.string()),
  oauth: z.nullable(
    z.object({
      tokenUrl: z.string(),
      clientId: z.string(),
      scope: z.nullable(z.string()),
      grant: z.enum(['client_credentials', 'refresh_token']),
    }),
  ),
});
/** where there are several to choose from */
export const gatewayShape = z.object({
  ...peerShape.shape,
  capacityPerMinute: z.nullable(z.number()),
  latitude: z.nullable(z.number()),
  longitude: z.nullable(z.number()),
});

const client = z.object({
  id: z.string(),
  name: z.string(),
  inEffect: z.boolean(),
  domains: z.array(z.string()),
  gateways: z.array(gatewayShape),
  failover: z.enum(['automatic', 'ask', 'manual']),
  failback: z.enum(['automatic', 'hold']),
  whenRefused: z.enum(['keep', 'failover']),
  recovery: z.object({ probes: z.number(), spanSeconds: z.number() }),
  probe: z.object({
    firstSeconds: z.number(),
    capSeconds: z.number(),
    idleSeconds: z.number(),
    address: z.nullable(z.string()),
    testMessage: z.boolean(),
  }),
});

const cause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('threshold'), why: z.string() }),
  z.object({ kind: z.literal('declared'), by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('drill'), by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('maintenance'), title: z.string(), until: z.number() }),
]);

const outage = z.object({
  id: z.string(),
  cause: z.string(),
  kind: z.enum(['threshold', 'declared', 'drill', 'maintenance']),
  openedBy: z.array(z.string()),
  closedBy: z.array(z.string()),
  detectedAtMs: z.number(),
  mailboxesReadyAtMs: z.nullable(z.number()),
  mailboxes: z.nullable(z.number()),
  repairedAtMs: z.nullable(z.number()),
  closedAtMs: z.nullable(z.number()),
});

const status = z.object({
  health: z.object({
    state,
    sinceMs: z.number(),
    cause: z.nullable(cause),
    aliveAtMs: z.nullable(z.number()),
    nextProbeAtMs: z.nullable(z.number()),
    goodProbesInARow: z.nullable(z.number()),
    said: z.array(z.string()),
    deferrals: z.array(z.object({ atMs: z.number(), weight: z.number(), what: z.string() })),
  }),
  easing: z.nullable(z.object({ level: z.number(), sinceMs: z.number() })),
  maintenance: z.nullable(z.object({ title: z.string(), meaning: z.enum(['failover', 'keep']), endMs: z.number() })),
  outage: z.nullable(outage),
  spool: z.object({
    waiting: z.number(),
    inMailboxes: z.number(),
    held: z.number(),
    uncertain: z.number(),
    quarantined: z.number(),
  }),
  replay: z.object({ waiting: z.number(), replayed: z.number(), messagesPerMinute: z.number() }),
});

const heldMessage = z.object({
  id: z.string(),
  kind: z.enum(['inbound', 'sent-copy', 'outbound']),
  fromName: z._default(z.string(), ''),
  fromAddress: z._default(z.string(), ''),
  subject: z._default(z.string(), ''),
  recipient: z.string(),
  receivedAt: z.number(),
  sizeBytes: z.number(),
  detail: z.nullable(z.string()),
});

const event = z.object({
  atMs: z.number(),
  kind: z.string(),
  outageId: z.nullable(z.string()),
  words: z.string(),
  evidence: z.array(z.string()),
});

const outageReport = z.object({
  ...outage.shape,
  received: z.number(),
  replayed: z.number(),
  quarantined: z.number(),
  rejectedByRule: z.number(),
  held: z.number(),
  waiting: z.number(),
  missing: z.number(),
  unexplained: z.number(),
  addsUp: z.boolean(),
});

const traffic = z.object({ atMs: z.number(), delivered: z.number(), failing: z.number() });
const uptime = z.object({
  days: z.number(),
  to: z.number(),
  delivered: z.number(),
  failing: z.number(),
  uptimePercent: z.nullable(z.number()),
  hours: z.array(traffic),
});

export type State = z.infer<typeof state>;
export type Me = Frozen<z.infer<typeof me>>;
export type ClientRow = Frozen<z.infer<typeof clientRow>>;
export type Client = Frozen<z.infer<typeof client>>;
export type Status = Frozen<z.infer<typeof status>>;
export type Outage = Frozen<z.infer<typeof outageReport>>;
export type HeldMessage = Frozen<z.infer<typeof heldMessage>>;
export type TimelineEvent = Frozen<z.infer<typeof event>>;
export type Uptime = Frozen<z.infer<typeof uptime>>;

/** Somebody is logged in who may not be here; the words are the API's. */
export type Outsider = { readonly role: 'outsider'; readonly problem: ApiProblem };

export async function fetchMe(signal: AbortSignal): Promise<Me | Outsider> {
  try {
    return await requestJson({ method: 'GET', path: '/api/console/me', signal }, me);
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 403) return { role: 'outsider', problem: error };
    throw error;
  }
}

export async function logInOperator(token: string): Promise<void> {
  await request({ method: 'POST', path: '/api/console/operator-login', body: { token } });
}

export async function logInAdmin(address: string, password: string): Promise<void> {
  await request({ method: 'POST', path: '/api/mail/login', body: { address, password } });
}

/** A person may have come in by either door; an empty object makes the request one that no form can send. */
export async function logOut(): Promise<void> {
  await request({ method: 'POST', path: '/api/console/operator-logout', body: {} });
  await request({ method: 'POST', path: '/api/mail/logout', body: {} });
}

export async function fetchClients(signal: AbortSignal): Promise<readonly ClientRow[]> {
  const shape = z.object({ clients: z.array(clientRow) });
  return (await requestJson({ method: 'GET', path: '/api/v1/clients?states=yes', signal }, shape)).clients;
}

export const base = (id: string): string => `/api/v1/clients/${encodeURIComponent(id)}`;

export async function fetchClient(id: string, signal: AbortSignal): Promise<Client> {
  return requestJson({ method: 'GET', path: base(id), signal }, client);
}

export async function fetchStatus(id: string, signal: AbortSignal): Promise<Status> {
  return requestJson({ method: 'GET', path: `${base(id)}/status`, signal }, status);
}

export async function fetchHeld(id: string, signal: AbortSignal): Promise<readonly HeldMessage[]> {
  const shape = z.object({ held: z.array(heldMessage) });
  return (await requestJson({ method: 'GET', path: `${base(id)}/held`, signal }, shape)).held;
}

export async function retryHeld(id: string, messageId: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/held/${encodeURIComponent(messageId)}/retry`, body: {} });
}

export async function fetchEvents(id: string, signal: AbortSignal): Promise<readonly TimelineEvent[]> {
  const shape = z.object({ events: z.array(event) });
  return (await requestJson({ method: 'GET', path: `${base(id)}/events`, signal }, shape)).events;
}

export async function fetchOutages(id: string, signal: AbortSignal): Promise<readonly Outage[]> {
  const shape = z.object({ outages: z.array(outageReport) });
  return (await requestJson({ method: 'GET', path: `${base(id)}/outages`, signal }, shape)).outages;
}

export async function fetchUptime(id: string, days: number, signal: AbortSignal): Promise<Uptime> {
  return requestJson({ method: 'GET', path: `${base(id)}/uptime?days=${days}`, signal }, uptime);
}

export type Declared =
  | { readonly kind: 'failure'; readonly reason: string; readonly isDrill: boolean }
  | { readonly kind: 'repair'; readonly reason: string };

export async function declare(id: string, declared: Declared): Promise<void> {
  const { kind, reason } = declared;
  const body = kind === 'failure' && declared.isDrill ? { reason, drill: true } : { reason };
  await request({ method: 'POST', path: `${base(id)}/declare-${kind}`, body });
}
