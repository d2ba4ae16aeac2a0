/** After how long a message goes back to its sender, and which have gone. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base } from './api.ts';

const expiry = z.object({ afterHours: z.number(), delayNoticeAfterHours: z.nullable(z.number()) });
const expired = z.object({
  expired: z.array(
    z.object({
      id: z.string(),
      sender: z.string(),
      recipient: z.string(),
      receivedAt: z.number(),
      expiredAt: z.number(),
      detail: z.nullable(z.string()),
      isTold: z.boolean(),
    }),
  ),
  next: z.nullable(z.string()),
});

export type Expiry = Frozen<z.infer<typeof expiry>>;
export type ExpiredPage = Frozen<z.infer<typeof expired>>;
export type ExpiredMessage = ExpiredPage['expired'][number];

export async function fetchExpiry(id: string, signal: AbortSignal): Promise<Expiry> {
  return requestJson({ method: 'GET', path: `${base(id)}/expiry`, signal }, expiry);
}

export async function saveExpiry(id: string, chosen: Expiry): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/expiry`, body: chosen });
}

export async function fetchExpired(id: string, before: string | undefined, signal: AbortSignal): Promise<ExpiredPage> {
  const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
  return requestJson({ method: 'GET', path: `${base(id)}/expired${query}`, signal }, expired);
}
