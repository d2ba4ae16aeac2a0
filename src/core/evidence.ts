/**
 * What one outcome says about the whole gateway: design.md "Health", as a table in code. The class (core/finding.ts) says what
 * kind of thing it was; here is what that is worth. Weight counts towards down, `alive` is what it proves of the opposite.
 */
import { type Finding, findingOf, findingOfCause } from './finding.ts';
import type { Cause, DnsAnswer, Fault, Outcome, Stage } from './outcome.ts';
import type { OutcomeClass } from './outcome-class.ts';
import { asksForLogin, type Reply } from './reply.ts';

/** `tls` and `policy` are about us: the server answers and does not let us in. */
export type Scope =
  | 'host'
  | 'resolver'
  | 'configuration'
  | 'tls'
  | 'policy'
  | 'load'
  | 'recipient'
  | 'message'
  | 'none';

export type Evidence = {
  readonly scope: Scope;
  /** 0-1; 1 = the host itself failed */
  readonly weight: number;
  /** `yes` clears earlier deferrals; `partly` neither clears nor condemns */
  readonly alive: 'yes' | 'partly' | 'no';
};

export type Classified = Evidence & { readonly class: OutcomeClass };

const HOST_DOWN: Evidence = { scope: 'host', weight: 1, alive: 'no' };
const HOST_TROUBLE: Evidence = { scope: 'host', weight: 0.25, alive: 'partly' };
// A 5xx that speaks of the system: the server judged nobody, so it proves nothing, and it is no deferral either.
const HOST_IN_DOUBT: Evidence = { scope: 'host', weight: 0, alive: 'partly' };
const MESSAGE_TROUBLE: Evidence = { scope: 'message', weight: 0.25, alive: 'partly' };
const MESSAGE_ALONE: Evidence = { scope: 'message', weight: 0, alive: 'partly' };
const TLS: Evidence = { scope: 'tls', weight: 0, alive: 'partly' };
const POLICY: Evidence = { scope: 'policy', weight: 0, alive: 'partly' };
const LOAD: Evidence = { scope: 'load', weight: 0, alive: 'yes' };
// A door that is shut with "too many" is a door all the same, but behind it nobody has taken anything: it must not count as repaired.
const LOAD_AT_THE_DOOR: Evidence = { scope: 'load', weight: 0, alive: 'partly' };
const RECIPIENT: Evidence = { scope: 'recipient', weight: 0, alive: 'yes' };
// Nobody knows what the answer meant: it must not clear what came before it.
const RECIPIENT_UNEXPLAINED: Evidence = { scope: 'recipient', weight: 0, alive: 'partly' };
const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };
// Servers in trouble answer false 5xx (docs/design.md, "Changed"): it condemns nothing, and must not end a suspicion either.
const JUDGED: Evidence = { scope: 'none', weight: 0, alive: 'partly' };

/** The class of an outcome and what it weighs. Total: every outcome has exactly one. */
export function classify(outcome: Outcome): Classified {
  return { class: findingOf(outcome).class, ...weigh(outcome) };
}

export function classifyCause(cause: Cause): Classified {
  return { class: findingOfCause(cause).class, ...weighCause(cause) };
}

export function weigh(outcome: Outcome): Evidence {
  switch (outcome.kind) {
    case 'delivered':
      return ALIVE;
    case 'refused':
      return weighRefusal(findingOf(outcome), outcome.reply, outcome.stage);
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
      return weighDns(fault.answer);
    case 'tls':
      return TLS;
    case 'unsupported':
      // Without AUTH, where a login is configured, no message of ours will ever pass.
      return stage === 'auth' ? POLICY : MESSAGE_ALONE;
    case 'token':
      // About our being let in, as a refused login is: the gateway has done nothing.
      return POLICY;
    case 'unclassified':
      return HOST_TROUBLE;
  }
}

