/** The calls that webhooks have not taken yet. SQL only. */
import type { Webhook } from '../core/client.ts';

export type WebhookCall = { readonly number: number; readonly occurrence: number; readonly tries: number };

export class WebhookCalls {
  readonly #sql: SqlStorage;
  #added: (() => void) | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(occurrence: number, webhooks: readonly Webhook[], at: number): void {
    for (const { url } of webhooks) {
      this.#sql.exec('INSERT INTO webhook_calls (occurrence, url, next_at) VALUES (?, ?, ?)', occurrence, url, at);
    }
    this.#added?.();
  }

  /** Resolves with the next call that is added. */
  added(): Promise<void> {
    return new Promise((resolve) => {
      this.#added = resolve;
    });
  }

  dueAt(): number | undefined {
    return this.#sql.exec<{ at: number | null }>('SELECT min(next_at) AS at FROM webhook_calls').one().at ?? undefined;
  }

  /** Each URL that has a call due, with the oldest of them. */
  due(now: number): ReadonlyMap<string, WebhookCall> {
    const rows = this.#sql
      .exec<{ number: number; occurrence: number; url: string; tries: number }>(
        'SELECT * FROM webhook_calls WHERE next_at <= ? ORDER BY number DESC',
        now,
      )
      .toArray();
    return new Map(rows.map(({ url, ...call }) => [url, call]));
  }

  /** Taken, given up, or for a webhook that is no more. */
  settled(number: number): void {
    this.#sql.exec('DELETE FROM webhook_calls WHERE number = ?', number);
  }

  postponed(number: number, nextAt: number): void {
    this.#sql.exec('UPDATE webhook_calls SET tries = tries + 1, next_at = ? WHERE number = ?', nextAt, number);
  }
}
