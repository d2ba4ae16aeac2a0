/** Answers of the DNS kept for a while, and so many questions a minute: a replay asks the same few names again and again. */
import type { LookUp, Records } from '../pipeline/look-up.ts';

// Signing keys and policies are published with hours; a key that was withdrawn in the middle of a replay is withdrawn here minutes later.
const REMEMBERED_MS = 300_000;
// Senders choose the names: an outage's mail of a hundred thousand domains must not fill the memory.
const MAX_ANSWERS = 2_000;
// A question is a subrequest, of which one run of an object has a thousand (its store and its connections are among them).
const QUESTIONS_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

type Answer = { readonly said: Promise<Records>; readonly at: number };

export function rememberAnswers(lookUp: LookUp, now: () => number): LookUp {
  const answers = new Map<string, Answer>();
  let minute = { startedAt: 0, asked: 0 };
  return async (name, type) => {
    const at = now();
    const key = `${type} ${name.toLowerCase()}`;
    const known = answers.get(key);
    if (known !== undefined && at - known.at < REMEMBERED_MS) return known.said;
    if (at - minute.startedAt >= MINUTE_MS) minute = { startedAt: at, asked: 0 };
    minute.asked += 1;
    if (minute.asked > QUESTIONS_PER_MINUTE) return { kind: 'failed' };
    const said = lookUp(name, type);
    answers.delete(key);
    answers.set(key, { said, at });
    forgetOldest(answers);
    // Nobody could say: the next message asks again.
    const answer = await said;
    if (answer.kind === 'failed') answers.delete(key);
    return answer;
  };
}

function forgetOldest(answers: Map<string, Answer>): void {
  for (const key of answers.keys()) {
    if (answers.size <= MAX_ANSWERS) return;
    answers.delete(key);
  }
}
