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
  /** kept if the gateway knew this recipient before the outage, refused otherwise */
  | { readonly kind: 'refuse-strangers'; readonly reply: Reply }
  | { readonly kind: 'spool' };

/** `recipients` > 1: the sender hears one answer for several, and a refusal cannot be passed on for one of them. */
export type Hearing = {
  readonly state: HealthState;
  readonly recipients: number;
  /** the gateway is trusted again, and what was kept is still being given back */
  readonly isReplaying: boolean;
};

/**
 * `up` is the only state in which a 5xx is believed: a server in trouble answers false ones (field.md, January 2026).
 * A 5xx to MAIL is as often about us (530: log in first) as about the sender: it is kept for a person to look at, unless it says that
 * the message is too large (RFC 1870 §6.1).
 * So soon after a repair "user unknown" is doubted for people it knew before: a server that came back without some of them is not
 * to bounce their mail.
 */
export function afterAttempt(outcome: Outcome, { state, recipients, isReplaying }: Hearing): AfterAttempt {
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'delivered', reply: outcome.reply };
    case 'refused':
      if (state !== 'up' || recipients > 1 || isAboutUs(outcome)) return { kind: 'spool' };
      return { kind: isReplaying && outcome.stage === 'rcpt' ? 'refuse-strangers' : 'refuse', reply: outcome.reply };
    case 'deferred':
    case 'uncertain':
      return { kind: 'spool' };
  }
}

function isAboutUs({ stage, reply }: Extract<Outcome, { kind: 'refused' }>): boolean {
  return stage === 'mail' && !isForSize(reply);
}

/** 552 alone is a full mailbox as well (RFC 5321 §4.2.3), but at MAIL no mailbox has been named. */
function isForSize({ code, enhanced }: Reply): boolean {
  return enhanced === undefined ? code === 552 : enhanced === '5.3.4' || enhanced === '5.2.3';
}
