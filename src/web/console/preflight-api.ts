/** The preflight as the console has it: a test message the way of a replay, and what each mail server made of it. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base } from './api.ts';

const verdict = z.enum(['accepted', 'refused', 'throttled', 'unreachable', 'tls', 'login']);
const tls = z.enum(['none', 'starttls', 'implicit']);
const gateway = z.object({
  gateway: z.string(),
  verdict,
  words: z.string(),
  /** the weightiest first */
  findings: z.array(
    z.object({ kind: z.string(), verdict: z.optional(verdict), words: z.string(), advice: z.string() }),
  ),
  replies: z.array(z.object({ stage: z.string(), line: z.string() })),
  tls: z.object({ configured: tls, used: z.nullable(tls) }),
  login: z.object({
    configured: z.boolean(),
    offered: z.nullable(z.array(z.string())),
    accepted: z.nullable(z.boolean()),
  }),
  extensions: z.nullable(z.array(z.string())),
  sizeLimitBytes: z.nullable(z.number()),
  roundTripMs: z.nullable(z.number()),
  connections: z.nullable(z.object({ asked: z.number(), opened: z.number() })),
});
const run = z.object({
  number: z.number(),
  atMs: z.number(),
  /** who asked, or `schedule` */
  by: z.string(),
  state: z.enum(['running', 'done', 'interrupted']),
  endedAtMs: z.nullable(z.number()),
  verdict: z.nullable(verdict),
  recipient: z.nullable(z.string()),
  gateways: z.array(gateway),
});
const preflights = z.object({
  /** null: postmaster of the first domain */
  address: z.nullable(z.string()),
  /** 0: only when somebody asks */
  everyDays: z.number(),
  recipient: z.nullable(z.string()),
  nextAtMs: z.nullable(z.number()),
  runs: z.array(run),
});

export type Preflights = Frozen<z.infer<typeof preflights>>;
export type PreflightRun = Preflights['runs'][number];
export type GatewayPreflight = PreflightRun['gateways'][number];
export type Verdict = z.infer<typeof verdict>;

export async function fetchPreflights(id: string, signal: AbortSignal): Promise<Preflights> {
  return requestJson({ method: 'GET', path: `${base(id)}/preflight`, signal }, preflights);
}

/** Answers at once; the outcome comes with `fetchPreflights`. */
export async function beginPreflight(id: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/preflight`, body: {} });
}

export type PreflightSettings = Pick<Preflights, 'address' | 'everyDays'>;

export async function savePreflight(id: string, chosen: PreflightSettings): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/preflight`, body: chosen });
}