function weighDns(answer: DnsAnswer): Evidence {
  switch (answer) {
    case 'no-such-host':
      return { scope: 'configuration', weight: 0.5, alive: 'no' };
    case 'failed':
      return { scope: 'resolver', weight: 0.5, alive: 'no' };
    case 'failed-for-us':
      // The trouble is on our side: mail is kept, and no client's gateway is held responsible.
      return { scope: 'resolver', weight: 0, alive: 'no' };
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

function weighReply(reply: Reply, stage: Stage): Evidence {
  const finding = findingOfCause({ kind: 'reply', reply, stage });
  if (reply.code >= 500) return weighPermanent(finding, reply, stage);
  if (asksForLess(finding, reply) && stage !== 'tls') return isAtTheDoor(stage) ? LOAD_AT_THE_DOOR : LOAD;
  switch (stage) {
    case 'connect':
    case 'banner':
    case 'ehlo':
      return isExplained(finding) && finding.class === 'greylist/policy-temporary' ? POLICY : HOST_DOWN;
    case 'tls':
      return TLS;
    case 'auth':
      return HOST_TROUBLE;
    case 'mail':
    case 'rcpt':
    case 'data':
    case 'dot':
      return isExplained(finding) ? weighExplained(finding, reply, stage) : weighUnexplained(reply, stage);
  }
}

function weighPermanent(finding: Finding, reply: Reply, stage: Stage): Evidence {
  switch (stage) {
    case 'tls':
      return TLS;
    case 'connect':
    case 'banner':
    case 'auth':
      return POLICY;
    case 'ehlo':
      return HOST_DOWN;
    case 'mail':
    case 'rcpt':
    case 'data':
    case 'dot':
      return weighRefusal(finding, reply, stage);
  }
}

/** At MAIL a server judges the sender, or says that we should have logged in; neither proves that it takes mail. */
function weighRefusal(finding: Finding, reply: Reply, stage: Stage): Evidence {
  if (finding.class === 'server-down' || isExhausted(finding)) return HOST_IN_DOUBT;
  if (stage !== 'mail') return JUDGED;
  return asksForLogin(reply) ? POLICY : MESSAGE_ALONE;
}

type Midway = 'mail' | 'rcpt' | 'data' | 'dot';

/** A 4xx that says why, once the dialogue has begun: the system's own trouble weighs at any stage, RCPT included. */
function weighExplained(finding: Finding, reply: Reply, stage: Midway): Evidence {
  switch (finding.class) {
    // A system that cannot reach what stands behind it, or its own resolver, is in trouble whoever the recipient is.
    case 'server-down':
    case 'connection':
    case 'dns':
    case 'server-busy':
      return HOST_TROUBLE;
    case 'tls':
      return TLS;
    case 'mailbox-level':
      return RECIPIENT;
    case 'greylist/policy-temporary':
      return weighPolicy(finding, reply, stage);
    case 'delivered':
    case 'permanent-mailbox':
    case 'permanent-policy':
      return weighUnexplained(reply, stage);
  }
}

function weighPolicy(finding: Finding, reply: Reply, stage: Midway): Evidence {
  if (isGreylist(finding, reply) || stage === 'rcpt') return RECIPIENT;
  if (finding.meaning === 'peer') return POLICY;
  // X.1.7 and X.1.8: the sender's address. One sender must not slow everybody's mail down.
  if (finding.meaning === 'sender' || reply.enhanced?.startsWith('4.1.') === true) return MESSAGE_ALONE;
  return stage === 'mail' ? MESSAGE_ALONE : MESSAGE_TROUBLE;
}

function weighUnexplained(reply: Reply, stage: Midway): Evidence {
  switch (stage) {
    case 'mail':
      return HOST_TROUBLE;
    case 'rcpt':
      // RFC 5321 §4.2.3: 421 is the service closing, 450 a mailbox; the others are used for anything.
      if (reply.code === 421) return HOST_TROUBLE;
      return reply.code === 450 ? RECIPIENT : RECIPIENT_UNEXPLAINED;
    case 'data':
    case 'dot':
      return MESSAGE_TROUBLE;
  }
}

function isAtTheDoor(stage: Stage): boolean {
  return stage === 'connect' || stage === 'banner' || stage === 'ehlo' || stage === 'auth';
}

function isExplained(finding: Finding): boolean {
  return finding.by === 'enhanced' || finding.by === 'words';
}

/** RFC 6647: a new sender is put off, which only a server at work does. 4.7.1 is its code, and rspamd answers it after the dot. */
function isGreylist(finding: Finding, reply: Reply): boolean {
  return finding.meaning === 'greylist' || reply.enhanced?.startsWith('4.7.') === true;
}

/** No disk, no memory: the class is `server-busy`, but the server cannot take mail, however little we ask of it. */
function isExhausted(finding: Finding): boolean {
  return (
    finding.class === 'server-busy' && isExplained(finding) && finding.meaning !== 'limit' && finding.meaning !== 'rate'
  );
}

/**
 * "Less, please" proves a server at work: 451 4.7.500 of Exchange Online, 421 4.7.x of many, limits of connections and recipients. A 421
 * 4.7.x with another reason (RFC 3463 §3.8 puts TLS there, and proxies their own trouble) is not asking for less.
 */
function asksForLess(finding: Finding, reply: Reply): boolean {
  const subject = reply.enhanced?.slice(0, 4);
  if (finding.class === 'server-busy')
    return finding.meaning === 'limit' || finding.meaning === 'rate' || subject === '4.5.';
  return finding.class === 'greylist/policy-temporary' && reply.code === 421 && subject === '4.7.';
}
