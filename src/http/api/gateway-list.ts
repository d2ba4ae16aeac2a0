/** A client's mail servers as a request names them, read into what is stored: checked, and with the password sealed. */
import { z } from '@hono/zod-openapi';
import type { Peer } from '../../core/client.ts';
import { peerProblem } from '../../core/peer-host.ts';
import type { HttpNeeds } from '../needs.ts';

const gateway = z
  .strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
    tls: z.enum(['none', 'starttls', 'implicit']),
    username: z.string().min(1).max(320).optional(),
    password: z.string().min(1).max(500).optional(),
    /** messages per minute it can take */
    capacityPerMinute: z.int().min(1).max(1_000_000).optional(),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined), {
    message: 'give username and password together, or neither',
  })
  .refine((value) => (value.latitude === undefined) === (value.longitude === undefined), {
    message: 'give latitude and longitude together, or neither',
  });

// A choice is made for every message: it must stay a short list.
export const gatewayListSchema = z.array(gateway).min(1, 'name at least one mail server').max(10);

type GatewayList = z.infer<typeof gatewayListSchema>;

export type ReadGateways =
  | { readonly kind: 'peers'; readonly peers: readonly Peer[] }
  | { readonly kind: 'wrong'; readonly title: string; readonly detail: string; readonly fix: string };

export async function readGateways(gateways: GatewayList, needs: HttpNeeds): Promise<ReadGateways> {
  for (const { host, port } of gateways) {
    const wrong = peerProblem(host, port, { allowPrivate: needs.allowPrivatePeers });
    if (wrong !== undefined) return { kind: 'wrong', title: 'This gateway cannot be reached from the edge', ...wrong };
  }
  return { kind: 'peers', peers: await Promise.all(gateways.map((one) => peerOf(one, needs))) };
}

async function peerOf({ capacityPerMinute, latitude, longitude, ...reach }: GatewayList[number], needs: HttpNeeds) {
  return {
    ...(await needs.sealPeer(reach)),
    ...(capacityPerMinute === undefined ? {} : { capacityPerMinute }),
    ...(latitude === undefined || longitude === undefined ? {} : { place: { latitude, longitude } }),
  };
}

/** For the audit log and for screens: everything but the password. */
export function shownPeer({ host, port, tls, login, capacityPerMinute, place }: Peer) {
  return {
    host,
    port,
    tls,
    username: login?.username ?? null,
    capacityPerMinute: capacityPerMinute ?? null,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  };
}
