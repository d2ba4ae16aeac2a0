/** Answers of the DNS kept for a while, and so many questions a minute: a replay asks the same few names again and again. */
import type { LookUp, Records } from '../pipeline/look-up.ts';

// Signing keys and policies are published with hours; a key that was withdrawn in the middle of a replay is withdrawn here minutes later.
const REMEMBERED_MS = 300_000;
// Senders choose the names: an outage's mail of a hundred thousand domains must not fill the memory.
const MAX_ANSWERS = 2_000;
// A question is a subrequest, of which one run of an object has a thousand (its store and its connections are among them).
const QUESTIONS_PER_MINUTE = 600;
// A resolver that is silent, or a stranger's name servers that are slow on purpose, hold up a replay for a sixth of the time at most.
const WASTED_MS_PER_MINUTE = 10_000;
const MINUTE_MS = 60_000;

type Answer = { readonly said: Promise<Records>; readonly at: number };

export function rememberAnswers(lookUp: LookUp, now: () => number): LookUp {
  const answers = new Map<string, Answer>();
  const allowance = new Allowance();
  return async (name, type) => {
    const at = now();
    const key = `${type} ${name.toLowerCase()}`;
    const known = answers.get(key);
    if (known !== undefined && at - known.at < REMEMBERED_MS) return known.said;
    if (!allowance.hasLeft(at)) return { kind: 'failed' };
    const said = lookUp(name, type);
    answers.delete(key);
    answers.set(key, { said, at });
    forgetOldest(answers);
    const answer = await said;
    // Nobody could say: the next message asks again.
    if (answer.kind === 'failed') {
      answers.delete(key);
      allowance.waste(now() - at);
    }
    return answer;
  };
}

class Allowance {
  #startedAt = 0;
  #asked = 0;
  #wastedMs = 0;

  hasLeft(at: number): boolean {
    if (at - this.#startedAt >= MINUTE_MS) {
      this.#startedAt = at;
      this.#asked = 0;
      this.#wastedMs = 0;
    }
    this.#asked += 1;
    return this.#asked <= QUESTIONS_PER_MINUTE && this.#wastedMs < WASTED_MS_PER_MINUTE;
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
