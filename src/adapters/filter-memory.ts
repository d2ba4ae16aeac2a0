/**
 * What an isolate remembers of its clients' filters, each until its version changes: the plan, which the client object hands out on its own
 * because it is large, and the spam model. While the object cannot be asked, what was in force a moment ago goes on; a client whose plan
 * nobody knows gets no mail through unfiltered.
 */
import type { LogEvent } from '../core/event.ts';
import type { FilterPlan } from '../core/filter-plan.ts';
import type { ClientId } from '../core/ids.ts';
import { problemOf } from '../core/problem-of.ts';
import { combine, type SpamModel } from '../core/spam/model.ts';
import { modelOfBytes } from '../core/spam/model-bytes.ts';
import { type StoredSnapshot, snapshotOf } from '../core/stored.ts';
import type { ClientPorts, ClientView } from '../pipeline/client-port.ts';

export type FilterMemory = {
  /** Throws when nobody knows it: the sender keeps the message. */
  plan(view: ClientView): Promise<FilterPlan>;
  /** never throws: what was learned from everybody's mail serves meanwhile */
  model(view: ClientView): Promise<SpamModel>;
};

// A plan is some kilobytes, lists included up to a megabyte; a model some hundred kilobytes. An isolate has 128 MB for everything.
const MAX_PLANS = 200;
const MAX_MODELS = 30;

export function createFilterMemory(
  ports: ClientPorts,
  baseModel: () => SpamModel,
  log: (event: LogEvent) => void,
): FilterMemory {
  const plans = createVersions<FilterPlan>(MAX_PLANS);
  const own = createVersions<SpamModel>(MAX_MODELS);
  return {
    plan: ({ snapshot }) =>
      plans.get(snapshot.clientId, snapshot.version, async () => {
        const earlier = ofEarlierVersion(snapshot);
        if (earlier !== undefined) return { version: snapshot.version, value: snapshotOf(earlier).filter };
        const { version: current, plan } = await ports(snapshot.clientId).filterPlan();
        return { version: current, value: plan };
      }),
    async model({ snapshot, modelVersion }) {
      const { clientId } = snapshot;
      if (modelVersion === 0 || ofEarlierVersion(snapshot) !== undefined) return baseModel();
      try {
        return await own.get(clientId, modelVersion, async () => {
          const { version, bytes } = await ports(clientId).filterModel();
          return { version, value: withOwn(baseModel(), bytes) };
        });
      } catch (problem) {
        log({ kind: 'trouble', clientId, where: 'filter-model', problem: problemOf(problem) });
        return baseModel();
      }
    },
  };
}

/**
 * For seconds after a deploy an object still runs the version before (docs/platform.md 23), which hands out its rules with the view and
 * cannot be asked for a plan. Its mail must not wait for that.
 */
function ofEarlierVersion(snapshot: object): StoredSnapshot | undefined {
  return 'rules' in snapshot ? (snapshot as StoredSnapshot) : undefined;
}

/** Bytes that no version of ours has written are as good as none. */
function withOwn(base: SpamModel, bytes: Uint8Array | null): SpamModel {
  const own = bytes === null ? undefined : modelOfBytes(bytes);
  return own === undefined ? base : combine(base, own);
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
