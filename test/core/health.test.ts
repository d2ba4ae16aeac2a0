import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.ts';
import {
  advance,
  type Health,
  type HealthEvent,
  type HealthPlan,
  healthy,
  judgementDueAt,
  probeDueAt,
  type Transition,
} from '../../src/core/health.ts';
import { STANDARD_THRESHOLDS } from '../../src/core/thresholds.ts';

const plan: HealthPlan = {
  thresholds: STANDARD_THRESHOLDS,
  probe: { firstMs: 5_000, capMs: 60_000 },
  recovery: { probes: 3, spanMs: 60_000 },
  failback: 'automatic',
};

const HOST_DOWN: Evidence = { scope: 'host', weight: 1, alive: 'no' };
const TROUBLE: Evidence = { scope: 'host', weight: 0.25, alive: 'partly' };
const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };
const FULL: Evidence = { scope: 'recipient', weight: 0, alive: 'yes' };

type Timed = readonly [at: number, event: HealthEvent];

/** Runs the events and, between them, every look the state itself asks for. */
function run(
  events: readonly Timed[],
  options: { plan?: HealthPlan; from?: Health } = {},
): { health: Health; transitions: Transition[] } {
  const using = options.plan ?? plan;
  let health = options.from ?? healthy(0);
  const transitions: Transition[] = [];
  for (const [at, event] of events) {
    const step = advance(health, event, using, { at, jitter: 0 });
    health = step.health;
    if (step.transition !== undefined) transitions.push(step.transition);
  }
  return { health, transitions };
}

