/** Answers of the DNS kept for a while, and so many questions a minute: a replay asks the same few names again and again. */
import type { LookUp, Records } from '../pipeline/look-up.ts';

// Signing keys and policies are published with hours; a key that was withdrawn in the middle of a replay is withdrawn here minutes later.
const REMEMBERED_MS = 300_000;
// Senders choose the names: an outage's mail of a hundred thousand domains must not fill the memory.
const MAX_ANSWERS = 2_000;
const MINUTE_MS = 60_000;

/** What all who ask may use together, each minute. */
export type DnsAllowance = { readonly questions: number; readonly wastedMs: number };

/**
 * A question is a subrequest, of which one run of an object has a thousand (its store and its connections are among them). And a resolver
 * that is silent, or a stranger's name servers that are slow on purpose, hold up a replay for a sixth of the time at most.
 */
export const REPLAY_ALLOWANCE: DnsAllowance = { questions: 600, wastedMs: 10_000 };

/**
 * At the edge each message has a run of its own, and a time of its own (pipeline/authenticate.ts): with an allowance in common, whoever sends
 * a handful of messages from a slow zone would keep everybody else's sender from being checked.
 */
export const EDGE_ALLOWANCE: DnsAllowance = {
  questions: Number.POSITIVE_INFINITY,
  wastedMs: Number.POSITIVE_INFINITY,
};

/** What was said, never what is still being asked: at the edge a question ends with the run that asked it, and others would wait for ever. */
type Answer = { readonly said: Records; readonly at: number };

export function rememberAnswers(lookUp: LookUp, now: () => number, allowed: DnsAllowance): LookUp {
  const answers = new Map<string, Answer>();
  const allowance = new Allowance(allowed);
  return async (name, type) => {
    const at = now();
    const key = `${type} ${name.toLowerCase()}`;
    const known = answers.get(key);
    if (known !== undefined && at - known.at < REMEMBERED_MS) return known.said;
    if (!allowance.hasLeft(at)) return { kind: 'failed' };
    const said = await lookUp(name, type);
    // Nobody could say: the next message asks again.
    if (said.kind === 'failed') allowance.waste(now() - at);
    else {
      answers.delete(key);
      answers.set(key, { said, at });
      forgetOldest(answers);
    }
    return said;
  };
}

class Allowance {
  readonly #allowed: DnsAllowance;
  #startedAt = 0;
  #asked = 0;
  #wastedMs = 0;

  constructor(allowed: DnsAllowance) {
    this.#allowed = allowed;
  }

  hasLeft(at: number): boolean {
    if (at - this.#startedAt >= MINUTE_MS) {
      this.#startedAt = at;
      this.#asked = 0;
      this.#wastedMs = 0;
    }
    this.#asked += 1;
    return this.#asked <= this.#allowed.questions && this.#wastedMs < this.#allowed.wastedMs;
  }

  waste(ms: number): void {
    this.#wastedMs += ms;
  }
}

function forgetOldest(answers: Map<string, Answer>): void {
  for (const key of answers.keys()) {
    if (answers.size <= MAX_ANSWERS) return;
    answers.delete(key);
  }
}
