/** The calls that webhooks have not taken yet. SQL only. */
import type { Webhook } from '../core/client.ts';

export type WebhookCall = { readonly number: number; readonly occurrence: number; readonly tries: number };

type Row = { number: number; occurrence: number; url: string; tries: number; next_at: number };
type Trouble = { told_at: number | null; dropped: number };

// More than an outage has lines; a receiver that is gone must not grow the object for a day of tries at every one of them.
export const MAX_WAITING = 1_000;
const TOLD_AGAIN_MS = 86_400_000;

export class WebhookCalls {
  readonly #sql: SqlStorage;
  #added: (() => void) | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(occurrence: number, webhooks: readonly Webhook[], at: number): void {
    for (const { url } of webhooks) {
      this.#sql.exec('INSERT INTO webhook_calls (occurrence, url, next_at) VALUES (?, ?, ?)', occurrence, url, at);
      this.#dropOldest(url);
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
    const [first] = this.#firsts();
    return first?.next_at;
  }

  /** Each URL that has a call due, with the one that has been due for longest. */
  due(now: number): ReadonlyMap<string, WebhookCall> {
    const due = this.#firsts().filter(({ next_at }) => next_at <= now);
    return new Map(due.map(({ url, number, occurrence, tries }) => [url, { number, occurrence, tries }]));
  }

  /** Each URL's next call, soonest first: a row or two are read for each, however many wait. */
  #firsts(): readonly Row[] {
    return this.#sql
      .exec<Row>(
        `WITH RECURSIVE urls (url) AS (
           SELECT min(url) FROM webhook_calls
           UNION ALL
           SELECT (SELECT min(url) FROM webhook_calls WHERE url > urls.url) FROM urls WHERE urls.url IS NOT NULL
         )
         SELECT call.* FROM urls JOIN webhook_calls AS call
           ON call.number = (SELECT number FROM webhook_calls WHERE url = urls.url ORDER BY next_at, number LIMIT 1)
         ORDER BY call.next_at, call.number`,
      )
      .toArray();
  }

  #dropOldest(url: string): void {
    const { count } = this.#sql
      .exec<{ count: number }>('SELECT count(*) AS count FROM webhook_calls WHERE url = ?', url)
      .one();
    if (count <= MAX_WAITING) return;
    this.#sql.exec(
      'DELETE FROM webhook_calls WHERE number = (SELECT min(number) FROM webhook_calls WHERE url = ?)',
      url,
    );
    this.#sql.exec(
      'INSERT INTO webhook_troubles (url, dropped) VALUES (?, 1) ON CONFLICT (url) DO UPDATE SET dropped = dropped + 1',
      url,
    );
  }

  /** Calls of this URL that were dropped, when nobody has been told of its trouble today. */
  droppedUntold(url: string, now: number): number {
    const trouble = this.#trouble(url);
    return trouble === undefined || isRecent(trouble.told_at, now) ? 0 : trouble.dropped;
  }

  /** It has missed a line for good. `isBack`: that it does so has been told today; `dropped`: since it was last said. */
  missed(url: string, now: number): { readonly isBack: boolean; readonly dropped: number } {
    const trouble = this.#trouble(url);
    const isBack = trouble !== undefined && isRecent(trouble.told_at, now);
    this.#sql.exec(
      'INSERT INTO webhook_troubles (url, told_at) VALUES (?, ?) ON CONFLICT (url) DO UPDATE SET told_at = ?, dropped = 0',
      url,
      now,
      isBack ? trouble.told_at : now,
    );
    // A receiver that was taken away long ago leaves nothing behind.
    this.#sql.exec('DELETE FROM webhook_troubles WHERE told_at <= ?', now - TOLD_AGAIN_MS);
    return { isBack, dropped: trouble?.dropped ?? 0 };
  }

  #trouble(url: string): Trouble | undefined {
    return this.#sql.exec<Trouble>('SELECT told_at, dropped FROM webhook_troubles WHERE url = ?', url).toArray()[0];
  }

  /** Taken, given up, or for a webhook that is no more. */
  settled(number: number): void {
    this.#sql.exec('DELETE FROM webhook_calls WHERE number = ?', number);
  }

  postponed(number: number, nextAt: number): void {
    this.#sql.exec('UPDATE webhook_calls SET tries = tries + 1, next_at = ? WHERE number = ?', nextAt, number);
  }
}

function isRecent(toldAt: number | null, now: number): boolean {
  return toldAt !== null && now - toldAt < TOLD_AGAIN_MS;
}
