/** The demo client "Harbour Ltd" and how it is enrolled: only through the operator's API, as a real one would be. */
import type { Api, ApiError } from './operator-api.ts';

export const CLIENT_ID = 'harbour';
export const DOMAIN = 'harbour.example';

export type Person = { readonly address: string; readonly name: string; readonly password: string };

export type Endpoint = { readonly host: string; readonly port: number };

export type Enrolment = {
  readonly gateway: Endpoint;
  readonly people: readonly Person[];
  readonly thresholds: {
    readonly amount: number;
    readonly durationSeconds: number;
    readonly frequency: { readonly deferrals: number; readonly perSeconds: number };
    readonly confirmSeconds: number;
  };
  readonly probe: { readonly firstSeconds: number; readonly capSeconds: number };
  readonly recovery: { readonly probes: number; readonly spanSeconds: number };
  readonly messagesPerMinute: number;
  /** what `PUT …/filter` takes; absent: only what the client's own rules say is filtered, and it has none */
  readonly filter?: object;
  /** in a replay, at a time; absent: the product's own default */
  readonly connections?: number;
};

// The API takes so many passwords in one request: each costs the Worker a tenth of a second of hashing.
const PEOPLE_PER_IMPORT = 50;

/** May be repeated: what is there already is brought to the same state. */
export async function enrolHarbour(
  api: Api,
  enrolment: Enrolment,
  progress: (done: number) => void = () => {},
): Promise<void> {
  const base = `/clients/${CLIENT_ID}`;
  await api.send('POST', '/clients', { id: CLIENT_ID, name: 'Harbour Ltd' }).catch(unlessThere);
  await api.send('PUT', `${base}/domains/${DOMAIN}`, undefined);
  await setGateway(api, enrolment.gateway);
  await api.send('PATCH', base, { probe: enrolment.probe, recovery: enrolment.recovery, failback: 'automatic' });
  await api.send('PUT', `${base}/thresholds`, enrolment.thresholds);
  const { messagesPerMinute, connections } = enrolment;
  await api.send('PUT', `${base}/replay`, {
    messagesPerMinute,
    ...(connections === undefined ? {} : { connections }),
  });
  if (enrolment.filter !== undefined) await api.send('PUT', `${base}/filter`, enrolment.filter);
  for (let start = 0; start < enrolment.people.length; start += PEOPLE_PER_IMPORT) {
    const part = enrolment.people.slice(start, start + PEOPLE_PER_IMPORT);
    await api.send('POST', `${base}/accounts/import`, asCsv(part));
    progress(start + part.length);
  }
  const [first] = enrolment.people;
  // An import makes users only; somebody must be able to try the console.
  if (first !== undefined)
    await api.send('POST', `${base}/accounts`, { address: first.address, name: first.name, role: 'admin' });
}

/** What a client of some caution switches on. */
export const CAREFUL_FILTER = {
  sets: ['virus', 'dangerous-attachments', 'macros-from-outside', 'own-domain-look-alike', 'spam'],
  quarantine: { retentionDays: 30, users: 'release', digestHours: 24 },
} as const;

export async function setGateway(api: Api, gateway: Endpoint): Promise<void> {
  await api.send('PUT', `/clients/${CLIENT_ID}/gateways`, { gateways: [{ ...gateway, tls: 'none' }] });
}

export async function isEnrolled(api: Api): Promise<boolean> {
  const { clients } = (await api.get('/clients')) as { readonly clients: readonly { readonly id: string }[] };
  return clients.some(({ id }) => id === CLIENT_ID);
}

/** How things stand with a client that was enrolled before, in one line. */
export async function standing(api: Api): Promise<string> {
  const { health, spool, replay } = (await api.get(`/clients/${CLIENT_ID}/status`)) as {
    readonly health: { readonly state: string };
    readonly spool: { readonly waiting: number };
    readonly replay: { readonly messagesPerMinute: number };
  };
  const pace = `${replay.messagesPerMinute} messages a minute`;
  return `Harbour Ltd is enrolled already, its settings and passwords are kept: ${health.state}, ${spool.waiting} messages waiting, pace ${pace}`;
}

// First and last: by one word nobody is known when a stranger uses it (src/core/rules/impersonation.ts).
const NAMES = ['Anna Berg', 'Ben Costa', 'Carla Diaz', 'David Evans', 'Eva Fischer'];

/** `anna@harbour.example` and her colleagues; beyond the named ones they are numbered. */
export function people(count: number, password: string): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const name = NAMES[index];
    if (name === undefined)
      return { address: `colleague${index + 1}@${DOMAIN}`, name: `Colleague ${index + 1}`, password };
    return { address: `${name.split(' ', 1)[0]?.toLowerCase()}@${DOMAIN}`, name, password };
  });
}

function asCsv(rows: readonly Person[]): string {
  return ['address,name,password', ...rows.map(({ address, name, password }) => `${address},${name},${password}`)].join(
    '\n',
  );
}

function unlessThere(problem: ApiError): void {
  if (problem.status !== 409) throw problem;
}
