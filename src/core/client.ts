/** A client's configuration as the client object and `receive` hold it: one versioned snapshot, pushed from D1. */

import type { FilterPlan } from './filter-plan.ts';
import type { ClientId } from './ids.ts';
import type { Place } from './place.ts';
import type { LocationHint } from './region.ts';
import type { Thresholds } from './thresholds.ts';

export type TlsMode = 'none' | 'starttls' | 'implicit';

/** A peer we open SMTP sessions to: a client's gateway or the relay to the world. */
export type Peer = {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly login?: Login;
  /** messages per minute it can take */
  readonly capacityPerMinute?: number;
  readonly place?: Place;
};

/** What is sealed is opened by adapters/seal.ts only, at the moment of AUTH. */
export type Login =
  | { readonly username: string; readonly sealedPassword: string }
  | { readonly username: string; readonly oauth: OAuth };

/** XOAUTH2: the access token is fetched when it is wanted, by a refresh token (RFC 6749 §6) or as the application itself (§4.4). */
export type OAuth = {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scope?: string;
  readonly sealedClientSecret?: string;
  readonly sealedRefreshToken?: string;
};

/** What counts for how much in the choice among several gateways (R2); each >= 0, only their proportions matter. */
export type ChoiceWeights = {
  readonly health: number;
  readonly capacity: number;
  readonly roundTrip: number;
  readonly distance: number;
};

/** How probes are spaced: the n-th gap is `firstMs` × n², at most `capMs` (the schedule of OpenSMTPD's routes). */
export type ProbePlan = {
  readonly firstMs: number;
  readonly capMs: number;
  /** a gateway that was silent for so long is looked at though nothing is wrong; 0 = never */
  readonly idleMs: number;
  /** asked for in RCPT and never written to, unless `testMessage`; absent: people it has taken mail for, and postmaster */
  readonly address?: string;
  /** R20: while down, a probe hands over a real, marked message to `address`; the repair is proved by its being taken */
  readonly testMessage: boolean;
};

/** When a gateway counts as repaired: so many full probes in a row, over at least so long. */
export type RecoveryPlan = { readonly probes: number; readonly spanMs: number };

/** How what was kept is given back (R24). Changed while it runs: each message goes by what is configured at that moment. */
export type ReplayPlan = {
  readonly messagesPerMinute: number;
  /** absent: as many as the connections carry */
  readonly bytesPerMinute?: number;
  /** at most so many at a time; the gateway may make us take fewer */
  readonly connections: number;
  /** `hold`: new mail goes to the repaired gateway at once; what was kept waits until a person says so */
  readonly start: 'automatic' | 'hold';
};

/** When a message that one recipient keeps from being delivered in normal times goes back to its sender. */
export type ExpiryPlan = {
  readonly afterMs: number;
  /** the sender hears of the delay once after so long; absent: never */
  readonly delayNoticeAfterMs?: number;
};

/** Mail to the world. Limits stop a stolen password from making the client a spammer. */
export type OutboundPlan = {
  /** the client's own smarthost; absent: the deployment's */
  readonly relay?: Peer;
  /** recipients */
  readonly perUserPerHour: number;
  readonly perClientPerHour: number;
};

/** RFC 6376. `publicKey`: base64 of the SubjectPublicKeyInfo, as the DNS record has it */
export type DkimKey = {
  readonly domain: string;
  readonly selector: string;
  readonly publicKey: string;
  readonly sealedPrivateKey: string;
};

/** A marked message, sent the way of a replay before the day comes. */
export type PreflightPlan = {
  /** absent: postmaster of the client's first domain */
  readonly address?: string;
  /** 0: only when somebody asks */
  readonly everyMs: number;
};