/** When the state itself wants to be looked at again. */
function dueAt(health: Health): number | undefined {
  const times = [probeDueAt(health), judgementDueAt(health, plan)].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

const outcome = (evidence: Evidence, from: string): HealthEvent => ({ kind: 'outcome', from, evidence, what: 'x' });
const probe = (evidence: Evidence): HealthEvent => ({ kind: 'probe', evidence, what: 'probe' });

describe('health', () => {
  it('is suspect at the first failure of the host, and probes at once', () => {
    const { health } = run([[1_000, outcome(HOST_DOWN, 'a')]]);
    expect(health.state).toBe('suspect');
    expect(dueAt(health)).toBe(6_000);
  });

  it('goes down by amount', () => {
    const { health, transitions } = run(
      Array.from({ length: 10 }, (_, n): Timed => [n * 1_000, outcome(HOST_DOWN, `m${n}`)]),
    );
    expect(health.state).toBe('down');
    expect(transitions.map((t) => t.to)).toEqual(['suspect', 'down']);
    expect(transitions[1]?.why).toContain('amount');
  });

  it('finds a quiet client out by probes alone, within the duration threshold', () => {
    let health = run([[0, outcome(HOST_DOWN, 'only')]]).health;
    let at = 0;
    while (health.state === 'suspect' && at < 600_000) {
      at = dueAt(health) ?? Number.POSITIVE_INFINITY;
      const isProbe = at === health.probe.nextAt;
      health = advance(health, isProbe ? probe(HOST_DOWN) : { kind: 'time-passed' }, plan, { at, jitter: 0 }).health;
    }
    expect(health.state).toBe('down');
    expect(at).toBeLessThanOrEqual(120_000);
  });

  it('one message, retried for hours, never causes a failover (P10)', () => {
    const retries = Array.from({ length: 500 }, (_, n): Timed => [n * 60_000, outcome(TROUBLE, 'poison')]);
    expect(run(retries).transitions.map((t) => t.to)).not.toContain('down');
  });

  it('one full mailbox, heavily mailed, raises no suspicion (P10)', () => {
    const full = Array.from({ length: 500 }, (_, n): Timed => [n * 1_000, outcome(FULL, `m${n}`)]);
    expect(run(full).transitions).toEqual([]);
  });

  it('a success ends the suspicion', () => {
    const { health, transitions } = run([
      [0, outcome(HOST_DOWN, 'a')],
      [5_000, probe(ALIVE)],
    ]);
    expect(health.state).toBe('up');
    expect(transitions.map((t) => t.to)).toEqual(['suspect', 'up']);
  });

  const downed = run(Array.from({ length: 10 }, (_, n): Timed => [n, outcome(HOST_DOWN, `m${n}`)])).health;

  it('recovers after enough probes over a long enough span, then a canary', () => {
    const steps: Timed[] = [
      [10_000, probe(ALIVE)],
      [40_000, probe(ALIVE)],
      [70_000, probe(ALIVE)],
    ];
    expect(run(steps.slice(0, 2), { from: downed }).health.state).toBe('down');
    const { health } = run(steps, { from: downed });
    expect(health.state).toBe('recovering');
    expect(run([[71_000, { kind: 'canary-passed', what: 'ok' }]], { from: health }).health.state).toBe('up');
    expect(run([[71_000, { kind: 'canary-failed', what: '451' }]], { from: health }).health.state).toBe('down');
  });

  it('a failed probe begins the count anew', () => {
    const { health } = run(
      [
        [10_000, probe(ALIVE)],
        [40_000, probe(HOST_DOWN)],
        [70_000, probe(ALIVE)],
        [100_000, probe(ALIVE)],
      ],
      { from: downed },
    );
    expect(health.state).toBe('down');
  });

  it('a probe that is answered only in part does not count as repaired', () => {
    const partly = Array.from({ length: 50 }, (_, n): Timed => [n * 60_000, probe(TROUBLE)]);
    expect(run(partly, { from: downed }).health.state).toBe('down');
  });

  it('with failback "hold" only a person switches back', () => {
    const hold: HealthPlan = { ...plan, failback: 'hold' };
    const probes = Array.from({ length: 20 }, (_, n): Timed => [n * 60_000, probe(ALIVE)]);
    const { health } = run(probes, { from: downed, plan: hold });
    expect(health.state).toBe('down');
    expect(
      run([[9e6, { kind: 'declared-repair', by: 'operator', reason: 'new disk' }]], { from: health, plan: hold }).health
        .state,
    ).toBe('recovering');
  });

  it('what a person declared, probes do not end', () => {
    const declared = run([[0, { kind: 'declared-failure', by: 'client', reason: 'nobody can log in' }]]).health;
    expect(declared).toMatchObject({ state: 'down', cause: { kind: 'declared' } });
    expect(dueAt(declared)).toBeUndefined();
    expect(run([[5_000, probe(ALIVE)]], { from: declared }).health.state).toBe('down');
  });

  it('forgets old evidence when it is up again, so that one deferral does not reopen the emergency', () => {
    const recovering = run([[20_000, { kind: 'declared-repair', by: 'operator', reason: 'done' }]], {
      from: downed,
    }).health;
    const up = run([[21_000, { kind: 'canary-passed', what: 'ok' }]], { from: recovering }).health;
    expect(run([[22_000, outcome(HOST_DOWN, 'one')]], { from: up }).health.state).toBe('suspect');
  });

  const anyEvent = fc.oneof(
    fc.constantFrom(HOST_DOWN, TROUBLE, ALIVE, FULL).map((evidence): HealthEvent => outcome(evidence, 'm')),
    fc.constantFrom(HOST_DOWN, TROUBLE, ALIVE).map((evidence): HealthEvent => probe(evidence)),
    fc.constantFrom<HealthEvent>(
      { kind: 'time-passed' },
      { kind: 'canary-passed', what: '' },
      { kind: 'canary-failed', what: '' },
      { kind: 'declared-failure', by: 'a', reason: 'b' },
      { kind: 'declared-repair', by: 'a', reason: 'b' },
    ),
  );
  const anyHistory = fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), anyEvent), { maxLength: 200 });

  it('whatever happens: transitions chain, memory is bounded, and what is down or suspect by itself looks again', () => {
    fc.assert(
      fc.property(anyHistory, (gaps) => {
        let at = 0;
        let health = healthy(0);
        for (const [gap, event] of gaps) {
          at += gap;
          const step = advance(health, event, plan, { at, jitter: 0.5 });
          if (step.transition !== undefined)
            expect([step.transition.from, step.transition.to]).toEqual([health.state, step.health.state]);
          else expect(step.health.state).toBe(health.state);
          health = step.health;
          expect(health.history.deferrals.length).toBeLessThanOrEqual(200);
          const mustLook = health.state === 'suspect' || (health.state === 'down' && health.cause.kind === 'threshold');
          if (mustLook) expect(dueAt(health)).toBeTypeOf('number');
        }
      }),
    );
  });

  it('without a failure of the host nothing but a person brings it down', () => {
    const harmless = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 60_000 }),
        fc.constantFrom(outcome(ALIVE, 'a'), outcome(FULL, 'b'), probe(ALIVE)),
      ),
    );
    fc.assert(
      fc.property(harmless, (gaps) => {
        const events = gaps.map(([gap, event], index): Timed => [index * 60_000 + gap, event]);
        expect(run(events).transitions).toEqual([]);
      }),
    );
  });
});
