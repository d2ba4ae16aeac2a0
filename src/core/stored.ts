/**
 * What an earlier version of the client object has stored, in today's shapes: whoever reads it further on knows only those. A field
 * that did not exist yet gets the value of a client that has set nothing. Pure.
 */
import {
  type ClientSnapshot,
  DEFAULT_CHOICE,
  DEFAULT_EXPIRY,
  DEFAULT_NOTICE_REPEAT_MS,
  DEFAULT_OUTBOUND,
  DEFAULT_PREFLIGHT,
  DEFAULT_PROBE,
  DEFAULT_REPLAY,
  type ProbePlan,
  type ReplayPlan,
} from './client.ts';
import type { DownCause } from './down-cause.ts';
import { DEFAULT_FILTER_PLAN } from './filter-plan.ts';
import type { Barred, Down, Health, Recovering, Suspect, Up } from './health-state.ts';
import type { History } from './history.ts';
import type { Pacing } from './pacing.ts';
import { PROFILES } from './profiles.ts';
import type { Rule } from './rules/rule.ts';
import { NO_TALLY, type Tally, type Thresholds } from './thresholds.ts';

/** `T`, of which `K` may not be there yet. */
type Before<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]?: T[P] | undefined };

type StoredThresholds = Before<Omit<Thresholds, 'frequency'> & { readonly frequency: object }, 'confirmMs'> & {
  readonly frequency: Before<Thresholds['frequency'], 'share'>;
};

/** A rule as it was before there were conditions: one address, or one domain. */
type StoredRule = {
  readonly id: string;
  readonly field: 'sender' | 'recipient';
  readonly pattern: string;
  readonly verdict: 'accept' | 'quarantine' | 'reject' | 'discard';
  readonly reason: string;
};

export type StoredSnapshot = Before<
  Omit<ClientSnapshot, 'probe' | 'thresholds' | 'replay'>,
  | 'failover'
  | 'whenRefused'
  | 'maintenance'
  | 'choice'
  | 'webhooks'
  | 'noticeRepeatMs'
  | 'expiry'
  | 'outbound'
  | 'dkim'
  | 'preflight'
  | 'filter'
> & {
  readonly rules?: readonly StoredRule[];
  readonly probe: Before<ProbePlan, 'idleMs' | 'testMessage'>;
  readonly thresholds: StoredThresholds;
  readonly replay: Before<ReplayPlan, 'connections' | 'start'>;
};

type StoredHistory = Before<Omit<History, 'tally'>, 'aliveAt'> & {
  readonly tally: { readonly run?: object | undefined; readonly slices: readonly object[] };
};
type StoredCause = DownCause | { readonly kind: 'threshold'; readonly why: string };
type WithHistory<T> = Omit<T, 'history' | 'cause'> & { readonly history: StoredHistory };
type WithCause<T> = WithHistory<T> & { readonly cause: StoredCause };

/** JSON leaves out what is undefined, so every such field may be missing as well. */
export type StoredHealth =
  | WithHistory<Before<Up, 'lookAt'>>
  | WithHistory<Before<Suspect, 'refusals' | 'said'>>
  | WithHistory<Before<Barred, 'troubledSince' | 'said'>>
  | WithCause<Before<Down, 'probe' | 'streak' | 'relapses' | 'said'>>
  | WithCause<Before<Recovering, 'relapses'>>;

