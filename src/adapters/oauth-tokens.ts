/**
 * Access tokens for XOAUTH2, from the provider's token endpoint: by a refresh token (RFC 6749 §6) or as the application itself (§4.4).
 * Kept in memory until shortly before they expire; nothing of a secret ever stands in what is returned for people to read.
 *
 * A refresh token that the provider replaces at its use is not followed: the object and every isolate at the edge hold the stored one
 * at the same time. Microsoft and Google let the stored one be used again; where it is used up at once, the application's own login
 * (`clientSecret` without `refreshToken`) is the one to take (docs/deployment.md).
 */
import { z } from 'zod';
import type { OAuth } from '../core/client.ts';
import { type OutwardUrlPolicy, outwardUrlProblem } from '../core/outward-url.ts';
import { boundedText } from './resolver.ts';
import type { Seal } from './seal.ts';

export type TokenAnswer =
  | { readonly kind: 'token'; readonly accessToken: string; readonly from: 'memory' | 'provider' }
  /** for people */
  | { readonly kind: 'failed'; readonly problem: string };

export type AccessTokens = {
  /** never throws */
  get(oauth: OAuth, timeoutMs: number): Promise<TokenAnswer>;
  /** the peer has refused it: it is not given out again */
  forget(accessToken: string): void;
};

export type TokenNeeds = {
  readonly policy: OutwardUrlPolicy;
  readonly seal: Pick<Seal, 'open'>;
  readonly now: () => number;
};

// The token must outlive the session that is opened with it, and clocks differ.
const SPARE_MS = 120_000;
// RFC 6749 §5.1 only recommends to say it. A token is good for minutes at every provider.
const UNSAID_MS = 300_000;
// Nobody gives tokens for longer, and a secret is not kept for ever because of a wrong number.
const LONGEST_MS = 86_400_000;

type Kept = { readonly accessToken: string; readonly until: number };

export function createAccessTokens(needs: TokenNeeds): AccessTokens {
  const kept = new Map<string, Kept>();
  return {
    async get(oauth, timeoutMs) {
      // What is sealed differs with every sealing: no two logins share a token by accident.
      const key = JSON.stringify(oauth);
      const known = kept.get(key);
      if (known !== undefined && known.until > needs.now())
        return { kind: 'token', accessToken: known.accessToken, from: 'memory' };
      for (const [name, one] of kept) if (one.until <= needs.now()) kept.delete(name);
      const granted = await fetchToken(oauth, timeoutMs, needs);
      if (granted.kind === 'failed') return granted;
      kept.set(key, { accessToken: granted.accessToken, until: needs.now() + granted.lastsMs - SPARE_MS });
      return { kind: 'token', accessToken: granted.accessToken, from: 'provider' };
    },
    forget(accessToken) {
      for (const [key, one] of kept) if (one.accessToken === accessToken) kept.delete(key);
    },
  };
}

type Granted =
  | { readonly kind: 'granted'; readonly accessToken: string; readonly lastsMs: number }
  | { readonly kind: 'failed'; readonly problem: string };

async function fetchToken(oauth: OAuth, timeoutMs: number, { policy, seal }: TokenNeeds): Promise<Granted> {
  // Checked when it was set as well; the policy may have been changed since.
  const wrong = outwardUrlProblem(oauth.tokenUrl, policy);
  if (wrong !== undefined) return failed(`the token URL is not called: ${wrong.detail}`);
  const secrets = await secretsOf(oauth, seal);
  if (secrets === undefined) return failed(SEAL_BROKEN);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    const response = await fetch(oauth.tokenUrl, {
      method: 'POST',
      body: requestOf(oauth, secrets),
      headers: { accept: 'application/json', 'user-agent': 'Breakwater' },
      // A redirect could lead where the URL itself may not, and it would carry the secret along.
      redirect: 'manual',
      signal: late.signal,
    });
    return readAnswer(response.status, await boundedText(response), Object.values(secrets));
  } catch {
    // The platform's own words may hold the URL.
    return failed(
      late.signal.aborted
        ? `the token endpoint did not answer within ${timeoutMs / 1000} s`
        : 'no connection to the token endpoint',
    );
  } finally {
    // A timer that is left running keeps the client's object awake.
    clearTimeout(timer);
  }
}

const SEAL_BROKEN =
  'the stored secret of the login cannot be opened: was SEAL_KEY changed? Set the client secret or refresh token again';

type Secrets = { readonly client_secret?: string; readonly refresh_token?: string };

async function secretsOf(oauth: OAuth, seal: TokenNeeds['seal']): Promise<Secrets | undefined> {
  const { sealedClientSecret, sealedRefreshToken } = oauth;
  try {
    return {
      ...(sealedClientSecret === undefined ? {} : { client_secret: await seal.open(sealedClientSecret) }),
      ...(sealedRefreshToken === undefined ? {} : { refresh_token: await seal.open(sealedRefreshToken) }),
    };
  } catch {
    return undefined;
  }
}

/** The secret goes in the body (RFC 6749 §2.3.1): Microsoft and Google document no other way first. */
function requestOf({ clientId, scope }: OAuth, secrets: Secrets): URLSearchParams {
  return new URLSearchParams({
    grant_type: secrets.refresh_token === undefined ? 'client_credentials' : 'refresh_token',
    client_id: clientId,
    ...secrets,
    ...(scope === undefined ? {} : { scope }),
  });
}

const tokenSchema = z.object({
  // RFC 6750 §2.1; whatever else stands in it could end the SMTP command or the XOAUTH2 field.
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  // RFC 6749 has a number; some send it as text.
  expires_in: z.coerce.number().positive().optional(),
});
const errorSchema = z.object({ error: z.string(), error_description: z.string().optional() });

function readAnswer(status: number, text: string | undefined, secrets: readonly string[]): Granted {
  if (status >= 300 && status < 400) return failed('the token endpoint sends us elsewhere, which is not followed');
  if (text === undefined) return failed('the answer of the token endpoint is too large to be one');
  const answer = parsed(text);
  if (status !== 200) return failed(`the token endpoint answered HTTP ${status}${reasonIn(answer, secrets)}`);
  const token = tokenSchema.safeParse(answer);
  if (!token.success) return failed('the answer of the token endpoint holds no bearer token');
  const lastsMs = Math.min((token.data.expires_in ?? UNSAID_MS / 1000) * 1000, LONGEST_MS);
  return { kind: 'granted', accessToken: token.data.access_token, lastsMs };
}

// A provider's text goes into the ledger: the sense is in the first words.
const MAX_REASON = 200;

/** RFC 6749 §5.2, in the provider's words, which must not be those that we have sent. */
function reasonIn(answer: unknown, secrets: readonly string[]): string {
  const read = errorSchema.safeParse(answer);
  if (!read.success) return '';
  const words = [read.data.error, read.data.error_description].filter((one) => one !== undefined).join(': ');
  if (secrets.some((secret) => words.includes(secret))) return '';
  const line = words.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return ` (${line.slice(0, MAX_REASON)})`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(problem: string): { readonly kind: 'failed'; readonly problem: string } {
  return { kind: 'failed', problem };
}
