/** When the gateway lets mail in again, what it delayed itself is due; what one recipient or the relay delays keeps its own time. */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { parseAddress } from '../../src/core/address.ts';
import { DEFAULT_EXPIRY } from '../../src/core/client.ts';
import type { MessageId } from '../../src/core/ids.ts';
import { type LedgerEntry, type LedgerKind, settle } from '../../src/core/ledger.ts';
import type { Outcome, Stage } from '../../src/core/outcome.ts';
import type { Reply } from '../../src/core/reply.ts';
import { Ledger } from '../../src/durable/ledger.ts';
import { Waiting } from '../../src/durable/waiting.ts';
import { enrol } from '../support/client.ts';
import { write } from '../support/mail.ts';
import { startPeer } from '../support/peer.ts';

const deferred = (reply: Reply, stage: Stage): Outcome => ({
  kind: 'deferred',
  cause: { kind: 'reply', stage, reply },
});
const FULL = deferred({ code: 452, enhanced: '4.2.2', text: 'Mailbox full' }, 'rcpt');
const BUSY = deferred({ code: 451, enhanced: '4.3.2', text: 'System not accepting messages' }, 'mail');
const KILLED: Outcome = { kind: 'uncertain', fault: { kind: 'lost' } };
const DEAF: Outcome = { kind: 'uncertain', fault: { kind: 'timeout' } };

type Row = { readonly to: string; readonly kind?: LedgerKind; readonly outcome?: Outcome; readonly tries?: number };

const ROWS: readonly Row[] = [
  { to: 'full', outcome: FULL },
  { to: 'full' },
  { to: 'busy', outcome: BUSY },
  { to: 'busy-for-long', outcome: BUSY, tries: 4 },
  { to: 'edge' },
  { to: 'deaf', outcome: DEAF },
  { to: 'killed', outcome: KILLED },
  { to: 'killed' },
  { to: 'killed-again', outcome: KILLED, tries: 2 },
  { to: 'world', kind: 'outbound', outcome: BUSY },
];

/** Each row is tried at 1,000; then the release is at 1,010. Answers who is due. */
async function dueAfter(release: 'releaseAll' | 'releaseDelayedByGateway'): Promise<readonly string[]> {
  const harbour = await enrol({ gateways: [await startPeer()] });
  await harbour.declareFailure();
  await harbour.ingest({ to: 'anna', content: write() });
  return runInDurableObject(harbour.stub, (_, { storage }) => {
    const { sql } = storage;
    const ledger = new Ledger(harbour.id, storage);
    const waiting = new Waiting(harbour.id, storage);
    const model = waiting.next('gateway', { ...NOBODY_BUSY, now: Number.MAX_SAFE_INTEGER });
    if (model === undefined) throw new Error('there is no row to copy');
    sql.exec('DELETE FROM spool');
    for (const [index, row] of ROWS.entries()) add(ledger, model, row, index);
    for (const row of ROWS) if (row.outcome !== undefined) attempt({ ledger, waiting }, row, row.outcome);
    waiting[release](1_010);
    return sql
      .exec<{ recipient: string }>('SELECT recipient FROM spool WHERE next_attempt_at <= 1010 ORDER BY seq')
      .toArray()
      .map(({ recipient }) => recipient.split('@')[0] ?? '');
  });
}

function add(ledger: Ledger, model: LedgerEntry, { to, kind = 'inbound' }: Row, index: number): void {
  const recipient = parseAddress(`${to}@harbour.example`);
  if (recipient === undefined) throw new Error(`${to} is no local part`);
  const { submissionId: _, ...rest } = model;
  const entry = { ...rest, id: `${model.id}-${index}` as MessageId, retryKey: `key ${index}`, recipient, kind };
  const attempted = { outcome: BUSY, gateway: 'mx', startedAt: 990 };
  const placement = to === 'edge' ? ({ kind: 'waiting', attempted } as const) : ({ kind: 'waiting' } as const);
  ledger.add(entry, placement, { now: 990, dueAt: to === 'edge' ? 61_000 : 990, outageId: undefined });
}

const CONTEXT = {
  now: 1_000,
  state: 'up',
  expiry: DEFAULT_EXPIRY,
  hasRelay: true,
  areMailboxesOpen: false,
} as const;
const NOBODY_BUSY = { reach: 'all', busy: new Set<string>() } as const;

type Books = { readonly ledger: Ledger; readonly waiting: Waiting };

function attempt({ ledger, waiting }: Books, { to, kind, tries = 1 }: Row, outcome: Outcome): void {
  for (let number = 1; number <= tries; number += 1) {
    const entry = waiting.next(kind === 'outbound' ? 'relay' : 'gateway', { ...NOBODY_BUSY, now: 1_000 });
    if (entry === undefined || !entry.recipient.text.startsWith(`${to}@`)) throw new Error(`not ${to}'s turn`);
    const claimed = ledger.claim(entry, 'mx', { now: 1_000, reach: 'all' }) ?? entry;
    const settlement = settle(outcome, claimed, CONTEXT);
    ledger.settle(claimed, outcome, settlement, 1_000);
    if (number < tries) ledger.postpone(entry, 1_000);
  }
}

it('the end of easing, and being let in again, make due what the gateway delayed, in its order, and nothing else', async () => {
  expect(await dueAfter('releaseDelayedByGateway')).toEqual(['busy', 'busy-for-long', 'edge', 'killed', 'killed']);
});

it('a repair makes everything due that is the gateway’s, and leaves the relay its times', async () => {
  expect(await dueAfter('releaseAll')).toEqual([
    'full',
    'full',
    'busy',
    'busy-for-long',
    'edge',
    'deaf',
    'killed',
    'killed',
    'killed-again',
  ]);
});
