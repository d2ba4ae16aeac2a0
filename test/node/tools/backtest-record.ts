/** Records as a client object would have written them, for tests of the backtest. Times are seconds from T. */
import type { Evidence } from '../../../src/core/evidence.ts';
import type { Recorded } from '../../../src/core/record.ts';
import type { Material } from '../../../tools/backtest/record-file.ts';
import { DEFAULT_MANNER, STANDARD } from '../../../tools/backtest/settings.ts';

export const T = Date.UTC(2030, 0, 1);
export const DAY_MS = 86_400_000;
export const HOST: Evidence = { scope: 'host', weight: 1, alive: 'no' };
export const SYSTEM: Evidence = { scope: 'host', weight: 0.25, alive: 'partly' };
export const MESSAGE: Evidence = { scope: 'message', weight: 0.25, alive: 'partly' };
export const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };

let number = 0;
export function failed(second: number, evidence = HOST, count = 1): Recorded {
  number += 1;
  const witness = { sender: `s${number % 40}`, recipient: `r${number % 25}` };
  return { kind: 'failed', at: at(second), evidence, message: `m${number}`, witness, count, words: '451 no' };
}

export function taken(second: number, count = 1): Recorded {
  return { kind: 'answered', at: at(second), count, taken: count };
}

export function probed(second: number, evidence: Evidence): Recorded {
  const isWell = evidence.alive === 'yes';
  return {
    kind: 'probe',
    at: at(second),
    evidence,
    taken: isWell ? 'yes' : 'no',
    words: isWell ? '250 ok' : 'refused',
  };
}

export function at(second: number): number {
  return T + second * 1_000;
}

export function every(
  seconds: number,
  [from, to]: readonly [number, number],
  one: (second: number) => Recorded,
): Recorded[] {
  return Array.from({ length: Math.ceil((to - from) / seconds) }, (_, index) => one(from + index * seconds));
}

export function inOrder(...parts: readonly (readonly Recorded[])[]): readonly Recorded[] {
  return parts.flat().toSorted((one, other) => one.at - other.at);
}

export function materialOf(record: readonly Recorded[], days = 90): Material {
  const span = { from: T - DAY_MS, to: T + (days - 1) * DAY_MS };
  return { client: 'harbour', span, settings: STANDARD, manner: DEFAULT_MANNER, record };
}

/** As the client object writes it: the messages that failed, then its probes until one is answered, then mail again. */
export const REFUSED_FOR_AN_HOUR = inOrder(
  every(10, [0, 60], (second) => failed(second)),
  every(30, [5, 3_600], (second) => probed(second, HOST)),
  every(30, [3_605, 3_700], (second) => probed(second, ALIVE)),
  [taken(3_710, 5)],
);
export const RESTART = inOrder(
  every(3, [0, 45], (second) => failed(second)),
  [taken(46), taken(50, 40)],
);
