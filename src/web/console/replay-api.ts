/** The replay as the console follows and steers it, and what is held for a person. Times are epoch milliseconds, sizes bytes. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base } from './api.ts';

const plan = z.object({
  messagesPerMinute: z.number(),
  /** null: as many as the connections carry */
  bytesPerMinute: z.nullable(z.number()),
  connections: z.number(),
  start: z.enum(['automatic', 'hold']),
});
const turn = z.enum(['first', 'ordinary', 'paused']);
const replay = z.object({
  plan,
  hold: z.nullable(z.object({ atMs: z.number(), by: z.string(), reason: z.string() })),
  waiting: z.number(),
  waitingBytes: z.number(),
  /** of those waiting: behind a mailbox a person has paused; behind trouble of their own or of their recipient's */
  paused: z.number(),
  delayed: z.number(),
  replayed: z.number(),
  held: z.number(),
  connections: z.number(),
  /** the most the server has borne; null while it has refused none */
  ceiling: z.nullable(z.number()),
  easedBy: z.number(),
  /** measured over the last minute */
  messagesPerMinute: z.number(),
  bytesPerMinute: z.number(),
  endsAtMs: z.nullable(z.number()),
  turns: z.array(z.object({ recipient: z.string(), turn })),
});

export type Replay = Frozen<z.infer<typeof replay>>;
export type Plan = Replay['plan'];
export type Turn = z.infer<typeof turn>;
export type TurnChange = {
  readonly turn: Turn;
  readonly accounts: readonly string[];
  readonly groups: readonly string[];
};

export async function fetchReplay(id: string, signal: AbortSignal): Promise<Replay> {
  return requestJson({ method: 'GET', path: `${base(id)}/replay`, signal }, replay);
}

export async function savePlan(id: string, chosen: Plan): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/replay`, body: chosen });
}

export async function pauseReplay(id: string, reason: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/replay/pause`, body: { reason } });
}

export async function resumeReplay(id: string): Promise<void> {
  await request({ method: 'POST', path: `${base(id)}/replay/resume`, body: {} });
}

/** Answers how many people it is about: a group is its members of this moment. */
export async function setTurns(id: string, change: TurnChange): Promise<number> {
  const shape = z.object({ recipients: z.number() });
  return (await requestJson({ method: 'PUT', path: `${base(id)}/replay/turns`, body: change }, shape)).recipients;
}

export async function readdressHeld(id: string, messageId: string, to: string): Promise<void> {
  const path = `${base(id)}/held/${encodeURIComponent(messageId)}/readdress`;
  await request({ method: 'POST', path, body: { to } });
}
