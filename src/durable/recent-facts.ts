/** The facts of a client's last messages (core/recent-facts.ts), in few rows: they are gathered in memory first. SQL only. */

import { MAX_RECENT, RECENT_MS } from '../core/recent-facts.ts';
import type { KeptMessage } from '../core/rules/dry-run.ts';

// Rows written are the cost that counts (docs/platform.md 26): one for so many messages, or every so often at a quiet client. What an
// eviction forgets meanwhile is nobody's message.
const IN_A_ROW = 50;
const WRITE_AFTER_MS = 600_000;

export class RecentFacts {
  readonly #sql: SqlStorage;
  #pending: KeptMessage[] = [];
  #writtenAt: number | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(facts: readonly KeptMessage[], now: number): void {
    this.#pending.push(...facts);
    while (this.#pending.length >= IN_A_ROW) this.#write(this.#pending.splice(0, IN_A_ROW), now);
    if (this.#pending.length > 0 && now - this.#lastWrite() >= WRITE_AFTER_MS)
      this.#write(this.#pending.splice(0), now);
  }

  /** Newest first. */
  newest(limit: number, now: number): readonly KeptMessage[] {
    const found = this.#pending.toReversed();
    const rows = this.#sql.exec<{ facts: string }>(
      'SELECT facts FROM recent_facts WHERE at >= ? ORDER BY number DESC',
      now - RECENT_MS,
    );
    for (const { facts } of rows) {
      if (found.length >= limit) break;
      found.push(...(JSON.parse(facts) as KeptMessage[]).reverse());
    }
    return found.slice(0, limit);
  }

  #lastWrite(): number {
    this.#writtenAt ??= this.#sql.exec<{ at: number | null }>('SELECT max(at) AS at FROM recent_facts').one().at ?? 0;
    return this.#writtenAt;
  }

  #write(facts: readonly KeptMessage[], now: number): void {
    this.#sql.exec(
      'INSERT INTO recent_facts (at, count, facts) VALUES (?, ?, ?)',
      now,
      facts.length,
      JSON.stringify(facts),
    );
    this.#writtenAt = now;
    // The rows that are not needed for the newest so many, or are too old for anybody.
    this.#sql.exec(
      `DELETE FROM recent_facts WHERE at < ? OR number IN
         (SELECT number FROM (SELECT number, sum(count) OVER (ORDER BY number DESC) - count AS newer FROM recent_facts) WHERE newer >= ?)`,
      now - RECENT_MS,
      MAX_RECENT,
    );
  }
}
