/** Which lines of the timeline people are still to be told of, what they have seen, and when they want no mail. SQL only. */
import type { Health } from '../core/health-state.ts';
import { LONGEST_MUTE_MS, mailDueAt, type NoticePlan, type TellableLine } from '../core/notice-schedule.ts';
import { stillStands, type TimelineKind } from '../core/timeline.ts';
import type { StandingAlarm } from '../pipeline/client-port.ts';
import type { Occurrence } from '../pipeline/notify.ts';
import type { Meta } from './meta.ts';
import { type LineRow, occurrenceOf, type Timeline } from './timeline.ts';

/** `mails` written about it so far */
export type Pending = { readonly occurrence: Occurrence; readonly mails: number; readonly dueAt: number | undefined };

type PendingRow = LineRow & {
  mails: number;
  mailed_at: number | null;
  acknowledged_at: number | null;
  over_at: number | null;
};

const MINUTE_MS = 60_000;
const STANDING = "urgency = 'alarm' AND over_at IS NULL";

export class Notices {
  readonly #sql: SqlStorage;
  readonly #meta: Meta;
  readonly #timeline: Timeline;

  constructor(sql: SqlStorage, meta: Meta, timeline: Timeline) {
    this.#sql = sql;
    this.#meta = meta;
    this.#timeline = timeline;
  }

  /** Oldest first. A line without a due-time is never told (again). */
  pending(plan: NoticePlan, now: number): readonly Pending[] {
    return this.#sql
      .exec<PendingRow>('SELECT * FROM timeline WHERE told = 0 ORDER BY number')
      .toArray()
      .map((row) => ({
        occurrence: occurrenceOf(row),
        mails: row.mails,
        dueAt: mailDueAt(tellable(row), plan, now),
      }));
  }

  mailed(number: number, now: number): void {
    this.#sql.exec('UPDATE timeline SET mails = mails + 1, mailed_at = ? WHERE number = ?', now, number);
  }

  /** Nothing more is said about the line. */
  done(number: number): void {
    this.#sql.exec('UPDATE timeline SET told = 1 WHERE number = ?', number);
  }

  /** Alarms of what has ended are over. */
  settle(health: Health, now: number): void {
    for (const { number, kind } of this.#standing()) {
      if (!stillStands(kind, health))
        this.#sql.exec('UPDATE timeline SET over_at = ?, told = 1 WHERE number = ?', now, number);
    }
  }

  /** Another line speaks of it from here on. */
  replaced(kind: TimelineKind, now: number): void {
    this.#sql.exec(`UPDATE timeline SET over_at = ?, told = 1 WHERE ${STANDING} AND kind = ?`, now, kind);
  }

  /** Somebody has seen them, up to that line: they are not repeated. Answers how many there were. */
  acknowledge(by: string, now: number, upTo = Number.MAX_SAFE_INTEGER): number {
    const { length: count } = this.unacknowledged().filter(({ number }) => number <= upTo);
    if (count === 0) return 0;
    this.#sql.exec(
      `UPDATE timeline SET acknowledged_at = ?, told = 1 WHERE ${STANDING} AND acknowledged_at IS NULL AND number <= ?`,
      now,
      upTo,
    );
    this.#timeline.note({ at: now, kind: 'acknowledged', words: `seen by ${by}` });
    return count;
  }

  /** When that alarm ended (epoch ms); undefined while it stands, and of a line that is no alarm. */
  overAt(number: number): number | undefined {
    const row = this.#sql
      .exec<{ over_at: number | null }>('SELECT over_at FROM timeline WHERE number = ?', number)
      .toArray()[0];
    return row?.over_at ?? undefined;
  }

  unacknowledged(): readonly StandingAlarm[] {
    return this.#standing()
      .filter(({ acknowledged_at }) => acknowledged_at === null)
      .map(({ number, kind, at, words }) => ({ number, kind, at, words }));
  }

  /** epoch ms; undefined while nothing is muted */
  mutedUntil(now: number): number | undefined {
    const until = this.#meta.get('mutedUntil');
    return until !== undefined && until > now ? until : undefined;
  }

  /** Answers its end; a longer one than is allowed ends then. */
  mute(minutes: number, by: string, now: number): number {
    const until = now + Math.min(minutes * MINUTE_MS, LONGEST_MUTE_MS);
    this.#meta.set('mutedUntil', until);
    this.#timeline.note({ at: now, kind: 'muted', words: `${by} has muted notices by mail for ${minutes} min` });
    return until;
  }

  unmute(by: string, now: number): 'unmuted' | 'not-muted' {
    if (this.mutedUntil(now) === undefined) return 'not-muted';
    this.#meta.forget('mutedUntil');
    this.#timeline.note({ at: now, kind: 'unmuted', words: `${by} has let notices by mail go on` });
    return 'unmuted';
  }

  #standing(): readonly PendingRow[] {
    return this.#sql.exec<PendingRow>(`SELECT * FROM timeline WHERE ${STANDING} ORDER BY number`).toArray();
  }
}

function tellable(row: PendingRow): TellableLine {
  return {
    urgency: row.urgency,
    mailedAt: row.mailed_at ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
    overAt: row.over_at ?? undefined,
  };
}
