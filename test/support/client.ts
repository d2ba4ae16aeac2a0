/**
 * One enrolled client for a story: the real Worker, object, D1 and R2, a scripted gateway, and a clock the story moves. The
 * object lives in the year 2030, so that no alarm ever rings by itself; the story lets time pass.
 */
import { createExecutionContext, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { relayOpener } from '../../src/adapters/dialer.ts';
import { composeClientObject } from '../../src/compose.ts';
import type { FilterPlan, QuarantinePlan } from '../../src/core/filter-plan.ts';
import type { ClientId } from '../../src/core/ids.ts';
import type { NewEntry } from '../../src/core/ledger.ts';
import type { Action, Rule } from '../../src/core/rules/rule.ts';
import type { ClientObjectNeeds } from '../../src/durable/client-core.ts';
import type { ClientObject } from '../../src/index.ts';
import worker from '../../src/index.ts';
import type { ClientPort, ClientStatus, OutageView } from '../../src/pipeline/client-port.ts';
import type { Parcel } from '../../src/pipeline/deliver.ts';
import type { Endpoint } from '../../src/smtp/session-types.ts';
import { PATIENT_TIMEOUTS } from '../../src/smtp/timeouts.ts';
import type { Peer } from './peer.ts';
import { type TestBindings, testEnv } from './test-env.ts';

export type Arrival = {
  readonly from?: string;
  readonly to: string;
  readonly content: Uint8Array | string;
  readonly recipients?: number;
  /** as the front says it */
  readonly country?: string;
};

export type Answer = {
  readonly status: number;
  readonly reply: string;
  readonly disposition?: string;
  readonly id?: string;
};

export type Options = {
  /** where a story is about the id; otherwise one that no other story has */
  readonly id?: string;
  readonly gateways: readonly Peer[];
  readonly relay?: Peer;
  readonly people?: readonly {
    readonly address: string;
    readonly name?: string;
    readonly password?: string;
    readonly role?: 'user' | 'admin';
  }[];
  readonly settings?: object;
};

/** Short thresholds, so that a story needs few messages; each can be overridden. */
const SETTINGS = {
  thresholds: { amount: 3, durationSeconds: 60, frequency: { deferrals: 50, perSeconds: 600 }, confirmSeconds: 0 },
  // A story that wants a quiet client looked at says so.
  probe: { firstSeconds: 5, capSeconds: 60, idleSeconds: 0 },
  recovery: { probes: 2, spanSeconds: 10 },
  replay: { messagesPerMinute: 6_000 },
};

let enrolled = 0;

export async function enrol(options: Options): Promise<TestClient> {
  enrolled += 1;
  const id = (options.id ?? `client-${enrolled}-${crypto.randomUUID().slice(0, 8)}`) as ClientId;
  const client = new TestClient(id, options);
  await client.takeOver();
  await client.operator('POST', '/clients', { id, name: `Client ${enrolled}`, ...SETTINGS, ...options.settings });
  await client.operator('PUT', `/clients/${id}/domains/${client.domain}`);
  await client.setGateways(options.gateways);
  for (const person of options.people ?? [])
    await client.operator('POST', `/clients/${id}/accounts`, { ...person, address: client.at(person.address) });
  return client;
}

export function ruleFor(
  of: 'sender' | 'recipient',
  pattern: string,
  then: Action,
  name = 'by the envelope',
): Omit<Rule, 'id'> {
  return { name, isOn: true, when: { kind: 'address', of, matches: [pattern] }, then };
}

export class TestClient {
  readonly id: ClientId;
  readonly domain: string;
  readonly #bindings: TestBindings & { RELAY: string; RELAY_TLS: string };
  private waited: { readonly at: number; readonly happen: () => Promise<void> } | undefined;
  #now = Date.UTC(2030, 0, 1);
  #broken: Partial<ClientObjectNeeds> = {};
  readonly #relay: Endpoint | undefined;

  constructor(id: ClientId, options: Options) {
    this.id = id;
    this.#relay =
      options.relay === undefined ? undefined : { host: options.relay.host, port: options.relay.port, tls: 'none' };
    this.domain = `${id}.example`;
    this.#bindings = {
      ...testEnv,
      RELAY: options.relay === undefined ? '' : `${options.relay.host}:${options.relay.port}`,
      RELAY_TLS: 'none',
    };
  }

  at(local: string): string {
    return local.includes('@') ? local : `${local}@${this.domain}`;
  }

  get stub() {
    return testEnv.CLIENTS.get(testEnv.CLIENTS.idFromName(this.id)) as unknown as DurableObjectStub<ClientObject>;
  }

  get port(): ClientPort {
    return this.stub as unknown as ClientPort;
  }

  /** Time passes without any alarm ringing: what is under way goes on. */
  skip(ms: number): void {
    this.#now += ms;
  }

  get now(): number {
    return this.#now;
  }

  /** Puts the story's clock into the object, and whatever the story has broken. To be called after every start of the object. */
  async takeOver(): Promise<void> {
    await runInDurableObject(this.stub, (instance: ClientObject) => {
      instance.needs = {
        ...instance.needs,
        now: () => this.#now,
        wait: async (ms) => {
          this.#now += ms;
          const { waited } = this;
          if (waited === undefined || this.#now < waited.at) return;
          this.waited = undefined;
          await waited.happen();
        },
        random: () => 0,
        // The story's clock does not move by itself: what is under way comes to its end, or the story moves on.
        startTimer: () => ({ expired: new Promise<never>(() => undefined), cancel: () => undefined }),
        openRelay: relayOpener(this.#relay, { heloName: 'edge.breakwater.test', timeouts: PATIENT_TIMEOUTS }),
        // Every story's clock begins in the same minute: only those about the watch ask it.
        reportTrouble: async () => ({ doubted: false, failing: 1, known: 1 }),
        introduce: async () => undefined,
        ...this.#broken,
      };
    });
  }

  /** What the object works with, for stories that break a part of it. */
  needs(): Promise<ClientObjectNeeds> {
    return runInDurableObject(this.stub, (instance: ClientObject) => instance.needs);
  }

  async break(parts: Partial<ClientObjectNeeds>): Promise<void> {
    this.#broken = parts;
    await this.takeOver();
  }

  /** Something that happens while the object waits: so long from now. */
  whenWaited(ms: number, happen: () => Promise<void>): void {
    this.waited = { at: this.#now + ms, happen };
  }

  /** The row's parcel as the deployment makes it, for stories that break only a part of it. */
  parcel(entry: NewEntry): Parcel {
    return composeClientObject(this.#bindings).parcel(entry);
  }

  async evict(): Promise<void> {
    await evictDurableObject(this.stub);
    await this.takeOver();
  }

  /** Every alarm that is due by now, until none is; resolves to when the next is due. */
  async settle(): Promise<number | null> {
    for (let rounds = 0; rounds < 200; rounds += 1) {
      const dueAt = await this.#ring();
      if (dueAt === null || dueAt > this.#now) return dueAt;
    }
    throw new Error('the object never comes to rest');
  }

  /** Time passes; the object's alarms ring when they are due. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let dueAt = await this.settle(); dueAt !== null && dueAt <= end; dueAt = await this.settle())
      this.#now = Math.max(this.#now, dueAt);
    this.#now = Math.max(this.#now, end);
  }

  /** As `runDurableObjectAlarm`, but only what is due, and in one visit: hours of a story are thousands of them. */
  #ring(): Promise<number | null> {
    return runInDurableObject(this.stub, async (instance: ClientObject, { storage }) => {
      const dueAt = await storage.getAlarm();
      if (dueAt === null || dueAt > this.#now) return dueAt;
      await storage.deleteAlarm();
      await instance.alarm();
      return storage.getAlarm();
    });
  }

  /** By the SMTP front. Each message meets a Worker that remembers nothing, so that no story depends on a cache. */
  async ingest(arrival: Arrival, bindings: Partial<TestBindings> = {}): Promise<Answer> {
    const content = typeof arrival.content === 'string' ? new TextEncoder().encode(arrival.content) : arrival.content;
    const response = await this.#fetch(
      new Request('https://edge.breakwater.test/ingest', {
        method: 'POST',
        body: content,
        headers: {
          authorization: `Bearer ${testEnv.INGEST_TOKEN}`,
          'content-length': String(content.byteLength),
          'x-breakwater-mail-from': encodeURIComponent(arrival.from ?? 'sender@world.example'),
          'x-breakwater-rcpt-to': encodeURIComponent(this.at(arrival.to)),
          'x-breakwater-helo': 'mx.world.example',
          'x-breakwater-remote-ip': '192.0.2.7',
          'x-breakwater-recipients': String(arrival.recipients ?? 1),
          ...(arrival.country === undefined ? {} : { 'x-breakwater-country': arrival.country }),
        },
      }),
      bindings,
    );
    return { status: response.status, ...(await response.json<Omit<Answer, 'status'>>()) };
  }

  /** By Cloudflare Email Routing. Resolves to the rejection text, or undefined when the message was accepted; throws as email() does. */
  async email(arrival: Arrival, bindings: Partial<TestBindings> = {}): Promise<string | undefined> {
    const content = typeof arrival.content === 'string' ? new TextEncoder().encode(arrival.content) : arrival.content;
    let rejected: string | undefined;
    const message = {
      from: arrival.from ?? 'sender@world.example',
      to: this.at(arrival.to),
      headers: new Headers(),
      raw: new Response(content).body,
      rawSize: content.byteLength,
      setReject(reason: string) {
        rejected = reason;
      },
    };
    await worker.email(message as unknown as ForwardableEmailMessage, { ...this.#bindings, ...bindings });
    return rejected;
  }

  async operator<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, `/api/v1${path}`, body, {
      authorization: `Bearer ${testEnv.OPERATOR_TOKEN}`,
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Instead of the rules there are. */
  async setRules(rules: readonly Omit<Rule, 'id'>[]): Promise<void> {
    const path = `/clients/${this.id}/rules`;
    const { number } = await this.operator<{ number: number }>('GET', path);
    await this.operator('PUT', path, { rules, basedOn: number });
  }

  async setGateways(peers: readonly Peer[]): Promise<void> {
    const gateways = peers.map(({ host, port }) => ({ host, port, tls: 'none' }));
    await this.operator('PUT', `/clients/${this.id}/gateways`, { gateways });
  }

  request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    bindings: Partial<TestBindings> = {},
  ): Promise<Response> {
    return this.#fetch(
      new Request(`https://edge.breakwater.test${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
      bindings,
    );
  }

  async #fetch(request: Request, bindings: Partial<TestBindings>): Promise<Response> {
    return worker.fetch(
      request as Parameters<typeof worker.fetch>[0],
      { ...this.#bindings, ...bindings },
      createExecutionContext(),
    );
  }

  status(): Promise<ClientStatus> {
    return this.port.status();
  }

  async outage(): Promise<OutageView> {
    const [outage] = await this.port.outages();
    if (outage === undefined) throw new Error('there was no outage');
    return outage;
  }

  async declareFailure(): Promise<void> {
    await this.operator('POST', `/clients/${this.id}/declare-failure`, { reason: 'the story says so' });
    await this.settle();
  }

  async declareRepair(): Promise<void> {
    await this.operator('POST', `/clients/${this.id}/declare-repair`, { reason: 'the story says so' });
    await this.settle();
  }

  /** What is left out stays as it is. */
  async setQuarantine(plan: Partial<QuarantinePlan>): Promise<void> {
    const { quarantine } = (await this.port.filterPlan()).plan;
    await this.operator('PUT', `/clients/${this.id}/filter`, { quarantine: { ...quarantine, ...plan } });
  }

  /** Into the object only, rules with ids of the story's own: the next setting that is made by the API brings the stored plan back. */
  async setFilter(plan: Partial<FilterPlan>): Promise<void> {
    await runInDurableObject(this.stub, async (instance: ClientObject) => {
      const [view, known] = await Promise.all([instance.view(), instance.filterPlan()]);
      if (view === null) throw new Error('the client is not configured yet');
      const { snapshot } = view;
      await instance.configure({ ...snapshot, version: snapshot.version + 1, filter: { ...known.plan, ...plan } });
    });
  }

  /** Mail that comes in is stamped by the Worker's clock, which no story moves: to be at so long after it. */
  async to(at: number): Promise<void> {
    this.skip(at - this.now);
    await this.settle();
  }

  /** Logs a person in; the answer asks as that person. */
  async logIn(local: string, password: string): Promise<Person> {
    const response = await this.request('POST', '/api/mail/login', { address: this.at(local), password });
    if (!response.ok) throw new Error(`log in: ${response.status} ${await response.text()}`);
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return {
      cookie,
      ask: (method, path, body, headers = {}) => this.request(method, `/api/mail${path}`, body, { ...headers, cookie }),
      list: async (folder = 'inbox') => {
        const page = await this.request('GET', `/api/mail/messages?folder=${folder}`, undefined, { cookie });
        return (await page.json<{ messages: ListedMessage[] }>()).messages;
      },
    };
  }
}

export type ListedMessage = {
  readonly id: string;
  readonly subject: string;
  readonly from: { readonly address: string };
  readonly preview: string;
};

export type Person = {
  /** for requests to other parts of the API */
  readonly cookie: string;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  list(folder?: 'inbox' | 'sent'): Promise<readonly ListedMessage[]>;
};
