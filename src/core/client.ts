/** A client's configuration as the client object and `receive` hold it: one versioned snapshot, pushed from D1. */

import type { ClientId } from './ids.ts';
import type { Rule } from './rules.ts';
import type { Thresholds } from './thresholds.ts';

export type TlsMode = 'none' | 'starttls' | 'implicit';

/** A peer we open SMTP sessions to: a client's gateway or the relay to the world. */
export type Peer = {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  /** `sealedPassword` is opened by adapters/seal.ts only, at the moment of AUTH */
  readonly login?: { readonly username: string; readonly sealedPassword: string };
};

/** How probes are spaced: the n-th gap is `firstMs` × n², at most `capMs` (the schedule of OpenSMTPD's routes). */
export type ProbePlan = { readonly firstMs: number; readonly capMs: number };

/** When a gateway counts as repaired: so many full probes in a row, over at least so long. */
export type RecoveryPlan = { readonly probes: number; readonly spanMs: number };

export type ClientSnapshot = {
  readonly clientId: ClientId;
  /** rises with every change in D1; the client object ignores an older one */
  readonly version: number;
  readonly name: string;
  readonly domains: readonly string[];
  readonly gateways: readonly Peer[];
  readonly rules: readonly Rule[];
  readonly thresholds: Thresholds;
  readonly probe: ProbePlan;
  readonly recovery: RecoveryPlan;
  readonly replay: { readonly messagesPerMinute: number };
  /** `hold`: the repair is noticed, but delivery switches back only when a person says so */
  readonly failback: 'automatic' | 'hold';
  /** where outage notices go: addresses that do not depend on the client's own server (P9) */
  readonly noticeAddresses: readonly string[];
};

export const DEFAULT_PROBE: ProbePlan = { firstMs: 5_000, capMs: 60_000 };
export const DEFAULT_RECOVERY: RecoveryPlan = { probes: 3, spanMs: 60_000 };
export const DEFAULT_MESSAGES_PER_MINUTE = 120;
