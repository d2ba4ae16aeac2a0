/** The only reader of bindings, vars and secrets. What is missing is said at the first request, by name, with what to do. */
import { z } from 'zod';
import { type OutwardUrlPolicy, outwardUrlProblem } from './core/outward-url.ts';
import { type PeerProblem, peerProblem, plainTextProblem } from './core/peer-host.ts';
import type { KeyText } from './mime/signing-key.ts';
import type { DeploymentScanner } from './pipeline/scanner.ts';
import type { Endpoint } from './smtp/session-types.ts';

export type Bindings = {
  readonly DB: D1Database;
  readonly CONTENT: R2Bucket;
  readonly CLIENTS: DurableObjectNamespace;
  readonly DOMAINS: DurableObjectNamespace;
  readonly WATCH: DurableObjectNamespace;
  /** the platform's own sending, for notices where there is no relay */
  readonly NOTICE_MAIL?: SendEmail;
};

export type Settings = {
  readonly serviceHost: string;
  /** where people's browsers reach the Worker, without a slash at its end */
  readonly publicUrl: string;
  /** the host names under which the Worker itself is reached, in lower case */
  readonly ownHosts: readonly string[];
  readonly operatorToken: string;
  readonly ingestToken: string;
  readonly sealKey: string;
  readonly allowPrivate: boolean;
  readonly relay: Endpoint | undefined;
  /** URLs of DNS over HTTPS in its JSON form */
  readonly dnsResolvers: readonly string[];
  /** who runs the deployment: they hear of every client's alarms */
  readonly operatorAddresses: readonly string[];
  /** with what mail from the spool is sealed (docs/trust.md); not read yet, for a key that is none must not keep mail from being taken */
  readonly arcKey: KeyText | undefined;
  /** for every client that has none of its own of the kind (docs/filtering.md) */
  readonly scanners: readonly DeploymentScanner[];
  /** the R2 key of the list of SHA-256 that are bad for every client; '': none */
  readonly hashList: string;
};

// A token that can be guessed opens every client: 32 characters are asked for.
const secret = z.string().min(32);

// Two operators with networks of their own: what both say is no accident of one.
const DNS_RESOLVERS = 'https://cloudflare-dns.com/dns-query,https://dns.google/resolve';

const schema = z.object({
  SERVICE_HOST: z.string().min(1),
  PUBLIC_URL: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  OPERATOR_TOKEN: secret,
  INGEST_TOKEN: secret,
  SEAL_KEY: secret,
  ALLOW_PRIVATE_PEERS: z.enum(['yes', 'no']),
  RELAY: z.union([z.literal(''), z.string().regex(/^[^\s:]+:\d{1,5}$/)]),
  RELAY_TLS: z.enum(['none', 'starttls', 'implicit']),
  RELAY_USERNAME: z.string().optional(),
  RELAY_PASSWORD: z.string().optional(),
  RSPAMD_URL: z.string().default(''),
  RSPAMD_PASSWORD: z.string().optional(),
  CLAMD: z.union([z.literal(''), z.string().regex(/^[^\s:]+:\d{1,5}$/)]).default(''),
  CLAMD_TLS: z.enum(['none', 'implicit']).default('implicit'),
  SCANNER_URL: z.string().default(''),
  SCANNER_TOKEN: z.string().optional(),
  HASH_LIST: z.string().default(''),
  ARC_DOMAIN: z.string().default(''),
  ARC_SELECTOR: z.string().default(''),
  ARC_KEY: z.string().default(''),
  OPERATOR_ADDRESSES: z.string().default('').transform(listed).pipe(z.array(z.email()).max(10)),
  DNS_RESOLVERS: z
    .string()
    .default(DNS_RESOLVERS)
    .transform(listed)
    .pipe(z.array(z.url({ protocol: /^https?$/ })).max(4)),
});

