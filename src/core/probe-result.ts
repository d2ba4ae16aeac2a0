/** What a probe has learned, and what it is worth. Pure: the dialogue itself is pipeline/probe.ts's. */
import { type Evidence, weigh, weighCause } from './evidence.ts';
import { type Cause, describeCause, describeOutcome, type Outcome } from './outcome.ts';
import { formatReply, type Reply } from './reply.ts';

/** `person`: the gateway has taken mail for this address before; `address`: the client named it; RFC 5321 §4.5.1 for the last. */
export type Who = 'person' | 'address' | 'postmaster';

export type AskedFor = { readonly who: Who; readonly reply: Reply };

type Judged = { readonly evidence: Evidence; readonly what: string };

export type ProbeResult =
  /** an address was taken, and the test message where there was one */
  | (Judged & { readonly kind: 'taken' })
  /** people it had taken mail for are refused, all that were asked for: a server that is back without its people */
  | (Judged & { readonly kind: 'refuses-people' })
  /** nobody known was asked for: a server that judges is alive */
  | (Judged & { readonly kind: 'refused' })
  | (Judged & { readonly kind: 'failed'; readonly cause: Cause });

const ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'yes' };
const HALF_ALIVE: Evidence = { scope: 'none', weight: 0, alive: 'partly' };

/** One who is refused may have left; that two have, the last two it took mail for, is not likely. */
const PEOPLE_TO_BELIEVE = 2;

/** `asked`: at least one, in order, the last one perhaps taken. */
export function judgeReplies(asked: readonly AskedFor[]): ProbeResult {
  const taken = asked.find(({ reply }) => reply.code < 300);
  const trouble = heaviest(asked);
  const people = asked.filter(({ who }) => who === 'person');
  const areRefused = people.length > 0 && people.every(({ reply }) => reply.code >= 500);
  // A server that has trouble of its own with one of them is in trouble, though it takes the next: a store of its mailboxes may be away.
  if (trouble !== undefined && trouble.evidence.weight > 0) return trouble;
  // Postmaster is taken by servers that know none of their people.
  const believed = taken === undefined ? asked.length : people.length;
  const isWithoutPeople = areRefused && believed >= PEOPLE_TO_BELIEVE;
  if (taken !== undefined && !isWithoutPeople) return takenBy(taken);
  if (isWithoutPeople) return refusesPeople(people);
  return trouble ?? refused(asked);
}

export function probeFailed(cause: Cause): ProbeResult {
  return { kind: 'failed', cause, evidence: weighCause(cause), what: describeCause(cause) };
}

/** R20: where a test message is asked for, nothing less than its being taken is proof of life. */
export function judgeTestMessage(outcome: Outcome): ProbeResult {
  const what = `the test message: ${describeOutcome(outcome)}`;
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'taken', evidence: ALIVE, what };
    case 'refused': {
      const { stage, reply } = outcome;
      return unproven({ kind: 'failed', cause: { kind: 'reply', stage, reply }, evidence: weigh(outcome), what });
    }
    case 'uncertain': {
      const cause: Cause = { kind: 'fault', stage: 'dot', fault: outcome.fault };
      return { kind: 'failed', cause, evidence: weigh(outcome), what };
    }
    case 'deferred':
      return unproven({ ...probeFailed(outcome.cause), what });
  }
}

/** For a probe whose test message did not come to pass: what was heard on the way there proves nothing. */
export function unproven(result: ProbeResult): ProbeResult {
  const { evidence } = result;
  return evidence.alive === 'yes' ? { ...result, evidence: { ...evidence, alive: 'partly' } } : result;
}

/** For core/health.ts: whether somebody's mail would be taken. */
export function takenOf({ kind }: ProbeResult): 'yes' | 'no' | 'refuses-people' {
  switch (kind) {
    case 'taken':
      return 'yes';
    case 'refuses-people':
      return 'refuses-people';
    case 'refused':
    case 'failed':
      return 'no';
  }
}

const WHO_WORDS: Readonly<Record<Who, string>> = {
  person: 'a person it knows',
  address: 'the probe address',
  postmaster: 'postmaster',
};

function takenBy({ who, reply }: AskedFor): ProbeResult {
  return { kind: 'taken', evidence: ALIVE, what: `takes mail for ${WHO_WORDS[who]}: ${formatReply(reply)}` };
}

function refusesPeople(people: readonly AskedFor[]): ProbeResult {
  const [first] = people;
  const who = people.length === 1 ? 'a person' : `${people.length} people`;
  const said = first === undefined ? '' : `: ${formatReply(first.reply)}`;
  return {
    kind: 'refuses-people',
    evidence: HALF_ALIVE,
    what: `refuses ${who} it has taken mail for before${said}`,
  };
}

/** A 5xx that speaks of the system is no judgement about anybody. */
function refused(asked: readonly AskedFor[]): ProbeResult {
  const last = asked.at(-1);
  if (last === undefined) return { kind: 'refused', evidence: HALF_ALIVE, what: 'nobody was asked for' };
  const evidence = weigh({ kind: 'refused', stage: 'rcpt', reply: last.reply });
  const what = `answers, and refuses ${WHO_WORDS[last.who]}: ${formatReply(last.reply)}`;
  return { kind: 'refused', evidence: evidence.scope === 'host' ? evidence : ALIVE, what };
}

/** Of the temporary refusals the one that says most about the whole server. */
function heaviest(asked: readonly AskedFor[]): ProbeResult | undefined {
  return asked
    .filter(({ reply }) => reply.code >= 400 && reply.code < 500)
    .map(({ reply }) => probeFailed({ kind: 'reply', stage: 'rcpt', reply }))
    .reduce<ProbeResult | undefined>(
      (most, one) => (most === undefined || one.evidence.weight > most.evidence.weight ? one : most),
      undefined,
    );
}