export type ClientSnapshot = {
  readonly clientId: ClientId;
  /** rises with every change in D1; the client object ignores an older one */
  readonly version: number;
  readonly name: string;
  readonly domains: readonly string[];
  readonly gateways: readonly Peer[];
  readonly filter: FilterPlan;
  readonly thresholds: Thresholds;
  readonly probe: ProbePlan;
  readonly recovery: RecoveryPlan;
  readonly replay: ReplayPlan;
  readonly expiry: ExpiryPlan;
  readonly outbound: OutboundPlan;
  /** with which what its people send to the world is signed; the newest key of a domain first */
  readonly dkim: readonly DkimKey[];
  readonly preflight: PreflightPlan;
  /** `hold`: the repair is noticed, but delivery switches back only when a person says so */
  readonly failback: 'automatic' | 'hold';
  /** what a crossed threshold does: fail over; ask the client by a link; or only say so (`manual`) */
  readonly failover: 'automatic' | 'ask' | 'manual';
  /** a server that answers, and fails on TLS or refuses our login: keep mail and alarm, or fail over as if it were down */
  readonly whenRefused: 'keep' | 'failover';
  readonly maintenance: readonly MaintenanceWindow[];
  readonly choice: ChoiceWeights;
  /** where the client object was asked to live, and hence measures distances from; absent: nowhere in particular */
  readonly home?: LocationHint;
  /** where outage notices go: addresses that do not depend on the client's own server (P9) */
  readonly noticeAddresses: readonly string[];
  /** called with every line of the timeline; the secret signs the call */
  readonly webhooks: readonly Webhook[];
  /** an alarm is repeated at this interval until somebody says that they have seen it; 0 = never */
  readonly noticeRepeatMs: number;
  /** hex SHA-256 of the token in the client's system addresses (R11); absent: none was made */
  readonly systemTokenHash?: string;
};

export type Webhook = { readonly url: string; readonly sealedSecret: string };

/** Planned work on the gateway, in the client's own local time. */
export type MaintenanceWindow = {
  readonly id: string;
  readonly title: string;
  /** IANA name, as `Europe/Berlin` */
  readonly timeZone: string;
  /** `failover`: mailboxes open at its start; `keep`: mail is kept, nobody is alarmed, nothing opens */
  readonly meaning: 'failover' | 'keep';
  readonly when: /** local times `2026-12-01T22:00` */
    | { readonly kind: 'once'; readonly from: string; readonly to: string }
    /** weekdays 1 (Monday) to 7, local time `22:00` */
    | {
        readonly kind: 'weekly';
        readonly weekdays: readonly number[];
        readonly from: string;
        readonly minutes: number;
      };
};

// Half of the five minutes in which a failure without any traffic is to be found; the other half is for being sure.
const IDLE_PROBE_MS = 150_000;
export const DEFAULT_PROBE: ProbePlan = {
  firstMs: 5_000,
  capMs: 60_000,
  idleMs: IDLE_PROBE_MS,
  testMessage: false,
};
/** A healthy one first; then the quick one before the near one, for distance only guesses what the round trip measures. */
export const DEFAULT_CHOICE: ChoiceWeights = { health: 8, capacity: 2, roundTrip: 2, distance: 1 };
export const DEFAULT_NOTICE_REPEAT_MS = 1_800_000;
export const DEFAULT_RECOVERY: RecoveryPlan = { probes: 3, spanMs: 60_000 };
// Two messages a second are no burden to any server, and 7,000 an hour; four connections hide the time each of them waits.
export const DEFAULT_REPLAY: ReplayPlan = { messagesPerMinute: 120, connections: 4, start: 'automatic' };
// RFC 5321 §4.5.4.1: at least four to five days.
export const DEFAULT_EXPIRY: ExpiryPlan = { afterMs: 432_000_000 };
// A person writes by hand; a newsletter is not for the worst day of the year.
export const DEFAULT_OUTBOUND: OutboundPlan = { perUserPerHour: 200, perClientPerHour: 5_000 };
export const DEFAULT_PREFLIGHT: PreflightPlan = { everyMs: 604_800_000 };
