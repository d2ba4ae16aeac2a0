/** A receiver that is gone must neither grow the object nor make every step read what waits for it. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { MAX_WAITING, WebhookCalls } from '../../src/durable/webhook-calls.ts';
import { enrol } from '../support/client.ts';
import { startPeer } from '../support/peer.ts';

const hook = (name: string) => ({ url: `https://${name}.example.org/x`, sealedSecret: '' });
const [GONE, WELL] = [hook('gone'), hook('well')];
const DAY = 86_400_000;

/** The real storage, which counts what its statements read. */
function countingReads(sql: SqlStorage, count: (rows: number) => void): SqlStorage {
  const exec = (query: string, ...bindings: SqlStorageValue[]) => {
    const cursor = sql.exec(query, ...bindings);
    const results = cursor.toArray();
    count(cursor.rowsRead);
    return { toArray: () => results, one: () => results[0] };
  };
  return { exec } as unknown as SqlStorage;
}

async function withStorage<T>(ask: (sql: SqlStorage) => T): Promise<T> {
  const harbour = await enrol({ gateways: [await startPeer()] });
  return runInDurableObject(harbour.stub, (_, { storage }) => ask(storage.sql));
}

it('the oldest calls beyond a thousand are given up, for that receiver only, and it is counted how many', async () => {
  const seen = await withStorage((sql) => {
    const calls = new WebhookCalls(sql);
    calls.add(1, [WELL], 0);
    for (let line = 1; line <= MAX_WAITING + 3; line += 1) calls.add(line, [GONE], line);
    const waiting = sql.exec('SELECT url, count(*) AS n FROM webhook_calls GROUP BY url ORDER BY url').toArray();
    const next = [...calls.due(DAY)].map(([url, { occurrence }]) => [url, occurrence]);
    const untold = calls.droppedUntold(GONE.url, DAY);
    return { waiting, next, untold, told: calls.missed(GONE.url, DAY), after: calls.droppedUntold(GONE.url, 3 * DAY) };
  });
  expect(seen).toEqual({
    waiting: [
      { url: GONE.url, n: MAX_WAITING },
      { url: WELL.url, n: 1 },
    ],
    next: [
      [WELL.url, 1],
      [GONE.url, 4],
    ],
    untold: 3,
    told: { isBack: false, dropped: 3 },
    after: 0,
  });
});

it('however many wait, a step reads a few rows for each receiver', async () => {
  const { reads, dueAt } = await withStorage((sql) => {
    const filled = new WebhookCalls(sql);
    for (let line = 1; line <= 500; line += 1) filled.add(line, [GONE, WELL], 10 * line);
    let sum = 0;
    const calls = new WebhookCalls(
      countingReads(sql, (rows) => {
        sum += rows;
      }),
    );
    expect(calls.due(DAY).size).toBe(2);
    return { dueAt: calls.dueAt(), reads: sum };
  });
  expect(dueAt).toBe(10);
  expect(reads).toBeLessThan(60);
});

it('that a receiver misses lines is told once a day, each receiver for itself', async () => {
  const seen = await withStorage((sql) => {
    const calls = new WebhookCalls(sql);
    const missed = (url: string, at: number) => calls.missed(url, at).isBack;
    return [
      missed(GONE.url, 0),
      missed(GONE.url, DAY / 2),
      missed(WELL.url, DAY / 2),
      missed(GONE.url, DAY),
      missed(GONE.url, DAY + 1),
    ];
  });
  expect(seen).toEqual([false, true, false, false, true]);
});
