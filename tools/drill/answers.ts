/** The parts of the operator's API that the drill looks at. */
import { CLIENT_ID } from '../stack/harbour.ts';
import type { Api } from '../stack/operator-api.ts';

export type Status = {
  readonly health: { readonly state: 'up' | 'suspect' | 'down' | 'recovering' };
  readonly spool: { readonly waiting: number };
  readonly outage: { readonly id: string; readonly cause: string } | null;
};

/** Counts of messages; times in epoch ms, null until it has happened. */
export type Outage = {
  readonly detectedAtMs: number;
  readonly mailboxesReadyAtMs: number | null;
  readonly repairedAtMs: number | null;
  readonly closedAtMs: number | null;
  readonly received: number;
  readonly replayed: number;
  readonly quarantined: number;
  readonly rejectedByRule: number;
  readonly held: number;
  readonly sentCopies: number;
  readonly uncertain: number;
  readonly missing: number;
  readonly unexplained: number;
};

export async function statusOf(api: Api): Promise<Status> {
  return (await api.get(`/clients/${CLIENT_ID}/status`)) as Status;
}

export async function outageOf(api: Api, outageId: string): Promise<Outage> {
  return (await api.get(`/clients/${CLIENT_ID}/outages/${outageId}`)) as Outage;
}

/** What the timeline says each time the gateway was called down, newest first. */
export async function turnsDown(api: Api): Promise<readonly string[]> {
  const { events } = (await api.get(`/clients/${CLIENT_ID}/events`)) as {
    readonly events: readonly { readonly kind: string; readonly words: string }[];
  };
  return events.filter(({ kind }) => kind === 'down').map(({ words }) => words);
}
