/**
 * What a preflight has shown: whether each gateway would take, today, what a replay brings. A preflight is no evidence of health: it
 * sends what a server may refuse for good reasons, and must cause no failover. Pure; the dialogue itself is pipeline/preflight.ts's.
 */
import type { TlsMode } from './client.ts';
import { type PreflightFinding, type PreflightVerdict, preflightFindings } from './preflight-findings.ts';
import { type GatewaySeen, parameterOf, type StagedReply, sizeLimitOf } from './preflight-seen.ts';

export type GatewayPreflight = {
  readonly gateway: string;
  readonly verdict: PreflightVerdict;
  readonly words: string;
  /** the weightiest first; empty when there is nothing to say */
  readonly findings: readonly PreflightFinding[];
  /** the banner, and what was said to the message: the first line of each */
  readonly replies: readonly StagedReply[];
  /** `used` null: no secure connection, or none at all */
  readonly tls: { readonly configured: TlsMode; readonly used: TlsMode | null };
  /** `offered` null: it did not come to that; `accepted` null: no login is configured, or it did not come to that */
  readonly login: {
    readonly configured: boolean;
    readonly offered: readonly string[] | null;
    readonly accepted: boolean | null;
  };
  /** null: it did not come to that */
  readonly extensions: readonly string[] | null;
  /** RFC 1870; null: none is named */
  readonly sizeLimitBytes: number | null;
  /** from EHLO to its reply */
  readonly roundTripMs: number | null;
  readonly connections: { readonly asked: number; readonly opened: number } | null;
};

export type Preflight = {
  /** of the worst gateway: the replay may meet any of them */
  readonly verdict: PreflightVerdict;
  readonly recipient: string;
  readonly gateways: readonly GatewayPreflight[];
};

export function judgeGateway(seen: GatewaySeen): GatewayPreflight {
  const findings = preflightFindings(seen);
  const [first] = findings;
  const verdict = first?.verdict ?? 'accepted';
  const { gateway, configured, opened, replies, connections } = seen;
  const open = opened.kind === 'open' ? opened : undefined;
  return {
    gateway,
    verdict,
    words: verdict === 'accepted' || first === undefined ? ACCEPTED : first.words,
    findings,
    replies,
    tls: { configured: configured.tls, used: open?.tls ?? null },
    login: {
      configured: configured.hasLogin,
      offered: open === undefined ? null : mechanismsOf(open.extensions),
      accepted: isAccepted(seen),
    },
    extensions: open?.extensions ?? null,
    sizeLimitBytes: open === undefined ? null : (sizeLimitOf(open.extensions) ?? null),
    roundTripMs: open?.roundTripMs === undefined ? null : Math.round(open.roundTripMs),
    connections: connections === undefined ? null : { asked: connections.asked, opened: connections.opened },
  };
}

export function preflightOf(recipient: string, gateways: readonly GatewayPreflight[]): Preflight {
  const verdict = WORST_FIRST.find((one) => gateways.some((gateway) => gateway.verdict === one)) ?? 'accepted';
  return { verdict, recipient, gateways };
}

/** Told once: a gateway that took it the last time, or was never asked, and does not now; and once more when all take it again. */
export function changeSince(before: Preflight | undefined, now: Preflight): 'worse' | 'better' | 'same' {
  const wasGood = (gateway: string) =>
    (before?.gateways.find((one) => one.gateway === gateway)?.verdict ?? 'accepted') === 'accepted';
  if (now.gateways.some(({ gateway, verdict }) => verdict !== 'accepted' && wasGood(gateway))) return 'worse';
  const isBetter = before !== undefined && before.verdict !== 'accepted' && now.verdict === 'accepted';
  return isBetter ? 'better' : 'same';
}

/** One line for each gateway that does not take it. */
export function preflightLines({ gateways }: Preflight): readonly string[] {
  return gateways.filter(({ verdict }) => verdict !== 'accepted').map(({ gateway, words }) => `${gateway} ${words}`);
}

const ACCEPTED = 'takes what a replay brings';

const WORST_FIRST: readonly PreflightVerdict[] = ['unreachable', 'tls', 'login', 'refused', 'throttled', 'accepted'];

/** RFC 4954 §3 */
function mechanismsOf(extensions: readonly string[]): readonly string[] {
  return (parameterOf('AUTH', extensions) ?? '').split(' ').filter((one) => one !== '');
}

function isAccepted({ configured, opened }: GatewaySeen): boolean | null {
  if (!configured.hasLogin) return null;
  if (opened.kind === 'open') return opened.isLoggedIn;
  return opened.kind === 'failed' && opened.cause.stage === 'auth' ? false : null;
}
