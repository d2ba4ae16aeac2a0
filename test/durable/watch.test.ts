/** The watch over the deployment: what it reads for an answer, and whom it counts. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, expect, it, vi } from 'vitest';
import type { ClientId } from '../../src/core/ids.ts';
import type { WatchObject } from '../../src/index.ts';
import { testEnv } from '../support/test-env.ts';

const T = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;
const client = (n: number) => `client-${n}` as ClientId;

type Watch = {
  readonly object: WatchObject;
  readonly sql: SqlStorage;
  readonly at: (now: number) => void;
};

function inWatch<Result>(work: (watch: Watch) => Promise<Result>): Promise<Result> {
  const stub = testEnv.WATCH.get(testEnv.WATCH.idFromName(`watch-${crypto.randomUUID()}`));
  return runInDurableObject(stub as unknown as DurableObjectStub<WatchObject>, (object: WatchObject, { storage }) => {
    let clock = T;
    object.needs = { ...object.needs, now: () => clock, operatorAddresses: [] };
    const at = (now: number) => {
      clock = now;
    };
    return work({ object, sql: storage.sql, at });
  });
}

/** The real storage, which counts what its statements read. */
function countReads(sql: SqlStorage): () => number {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const exec = sql.exec.bind(sql);
  vi.spyOn(Object.getPrototypeOf(sql), 'exec').mockImplementation((...query: unknown[]) => {
    const cursor = exec(...(query as [string, ...SqlStorageValue[]]));
    cursors.push(cursor);
    return cursor;
  });
  return () => cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
}

afterEach(() => vi.restoreAllMocks());

it('only the troubles of the minutes around one are read for it, however many the hour has seen', async () => {
  const read = await inWatch(async ({ object, sql }) => {
    const insert = 'INSERT INTO troubles (client_id, at) VALUES (?, ?)';
    for (let n = 0; n < 2_000; n += 1) sql.exec(insert, client(n), T - 61_000 - n * 1_000);
    const rows = countReads(sql);
    const doubt = await object.reportTrouble(client(1), T);
    return { doubt, rows: rows() };
  });
  expect(read.doubt).toEqual({ doubted: false, failing: 1, known: 1 });
  expect(read.rows).toBeLessThan(20);
});

it('a client of which nothing was heard for 30 days is not counted any more', async () => {
  const known = await inWatch(async ({ object, at }) => {
    for (let n = 0; n < 4; n += 1) await object.introduce(client(n));
    at(T + 20 * DAY_MS);
    await object.introduce(client(0));
    await object.reportTrouble(client(1), T + 20 * DAY_MS);
    const whole = await object.reportTrouble(client(9), T + 29 * DAY_MS);
    const later = await object.reportTrouble(client(9), T + 31 * DAY_MS);
    return [whole.known, later.known];
  });
  expect(known).toEqual([5, 3]);
});
