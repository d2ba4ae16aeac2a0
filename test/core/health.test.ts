import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.ts';
import { advance, healthy, judgementDueAt, probeDueAt } from '../../src/core/health.ts';
import type { Health, HealthEvent, HealthPlan, Step, Transition } from '../../src/core/health-state.ts';
import { PROFILES } from '../../src/core/profiles.ts';

const plan: HealthPlan = {
  thresholds: PROFILES.standard,
  probe: { firstMs: 5_000, capMs: 60_000, idleMs: 150_000, testMessage: false },
  recovery: { probes: 3, spanMs: 60_000 },
  failover: 'automatic',
  failback: 'automatic',
  whenRefused: 'keep',
};

const HOST_DOWN: Evidence = { scope: 'host', weight: 1, alive: 'no' };
const TROUBLE: Evidence = { scope: 'host', weight: 0.25, alive: 'partly' };
const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };
const FULL: Evidence = { scope: 'recipient', weight: 0, alive: 'yes' };
const JUDGED: Evidence = { scope: 'none', weight: 0, alive: 'partly' };
const TLS: Evidence = { scope: 'tls', weight: 0, alive: 'partly' };
const POLICY: Evidence = { scope: 'policy', weight: 0, alive: 'partly' };
const OUR_RESOLVER: Evidence = { scope: 'resolver', weight: 0, alive: 'no' };
const NO_SUCH_HOST: Evidence = { scope: 'configuration', weight: 0.5, alive: 'no' };

type Timed = readonly [at: number, event: HealthEvent];

/** Runs the events and, between them, every look the state itself asks for. */
function run(
  events: readonly Timed[],
  options: { plan?: HealthPlan; from?: Health } = {},
): { health: Health; transitions: Transition[]; notes: Step['notes'][number]['kind'][] } {
  const using = options.plan ?? plan;
  let health = options.from ?? healthy(0);
  const transitions: Transition[] = [];
  const notes: Step['notes'][number]['kind'][] = [];
  for (const [at, event] of events) {
    const step = advance(health, event, using, { at, jitter: 0 });
    health = step.health;
    if (step.transition !== undefined) transitions.push(step.transition);
    notes.push(...step.notes.map((note) => note.kind));
  }
  return { health, transitions, notes };
}

