/**
 * The answers a judgement is made of, as they are kept, so that it can be made again with other thresholds (`npm run backtest`). What
 * decides nothing is not kept, and neither is anybody's address. Pure.
 */
import type { Evidence } from './evidence.ts';
import { fingerprint } from './fingerprint.ts';
import type { HealthEvent } from './health-state.ts';
import type { Witness } from './witnesses.ts';

export type Recorded =
  /** a message, or a whole session, failed. `message`: a fingerprint, for one message's retries weigh once; `count`: so many like it */
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly evidence: Evidence;
      readonly message: string;
      readonly witness: Witness;
      readonly count: number;
      readonly words: string;
    }
  /** it proved alive. `taken`: of those the messages it took; the others were about a full mailbox and the like */
  | { readonly kind: 'answered'; readonly at: number; readonly count: number; readonly taken: number }
  | {
      readonly kind: 'probe';
      readonly at: number;
      readonly evidence: Evidence;
      readonly taken: 'yes' | 'no' | 'refuses-people';
      readonly words: string;
    };

// The beginning of a reply says what it is; the rest is links and identifiers.
const WORDS = 120;

/** Undefined for what moves no judgement. */
export function recordedOf(event: HealthEvent, at: number): Recorded | undefined {
  if (event.kind === 'probe') {
    const { evidence, taken = 'no', what } = event;
    return { kind: 'probe', at, evidence, taken, words: wordsOf(what) };
  }
  if (event.kind !== 'outcome') return undefined;
  const { evidence, from, what, witness } = event;
  if (evidence.alive === 'yes') {
    const count = event.count ?? 1;
    return { kind: 'answered', at, count, taken: evidence.scope === 'none' ? count : 0 };
  }
  if (!isTrouble(evidence)) return undefined;
  const message = fingerprint(from);
  return {
    kind: 'failed',
    at,
    evidence,
    message,
    witness: witness ?? { sender: message, recipient: message },
    count: 1,
    words: wordsOf(what),
  };
}

/** It weighs, or it says that we are not let in, or not able to ask. */
export function isTrouble({ alive, weight, scope }: Evidence): boolean {
  if (alive === 'yes') return false;
  return weight > 0 || scope === 'resolver' || scope === 'configuration' || scope === 'tls' || scope === 'policy';
}

/** Good or not, as far as it was said. */
export function isGood(recorded: Recorded): boolean {
  switch (recorded.kind) {
    case 'answered':
      return true;
    case 'failed':
      return false;
    case 'probe':
      return recorded.evidence.alive === 'yes';
  }
}

function wordsOf(what: string): string {
  return what.replaceAll(/[^\s<>]+@[^\s<>]+/g, '…@…').slice(0, WORDS);
}
