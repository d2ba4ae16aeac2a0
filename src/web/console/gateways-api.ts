/** A client's mail servers: as they are set, and in which order they are tried now. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import { request, requestJson } from '../shared/request.ts';
import { base, gatewayShape } from './api.ts';

const tried = z.object({
  ...gatewayShape.shape,
  turn: z.enum(['open', 'full', 'failing']),
  /** 0-1 */
  score: z.number(),
  roundTripMs: z.nullable(z.number()),
  failuresInARow: z.number(),
  lastFailureAtMs: z.nullable(z.number()),
  messagesThisMinute: z.number(),
  reasons: z.array(z.string()),
});

export type Gateway = Frozen<z.infer<typeof gatewayShape>>;
export type TriedGateway = Frozen<z.infer<typeof tried>>;

/** What a person may give; `login: 'kept'` instead of its parts: as it is stored for this host and port. */
export type GivenPeer = {
  readonly host: string;
  readonly port: number;
  readonly tls: Gateway['tls'];
  readonly plainText?: 'accepted';
  readonly login?: 'kept';
  readonly username?: string;
  readonly password?: string;
  readonly oauth?: {
    readonly tokenUrl: string;
    readonly clientId: string;
    readonly clientSecret?: string;
    readonly refreshToken?: string;
    readonly scope?: string;
  };
  readonly capacityPerMinute?: number;
  readonly latitude?: number;
  readonly longitude?: number;
};

export async function fetchGateways(id: string, signal: AbortSignal): Promise<readonly TriedGateway[]> {
  const shape = z.object({ gateways: z.array(tried) });
  return (await requestJson({ method: 'GET', path: `${base(id)}/gateways`, signal }, shape)).gateways;
}

export async function saveGateways(id: string, gateways: readonly GivenPeer[]): Promise<void> {
  await request({ method: 'PUT', path: `${base(id)}/gateways`, body: { gateways } });
}