export function readSettings(env: object): Settings {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new Error(
      `not configured: ${names}. Set it in wrangler.toml or with "wrangler secret put"; docs/deployment.md says what each is.`,
    );
  }
  const values = parsed.data;
  const allowPrivate = values.ALLOW_PRIVATE_PEERS === 'yes';
  const publicUrl = values.PUBLIC_URL === '' ? `https://${values.SERVICE_HOST}` : values.PUBLIC_URL.replace(/\/+$/, '');
  const ownHosts = [values.SERVICE_HOST.toLowerCase(), URL.parse(publicUrl)?.hostname ?? ''];
  return {
    serviceHost: values.SERVICE_HOST,
    publicUrl,
    ownHosts,
    operatorToken: values.OPERATOR_TOKEN,
    ingestToken: values.INGEST_TOKEN,
    sealKey: values.SEAL_KEY,
    allowPrivate,
    relay: values.RELAY === '' ? undefined : relayOf(values, allowPrivate),
    dnsResolvers: values.DNS_RESOLVERS,
    operatorAddresses: values.OPERATOR_ADDRESSES,
    arcKey: arcKeyOf(values),
    scanners: scannersOf(values, { allowPrivate, ownHosts }),
    hashList: values.HASH_LIST,
  };
}

/** Comma separated. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** Any one of the three says that a seal is wanted: what is missing then is said where the key is read. */
function arcKeyOf({ ARC_DOMAIN, ARC_SELECTOR, ARC_KEY }: z.infer<typeof schema>): KeyText | undefined {
  if (ARC_DOMAIN === '' && ARC_SELECTOR === '' && ARC_KEY === '') return undefined;
  return { domain: ARC_DOMAIN, selector: ARC_SELECTOR, privateKeyPem: ARC_KEY };
}

/** What may not be asked is said here, once: else every message would go by unscanned, with a mark that nobody looks at. */
function scannersOf(values: z.infer<typeof schema>, policy: OutwardUrlPolicy): readonly DeploymentScanner[] {
  const { RSPAMD_URL, RSPAMD_PASSWORD, SCANNER_URL, SCANNER_TOKEN, CLAMD, CLAMD_TLS: tls } = values;
  const scanners: DeploymentScanner[] = [];
  if (RSPAMD_URL !== '') {
    refuse('RSPAMD_URL', outwardUrlProblem(RSPAMD_URL, policy));
    scanners.push({ kind: 'rspamd', url: RSPAMD_URL, ...(RSPAMD_PASSWORD ? { secret: RSPAMD_PASSWORD } : {}) });
  }
  if (CLAMD !== '') {
    const [host = '', port = ''] = CLAMD.split(':');
    refuse('CLAMD', peerProblem(host, Number(port), policy));
    const readable = plainTextProblem(tls, { ...policy, consent: 'absent' });
    if (readable !== undefined) throw new Error(`CLAMD_TLS: ${readable.detail} Set it to "implicit".`);
    scanners.push({ kind: 'clamd', host, port: Number(port), tls });
  }
  if (SCANNER_URL !== '') {
    refuse('SCANNER_URL', outwardUrlProblem(SCANNER_URL, policy));
    scanners.push({ kind: 'http', url: SCANNER_URL, ...(SCANNER_TOKEN ? { secret: SCANNER_TOKEN } : {}) });
  }
  return scanners;
}

function refuse(name: string, problem: PeerProblem | undefined): void {
  if (problem !== undefined) throw new Error(`${name}: ${problem.detail} ${problem.fix}`);
}

function relayOf(values: z.infer<typeof schema>, allowPrivate: boolean): Endpoint {
  const [host = '', port = ''] = values.RELAY.split(':');
  refuse('RELAY', peerProblem(host, Number(port), { allowPrivate }));
  const readable = plainTextProblem(values.RELAY_TLS, { allowPrivate, consent: 'absent' });
  if (readable !== undefined) throw new Error(`RELAY_TLS: ${readable.detail} Set it to "starttls" or "implicit".`);
  const { RELAY_USERNAME: username, RELAY_PASSWORD: password } = values;
  return {
    host,
    port: Number(port),
    tls: values.RELAY_TLS,
    ...(username && password ? { login: { username, password } } : {}),
  };
}
