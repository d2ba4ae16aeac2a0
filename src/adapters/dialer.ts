/** Opens SMTP sessions to configured peers: what is sealed is opened here, and a token fetched, at the moment it is needed. */
import type { Login, OAuth, Peer } from '../core/client.ts';
import type { Fault } from '../core/outcome.ts';
import type { Dial, OpenedPeer } from '../pipeline/deliver.ts';
import { openSession } from '../smtp/session.ts';
import type { Endpoint, Opened, Timeouts } from '../smtp/session-types.ts';
import type { AccessTokens } from './oauth-tokens.ts';
import type { Seal } from './seal.ts';

export type DialSettings = { readonly heloName: string; readonly timeouts: Timeouts };

export type DialNeeds = { readonly seal: Pick<Seal, 'open'>; readonly tokens: AccessTokens };

export function createDial(settings: DialSettings, { seal, tokens }: DialNeeds): Dial {
  return async (peer) => {
    const { login } = peer;
    if (login === undefined) return openSession(placeOf(peer), settings);
    if ('oauth' in login) return dialByToken(peer, login, { settings, tokens });
    const password = await seal.open(login.sealedPassword).catch(() => undefined);
    // Mail must be kept and the trouble seen: a throw here would send every message back to its sender in silence.
    if (password === undefined) return notOpened({ kind: 'unclassified', problem: SEAL_BROKEN });
    return openSession({ ...placeOf(peer), login: { username: login.username, password } }, settings);
  };
}

const SEAL_BROKEN = 'the stored password of the gateway cannot be opened: was SEAL_KEY changed? Set the password again';

/** To the deployment's own relay, whose password is a secret of the deployment and needs no seal. */
export function relayOpener(
  relay: Endpoint | undefined,
  settings: DialSettings,
): (() => Promise<OpenedPeer>) | undefined {
  if (relay === undefined) return undefined;
  return async () => ({ ...(await openSession(relay, settings)), peer: `${relay.host}:${relay.port}` });
}

// Providers answer within a second; the gateway has its own time after that.
const TOKEN_MS = 10_000;

type TokenDialling = { readonly settings: DialSettings; readonly tokens: AccessTokens };
type OAuthLogin = Extract<Login, { readonly oauth: OAuth }>;

async function dialByToken(peer: Peer, login: OAuthLogin, { settings, tokens }: TokenDialling): Promise<Opened> {
  const timeoutMs = Math.min(TOKEN_MS, settings.timeouts.commandMs);
  const open = async () => {
    const answer = await tokens.get(login.oauth, timeoutMs);
    if (answer.kind === 'failed') return { ...(await withoutToken(peer, answer.problem, settings)), from: undefined };
    const { accessToken, from } = answer;
    const opened = await openSession({ ...placeOf(peer), login: { username: login.username, accessToken } }, settings);
    if (isRefusedLogin(opened)) tokens.forget(accessToken);
    return { ...opened, from };
  };
  const first = await open();
  // One that was good an hour ago may have been taken back since; only a fresh one that is refused says that we are.
  return isRefusedLogin(first) && first.from === 'memory' ? open() : first;
}

/** A gateway that is away is away whether we have a token or not: its own trouble must be seen behind the provider's. */
async function withoutToken(peer: Peer, problem: string, settings: DialSettings): Promise<Opened> {
  const opened = await openSession(placeOf(peer), settings);
  if (opened.kind === 'failed') return opened;
  await opened.session.close();
  return notOpened({ kind: 'token', problem });
}

function isRefusedLogin(opened: Opened): boolean {
  return (
    opened.kind === 'failed' &&
    opened.cause.kind === 'reply' &&
    opened.cause.stage === 'auth' &&
    opened.cause.reply.code >= 500
  );
}

function placeOf({ host, port, tls }: Peer): Endpoint {
  return { host, port, tls };
}

function notOpened(fault: Fault): Opened {
  return { kind: 'failed', cause: { kind: 'fault', stage: 'auth', fault } };
}
