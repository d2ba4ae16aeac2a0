import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChoiceWeights, DEFAULT_CHOICE, type Peer } from '../../src/core/client.ts';
import { type Candidate, choose, explain, isFailing, scoresOf, type Vantage } from '../../src/core/gateway-choice.ts';
import type { Outcome, Stage } from '../../src/core/outcome.ts';
import {
  after,
  type Dealing,
  isPassedOver,
  messagesThisMinute,
  type Standing,
  UNKNOWN_STANDING,
} from '../../src/core/standing.ts';

const AT = Date.UTC(2030, 0, 1);
const HERE: Vantage = { at: AT, place: { latitude: 50.1, longitude: 8.7 } };
const LISBON = { latitude: 38.7, longitude: -9.1 };
const MUNICH = { latitude: 48.1, longitude: 11.6 };

const peer = (host: string, more: Partial<Peer> = {}): Peer => ({ host, port: 25, tls: 'none', ...more });
const known = (more: Partial<Standing> = {}): Standing => ({ ...UNKNOWN_STANDING, ...more });
const taken = (messages: number): Standing => known({ minute: { from: AT, messages } });
const failedFor = (ms: number, failures = 1): Standing => known({ failures, failedAt: AT - ms });

function order(candidates: readonly Candidate[], weights = DEFAULT_CHOICE, vantage = HERE): string {
  return choose(candidates, weights, vantage)
    .map((choice) => choice.peer.host)
    .join(' ');
}

describe('the choice among gateways', () => {
  const capacityPerMinute = 10;
  it.each<{ name: string; a: Candidate; b: Candidate; expected: string }>([
    {
      name: 'nothing is known: as configured',
      a: { peer: peer('a'), standing: known() },
      b: { peer: peer('b'), standing: known() },
      expected: 'a b',
    },
    {
      name: 'the first has just failed',
      a: { peer: peer('a'), standing: failedFor(1_000) },
      b: { peer: peer('b'), standing: known() },
      expected: 'b a',
    },
    {
      name: 'one that has just failed is last, however near and quick it is',
      a: { peer: peer('a', { place: MUNICH }), standing: { ...failedFor(30_000), roundTripMs: 1 } },
      b: { peer: peer('b', { place: LISBON }), standing: known({ roundTripMs: 900 }) },
      expected: 'b a',
    },
    {
      name: 'one failure is forgiven after two minutes',
      a: { peer: peer('a'), standing: failedFor(120_000) },
      b: { peer: peer('b'), standing: known() },
      expected: 'a b',
    },
    {
      name: 'three in a row are not',
      a: { peer: peer('a'), standing: failedFor(120_000, 3) },
      b: { peer: peer('b'), standing: known() },
      expected: 'b a',
    },
    {
      name: 'the quicker one',
      a: { peer: peer('a'), standing: known({ roundTripMs: 180 }) },
      b: { peer: peer('b'), standing: known({ roundTripMs: 12 }) },
      expected: 'b a',
    },
    {
      name: 'a few milliseconds are noise',
      a: { peer: peer('a'), standing: known({ roundTripMs: 8 }) },
      b: { peer: peer('b'), standing: known({ roundTripMs: 2 }) },
      expected: 'a b',
    },
    {
      name: 'the nearer one',
      a: { peer: peer('a', { place: LISBON }), standing: known() },
      b: { peer: peer('b', { place: MUNICH }), standing: known() },
      expected: 'b a',
    },
    {
      name: 'the one with more of its capacity free',
      a: { peer: peer('a', { capacityPerMinute }), standing: taken(6) },
      b: { peer: peer('b', { capacityPerMinute: 100 }), standing: taken(30) },
      expected: 'b a',
    },
    {
      name: 'a full one goes behind one with room, though it is the quicker',
      a: { peer: peer('a', { capacityPerMinute }), standing: { ...taken(10), roundTripMs: 1 } },
      b: { peer: peer('b'), standing: known({ roundTripMs: 900 }) },
      expected: 'b a',
    },
    {
      name: 'a full one is asked before a dead one',
      a: { peer: peer('a'), standing: failedFor(1_000) },
      b: { peer: peer('b', { capacityPerMinute }), standing: taken(11) },
      expected: 'b a',
    },
  ])('$name', ({ a, b, expected }) => {
    expect(order([a, b])).toBe(expected);
  });

  it('leaves out what the operator gives no weight', () => {
    const candidates = [
      { peer: peer('a', { capacityPerMinute: 1 }), standing: { ...failedFor(0, 9), ...taken(5) } },
      { peer: peer('b'), standing: known({ roundTripMs: 400 }) },
    ];
    expect(order(candidates, { health: 0, capacity: 0, roundTrip: 0, distance: 1 })).toBe('a b');
    expect(order(candidates, { health: 0, capacity: 0, roundTrip: 0, distance: 0 })).toBe('a b');
  });

  it('says in words why each stands where it stands', () => {
    const candidates = [
      {
        peer: peer('a', { capacityPerMinute: 60, place: MUNICH }),
        standing: { ...taken(12), roundTripMs: 17.6 },
      },
      { peer: peer('b'), standing: failedFor(40_000, 2) },
    ];
    const [a, b] = choose(candidates, DEFAULT_CHOICE, HERE).map((choice) => explain(choice, HERE));
    expect(a).toEqual([
      'in its turn by score',
      'no failure since it last answered',
      '12 of 60 messages this minute',
      'answers in 18 ms',
      'about 307 km away',
    ]);
    expect(b).toEqual([
      'behind the others: it failed a short while ago',
      'failed 2 times in a row, last 40 s ago',
      'no capacity is set',
      'the round trip has not been measured',
      'where it stands is not set',
    ]);
  });
});

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});
const candidate: fc.Arbitrary<Omit<Candidate, 'peer'> & { readonly more: Partial<Peer> }> = fc.record({
  more: fc.record({ capacityPerMinute: fc.integer({ min: 1, max: 100 }), place }, { requiredKeys: [] }),
  standing: fc.record({
    failures: fc.integer({ min: 0, max: 8 }),
    failedAt: fc.option(fc.integer({ min: AT - 900_000, max: AT }), { nil: undefined }),
    roundTripMs: fc.option(fc.double({ min: 0, max: 3_000, noNaN: true }), { nil: undefined }),
    minute: fc.record({ from: fc.constantFrom(AT, AT - 60_000), messages: fc.integer({ min: 0, max: 120 }) }),
  }),
});
const candidates = fc
  .array(candidate, { maxLength: 10 })
  .map((list): Candidate[] => list.map(({ more, standing }, n) => ({ peer: peer(`${n}`, more), standing })));
