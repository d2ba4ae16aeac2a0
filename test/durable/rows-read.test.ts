/** What the object asks itself with every message must not read the whole spool: with a backlog of 50,000 it would never be done. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { MessageId } from '../../src/core/ids.ts';
import { Quarantine } from '../../src/durable/quarantine.ts';
import { Waiting } from '../../src/durable/waiting.ts';
import type { ClientObject } from '../../src/index.ts';
import { enrol, ruleFor } from '../support/client.ts';
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

it('a page of a large quarantine, of one person or of all, and what its digest asks, cost their own rows', async () => {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.setRules([ruleFor('sender', 'odd@world.example', { kind: 'quarantine' })]);
  for (const to of ['anna', 'bo']) await harbour.ingest({ from: 'odd@world.example', to, content: write() });
  const read = await runInDurableObject(harbour.stub, (_object: ClientObject, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO spool (id, kind, state, retry_key, reverse_path, recipient, content_key, size_bytes, sha256, received_at, helo,
         remote_ip, summary, next_attempt_at, recipient_key)
       SELECT 'copy' || seq || '-' || i, kind, state, 'copy' || seq || '-' || i, reverse_path, recipient, content_key, size_bytes, sha256,
         received_at + i, helo, remote_ip, summary, next_attempt_at, recipient_key FROM spool, n WHERE spool.seq <= 2`,
      ROWS,
    );
    storage.sql.exec(
      `INSERT INTO quarantine (seq, id, box, received_at, rule_id, cause)
       SELECT seq, id, recipient_key, received_at, '', 'rule' FROM spool WHERE seq > 2`,
    );
    const costs: number[] = [];
    const asked = (ask: (quarantine: Quarantine) => unknown): void => {
      let sum = 0;
      const counting = countingStorage(storage, (rows) => {
        sum += rows;
      });
      ask(new Quarantine(counting));
      costs.push(sum);
    };
    asked((quarantine) => quarantine.page(undefined, { limit: 10 }));
    asked((quarantine) => quarantine.page(harbour.at('anna'), { limit: 10, before: 300 }));
    asked((quarantine) => quarantine.page(harbour.at('anna'), { limit: 10, from: 1, to: Date.now() + 10 }));
    asked((quarantine) => quarantine.between(harbour.at('bo'), { from: 100, upTo: 500, limit: 10 }));
    asked((quarantine) => quarantine.find('copy1-77' as MessageId));
    return costs;
  });
  expect(Math.max(...read)).toBeLessThan(40);
});
