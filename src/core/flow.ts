/**
 * How many connections a replay holds at a time: one more for every round that goes well, half of them when the gateway asks for less
 * or becomes slow (additive increase, multiplicative decrease, as TCP does it: RFC 5681). What the gateway says is too many is
 * remembered, so that it has to say so once. Pure, plain data.
 */

export type Flow = {
  /** ≥ 1 */
  readonly allowed: number;
  /** messages taken since `allowed` was last changed */
  readonly taken: number;
  /** the most that the gateway has been seen to bear; absent: it has never refused one */
  readonly ceiling?: number;
  /** epoch ms: then one more is tried */
  readonly ceilingUntil: number;
  readonly halvedAt: number;
  /** ms that a small message takes: at best, and lately */
  readonly bestMs?: number;
  readonly latelyMs?: number;
};

export const FIRST_FLOW: Flow = { allowed: 1, taken: 0, ceilingUntil: 0, halvedAt: 0 };

export type FlowNews =
  /** `tookMs`: from MAIL to the answer to the dot; absent for a large message, which says more about the line than about the server */
  | { readonly kind: 'taken'; readonly tookMs?: number }
  /** rate limits and "too busy", on a connection that stands */
  | { readonly kind: 'less-please' }
  /** one more connection was not to be had while `open` others stood */
  | { readonly kind: 'too-many'; readonly open: number };

// Each connection must have shown four times that it is welcome before another is added.
const TAKEN_EACH = 4;
// Many connections hear the same "too busy" at once: that is one request, not six.
const SAME_REQUEST_MS = 10_000;
// Administrators change limits by hand; a look every ten minutes costs the server one refusal in thousands of messages.
const CEILING_MS = 600_000;
// Live mail goes first: of the connections a server bears, one is never the replay's, unless it is the only one.
const LEFT_FOR_NEW_MAIL = 1;
// A server under load slows down before it refuses: four times its best, and by more than a content scanner's mood.
const SLOW_FACTOR = 4;
const SLOW_MS = 1_000;
// Long enough for a few messages on each connection, short enough to see a server that has just become slow.
const LATELY_WEIGHT = 1 / 8;

/** `at`: epoch ms. `most`: the client's own setting, which the result never exceeds. */
export function flowHeard(flow: Flow, news: FlowNews, at: number, most: number): Flow {
  switch (news.kind) {
    case 'taken':
      return heardTaken(withLatency(flow, news.tookMs), at, most);
    case 'less-please':
      return halved(flow, at);
    case 'too-many':
      return {
        ...flow,
        allowed: Math.max(1, Math.min(flow.allowed, news.open - LEFT_FOR_NEW_MAIL)),
        taken: 0,
        ceiling: Math.max(1, news.open),
        ceilingUntil: at + CEILING_MS,
      };
  }
}

/** What may be open now. */
export function connectionsNow(flow: Flow, most: number): number {
  return Math.max(1, Math.min(flow.allowed, most));
}

function heardTaken(flow: Flow, at: number, most: number): Flow {
  if (isSlow(flow)) return isSameRequest(flow, at) ? { ...flow, taken: 0 } : halved(withLowerHopes(flow), at);
  const taken = flow.taken + 1;
  const isAtCeiling =
    flow.ceiling !== undefined && flow.allowed >= flow.ceiling - LEFT_FOR_NEW_MAIL && at < flow.ceilingUntil;
  if (taken < flow.allowed * TAKEN_EACH || flow.allowed >= most || isAtCeiling) return { ...flow, taken };
  return { ...flow, allowed: flow.allowed + 1, taken: 0 };
}

/** A server that has become slower for good must not be held to one connection by its best day. */
function withLowerHopes(flow: Flow): Flow {
  return flow.bestMs === undefined ? flow : { ...flow, bestMs: flow.bestMs * 2 };
}

function halved(flow: Flow, at: number): Flow {
  if (isSameRequest(flow, at)) return { ...flow, taken: 0 };
  const { latelyMs: _, ...rest } = flow;
  return { ...rest, allowed: Math.max(1, Math.floor(flow.allowed / 2)), taken: 0, halvedAt: at };
}

function isSameRequest({ halvedAt }: Flow, at: number): boolean {
  return at - halvedAt < SAME_REQUEST_MS;
}

function isSlow({ bestMs, latelyMs }: Flow): boolean {
  return (
    bestMs !== undefined && latelyMs !== undefined && latelyMs > bestMs * SLOW_FACTOR && latelyMs - bestMs > SLOW_MS
  );
}

function withLatency(flow: Flow, tookMs: number | undefined): Flow {
  if (tookMs === undefined) return flow;
  const latelyMs = flow.latelyMs === undefined ? tookMs : flow.latelyMs + (tookMs - flow.latelyMs) * LATELY_WEIGHT;
  return { ...flow, bestMs: Math.min(flow.bestMs ?? tookMs, tookMs), latelyMs };
}
