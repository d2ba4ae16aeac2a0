/** The shapes of a gateway's health: its states, what can happen to it, and what comes of that. Pure; the moves are in core/health.ts. */
import type { ProbePlan, RecoveryPlan } from './client.ts';
import type { DownCause } from './down-cause.ts';
import type { Evidence } from './evidence.ts';
import type { History } from './history.ts';
import type { Thresholds } from './thresholds.ts';
import type { Witness } from './witnesses.ts';

/** `tls-broken` and `refused-us`: the server answers, and TLS or our login fails. Mail is kept, but this is not an outage. */
export type HealthState = 'up' | 'suspect' | 'tls-broken' | 'refused-us' | 'down' | 'recovering';

export type ProbeSchedule = { readonly nextAt: number; readonly made: number };

/** Full probes answered in a row. */
export type Streak = { readonly count: number; readonly since: number };

/** The server answers and does not let us in: two in a row are no accident. */
export type Refusals = { readonly of: 'tls-broken' | 'refused-us'; readonly count: number };

export type Up = {
  readonly state: 'up';
  readonly since: number;
  readonly history: History;
  /** when it is looked at though nothing is wrong; absent: never */
  readonly lookAt: number | undefined;
};

export type Suspect = {
  readonly state: 'suspect';
  readonly since: number;
  readonly history: History;
  readonly probe: ProbeSchedule;
  readonly refusals: Refusals | undefined;
  /** said once in this suspicion */
  readonly said: readonly NoteKind[];
};

export type Barred = {
  readonly state: 'tls-broken' | 'refused-us';
  readonly since: number;
  /** the first failure, before it was known what it was */
  readonly troubledSince: number;
  readonly history: History;
  readonly probe: ProbeSchedule;
  readonly said: readonly NoteKind[];
};

export type Down = {
  readonly state: 'down';
  readonly since: number;
  readonly history: History;
  readonly cause: DownCause;
  /** none while a person or a plan has begun it: then they end it */
  readonly probe: ProbeSchedule | undefined;
  readonly streak: Streak | undefined;
  /** how often it has failed again soon after a failback: each doubles what is asked of the next recovery */
  readonly relapses: number;
  readonly said: readonly NoteKind[];
};

export type Recovering = {
  readonly state: 'recovering';
  readonly since: number;
  readonly history: History;
  readonly cause: DownCause;
  readonly relapses: number;
};

export type Health = Up | Suspect | Barred | Down | Recovering;

export type HealthEvent =
  | {
      readonly kind: 'outcome';
      readonly from: string;
      readonly evidence: Evidence;
      readonly what: string;
      readonly witness?: Witness;
      readonly count?: number;
    }
  /** `taken`: an address was taken; `refuses-people`: all whom it knew were refused (core/probe-result.ts) */
  | {
      readonly kind: 'probe';
      readonly evidence: Evidence;
      readonly what: string;
      readonly taken?: 'yes' | 'no' | 'refuses-people';
    }
  | { readonly kind: 'declared-failure'; readonly by: string; readonly reason: string; readonly isDrill?: true }
  | { readonly kind: 'declared-repair'; readonly by: string; readonly reason: string }
  /** planned work for which mailboxes open; `until`: epoch ms */
  | { readonly kind: 'maintenance-begins'; readonly title: string; readonly until: number }
  | { readonly kind: 'maintenance-ends'; readonly title: string }
  | { readonly kind: 'canary-passed'; readonly what: string }
  | { readonly kind: 'canary-failed'; readonly what: string }
  /** in the replay: people the gateway knew are unknown to it now */
  | { readonly kind: 'people-refused'; readonly what: string }
  | { readonly kind: 'time-passed' };

export type Transition = {
  readonly at: number;
  readonly from: HealthState;
  readonly to: HealthState;
  readonly why: string;
  /** what was seen, a line each, for a mail admin */
  readonly evidence: readonly string[];
};

/** Something people must hear of though the state stays as it is. */
export type NoteKind = 'asked' | 'crossed' | 'repair-waits' | 'misconfigured' | 'resolver-failed';
export type Note = { readonly kind: NoteKind; readonly words: string; readonly evidence: readonly string[] };

export type HealthPlan = {
  readonly thresholds: Thresholds;
  readonly probe: ProbePlan;
  readonly recovery: RecoveryPlan;
  readonly failover: 'automatic' | 'ask' | 'manual';
  readonly failback: 'automatic' | 'hold';
  readonly whenRefused: 'keep' | 'failover';
};

/** `at`: epoch ms; `jitter`: 0-1, spreads probes of many clients so that they do not fall on one second. */
export type Moment = { readonly at: number; readonly jitter: number };

export type Step = {
  readonly health: Health;
  readonly transition: Transition | undefined;
  readonly notes: readonly Note[];
};

export function stay(health: Health): Step {
  return { health, transition: undefined, notes: [] };
}
