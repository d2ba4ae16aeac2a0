/** A client's mail servers as a request names them, read into what is stored: checked, and with their secrets sealed. */
import { z } from '@hono/zod-openapi';
import type { Login, Peer } from '../../core/client.ts';
import { outwardUrlProblem } from '../../core/outward-url.ts';
import { type PeerProblem, peerProblem, plainTextProblem } from '../../core/peer-host.ts';
import type { HttpNeeds } from '../needs.ts';

// A control character would end the SASL field that the name stands in (RFC 4616 §2).
const username = z
  .string()
  .min(1)
  .max(320)
  .regex(/^\P{Cc}*$/u, 'leave out control characters');

/** RFC 6749: with `refreshToken`, by §6; without, as the application itself, by §4.4. Neither secret is ever shown again. */
const oauth = z
  .strictObject({
    tokenUrl: z.string().min(1).max(500),
    clientId: z.string().min(1).max(500),
    clientSecret: z.string().min(1).max(1_000).optional(),
    refreshToken: z.string().min(1).max(8_000).optional(),
    scope: z.string().min(1).max(1_000).optional(),
  })
  .refine((value) => value.clientSecret !== undefined || value.refreshToken !== undefined, {
    message: 'give clientSecret, or refreshToken, or both',
  });

const gateway = z
  .strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
    tls: z.enum(['none', 'starttls', 'implicit']),
    /** with `tls` none: the login and all mail may be read on the way */
    plainText: z.literal('accepted').optional(),
    username: username.optional(),
    password: z.string().min(1).max(500).optional(),
    /** instead of the password: XOAUTH2 */
    oauth: oauth.optional(),
    /** instead of all three: as it is stored for this host and port, so that a list can be changed without the secrets at hand */
    login: z.literal('kept').optional(),
    /** messages per minute it can take */
    capacityPerMinute: z.int().min(1).max(1_000_000).optional(),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
  })
  .refine((value) => value.password === undefined || value.oauth === undefined, {
    message: 'give a password or oauth, not both',
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined && value.oauth === undefined), {
    message: 'give username and password together, or username and oauth, or none of them',
  })
  .refine((value) => value.login === undefined || value.username === undefined, {
    message: 'with login "kept", leave out username, password and oauth',
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

/** `stored`: what there is already, for logins that are kept */
export async function readGateways(
  gateways: GatewayList,
  needs: HttpNeeds,
  stored: readonly Peer[] = [],
): Promise<ReadGateways> {
  for (const one of gateways) {
    const wrong = problemWith(one, needs) ?? noLoginToKeep(one, stored);
    if (wrong !== undefined) return { kind: 'wrong', ...wrong };
  }
  return { kind: 'peers', peers: await Promise.all(gateways.map((one) => peerOf(one, needs, stored))) };
}

function problemWith(
  { host, port, tls, plainText, oauth }: GatewayList[number],
  { allowPrivatePeers: allowPrivate, ownHosts }: HttpNeeds,
): (PeerProblem & { readonly title: string }) | undefined {
  const unreachable = peerProblem(host, port, { allowPrivate });
  if (unreachable !== undefined) return { title: 'This mail server cannot be reached from the edge', ...unreachable };
  const readable = plainTextProblem(tls, { allowPrivate, consent: plainText === undefined ? 'absent' : 'given' });
  if (readable !== undefined) return { title: 'This mail server would be spoken to in the clear', ...readable };
  const wrongUrl = oauth === undefined ? undefined : outwardUrlProblem(oauth.tokenUrl, { allowPrivate, ownHosts });
  if (wrongUrl !== undefined) return { title: 'oauth.tokenUrl cannot be used', ...wrongUrl };
  return undefined;
}

function noLoginToKeep({ host, port, login }: GatewayList[number], stored: readonly Peer[]) {
  if (login === undefined || storedLogin({ host, port }, stored) !== undefined) return undefined;
  return {
    title: 'There is no login to keep',
    detail: `No login is stored for ${host} port ${port}.`,
    fix: 'Give username and password, or username and oauth: a login is kept for the same host and port only.',
  };
}

/** Never for another place: a secret goes where it was meant to go. */
function storedLogin({ host, port }: Pick<Peer, 'host' | 'port'>, stored: readonly Peer[]): Login | undefined {
  return stored.find((peer) => peer.host.toLowerCase() === host.toLowerCase() && peer.port === port)?.login;
}

async function peerOf(
  { capacityPerMinute, latitude, longitude, login, ...reach }: GatewayList[number],
  needs: HttpNeeds,
  stored: readonly Peer[],
) {
  const kept = login === undefined ? undefined : storedLogin(reach, stored);
  return {
    ...(await needs.sealPeer(reach)),
    ...(kept === undefined ? {} : { login: kept }),
    ...(capacityPerMinute === undefined ? {} : { capacityPerMinute }),
    ...(latitude === undefined || longitude === undefined ? {} : { place: { latitude, longitude } }),
  };
}

/** For the audit log and for screens: everything but the secrets. */
export function shownPeer({ host, port, tls, login, capacityPerMinute, place }: Peer) {
  return {
    host,
    port,
    tls,
    username: login?.username ?? null,
    oauth: shownOAuth(login),
    capacityPerMinute: capacityPerMinute ?? null,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  };
}

function shownOAuth(login: Login | undefined) {
  if (login === undefined || !('oauth' in login)) return null;
  const { tokenUrl, clientId, scope, sealedRefreshToken } = login.oauth;
  const grant = sealedRefreshToken === undefined ? ('client_credentials' as const) : ('refresh_token' as const);
  return { tokenUrl, clientId, scope: scope ?? null, grant };
}
