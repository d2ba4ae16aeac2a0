/**
 * Whom a repaired server takes mail for and whom it does not, of the people it knew: is it whole again, or has it come back without
 * some of them? Pure.
 */
import type { Outcome } from './outcome.ts';

// So many and no fewer: one or two have left the company since.
const REFUSED_PEOPLE = 3;
// And so much of all it knew: of a thousand people, three have left as well. A server that came back without a branch has lost more.
const REFUSED_SHARE = 0.2;

/** What an answer says of a person; undefined: nothing. */
export function answerAbout(outcome: Outcome): 'taken' | 'refused' | undefined {
  if (outcome.kind === 'delivered') return 'taken';
  return outcome.kind === 'refused' && outcome.stage === 'rcpt' ? 'refused' : undefined;
}

/** Of the people it had taken mail for before the outage: how many it has refused and taken since, by its last word about each. */
export function isHalfRepaired({ refused, taken }: { readonly refused: number; readonly taken: number }): boolean {
  return refused >= REFUSED_PEOPLE && refused >= (refused + taken) * REFUSED_SHARE;
}
