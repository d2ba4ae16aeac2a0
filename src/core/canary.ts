/** The first real messages after a repair: when is a repaired server believed? Pure. */
import { weigh } from './evidence.ts';
import { describeOutcome, type Outcome } from './outcome.ts';

export type Canary = { readonly sent: number; readonly taken: number; readonly trouble: string | undefined };

export const NO_CANARY: Canary = { sent: 0, taken: 0, trouble: undefined };

// Enough to be more than luck, few enough to be held by hand if the server is not ready.
const CANARY_MESSAGES = 3;

export function canaryHeard(canary: Canary, outcome: Outcome): Canary {
  const sent = canary.sent + 1;
  if (outcome.kind === 'delivered') return { ...canary, sent, taken: canary.taken + 1 };
  const isTrouble = weigh(outcome).weight > 0 || sent === CANARY_MESSAGES;
  return { ...canary, sent, trouble: isTrouble ? describeOutcome(outcome) : canary.trouble };
}

export function sendsMore({ sent, trouble }: Canary): boolean {
  return sent < CANARY_MESSAGES && trouble === undefined;
}

/**
 * It passes when a message was taken, not when something was answered (P5: a refusal is no answer). After a partial outage
 * (`isPartial`) one that is taken proves nothing beside one that is not.
 */
export function canaryVerdict(
  { sent, taken, trouble }: Canary,
  { isPartial }: { readonly isPartial: boolean },
): {
  readonly kind: 'nothing-waits' | 'passed' | 'failed';
  readonly what: string;
} {
  if (taken > 0 && !(isPartial && trouble !== undefined)) return { kind: 'passed', what: `${taken} of ${sent} taken` };
  if (sent === 0 && trouble === undefined) return { kind: 'nothing-waits', what: '' };
  return { kind: 'failed', what: trouble ?? `none of ${sent} taken` };
}
