/** What happens by itself, and what a person is asked: set by the operator. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base, type Client } from './api.ts';

export type ModeSettings = Pick<Client, 'failover' | 'failback' | 'whenRefused' | 'probe' | 'recovery'>;

const addresses = z.object({ failureAddress: z.string(), repairAddress: z.string() });
export type SystemAddresses = Frozen<z.infer<typeof addresses>>;

export async function saveModes(id: string, change: Partial<ModeSettings>): Promise<void> {
  await request({ method: 'PATCH', path: base(id), body: change });
}

/** They are in this answer and nowhere else. */
export async function makeSystemAddresses(id: string): Promise<SystemAddresses> {
  return requestJson({ method: 'POST', path: `${base(id)}/system-token`, body: {} }, addresses);
}

export async function endSystemAddresses(id: string): Promise<void> {
  await request({ method: 'DELETE', path: `${base(id)}/system-token` });
}
