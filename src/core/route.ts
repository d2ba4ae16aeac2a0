/** Where a message goes, and what its sender is told: design.md "Receive", step 6. Pure. */
import type { HealthState } from './health-state.ts';
import type { Outcome } from './outcome.ts';
import type { Reply } from './reply.ts';

export type Route = 'deliver' | 'spool';

/** `isEased`: the gateway has asked for less, so that new mail waits its turn on the one connection it still gets. */
export function route({ state, isEased }: { readonly state: HealthState; readonly isEased: boolean }): Route {
  switch (state) {
    case 'up':
    case 'suspect':
      return isEased ? 'spool' : 'deliver';
    // Every attempt would fail the same way, and tries with a wrong password get accounts locked.
    case 'tls-broken':
    case 'refused-us':
    case 'down':
    case 'recovering':
      return 'spool';
  }
}

export type AfterAttempt =
  /** the gateway answered 2xx: it answers for the message now */
  | { readonly kind: 'delivered'; readonly reply: Reply }
  /** the gateway's own 5xx: the sender hears it as it is */
  | { readonly kind: 'refuse'; readonly reply: Reply }
  | { readonly kind: 'spool' };

/**
 * `up` is the only state in which a 5xx is believed: a server in trouble answers false ones (field.md, January 2026).
 * A 5xx to MAIL is as often about us (530: log in first) as about the sender: it is kept for a person to look at.
 * `recipients` > 1 means that the sender hears one answer for several: then a refusal cannot be passed on for one of them.
 */
export function afterAttempt(outcome: Outcome, state: HealthState, recipients: number): AfterAttempt {
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'delivered', reply: outcome.reply };
    case 'refused':
      return state === 'up' && recipients === 1 && outcome.stage !== 'mail'
        ? { kind: 'refuse', reply: outcome.reply }
        : { kind: 'spool' };
    case 'deferred':
    case 'uncertain':
      return { kind: 'spool' };
  }
}
