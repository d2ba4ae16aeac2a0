/**
 * What an isolate remembers of its clients' filters, until their version changes: the plan, which the client object hands out on its own
 * because it is large. While the object cannot be asked, the one that was in force a moment ago goes on; a client
 * whose plan nobody knows gets no mail through unfiltered.
 */

import type { FilterPlan } from '../core/filter-plan.ts';
import type { ClientId } from '../core/ids.ts';
import type { ClientPorts, ClientView } from '../pipeline/client-port.ts';

export type FilterMemory = {
  /** Throws when nobody knows it: the sender keeps the message. */
  plan(view: ClientView): Promise<FilterPlan>;
};

// A plan is some kilobytes, lists included up to a megabyte. An isolate has 128 MB for everything.
const MAX_PLANS = 200;

export function createFilterMemory(ports: ClientPorts): FilterMemory {
  const plans = createVersions<FilterPlan>(MAX_PLANS);
  return {
    plan: ({ snapshot: { clientId, version } }) =>
      plans.get(clientId, version, async () => {
        const { version: current, plan } = await ports(clientId).filterPlan();
        return { version: current, value: plan };
      }),
  };
}

type Versioned<T> = { readonly version: number; readonly value: T };

/** Newer is as good: the version asked for is at most seconds old. */
function createVersions<T>(most: number) {
  const known = new Map<ClientId, Versioned<T>>();
  return {
    async get(clientId: ClientId, version: number, ask: () => Promise<Versioned<T>>): Promise<T> {
      const held = known.get(clientId);
      if (held !== undefined && held.version >= version) return held.value;
      try {
        const fresh = await ask();
        known.delete(clientId);
        known.set(clientId, fresh);
        const [oldest] = known.keys();
        if (known.size > most && oldest !== undefined) known.delete(oldest);
        return fresh.value;
      } catch (problem) {
        if (held === undefined) throw problem;
        return held.value;
      }
    },
  };
}
