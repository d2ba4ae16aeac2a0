import type { SpamReason } from '../message-facts.ts';
import type { Reading } from './reading.ts';

/** `see`: the reason in words when it is there. Points: core/spam/score.ts says what so many mean. */
export type Sign = {
  readonly name: string;
  readonly points: number;
  readonly see: (reading: Reading) => string | undefined;
};

export function seen(signs: readonly Sign[], reading: Reading): readonly SpamReason[] {
  return signs.flatMap(({ name, points, see }) => {
    const words = see(reading);
    return words === undefined ? [] : [{ name, words, points }];
  });
}

/** The words when the claim holds. */
export function when(claim: boolean, words: string): string | undefined {
  return claim ? words : undefined;
}
