/** A mail server as a person gives it, read into what is stored: its secrets are sealed, and nobody sees them again. */
import type { Login, OAuth, Peer, TlsMode } from '../core/client.ts';

export type GivenOAuth = {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly scope?: string | undefined;
};

/** without `username`: no login; with it, either `password` or `oauth` */
export type GivenPeer = {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly oauth?: GivenOAuth | undefined;
};

type SealText = (plain: string) => Promise<string>;

export async function sealPeer(given: GivenPeer, seal: SealText): Promise<Peer> {
  const { host, port, tls } = given;
  const login = await sealLogin(given, seal);
  return { host, port, tls, ...(login === undefined ? {} : { login }) };
}

async function sealLogin({ username, password, oauth }: GivenPeer, seal: SealText): Promise<Login | undefined> {
  if (username === undefined) return undefined;
  if (oauth !== undefined) return { username, oauth: await sealOAuth(oauth, seal) };
  return password === undefined ? undefined : { username, sealedPassword: await seal(password) };
}

async function sealOAuth(given: GivenOAuth, seal: SealText): Promise<OAuth> {
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = given;
  return {
    tokenUrl,
    clientId,
    ...(scope === undefined ? {} : { scope }),
    ...(clientSecret === undefined ? {} : { sealedClientSecret: await seal(clientSecret) }),
    ...(refreshToken === undefined ? {} : { sealedRefreshToken: await seal(refreshToken) }),
  };
}
