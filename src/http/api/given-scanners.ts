/** A client's scanners as a request names them, read into what is stored: checked, and with their secrets sealed. */
import { z } from '@hono/zod-openapi';
import type { ScannerPlan } from '../../core/filter-plan.ts';
import { outwardUrlProblem } from '../../core/outward-url.ts';
import { type PeerProblem, peerProblem, plainTextProblem } from '../../core/peer-host.ts';
import type { HttpNeeds } from '../needs.ts';

const whenFailed = z.enum(['pass-marked', 'hold']);
const url = z.string().min(1).max(2_000);
const secret = z.string().min(1).max(500);
const called = { url, secret: secret.optional(), storedSecret: z.literal('kept').optional(), whenFailed } as const;

/** `secret`: rspamd's password, the bearer token of another; `storedSecret`: as it is stored for this URL, so that a list can be changed without it at hand */
const scanner = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rspamd'), ...called }),
    z.strictObject({ kind: z.literal('http'), ...called }),
    z.strictObject({
      kind: z.literal('clamd'),
      host: z.string().min(1).max(255),
      port: z.int().min(1).max(65_535),
      tls: z.enum(['none', 'implicit']),
      /** with `tls` none: every message may be read on the way */
      plainText: z.literal('accepted').optional(),
      whenFailed,
    }),
  ])
  .refine((one) => one.kind === 'clamd' || one.storedSecret === undefined || one.secret === undefined, {
    message: 'with storedSecret "kept", leave out the secret',
  });

// Every message waits for the slowest of them, and each is sent the whole message over one of the platform's six connections.
export const scannerListSchema = z.array(scanner).max(4);

type GivenScanner = z.infer<typeof scanner>;
type ByUrl = Exclude<GivenScanner, { kind: 'clamd' }>;

export type ReadScanners =
  | { readonly kind: 'scanners'; readonly scanners: readonly ScannerPlan[] }
  | { readonly kind: 'wrong'; readonly title: string; readonly detail: string; readonly fix: string };

/** `stored`: what there is already, for secrets that are kept */
export async function readScanners(
  given: readonly GivenScanner[],
  needs: HttpNeeds,
  stored: readonly ScannerPlan[],
): Promise<ReadScanners> {
  for (const one of given) {
    const wrong = problemWith(one, needs) ?? nothingToKeep(one, stored);
    if (wrong !== undefined) return { kind: 'wrong', ...wrong };
  }
  return { kind: 'scanners', scanners: await Promise.all(given.map((one) => planOf(one, needs, stored))) };
}

/** For the audit log and for screens: everything but the secret. */
export function shownScanner(plan: ScannerPlan) {
  switch (plan.kind) {
    case 'rspamd':
      return {
        kind: plan.kind,
        url: plan.url,
        whenFailed: plan.whenFailed,
        hasSecret: plan.sealedPassword !== undefined,
      };
    case 'http':
      return { kind: plan.kind, url: plan.url, whenFailed: plan.whenFailed, hasSecret: plan.sealedToken !== undefined };
    case 'clamd':
      return plan;
  }
}

type Wrong = PeerProblem & { readonly title: string };

function problemWith(one: GivenScanner, { allowPrivatePeers: allowPrivate, ownHosts }: HttpNeeds): Wrong | undefined {
  if (one.kind !== 'clamd') {
    const found = outwardUrlProblem(one.url, { allowPrivate, ownHosts });
    return found === undefined ? undefined : { title: 'This scanner cannot be called', ...found };
  }
  const unreachable = peerProblem(one.host, one.port, { allowPrivate });
  if (unreachable !== undefined) return { title: 'This scanner cannot be reached from the edge', ...unreachable };
  if (
    plainTextProblem(one.tls, { allowPrivate, consent: one.plainText === undefined ? 'absent' : 'given' }) === undefined
  )
    return undefined;
  return {
    title: 'Every message would be sent in the clear',
    detail: 'Without TLS, whoever sits on the way to the scanner can read all mail.',
    fix: 'Put something that speaks TLS before clamd and give "tls": "implicit". If the way is protected by other means, say so with "plainText": "accepted".',
  };
}

/** A secret is never sent to another address than the one it was given for. */
function nothingToKeep(one: GivenScanner, stored: readonly ScannerPlan[]): Wrong | undefined {
  if (one.kind === 'clamd' || one.storedSecret === undefined || sealedFor(one, stored) !== undefined) return undefined;
  return {
    title: 'There is no secret to keep',
    detail: `None is stored for ${one.kind} at ${one.url}.`,
    fix: 'Give the secret, or leave "storedSecret" out when there is none.',
  };
}

async function planOf(one: GivenScanner, needs: HttpNeeds, stored: readonly ScannerPlan[]): Promise<ScannerPlan> {
  if (one.kind === 'clamd') {
    const { kind, host, port, tls, whenFailed: silent } = one;
    return { kind, host, port, tls, whenFailed: silent };
  }
  const sealed = one.secret === undefined ? keptSecret(one, stored) : await needs.sealSecret(one.secret);
  const plan = { url: one.url, whenFailed: one.whenFailed };
  if (one.kind === 'rspamd')
    return { kind: 'rspamd', ...plan, ...(sealed === undefined ? {} : { sealedPassword: sealed }) };
  return { kind: 'http', ...plan, ...(sealed === undefined ? {} : { sealedToken: sealed }) };
}

function keptSecret(one: ByUrl, stored: readonly ScannerPlan[]): string | undefined {
  return one.storedSecret === undefined ? undefined : sealedFor(one, stored);
}

function sealedFor(one: ByUrl, stored: readonly ScannerPlan[]): string | undefined {
  const known = stored.find((plan) => plan.kind !== 'clamd' && plan.kind === one.kind && plan.url === one.url);
  if (known?.kind === 'rspamd') return known.sealedPassword;
  return known?.kind === 'http' ? known.sealedToken : undefined;
}
