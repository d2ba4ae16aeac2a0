/** What the first landed version of the client object wrote: the shapes, and none of today's fields. */
import type { ClientId } from '../../src/core/ids.ts';
import type { StoredHealth, StoredSnapshot } from '../../src/core/stored.ts';

export const EARLIER_T = Date.UTC(2030, 0, 1);

export const EARLIER_SNAPSHOT = {
  clientId: 'harbour' as ClientId,
  version: 7,
  name: 'Harbour',
  domains: ['harbour.example'],
  gateways: [{ host: 'mail.harbour.example', port: 25, tls: 'starttls' }],
  rules: [
    { id: 'r1', field: 'sender', pattern: '@Spam.example', verdict: 'reject', reason: 'not wanted' },
    { id: 'r2', field: 'recipient', pattern: 'old@harbour.example', verdict: 'discard', reason: 'nobody reads it' },
  ],
  thresholds: { amount: 12, durationMs: 120_000, frequency: { deferrals: 20, perMs: 900_000 } },
  probe: { firstMs: 4_000, capMs: 30_000 },
  recovery: { probes: 3, spanMs: 60_000 },
  replay: { messagesPerMinute: 120 },
  failback: 'automatic',
  noticeAddresses: ['it@elsewhere.example'],
} as const satisfies StoredSnapshot;

export const EARLIER_TALLY = {
  run: { firstAt: EARLIER_T - 5_000, weight: 2 },
  slices: [{ at: EARLIER_T - 5_000, weight: 2 }],
};

const deferrals = [{ at: EARLIER_T - 5_000, weight: 1, from: 'a', what: 'connection refused' }];
const good = { deferrals: [], aliveAt: EARLIER_T, tally: { slices: [] } };
const bad = { deferrals, aliveAt: EARLIER_T - 9_000, tally: EARLIER_TALLY };
const since = EARLIER_T - 9_000;
const probe = { nextAt: EARLIER_T + 4_000, made: 1 };
const cause = { kind: 'threshold', why: 'amount' } as const;

export const EARLIER_HEALTH = {
  up: { state: 'up', since, history: good },
  upUnheard: { state: 'up', since, history: { deferrals: [], tally: { slices: [] } } },
  upAfterFailures: { state: 'up', since, history: { ...bad, tally: { slices: EARLIER_TALLY.slices } } },
  suspect: { state: 'suspect', since, history: bad, probe, refusesUs: false },
  refused: { state: 'suspect', since, history: bad, probe, refusesUs: true },
  down: { state: 'down', since, history: bad, cause, probe },
  declared: { state: 'down', since, history: bad, cause: { kind: 'declared', by: 'operator', reason: 'fire' } },
  recovering: { state: 'recovering', since, history: bad, cause },
} as const satisfies Readonly<Record<string, StoredHealth & { readonly refusesUs?: boolean }>>;
