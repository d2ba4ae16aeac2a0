/** A client's filter as the client object keeps it and the filter step reads it: pushed from D1 with the rest of the snapshot. */
import type { BuiltInSet, Rule } from './rules/rule.ts';

/** What follows when a scanner gives no answer, or a message passes a cap. */
export type WhenFailed = 'pass-marked' | 'hold';

export type ScannerPlan =
  /** the URL without `/checkv2`; its score is one of the spam score's reasons */
  | { readonly kind: 'rspamd'; readonly url: string; readonly sealedPassword?: string; readonly whenFailed: WhenFailed }
  /** clamd knows neither TLS nor a login: `implicit` where something that does stands before it */
  | {
      readonly kind: 'clamd';
      readonly host: string;
      readonly port: number;
      readonly tls: 'none' | 'implicit';
      readonly whenFailed: WhenFailed;
    }
  /** any scanner behind HTTP: docs/filtering.md has its contract */
  | { readonly kind: 'http'; readonly url: string; readonly sealedToken?: string; readonly whenFailed: WhenFailed };

export type QuarantinePlan = {
  /** an admin may delete after so many days, nobody before */
  readonly retentionDays: number;
  /** what users may do with what is quarantined for them */
  readonly users: 'nothing' | 'see' | 'release';
  /** hours between digests; 0: none */
  readonly digestHours: number;
};

export type FilterPlan = {
  readonly rules: readonly Rule[];
  readonly sets: readonly BuiltInSet[];
  /** by name; entries in lower case: addresses, domains, IP addresses, hosts, SHA-256 */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** of 100: from here on the set `spam` quarantines; from `tagAt` it marks */
  readonly spam: { readonly quarantineAt: number; readonly tagAt: number };
  readonly scanners: readonly ScannerPlan[];
  /** of the scanners that every client has; its own say it themselves */
  readonly whenScannerFailed: WhenFailed;
  readonly whenNotFullyScanned: WhenFailed;
  readonly quarantine: QuarantinePlan;
  /** base64 of little-endian uint32: the keys of its people's names (rules/impersonation.ts) */
  readonly nameKeys: string;
};

/** The name of the client's list of SHA-256 by which the built-in scanner knows bad content (filter/virus.ts). */
export const BAD_HASHES = 'bad-hashes';

export const DEFAULT_FILTER_PLAN: FilterPlan = {
  rules: [],
  sets: [],
  lists: {},
  spam: { quarantineAt: 90, tagAt: 60 },
  scanners: [],
  whenScannerFailed: 'pass-marked',
  whenNotFullyScanned: 'pass-marked',
  quarantine: { retentionDays: 30, users: 'nothing', digestHours: 24 },
  nameKeys: '',
};
