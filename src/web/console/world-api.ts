/** Mail to the world: by which relay, with whose signature, how much of it, and what waits. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base, peerShape } from './api.ts';
import type { GivenPeer } from './gateways-api.ts';

const relay = z.object({
  own: z.nullable(peerShape),
  deployment: z.nullable(z.object({ host: z.string(), port: z.number() })),
  inUse: z.enum(['own', 'deployment', 'none']),
  trouble: z.nullable(z.object({ sinceMs: z.number(), words: z.string() })),
  warning: z.nullable(z.string()),
});
const spf = z.object({
  relayHost: z.string(),
  domains: z.array(
    z.object({
      domain: z.string(),
      record: z.nullable(z.string()),
      verdict: z.enum(['pass', 'not-listed', 'no-record', 'broken-record', 'cannot-tell']),
      words: z.string(),
      fix: z.nullable(z.string()),
    }),
  ),
});
const dkimKey = z.object({
  domain: z.string(),
  selector: z.string(),
  record: z.object({ name: z.string(), value: z.string(), zoneLine: z.string() }),
  check: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('published') }),
    z.object({ kind: z.literal('not-found') }),
    z.object({ kind: z.literal('differs'), found: z.string() }),
    z.object({ kind: z.literal('cannot-tell') }),
  ]),
  signs: z.boolean(),
});
const limits = z.object({ perUserPerHour: z.number(), perClientPerHour: z.number() });
const outbound = z.object({
  messages: z.array(
    z.object({
      id: z.string(),
      from: z.string(),
      to: z.string(),
      receivedAtMs: z.number(),
      sizeBytes: z.number(),
      state: z.enum(['waiting', 'delivered', 'refused']),
      detail: z.string(),
      attempts: z.number(),
      nextAttemptAtMs: z.nullable(z.number()),
      settledAtMs: z.nullable(z.number()),
    }),
  ),
  next: z.nullable(z.string()),
});

export type Relay = Frozen<z.infer<typeof relay>>;
export type Spf = Frozen<z.infer<typeof spf>>;
export type DkimKey = Frozen<z.infer<typeof dkimKey>>;
export type Limits = Frozen<z.infer<typeof limits>>;
export type OutboundPage = Frozen<z.infer<typeof outbound>>;
export type OutboundMessage = OutboundPage['messages'][number];
export type OutboundState = OutboundMessage['state'];

export async function fetchRelay(id: string, signal: AbortSignal): Promise<Relay> {
  return requestJson({ method: 'GET', path: `${base(id)}/relay`, signal }, relay);
}

export async function saveRelay(id: string, given: GivenPeer): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/relay`, body: given });
}

export async function removeRelay(id: string): Promise<void> {
  await request({ method: 'DELETE', path: `${base(id)}/relay` });
}

export async function fetchSpf(id: string, signal: AbortSignal): Promise<Spf> {
  return requestJson({ method: 'GET', path: `${base(id)}/relay/spf`, signal }, spf);
}

export async function fetchDkim(id: string, signal: AbortSignal): Promise<readonly DkimKey[]> {
  const shape = z.object({ keys: z.array(dkimKey) });
  return (await requestJson({ method: 'GET', path: `${base(id)}/dkim`, signal }, shape)).keys;
}

export async function makeDkimKey(id: string, domain: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/dkim`, body: { domain } });
}

export async function removeDkimKey(id: string, key: Pick<DkimKey, 'domain' | 'selector'>): Promise<void> {
  const path = `${base(id)}/dkim/${encodeURIComponent(key.domain)}/${encodeURIComponent(key.selector)}`;
  await request({ method: 'DELETE', path });
}

export async function fetchLimits(id: string, signal: AbortSignal): Promise<Limits> {
  return requestJson({ method: 'GET', path: `${base(id)}/outbound-limits`, signal }, limits);
}

export async function saveLimits(id: string, given: Limits): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/outbound-limits`, body: given });
}

type Asked = { readonly state: OutboundState; readonly before: string | undefined };

export async function fetchOutbound(id: string, { state, before }: Asked, signal: AbortSignal): Promise<OutboundPage> {
  const after = before === undefined ? '' : `&before=${encodeURIComponent(before)}`;
  return requestJson({ method: 'GET', path: `${base(id)}/outbound?state=${state}${after}`, signal }, outbound);
}

export async function steerOutbound(
  id: string,
  { messageId, act }: { readonly messageId: string; readonly act: 'retry' | 'stop' },
): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/outbound/${encodeURIComponent(messageId)}/${act}`, body: {} });
}
