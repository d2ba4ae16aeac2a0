/** Waiting for something to become true, with an end and with words for it. */
import { setTimeout as wait } from 'node:timers/promises';

const STEP_MS = 100;

export type Expectation<T> = {
  readonly what: string;
  readonly limitMs: number;
  readonly look: () => Promise<T | undefined>;
};

/** The first value that `look` gives; rejects with `what` did not happen. */
export async function until<T>({ what, limitMs, look }: Expectation<T>): Promise<T> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(STEP_MS);
  }
  throw new Error(`within ${Math.round(limitMs / 1000)} s this did not happen: ${what}`);
}