export function snapshotOf({ rules, ...stored }: StoredSnapshot): ClientSnapshot {
  return {
    ...stored,
    filter: { ...DEFAULT_FILTER_PLAN, rules: (rules ?? []).map(ruleOf), ...stored.filter },
    thresholds: thresholdsOf(stored.thresholds),
    probe: {
      ...stored.probe,
      idleMs: stored.probe.idleMs ?? DEFAULT_PROBE.idleMs,
      testMessage: stored.probe.testMessage ?? DEFAULT_PROBE.testMessage,
    },
    replay: {
      ...stored.replay,
      connections: stored.replay.connections ?? DEFAULT_REPLAY.connections,
      start: stored.replay.start ?? DEFAULT_REPLAY.start,
    },
    expiry: stored.expiry ?? DEFAULT_EXPIRY,
    outbound: stored.outbound ?? DEFAULT_OUTBOUND,
    dkim: stored.dkim ?? [],
    preflight: stored.preflight ?? DEFAULT_PREFLIGHT,
    failover: stored.failover ?? 'automatic',
    whenRefused: stored.whenRefused ?? 'keep',
    maintenance: stored.maintenance ?? [],
    choice: stored.choice ?? DEFAULT_CHOICE,
    webhooks: stored.webhooks ?? [],
    noticeRepeatMs: stored.noticeRepeatMs ?? DEFAULT_NOTICE_REPEAT_MS,
  };
}

/** As the migration of D1 makes it (0005): the same rule under the same id, wherever it is read. */
function ruleOf({ id, field, pattern, verdict, reason }: StoredRule): Rule {
  return {
    id,
    name: reason,
    isOn: true,
    when: { kind: 'address', of: field, matches: [pattern.toLowerCase()] },
    then: verdict === 'reject' ? { kind: 'reject', text: reason } : { kind: verdict },
  };
}

function thresholdsOf({ amount, durationMs, frequency, confirmMs }: StoredThresholds): Thresholds {
  const { standard } = PROFILES;
  return {
    amount,
    durationMs,
    frequency: { ...frequency, share: frequency.share ?? standard.frequency.share },
    confirmMs: confirmMs ?? standard.confirmMs,
  };
}

/** An earlier pace knew messages only: the replay goes on at today's, from now. */
export function pacingOf(stored: Pacing | object | undefined): Pacing | undefined {
  return stored !== undefined && 'messages' in stored ? stored : undefined;
}

/** `probe`: the client's own plan, for an earlier version knew no looking at a quiet gateway and left no time for it. */
export function healthOf(stored: StoredHealth, probe: Pick<ProbePlan, 'idleMs'>): Health {
  const history = historyOf(stored.history);
  const { since } = stored;
  switch (stored.state) {
    case 'up':
      return { state: 'up', since, history, lookAt: stored.lookAt ?? lookAtOf(history.aliveAt ?? since, probe) };
    case 'suspect':
      // Whether it was TLS or a login that failed was not told apart: the next two probes tell.
      return {
        state: 'suspect',
        since,
        history,
        probe: stored.probe,
        refusals: stored.refusals,
        said: stored.said ?? [],
      };
    case 'tls-broken':
    case 'refused-us':
      return { ...stored, history, troubledSince: stored.troubledSince ?? since, said: stored.said ?? [] };
    case 'down':
      return {
        ...stored,
        history,
        cause: causeOf(stored.cause),
        probe: stored.probe,
        streak: stored.streak,
        relapses: stored.relapses ?? 0,
        said: stored.said ?? [],
      };
    case 'recovering':
      return { ...stored, history, cause: causeOf(stored.cause), relapses: stored.relapses ?? 0 };
  }
}

/** From the last sign of life, not from now: an object that is stopped again and again must not put it off for ever. */
function lookAtOf(heardAt: number, { idleMs }: Pick<ProbePlan, 'idleMs'>): number | undefined {
  return idleMs === 0 ? undefined : heardAt + idleMs;
}

function historyOf(stored: StoredHistory): History {
  const { tally, aliveAt } = stored;
  return { ...stored, aliveAt, tally: isToday(tally) ? tally : NO_TALLY };
}

/** An earlier tally knows no witnesses, and without them no threshold can be held against it. What still fails is counted anew. */
function isToday(tally: StoredHistory['tally']): tally is Tally {
  const { run, slices } = tally;
  return (run === undefined || 'witnesses' in run) && slices.every((slice) => 'voices' in slice);
}

function causeOf(cause: StoredCause): DownCause {
  return cause.kind === 'threshold' && !('isPartial' in cause) ? { ...cause, isPartial: false } : cause;
}
