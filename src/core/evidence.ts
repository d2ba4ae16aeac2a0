/**
 * What one outcome says about the whole gateway: design.md "Health", as a table in code.
 * Weight counts towards down (1 = the host itself failed), `alive` is what it proves of the opposite.
 */
import type { Cause, Fault, Outcome, Stage } from './outcome.ts';
import type { Reply } from './reply.ts';

export type Scope = 'host' | 'resolver' | 'configuration' | 'policy' | 'load' | 'recipient' | 'message' | 'none';

export type Evidence = {
  readonly scope: Scope;
  /** 0-1 */
  readonly weight: number;
  /** `yes` clears earlier deferrals; `partly` neither clears nor condemns */
  readonly alive: 'yes' | 'partly' | 'no';
};

const HOST_DOWN: Evidence = { scope: 'host', weight: 1, alive: 'no' };
const HOST_TROUBLE: Evidence = { scope: 'host', weight: 0.25, alive: 'partly' };
const MESSAGE_TROUBLE: Evidence = { scope: 'message', weight: 0.25, alive: 'partly' };
const POLICY: Evidence = { scope: 'policy', weight: 0, alive: 'partly' };
const LOAD: Evidence = { scope: 'load', weight: 0, alive: 'yes' };
const RECIPIENT: Evidence = { scope: 'recipient', weight: 0, alive: 'yes' };
const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };

export function weigh(outcome: Outcome): Evidence {
  switch (outcome.kind) {
    case 'delivered':
      return ALIVE;
    case 'refused':
      return outcome.stage === 'mail' ? POLICY : ALIVE;
    case 'uncertain':
      return MESSAGE_TROUBLE;
    case 'deferred':
      return weighCause(outcome.cause);
  }
}

export function weighCause(cause: Cause): Evidence {
  return cause.kind === 'fault' ? weighFault(cause.fault, cause.stage) : weighReply(cause.reply, cause.stage);
}

function weighFault(fault: Fault, stage: Stage): Evidence {
  switch (fault.kind) {
    case 'refused':
    case 'unreachable':
      return HOST_DOWN;
    case 'timeout':
    case 'lost':
      return weighSilence(stage);
    case 'dns':
      return { scope: fault.answer === 'failed' ? 'resolver' : 'configuration', weight: 0.5, alive: 'no' };
    case 'tls':
      return POLICY;
    case 'unsupported':
      return { scope: 'message', weight: 0, alive: 'partly' };
    case 'unclassified':
      return HOST_TROUBLE;
  }
}

function weighSilence(stage: Stage): Evidence {
  switch (stage) {
    case 'connect':
    case 'banner':
    case 'ehlo':
    case 'tls':
    case 'auth':
      return HOST_DOWN;
    case 'mail':
    case 'rcpt':
      return HOST_TROUBLE;
    case 'data':
    case 'dot':
      return MESSAGE_TROUBLE;
  }
}

// Replies that say "less, please" and so prove a server at work: 451 4.7.500 of Exchange Online, 421 4.7.x of many.
const ASKS_FOR_LESS = /too many|rate.?limit|throttl|server busy|try again later.*connections/i;

function weighReply(reply: Reply, stage: Stage): Evidence {
  const permanent = reply.code >= 500;
  const subject = reply.enhanced?.slice(0, 4);
  switch (stage) {
    case 'connect':
    case 'banner':
      return asksForLess(reply) ? LOAD : permanent ? POLICY : HOST_DOWN;
    case 'ehlo':
      return HOST_DOWN;
    case 'tls':
      return POLICY;
    case 'auth':
      return permanent ? POLICY : HOST_TROUBLE;
    case 'mail':
      return asksForLess(reply) ? LOAD : permanent ? POLICY : HOST_TROUBLE;
    case 'rcpt':
      if (asksForLess(reply)) return LOAD;
      return subject === '4.3.' || (reply.code === 421 && reply.enhanced === undefined) ? HOST_TROUBLE : RECIPIENT;
    case 'data':
    case 'dot':
      if (asksForLess(reply)) return LOAD;
      return subject === '4.3.' ? HOST_TROUBLE : MESSAGE_TROUBLE;
  }
}

/** RFC 3463 §3.8: x.7.x is policy; with 4.7.x at 421 or 451 it is a limit on us, unless it is a greylist, which the caller's stage tells. */
function asksForLess(reply: Reply): boolean {
  if (reply.code === 421 && reply.enhanced?.startsWith('4.7.') === true) return true;
  return reply.code < 500 && ASKS_FOR_LESS.test(reply.text);
}
