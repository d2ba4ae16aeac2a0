/** Durable Object stubs as the ports the pipeline speaks to. The casts of the project's RPC are all here. */
import type { ClientId } from '../core/ids.ts';
import type { LocationHint } from '../core/region.ts';
import type { ClientPort, ClientPorts, DomainPort } from '../pipeline/client-port.ts';
import type { ExportPort } from '../pipeline/export-port.ts';
import type { QuarantinePort } from '../pipeline/quarantine-port.ts';
import type { WatchPort } from '../pipeline/watch-port.ts';
import { startTimer } from './clock.ts';

export type ObjectNamespace = Pick<DurableObjectNamespace, 'idFromName' | 'get'>;

export function createClientPorts(namespace: ObjectNamespace): ClientPorts {
  return (clientId: ClientId, home?: LocationHint) => {
    const where = home === undefined ? {} : { locationHint: home };
    return namespace.get(namespace.idFromName(clientId), where) as unknown as ClientPort;
  };
}

export function createExportPorts(namespace: ObjectNamespace): (clientId: ClientId) => ExportPort {
  return (clientId) => namespace.get(namespace.idFromName(clientId)) as unknown as ExportPort;
}

export function createQuarantinePorts(namespace: ObjectNamespace): (clientId: ClientId) => QuarantinePort {
  return (clientId) => namespace.get(namespace.idFromName(clientId)) as unknown as QuarantinePort;
}

/** The deployment has one. It answers in time or counts as away: nobody waits for it. */
export function createWatchPort(namespace: ObjectNamespace, name = 'watch'): WatchPort {
  const stub = () => namespace.get(namespace.idFromName(name)) as unknown as WatchPort;
  return {
    introduce: (clientId) => inTime(stub().introduce(clientId)),
    reportTrouble: (clientId, at) => inTime(stub().reportTrouble(clientId, at)),
  };
}

// An answer takes milliseconds. An errand that hung for longer would keep a client's alarm awake for it.
const WATCH_MS = 5_000;

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { expired, cancel } = startTimer(WATCH_MS);
  const late = expired.then((): never => {
    throw new Error('the watch object does not answer');
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}

export type DomainPorts = (domain: string) => DomainPort;

export function createDomainPorts(namespace: ObjectNamespace): DomainPorts {
  return (domain: string) => namespace.get(namespace.idFromName(domain)) as unknown as DomainPort;
}