/** When the state itself wants to be looked at again. */
function dueAt(health: Health): number | undefined {
  const times = [probeDueAt(health), judgementDueAt(health, plan)].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

const outcome = (evidence: Evidence, from: string): HealthEvent => ({ kind: 'outcome', from, evidence, what: 'x' });
const failing = (count: number, gapMs: number, evidence = HOST_DOWN): Timed[] =>
  Array.from({ length: count }, (_, n) => [n * gapMs, outcome(evidence, `m${n}`)]);
const probe = (evidence: Evidence): HealthEvent => ({ kind: 'probe', evidence, what: 'probe' });

describe('health', () => {
  it('is suspect at the first failure of the host, and probes at once', () => {
    const { health } = run([[1_000, outcome(HOST_DOWN, 'a')]]);
    expect(health.state).toBe('suspect');
    expect(dueAt(health)).toBe(6_000);
  });

  it('goes down by amount', () => {
    const { health, transitions } = run(failing(13, 5_000));
    expect(health.state).toBe('down');
    expect(transitions.map((t) => t.to)).toEqual(['suspect', 'down']);
    expect(transitions[1]?.why).toContain('amount');
    expect(transitions[1]?.evidence).toEqual([
      '13 failures in 60 s, no success in between',
      '13 × x',
      'no success is on record before it',
    ]);
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

  it('more successes than failures end the suspicion', () => {
    const { health, transitions } = run([
      [0, outcome(HOST_DOWN, 'a')],
      [5_000, probe(ALIVE)],
      [10_000, probe(ALIVE)],
    ]);
    expect(health.state).toBe('up');
    expect(transitions.map((t) => t.to)).toEqual(['suspect', 'up']);
  });

  // Its last failure at 60 s; the times of what follows begin anew.
  const downed = run(
    failing(13, 5_000).map(([at, event]): Timed => [at - 60_000, event]),
    { from: healthy(-60_000) },
  ).health;

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

  it('a quiet gateway is looked at before long, and again after every answer', () => {
    const { health } = run([[0, { kind: 'time-passed' }]]);
    expect(dueAt(health)).toBe(150_000);
    expect(dueAt(run([[150_000, probe(ALIVE)]], { from: health }).health)).toBe(300_000);
    expect(run([[150_000, probe(HOST_DOWN)]], { from: health }).health.state).toBe('suspect');
    const never: HealthPlan = { ...plan, probe: { ...plan.probe, idleMs: 0 } };
    expect(dueAt(run([[1_000, { kind: 'time-passed' }]], { from: health, plan: never }).health)).toBeUndefined();
  });

  it('a 5xx ends no suspicion: servers in trouble answer false ones', () => {
    const { health } = run([[0, outcome(TROUBLE, 'a')], ...failing(50, 1_000, JUDGED)]);
    expect(health.state).toBe('suspect');
  });

  it.each([
    ['tls-broken', TLS],
    ['refused-us', POLICY],
  ] as const)('%s is a state of its own after two refusals, and no failover', (state, evidence) => {
    expect(run([[0, outcome(evidence, 'a')]]).health.state).toBe('suspect');
    const { health, transitions } = run([
      [0, outcome(evidence, 'a')],
      [5_000, probe(evidence)],
    ]);
    expect(health.state).toBe(state);
    expect(transitions.map((t) => t.to)).toEqual(['suspect', state]);
    const probes = Array.from({ length: 100 }, (_, n): Timed => [n * 60_000, probe(evidence)]);
    expect(run(probes, { from: health }).transitions).toEqual([]);
    expect(dueAt(run(probes, { from: health }).health)).toBeTypeOf('number');
    expect(run([[60_000, probe(ALIVE)]], { from: health }).health.state).toBe('up');
    const eager: HealthPlan = { ...plan, whenRefused: 'failover' };
    expect(judgementDueAt(health, eager)).toBe(90_000);
    expect(run([[90_000, { kind: 'time-passed' }]], { from: health, plan: eager }).health.state).toBe('down');
  });

  it('a refused server that then does not answer at all is down', () => {
    const barred = run([
      [0, outcome(TLS, 'a')],
      [5_000, probe(TLS)],
    ]).health;
    const silent = Array.from({ length: 8 }, (_, n): Timed => [20_000 + n * 20_000, probe(HOST_DOWN)]);
    expect(run(silent, { from: barred }).health.state).toBe('down');
  });

  it.each([
    ['ask', 'asked'],
    ['manual', 'crossed'],
  ] as const)('in mode %s a crossed threshold is said once, and a person decides', (failover, note) => {
    const { health, notes, transitions } = run(failing(40, 5_000), { plan: { ...plan, failover } });
    expect(health.state).toBe('suspect');
    expect(notes).toEqual([note]);
    expect(transitions.map((t) => t.to)).toEqual(['suspect']);
    const declared: HealthEvent = { kind: 'declared-failure', by: 'a link', reason: 'yes' };
    expect(run([[300_000, declared]], { from: health }).health.state).toBe('down');
  });

  it('a name that does not exist is told as such, and counts', () => {
    const { health, notes } = run(failing(20, 5_000, NO_SUCH_HOST));
    expect(notes).toEqual(['misconfigured']);
    expect(health.state).toBe('down');
  });

  it('our own resolver, once found to be the trouble, excuses the gateway for what looked like its failure', () => {
    const events = Array.from({ length: 120 }, (_, n): Timed[] => [
      [n * 5_000, outcome(HOST_DOWN, `m${n}`)],
      ...(n % 8 === 1 ? [[n * 5_000 + 1, probe(OUR_RESOLVER)] as Timed] : []),
    ]).flat();
    const { health, notes } = run(events);
    expect(health.state).toBe('suspect');
    expect(notes).toEqual(['resolver-failed']);
  });

  it('a partial outage ends only after so many good answers that they are no luck', () => {
    const answers = Array.from(
      { length: 300 },
      (_, n): Timed => [n * 5_000, outcome(n % 10 < 3 ? TROUBLE : ALIVE, `m${n}`)],
    );
    const { transitions } = run(answers);
    const down = transitions.find((t) => t.to === 'down');
    expect(down?.why).toContain('%');
    const partial = run(answers.filter(([at]) => at <= (down?.at ?? 0))).health;
    const probes = (count: number) => Array.from({ length: count }, (_, n): Timed => [1e7 + n * 10_000, probe(ALIVE)]);
    expect(run(probes(35), { from: partial }).health.state).toBe('down');
    expect(run(probes(36), { from: partial }).health.state).toBe('recovering');
  });

  it('a canary that fails after a partial outage asks as much of the next recovery', () => {
    const answers = Array.from(
      { length: 300 },
      (_, n): Timed => [n * 5_000, outcome(n % 10 < 3 ? TROUBLE : ALIVE, `m${n}`)],
    );
    const partial = advanceUntilDown(answers);
    const good = (count: number, from: number) =>
      Array.from({ length: count }, (_, n): Timed => [from + n * 10_000, probe(ALIVE)]);
    const back = run([...good(36, 1e7), [1.04e7, { kind: 'canary-failed', what: '451' }]], { from: partial }).health;
    expect(back.state).toBe('down');
    expect(run(good(35, 2e7), { from: back }).health.state).toBe('down');
    expect(run(good(36, 2e7), { from: back }).health.state).toBe('recovering');
  });

  it('a refused server that dies is judged when its time is up, not at the next probe', () => {
    const barred = run([
      [0, outcome(TLS, 'a')],
      [5_000, probe(TLS)],
      [10_000, probe(HOST_DOWN)],
      [20_000, probe(HOST_DOWN)],
    ]).health;
    expect(judgementDueAt(barred, plan)).toBe(100_000);
    expect(run([[100_000, { kind: 'time-passed' }]], { from: barred }).health.state).toBe('down');
  });

  it('failing again soon after a failback doubles what is asked of the next recovery', () => {
    let health: Health = downed;
    const spans: number[] = [];
    for (let cycle = 0; cycle < 3; cycle += 1) {
      const start = (cycle + 1) * 1_000_000;
      let at = start;
      for (; health.state === 'down'; at += 30_000)
        health = advance(health, probe(ALIVE), plan, { at, jitter: 0 }).health;
      spans.push(at - 30_000 - start);
      health = advance(health, { kind: 'canary-passed', what: 'ok' }, plan, { at, jitter: 0 }).health;
      health = run(
        failing(13, 5_000).map(([gap, event]): Timed => [at + gap, event]),
        { from: health },
      ).health;
    }
    expect(spans).toEqual([60_000, 120_000, 240_000]);
  });

  it('a server that refuses the people it knew is not repaired, though it answers', () => {
    const refuses: HealthEvent = { kind: 'probe', evidence: JUDGED, what: '550', taken: 'refuses-people' };
    expect(
      run(
        Array.from({ length: 50 }, (_, n): Timed => [n * 60_000, refuses]),
        { from: downed },
      ).health.state,
    ).toBe('down');
  });

  it('planned work opens mailboxes, and after its end probes find out whether the server is back', () => {
    const during = run([[0, { kind: 'maintenance-begins', title: 'new disks', until: 3_600_000 }]]).health;
    expect(during).toMatchObject({ state: 'down', cause: { kind: 'maintenance' }, probe: undefined });
    expect(run([[5_000, probe(ALIVE)]], { from: during }).health.state).toBe('down');
    const after = run([[3_600_000, { kind: 'maintenance-ends', title: 'new disks' }]], { from: during }).health;
    expect(dueAt(after)).toBe(3_605_000);
    const probes = [3_605_000, 3_635_000, 3_665_000].map((at): Timed => [at, probe(ALIVE)]);
    expect(run(probes, { from: after }).health.state).toBe('recovering');
  });

  it('a drill is told from a failure', () => {
    const drill = run([[0, { kind: 'declared-failure', by: 'operator', reason: 'exercise', isDrill: true }]]);
    expect(drill.health).toMatchObject({ state: 'down', cause: { kind: 'drill' } });
    expect(drill.transitions[0]?.why).toContain('drill');
  });

  const anyEvent = fc.oneof(
    fc
      .constantFrom(HOST_DOWN, TROUBLE, ALIVE, FULL, TLS, POLICY, OUR_RESOLVER, NO_SUCH_HOST)
      .map((evidence): HealthEvent => outcome(evidence, 'm')),
    fc.constantFrom(HOST_DOWN, TROUBLE, ALIVE, TLS, OUR_RESOLVER).map((evidence): HealthEvent => probe(evidence)),
    fc.constantFrom<HealthEvent>(
      { kind: 'time-passed' },
      { kind: 'canary-passed', what: '' },
      { kind: 'canary-failed', what: '' },
      { kind: 'declared-failure', by: 'a', reason: 'b' },
      { kind: 'maintenance-begins', title: 'c', until: 9e12 },
      { kind: 'maintenance-ends', title: 'c' },
      { kind: 'people-refused', what: 'd' },
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
          const mustLook =
            ['suspect', 'tls-broken', 'refused-us'].includes(health.state) ||
            (health.state === 'down' && health.cause.kind === 'threshold');
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

function advanceUntilDown(events: readonly Timed[]): Health {
  let health = healthy(0);
  for (const [at, event] of events)
    if (health.state !== 'down') health = advance(health, event, plan, { at, jitter: 0 }).health;
  return health;
}