const weight = fc.integer({ min: 0, max: 1_000 });
const weights = fc.record({ health: weight, capacity: weight, roundTrip: weight, distance: weight });
const vantage = fc.record({ at: fc.constant(AT), place: fc.option(place, { nil: undefined }) });

describe('laws of the choice', () => {
  it('every gateway appears exactly once, with a score between 0 and 1', () => {
    fc.assert(
      fc.property(candidates, weights, vantage, (list, weighed, from) => {
        const choices = choose(list, weighed, from);
        expect(choices.map((choice) => choice.peer.host).toSorted()).toEqual(
          list.map((one) => one.peer.host).toSorted(),
        );
        for (const { score, scores } of choices)
          for (const one of [score, ...Object.values(scores)]) {
            expect(one).toBeGreaterThanOrEqual(0);
            expect(one).toBeLessThanOrEqual(1);
          }
      }),
    );
  });

  it('one that is at least as good in everything, and better in something that counts, is never behind', () => {
    fc.assert(
      fc.property(candidates, weights, vantage, (list, weighed, from) => {
        const hosts = choose(list, weighed, from).map((choice) => choice.peer.host);
        for (const better of list)
          for (const worse of list) {
            if (!dominates(scoresOf(better, from), scoresOf(worse, from), weighed)) continue;
            expect(hosts.indexOf(better.peer.host)).toBeLessThan(hosts.indexOf(worse.peer.host));
          }
      }),
    );
  });

  it('only the proportions of the weights matter', () => {
    const factor = fc.constantFrom(0.25, 2, 3, 7, 1_000);
    fc.assert(
      fc.property(candidates, weights, factor, (list, weighed, by) => {
        const { health, capacity, roundTrip, distance } = weighed;
        const scaled = {
          health: health * by,
          capacity: capacity * by,
          roundTrip: roundTrip * by,
          distance: distance * by,
        };
        expect(order(list, scaled)).toBe(order(list, weighed));
      }),
    );
  });

  it('a better value never moves a gateway back: time forgives', () => {
    fc.assert(
      fc.property(candidates, weights, fc.integer({ min: 0, max: 1_200_000 }), (list, weighed, ms) => {
        const [first, ...others] = list;
        if (first === undefined) return;
        const { failedAt } = first.standing;
        const forgiven = {
          ...first,
          standing: { ...first.standing, failedAt: failedAt === undefined ? undefined : failedAt - ms },
        };
        const position = (one: Candidate) =>
          order([one, ...others], weighed)
            .split(' ')
            .indexOf(one.peer.host);
        expect(position(forgiven)).toBeLessThanOrEqual(position(first));
      }),
    );
  });
});

