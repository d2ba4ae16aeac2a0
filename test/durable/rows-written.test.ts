/** Rows written are the cost that counts (docs/platform.md 26): design.md "Figures" allows three for a message kept in an emergency. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { OutageId } from '../../src/core/ids.ts';
import { ClientState } from '../../src/durable/client-state.ts';
import { Ledger } from '../../src/durable/ledger.ts';
import { Waiting } from '../../src/durable/waiting.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

/** The real storage, which counts what its statements write, index entries included. */
function countingStorage(storage: DurableObjectStorage, count: (rows: number) => void): DurableObjectStorage {
  const exec = (query: string, ...bindings: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(query, ...bindings);
    const results = cursor.toArray();
    count(cursor.rowsWritten);
    return { toArray: () => results, one: () => results[0], rowsWritten: cursor.rowsWritten };
  };
  return {
    sql: { exec },
    transactionSync: <Result>(work: () => Result) => storage.transactionSync(work),
  } as unknown as DurableObjectStorage;
}

const ANY = { now: Number.MAX_SAFE_INTEGER, reach: 'all', busy: new Set<string>() } as const;

it('a message kept in an emergency is three rows: itself, its retry key, its place among the waiting', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  const rows = await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
    const known = new Waiting(harbour.id, storage).next('gateway', ANY);
    if (known === undefined) throw new Error('there is no row to copy');
    let sum = 0;
    const ledger = new Ledger(
      harbour.id,
      countingStorage(storage, (written) => {
        sum += written;
      }),
    );
    ledger.add({ ...known, retryKey: 'another' }, { kind: 'waiting' }, { now: 0, dueAt: 0, outageId: undefined });
    return sum;
  });
  expect(rows).toBe(3);
});

it('the pace of a replay is a row a second, not one with every message; a pause of more than a second is written at once', async () => {
  const harbour = await enrol({ gateways: [await startPeer()], settings: { replay: { messagesPerMinute: 6_000 } } });
  const written = await runInDurableObject(harbour.stub, (_: ClientObject, { storage }) => {
    const state = ClientState.load(storage);
    if (state === undefined) throw new Error('it is configured');
    const stored = () =>
      storage.sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = 'pacing'").toArray()[0]?.value;
    const seen = new Set<string | undefined>();
    for (let at = 1_000_000; at < 1_003_000; at += 10) {
      state.paced({ outageId: 'any' as OutageId, sizeBytes: 1_000 }, at);
      seen.add(stored());
    }
    state.meta.hold('snapshot', { ...state.snapshot, replay: { ...state.snapshot.replay, messagesPerMinute: 1 } });
    state.paced({ outageId: 'any' as OutageId, sizeBytes: 1_000 }, 1_003_000);
    return { rows: seen.size, last: JSON.parse(stored() ?? '').messagesAt };
  });
  expect(written.rows).toBe(3);
  expect(written.last).toBeGreaterThanOrEqual(1_003_000);
});
