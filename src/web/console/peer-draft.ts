/** A mail server as a person types it. Pure. */
import type { Gateway } from './gateways-api.ts';

export type Tls = Gateway['tls'];
/** `kept`: as it is stored, for the same host and port */
export type LoginWay = 'none' | 'kept' | 'password' | 'oauth';

const FIELDS = [
  'host',
  'port',
  'username',
  'password',
  'tokenUrl',
  'clientId',
  'clientSecret',
  'refreshToken',
  'scope',
  'capacityPerMinute',
  'latitude',
  'longitude',
] as const;
export type PeerField = (typeof FIELDS)[number];
export type PeerDraft = Readonly<Record<PeerField, string>> & {
  readonly tls: Tls;
  readonly login: LoginWay;
  /** where there is no TLS */
  readonly plainText: 'accepted' | 'unasked';
};
export type PeerErrors = Readonly<Partial<Record<PeerField | 'plainText', string>>>;
export type Stored = Pick<Gateway, 'host' | 'port' | 'tls' | 'username' | 'oauth'> & Partial<Gateway>;

const EMPTY: Readonly<Record<PeerField, string>> = {
  host: '',
  port: '',
  username: '',
  password: '',
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  refreshToken: '',
  scope: '',
  capacityPerMinute: '',
  latitude: '',
  longitude: '',
};

export const USUAL_PORTS: Readonly<Record<Tls, string>> = { implicit: '465', starttls: '587', none: '587' };

/** A new one begins with what is safe and usual: TLS from the first byte (RFC 8314 §3). */
export function emptyPeer(): PeerDraft {
  return { ...EMPTY, port: USUAL_PORTS.implicit, tls: 'implicit', login: 'password', plainText: 'unasked' };
}

export function draftOf(stored: Stored): PeerDraft {
  const text = (value: number | string | null | undefined) => String(value ?? '');
  return {
    ...EMPTY,
    host: stored.host,
    port: String(stored.port),
    tls: stored.tls,
    login: stored.username === null ? 'none' : 'kept',
    username: text(stored.username),
    tokenUrl: text(stored.oauth?.tokenUrl),
    clientId: text(stored.oauth?.clientId),
    scope: text(stored.oauth?.scope),
    capacityPerMinute: text(stored.capacityPerMinute),
    latitude: text(stored.latitude),
    longitude: text(stored.longitude),
    // Somebody has accepted it, or it is a deployment that asks nobody.
    plainText: stored.tls === 'none' ? 'accepted' : 'unasked',
  };
}

/** The ways of logging in that can be chosen: what is kept is kept for its own host and port only. */
export function loginWays(draft: PeerDraft, stored: Stored | undefined): readonly LoginWay[] {
  return canKeep(draft, stored) ? ['kept', 'password', 'oauth', 'none'] : ['password', 'oauth', 'none'];
}

/** The way chosen, or the one that is left when the host or the port has changed. */
export function loginWay(draft: PeerDraft, stored: Stored | undefined): LoginWay {
  if (draft.login !== 'kept' || canKeep(draft, stored)) return draft.login;
  return stored?.oauth === null || stored === undefined ? 'password' : 'oauth';
}

function canKeep(draft: PeerDraft, stored: Stored | undefined): boolean {
  return (
    stored !== undefined &&
    stored.username !== null &&
    stored.host.toLowerCase() === draft.host.trim().toLowerCase() &&
    String(stored.port) === draft.port.trim()
  );
}

/** What the parts of a form share. */
export type PeerParts = {
  readonly draft: PeerDraft;
  readonly set: (change: Partial<PeerDraft>) => void;
  readonly errors: PeerErrors;
};
