/** What a replay of the record amounts to: which failovers there would have been, how soon, and which for nothing. */
import type { Recorded } from '../../src/core/record.ts';
import { firstAfter } from './knowledge.ts';
import type { Failover, Span } from './replay.ts';

export type JudgedFailover = {
  readonly atMs: number;
  readonly why: string;
  readonly replies: readonly string[];
  readonly foundAfterSeconds: number;
  /** null: it was not over when the record ended */
  readonly endedAtMs: number | null;
  readonly lastedSeconds: number;
  readonly isFalse: boolean;
};

export type Verdict = {
  readonly failovers: readonly JudgedFailover[];
  readonly falseFailovers: number;
  /** of those that are not false; null without any */
  readonly medianFoundAfterSeconds: number | null;
};

// The gateway takes mail within a minute: nobody who waited would have noticed anything.
const TAKES_MAIL_MS = 60_000;
// A gateway that takes one message in between and fails again was rightly left.
const STAYS_WELL_MS = 300_000;

export function judgeFailovers(failovers: readonly Failover[], record: readonly Recorded[], span: Span): Verdict {
  const judged = failovers.map((failover) => judgeOne(failover, record, span));
  const real = judged.filter(({ isFalse }) => !isFalse);
  return {
    failovers: judged,
    falseFailovers: judged.length - real.length,
    medianFoundAfterSeconds: median(real.map(({ foundAfterSeconds }) => foundAfterSeconds)),
  };
}

/**
 * The record shows the gateway taking a message (a probe's answer is not enough) within 60 s after the failover, and in the five
 * minutes after it no more messages failed than were taken.
 */
export function isFalseFailover(at: number, record: readonly Recorded[]): boolean {
  const after = record.slice(firstAfter(record, at), firstAfter(record, at + STAYS_WELL_MS));
  const takesMail = after.some((one) => one.kind === 'answered' && one.taken > 0 && one.at <= at + TAKES_MAIL_MS);
  const failed = sum(after.map((one) => (one.kind === 'failed' ? one.count : 0)));
  const taken = sum(after.map((one) => (one.kind === 'answered' ? one.taken : 0)));
  return takesMail && failed <= taken;
}

function judgeOne({ at, why, replies, firstFailureAt, endedAt }: Failover, record: readonly Recorded[], span: Span) {
  return {
    atMs: at,
    why,
    replies,
    foundAfterSeconds: seconds(at - firstFailureAt),
    endedAtMs: endedAt ?? null,
    lastedSeconds: seconds((endedAt ?? span.to) - at),
    isFalse: isFalseFailover(at, record),
  };
}

function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