/** Differences below a ten-thousandth of a score may be noise to the choice. */
function dominates(a: ChoiceWeights, b: ChoiceWeights, weighed: ChoiceWeights): boolean {
  const criteria = ['health', 'capacity', 'roundTrip', 'distance'] as const;
  return (
    criteria.every((criterion) => a[criterion] >= b[criterion]) &&
    criteria.some((criterion) => weighed[criterion] > 0 && a[criterion] > b[criterion] + 1e-4)
  );
}

const reply = (stage: Stage, code: number, enhanced: string, text: string): Outcome => ({
  kind: 'deferred',
  cause: { kind: 'reply', stage, reply: { code, enhanced, text } },
});
const lost = (stage: Stage): Outcome => ({
  kind: 'deferred',
  cause: { kind: 'fault', stage, fault: { kind: 'lost' } },
});
const DELIVERED: Outcome = { kind: 'delivered', reply: { code: 250, text: 'ok' } };

describe('what is passed on to the next gateway', () => {
  it.each<[boolean, string, Outcome]>([
    [true, "the system's own trouble at MAIL", reply('mail', 451, '4.3.2', 'System not accepting messages')],
    [true, "the system's own trouble at RCPT", reply('rcpt', 451, '4.3.0', 'Temporary lookup failure')],
    [true, 'a connection lost at RCPT', lost('rcpt')],
    [true, '"too many" at MAIL', reply('mail', 451, '4.7.500', 'Server busy, please try again later')],
    [true, 'no session for want of a good certificate', lost('tls')],
    [false, 'a full mailbox', reply('rcpt', 452, '4.2.2', 'Mailbox full')],
    [false, 'greylisting', reply('rcpt', 451, '4.7.1', 'Greylisted, please try again later')],
    [false, 'the same trouble at DATA', reply('data', 451, '4.3.2', 'System not accepting messages')],
    [false, 'a connection lost in the content', lost('data')],
    [false, 'a 4xx after the dot', reply('dot', 451, '4.3.0', 'Try again')],
    [false, 'no answer after the dot', { kind: 'uncertain', fault: { kind: 'timeout' } }],
    [false, 'a message taken', DELIVERED],
    [false, 'a refusal', { kind: 'refused', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1', text: 'no' } }],
  ])('%s: %s', (expected, _, outcome) => {
    expect(isPassedOver(outcome)).toBe(expected);
  });
});

describe('the standing of a gateway', () => {
  const told = (dealings: readonly Dealing[]) =>
    dealings.reduce<Standing>((standing, dealing) => after(standing, dealing, AT), UNKNOWN_STANDING);
  const MAIL_451: Dealing = { kind: 'message', outcome: reply('mail', 451, '4.3.2', 'no') };

  it('counts failures in a row, and a success clears them', () => {
    expect(told([{ kind: 'no-session' }, MAIL_451])).toMatchObject({ failures: 2, failedAt: AT });
    expect(told([{ kind: 'no-session' }, MAIL_451, { kind: 'message', outcome: DELIVERED }])).toMatchObject({
      failures: 0,
      failedAt: undefined,
    });
  });

  it('takes "too many" for a reason to go elsewhere, and a full mailbox for a sign of life', () => {
    expect(isFailing(told([{ kind: 'message', outcome: reply('mail', 451, '4.7.500', 'Server busy') }]), AT)).toBe(
      true,
    );
    expect(
      isFailing(told([MAIL_451, { kind: 'message', outcome: reply('rcpt', 452, '4.2.2', 'Mailbox full') }]), AT),
    ).toBe(false);
  });

  it('smooths the round trip, so that one slow answer makes no slow server', () => {
    const steady = Array.from({ length: 20 }, (): Dealing => ({ kind: 'session', roundTripMs: 20 }));
    expect(told([{ kind: 'session', roundTripMs: 20 }])).toMatchObject({ roundTripMs: 20 });
    expect(told([...steady, { kind: 'session', roundTripMs: 420 }])).toMatchObject({ roundTripMs: 70 });
    expect(told([...steady, { kind: 'session', roundTripMs: undefined }])).toMatchObject({ roundTripMs: 20 });
  });

  it('counts the messages it took in this minute, and begins anew with the next', () => {
    const standing = told([{ kind: 'message', outcome: DELIVERED }, { kind: 'message', outcome: DELIVERED }, MAIL_451]);
    expect(messagesThisMinute(standing, AT + 59_999)).toBe(2);
    expect(messagesThisMinute(standing, AT + 60_000)).toBe(0);
  });
});
