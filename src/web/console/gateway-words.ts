/** How a mail server stands in the order of trying. Pure. */
import { counted } from '../shared/format.ts';
import type { TriedGateway } from './gateways-api.ts';

export const TURNS: Readonly<Record<TriedGateway['turn'], string>> = {
  open: 'takes its turn',
  full: 'full for this minute, so others go first',
  failing: 'has just failed, so others go first',
};

/** Out of 100, as people compare. */
export function scoreWords(score: number): string {
  return `Score ${Math.round(score * 100)} of 100`;
}

export function answerWords({ roundTripMs, failuresInARow, messagesThisMinute }: TriedGateway): string {
  const answers = roundTripMs === null ? 'not asked yet' : `answers in ${Math.round(roundTripMs)} ms`;
  const failures = failuresInARow === 0 ? [] : [`${counted(failuresInARow, 'failure')} in a row`];
  return [answers, `${counted(messagesThisMinute, 'message')} this minute`, ...failures].join(' · ');
}
