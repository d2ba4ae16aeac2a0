/** The timeline of one client. A line and what is to be told of it are written in the same turn, so neither is ever without the other. SQL only. */
import type { HealthState } from '../core/health-state.ts';
import type { OutageId } from '../core/ids.ts';
import { heardOf, sameAlarmSince, staysSeen } from '../core/notice-schedule.ts';
import { type LineContext, type Occasion, type TimelineKind, type Urgency, urgencyOf } from '../core/timeline.ts';
import type { TimelineEntry } from '../pipeline/client-port.ts';
import type { Occurrence } from '../pipeline/notify.ts';
import type { Meta } from './meta.ts';
import type { Outages } from './outages.ts';
import type { WebhookCalls } from './webhook-calls.ts';

export type NewLine = Pick<TimelineEntry, 'at' | 'kind' | 'words'> & {
  readonly evidence?: readonly string[];
  /** of a turn of the gateway's health: the state before */
  readonly from?: HealthState;
  /** its like was told today */
  readonly isBack?: true;
};

export type LineRow = {
  number: number;
  at: number;
  outage_id: string | null;
  kind: TimelineKind;
  words: string;
  evidence: string;
  urgency: Urgency;
  occasion: Occasion;
  state: HealthState;
};

export class Timeline {
  readonly #sql: SqlStorage;
  readonly #meta: Meta;
  readonly #outages: Outages;
  readonly #calls: WebhookCalls;

  constructor(sql: SqlStorage, meta: Meta, outages: Outages, calls: WebhookCalls) {
    this.#sql = sql;
    this.#meta = meta;
    this.#outages = outages;
    this.#calls = calls;
  }

  /** Belongs to the outage that has not closed. */
  note({ at, kind, words, evidence = [], from, isBack }: NewLine): void {
    const outage = this.#outages.current();
    const health = this.#meta.get('health');
    // A drill while an earlier outage is still given back belongs to that outage, and is a drill all the same.
    const occasion = occasionOf(health !== undefined && 'cause' in health ? health.cause.kind : outage?.kind);
    const revived = this.#revive(kind, occasion, at);
    const context: LineContext = { occasion, standing: this.#standing(), isBack: isBack === true || revived };
    const urgency = urgencyOf(kind, from === undefined ? context : { ...context, from });
    const { number } = this.#sql
      .exec<{ number: number }>(
        `INSERT INTO timeline (at, outage_id, kind, words, evidence, told, urgency, occasion, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number`,
        at,
        outage?.id ?? null,
        kind,
        words,
        JSON.stringify(evidence),
        urgency === 'detail' ? 1 : 0,
        urgency,
        occasion,
        health?.state ?? 'up',
      )
      .one();
    // What a webhook did not take would be told to it by the same way.
    if (kind !== 'webhook-failed') this.#calls.add(number, this.#meta.get('snapshot')?.webhooks ?? [], at);
  }

  /** Newest first. */
  newest(limit: number): readonly TimelineEntry[] {
    return this.#sql
      .exec<LineRow>('SELECT * FROM timeline ORDER BY number DESC LIMIT ?', limit)
      .toArray()
      .map(({ at, outage_id, kind, words, evidence }) => ({
        at,
        outageId: outage_id as OutageId | null,
        kind,
        words,
        evidence: JSON.parse(evidence),
      }));
  }

  line(number: number): Occurrence | undefined {
    const row = this.#sql.exec<LineRow>('SELECT * FROM timeline WHERE number = ?', number).toArray()[0];
    return row === undefined ? undefined : occurrenceOf(row);
  }

  /** What came after a line, oldest first. */
  since(number: number): readonly Pick<TimelineEntry, 'at' | 'words'>[] {
    return this.#sql
      .exec<{ at: number; words: string }>(
        'SELECT at, words FROM timeline WHERE number > ? ORDER BY number DESC LIMIT ?',
        number,
        MAX_SINCE,
      )
      .toArray()
      .reverse();
  }

  /** The last mail that said that the server takes mail again. */
  endMailedAt(): number | undefined {
    return (
      this.#sql.exec<{ at: number | null }>("SELECT max(mailed_at) AS at FROM timeline WHERE kind = 'up'").one().at ??
      undefined
    );
  }

  #standing(): LineContext['standing'] {
    const endMailedAt = this.endMailedAt();
    return this.#sql
      .exec<{ kind: TimelineKind; mailed_at: number | null }>(
        "SELECT kind, mailed_at FROM timeline WHERE urgency = 'alarm' AND over_at IS NULL",
      )
      .toArray()
      .map(({ kind, mailed_at }) => ({ kind, heard: heardOf(mailed_at ?? undefined, endMailedAt) }));
  }

  /** An alarm that ended a moment ago stands again, as it was: mailed when it was, and seen if it was. */
  #revive(kind: TimelineKind, occasion: Occasion, at: number): boolean {
    const since = sameAlarmSince(at, this.#meta.get('snapshot')?.noticeRepeatMs ?? 0);
    const ended = this.#sql
      .exec<{ number: number; acknowledged_at: number | null }>(
        `SELECT number, acknowledged_at FROM timeline WHERE urgency = 'alarm' AND over_at > ? AND kind = ? AND occasion = ?
         ORDER BY over_at DESC LIMIT 1`,
        since,
        kind,
        occasion,
      )
      .toArray()[0];
    if (ended === undefined) return false;
    const seenAt = ended.acknowledged_at ?? undefined;
    const acknowledgedAt = staysSeen(seenAt, this.endMailedAt()) ? seenAt : undefined;
    this.#sql.exec(
      'UPDATE timeline SET over_at = NULL, acknowledged_at = ?, told = ? WHERE number = ?',
      acknowledgedAt ?? null,
      acknowledgedAt === undefined ? 0 : 1,
      ended.number,
    );
    // An end that nobody has been told of yet is none.
    this.#sql.exec("UPDATE timeline SET told = 1 WHERE told = 0 AND kind = 'up'");
    return true;
  }
}

// More than a reminder shows; an outage of weeks must not be read whole for it.
const MAX_SINCE = 50;

export function occurrenceOf(row: LineRow): Occurrence {
  const { number, at, kind, words, evidence, urgency, occasion, state } = row;
  const outageId = row.outage_id as OutageId | null;
  return { number, at, kind, words, evidence: JSON.parse(evidence), urgency, occasion, state, outageId };
}

function occasionOf(kind: string | undefined): Occasion {
  return kind === 'drill' || kind === 'maintenance' ? kind : 'real';
}
