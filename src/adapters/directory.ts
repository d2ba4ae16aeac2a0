/**
 * What an isolate remembers between messages: whose a domain is, and a client's view. Fresh for seconds, and usable for minutes
 * while the object cannot be asked, so that a healthy gateway goes on getting mail. Staleness is never wrong, only late: a
 * message spooled under an old view is scheduled by the object under the true one.
 */
import type { HealthState } from '../core/health-state.ts';
import type { ClientId } from '../core/ids.ts';
import type { ClientPorts, ClientView } from '../pipeline/client-port.ts';
import type { DomainPorts } from './object-ports.ts';

export type Directory = {
  readonly findClient: (domain: string) => Promise<ClientId | undefined>;
  readonly forgetDomain: (domain: string) => void;
  readonly view: (clientId: ClientId) => Promise<ClientView>;
  /** the state the object has just told us: an older view that says otherwise is dropped */
  readonly noteState: (clientId: ClientId, state: HealthState) => void;
};

const VIEW_FRESH_MS = 1_000;
const DOMAIN_FRESH_MS = 30_000;
const USABLE_MS = 600_000;
// An isolate that serves every client must not keep them all for ever; refilling costs one request each.
const MAX_ENTRIES = 5_000;

export function createDirectory(
  ports: { readonly clients: ClientPorts; readonly domains: DomainPorts },
  now: () => number,
): Directory {
  const owners = createMemory<ClientId>(DOMAIN_FRESH_MS, now);
  const views = createMemory<ClientView>(VIEW_FRESH_MS, now);
  return {
    findClient: (domain) => owners.get(domain, async () => (await ports.domains(domain).owner()) ?? undefined),
    forgetDomain: (domain) => owners.forget(domain),
    async view(clientId) {
      const view = await views.get(clientId, async () => (await ports.clients(clientId).view()) ?? undefined);
      if (view === undefined) throw new Error('the client object has no configuration yet');
      return view;
    },
    noteState(clientId, state) {
      if (views.peek(clientId)?.state !== state) views.forget(clientId);
    },
  };
}

/** Absence is never remembered: a domain set up a moment ago must work now. */
function createMemory<T>(freshMs: number, now: () => number) {
  const entries = new Map<string, { readonly value: T; readonly at: number }>();
  return {
    async get(key: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
      const known = entries.get(key);
      const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.at;
      if (known !== undefined && age < freshMs) return known.value;
      try {
        const value = await load();
        entries.delete(key);
        if (value !== undefined) entries.set(key, { value, at: now() });
        if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value ?? key);
        return value;
      } catch (problem) {
        if (known !== undefined && age < USABLE_MS) return known.value;
        throw problem;
      }
    },
    peek: (key: string): T | undefined => entries.get(key)?.value,
    forget(key: string): void {
      entries.delete(key);
    },
  };
}
