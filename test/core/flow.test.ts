import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionsNow, FIRST_FLOW, type Flow, type FlowNews, flowHeard } from '../../src/core/flow.ts';

const MOST = 6;

/** Takes so many messages in `tookMs` each, one after another. */
function take(flow: Flow, count: number, { from = 0, tookMs = 20 } = {}): Flow {
  return Array.from({ length: count }).reduce<Flow>(
    (now, _, n) => flowHeard(now, { kind: 'taken', tookMs }, from + n * 100, MOST),
    flow,
  );
}

/** A server that bears `limit` connections, drained of `count` messages: what it had to refuse, and the most it bore. */
function drain(limit: number, count: number): { refusals: number; most: number } {
  let flow = FIRST_FLOW;
  let [refusals, most] = [0, 0];
  for (let n = 0; n < count; n += 1) {
    const at = n * 50;
    const open = connectionsNow(flow, MOST);
    if (open > limit) {
      refusals += 1;
      flow = flowHeard(flow, { kind: 'too-many', open: limit }, at, MOST);
      continue;
    }
    most = Math.max(most, open);
    flow = flowHeard(flow, { kind: 'taken', tookMs: 20 }, at, MOST);
  }
  return { refusals, most };
}

describe('the connections of a replay', () => {
  it('begin with one, and become more while messages are taken, up to the client’s own number', () => {
    expect(connectionsNow(FIRST_FLOW, MOST)).toBe(1);
    expect(connectionsNow(take(FIRST_FLOW, 4), MOST)).toBe(2);
    expect(connectionsNow(take(FIRST_FLOW, 4 + 8), MOST)).toBe(3);
    expect(connectionsNow(take(FIRST_FLOW, 1_000), MOST)).toBe(MOST);
    expect(connectionsNow(take(FIRST_FLOW, 1_000), 2)).toBe(2);
  });

  it('are halved when the gateway asks for less, once for requests that come together', () => {
    const six = take(FIRST_FLOW, 1_000);
    const three = flowHeard(six, { kind: 'less-please' }, 200_000, MOST);
    expect(connectionsNow(three, MOST)).toBe(3);
    expect(connectionsNow(flowHeard(three, { kind: 'less-please' }, 201_000, MOST), MOST)).toBe(3);
    expect(connectionsNow(flowHeard(three, { kind: 'less-please' }, 211_000, MOST), MOST)).toBe(1);
  });

  it('are halved when messages take four times as long as they can, and a second longer', () => {
    const six = take(FIRST_FLOW, 1_000);
    expect(connectionsNow(take(six, 30, { from: 200_000, tookMs: 3_000 }), MOST)).toBe(3);
    // Four times as long, but of no consequence to anybody.
    expect(connectionsNow(take(six, 30, { from: 200_000, tookMs: 200 }), MOST)).toBe(MOST);
  });

  it('come back when a server has become slower for good', () => {
    const slow = take(take(FIRST_FLOW, 100), 3_000, { from: 200_000, tookMs: 3_000 });
    expect(connectionsNow(slow, MOST)).toBeGreaterThanOrEqual(4);
  });

  it('stay one below what the server bears, which is left for new mail, and try for more after ten minutes', () => {
    const four = flowHeard(take(FIRST_FLOW, 1_000), { kind: 'too-many', open: 5 }, 100_000, MOST);
    expect(connectionsNow(four, MOST)).toBe(4);
    expect(connectionsNow(take(four, 1_000, { from: 100_000 }), MOST)).toBe(4);
    expect(connectionsNow(take(four, 100, { from: 700_001 }), MOST)).toBe(6);
  });

  it.each([1, 2, 3, 5])('cost a server that bears %i less than a hundredth of refusals', (limit) => {
    const { refusals, most } = drain(limit, 2_000);
    expect(most).toBe(limit);
    expect(refusals / 2_000).toBeLessThan(0.01);
  });

  it('are at least one and never more than the client set, whatever is heard', () => {
    const news: fc.Arbitrary<FlowNews> = fc.oneof(
      fc.record({ kind: fc.constant('taken' as const), tookMs: fc.integer({ min: 0, max: 600_000 }) }),
      fc.record({ kind: fc.constant('less-please' as const) }),
      fc.record({ kind: fc.constant('too-many' as const), open: fc.integer({ min: 0, max: 6 }) }),
    );
    fc.assert(
      fc.property(fc.array(news, { maxLength: 200 }), fc.integer({ min: 1, max: 6 }), (heard, most) => {
        let flow = FIRST_FLOW;
        for (const [n, one] of heard.entries()) {
          flow = flowHeard(flow, one, n * 1_000, most);
          expect(connectionsNow(flow, most)).toBeGreaterThanOrEqual(1);
          expect(connectionsNow(flow, most)).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});
