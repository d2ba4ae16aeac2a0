import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.ts';
import type { HealthEvent } from '../../src/core/health-state.ts';
import { isGood, recordedOf } from '../../src/core/record.ts';

const HOST: Evidence = { scope: 'host', weight: 1, alive: 'no' };
const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };
const WITNESS = { sender: 's', recipient: 'r' };

function outcome(evidence: Evidence, more: Partial<Extract<HealthEvent, { kind: 'outcome' }>> = {}): HealthEvent {
  return { kind: 'outcome', from: 'key', evidence, what: '451 no', witness: WITNESS, ...more };
}

describe('what is recorded', () => {
  it.each<[string, HealthEvent, object | undefined]>([
    ['a failure of the host', outcome(HOST), { kind: 'failed', evidence: HOST, witness: WITNESS, count: 1 }],
    [
      'TLS that fails, though it weighs nothing',
      outcome({ scope: 'tls', weight: 0, alive: 'partly' }),
      { kind: 'failed' },
    ],
    ['our own resolver', outcome({ scope: 'resolver', weight: 0, alive: 'no' }), { kind: 'failed' }],
    ['messages taken, in bulk', outcome(ALIVE, { count: 7 }), { kind: 'answered', count: 7, taken: 7 }],
    [
      'a full mailbox: alive, and no message taken',
      outcome({ scope: 'recipient', weight: 0, alive: 'yes' }),
      { kind: 'answered', count: 1, taken: 0 },
    ],
    ['a 5xx: it judges nothing', outcome({ scope: 'none', weight: 0, alive: 'partly' }), undefined],
    ['a probe', { kind: 'probe', evidence: ALIVE, what: 'ok', taken: 'yes' }, { kind: 'probe', taken: 'yes' }],
    ['a declaration', { kind: 'declared-failure', by: 'operator', reason: 'x' }, undefined],
    ['the passing of time', { kind: 'time-passed' }, undefined],
  ])('%s', (_, event, recorded) => {
    const found = recordedOf(event, 17);
    if (recorded === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject({ at: 17, ...recorded });
  });

  it('keeps no address and no more than the beginning of a reply', () => {
    const recorded = recordedOf(outcome(HOST, { what: `451 <anna@harbour.example> ${'x'.repeat(200)}` }), 1);
    if (recorded?.kind !== 'failed') throw new Error('not recorded');
    expect(recorded.words).toMatch(/^451 <…@…> x+$/);
    expect(recorded.words).toHaveLength(120);
    expect(JSON.stringify(recorded)).not.toContain('"key"');
  });

  it('is its own witness when nobody is named', () => {
    const recorded = recordedOf({ kind: 'outcome', from: 'replay', evidence: HOST, what: 'refused' }, 1);
    if (recorded?.kind !== 'failed') throw new Error('not recorded');
    expect(recorded.witness).toEqual({ sender: recorded.message, recipient: recorded.message });
  });

  it.each([
    [{ kind: 'answered', at: 1, count: 1, taken: 0 }, true],
    [{ kind: 'probe', at: 1, evidence: ALIVE, taken: 'yes', words: '' }, true],
    [{ kind: 'probe', at: 1, evidence: HOST, taken: 'no', words: '' }, false],
    [{ kind: 'failed', at: 1, evidence: HOST, message: 'm', witness: WITNESS, count: 1, words: '' }, false],
  ] as const)('%o is good: %s', (recorded, good) => {
    expect(isGood(recorded)).toBe(good);
  });
});
