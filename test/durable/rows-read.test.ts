/** What the object asks itself with every message must not read the whole spool: with a backlog of 50,000 it would never be done. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { Waiting } from '../../src/durable/waiting.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const ROWS = 400;

/** The real storage, which counts what its statements read. */
function countingStorage(storage: DurableObjectStorage, count: (rows: number) => void): DurableObjectStorage {
  const exec = (query: string, ...bindings: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(query, ...bindings);
    const results = cursor.toArray();
    count(cursor.rowsRead);
    return { toArray: () => results, one: () => results[0] };
  };
  return { sql: { exec } } as unknown as DurableObjectStorage;
}

const ASKED = { now: 1e15, reach: 'all', busy: new Set<string>() } as const;

it.each([
  ['what goes to the gateway', (waiting: Waiting) => waiting.next('gateway', ASKED)],
  ['what goes to the relay', (waiting: Waiting) => waiting.next('relay', ASKED) ?? waiting.earliest('relay', ASKED)],
  ['what people are told', (waiting: Waiting) => waiting.next('notices', ASKED) ?? waiting.earliest('notices', ASKED)],
  ['new mail', (waiting: Waiting) => waiting.earliest('gateway', { ...ASKED, reach: 'live' })],
] as const)('while much waits and is due, what is next of %s is known from a few rows', async (_, ask) => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  const read = await runInDurableObject(harbour.stub, (_object: ClientObject, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO spool (id, kind, state, retry_key, reverse_path, recipient, content_key, size_bytes, sha256, received_at, helo,
         remote_ip, summary, next_attempt_at, outage_id)
       SELECT 'copy' || i, kind, state, 'copy' || i, reverse_path, recipient, content_key, size_bytes, sha256, received_at, helo,
         remote_ip, summary, next_attempt_at, outage_id FROM spool, n WHERE spool.seq = 1`,
      ROWS,
    );
    let sum = 0;
    ask(
      new Waiting(
        harbour.id,
        countingStorage(storage, (rows) => {
          sum += rows;
        }),
      ),
    );
    return sum;
  });
  expect(read).toBeLessThan(20);
});
