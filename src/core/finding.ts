/**
 * What kind of thing an outcome is: every reply, fault and log line has exactly one class. Decided by stage and codes first, by words
 * where the codes leave room, and by a guess last, which says so. What the class weighs is core/evidence.ts's to say.
 */
import type { Cause, Fault, Outcome, Stage } from './outcome.ts';
import type { Lasting, OutcomeClass } from './outcome-class.ts';
import type { Reply } from './reply.ts';
import { type Meaning, meaningOf } from './reply-patterns.ts';
import { BASIC_CODES, meaningOfStatus } from './status-meanings.ts';

export type Finding = {
  readonly class: OutcomeClass;
  /** what it was decided by; a guess is only the likeliest reading and must neither condemn nor acquit a gateway */
  readonly by: 'kind' | 'stage' | 'enhanced' | 'words' | 'code' | 'guess';
  /** what the words are about, where they decided */
  readonly meaning?: Meaning;
};

/** A reply, or what is known of one: a log may have lost the code, and seldom says the stage. */
export type Said = {
  readonly code?: number;
  readonly enhanced?: string;
  readonly text: string;
  readonly stage?: Stage;
};

export function findingOf(outcome: Outcome): Finding {
  switch (outcome.kind) {
    case 'delivered':
      return { class: 'delivered', by: 'kind' };
    case 'refused':
      return findingOfReply(outcome.reply, outcome.stage);
    case 'uncertain':
      return findingOfFault(outcome.fault);
    case 'deferred':
      return findingOfCause(outcome.cause);
  }
}

export function findingOfCause(cause: Cause): Finding {
  return cause.kind === 'fault' ? findingOfFault(cause.fault) : findingOfReply(cause.reply, cause.stage);
}

function findingOfFault(fault: Fault): Finding {
  switch (fault.kind) {
    case 'refused':
    case 'unreachable':
    case 'timeout':
    case 'lost':
      return { class: 'connection', by: 'kind' };
    case 'dns':
      return { class: 'dns', by: 'kind' };
    case 'tls':
      return { class: 'tls', by: 'kind' };
    case 'unsupported':
    case 'token':
      return { class: 'permanent-policy', by: 'kind' };
    case 'unclassified':
      return { class: 'connection', by: 'guess' };
  }
}

function findingOfReply(reply: Reply, stage: Stage): Finding {
  const { code, enhanced, text } = reply;
  return findingOfSaid({ code, text, stage, ...(enhanced === undefined ? {} : { enhanced }) });
}

export function findingOfSaid(said: Said): Finding {
  if (said.code !== undefined && said.code < 400) return { class: 'delivered', by: 'code' };
  const meaning = meaningOf(said.text);
  const lasting = lastingOf(said);
  if (lasting === undefined) return byWordsAlone(meaning);
  const status = said.enhanced === undefined ? undefined : meaningOfStatus(said.enhanced);
  if (status === undefined) return byCode(said, lasting, meaning);
  const mayContradict = (lasting === 'permanent' ? status.unlessPermanent : undefined) ?? status.unless;
  if (meaning !== undefined && mayContradict.has(meaning))
    return { class: CLASSES[meaning][lasting], by: 'words', meaning };
  return { class: status[lasting], by: 'enhanced', ...(meaning === undefined ? {} : { meaning }) };
}

/** RFC 5321 §4.2.1: the first digit of the reply; the enhanced code's only when a log has lost the reply's */
function lastingOf(said: Said): Lasting | undefined {
  const first = said.code === undefined ? said.enhanced?.[0] : said.code < 500 ? '4' : '5';
  if (first === undefined) return undefined;
  return first === '4' ? 'temporary' : 'permanent';
}

function byCode(said: Said, lasting: Lasting, meaning: Meaning | undefined): Finding {
  const strong = meaning !== undefined && meaning !== 'policy' && meaning !== 'later';
  if (strong) return { class: CLASSES[meaning][lasting], by: 'words', meaning };
  const atStage = said.stage === undefined ? undefined : AT_STAGE[said.stage]?.[lasting];
  if (atStage !== undefined) return { class: atStage, by: 'stage' };
  if (meaning === 'policy') return { class: CLASSES.policy[lasting], by: 'words', meaning };
  // "450 try again later" is how most greylists and some policies speak; 421 and 452 have a sense of their own, "later" adds none.
  if (meaning === 'later' && said.code === 450) return { class: CLASSES.later[lasting], by: 'words', meaning };
  const basic = said.code === undefined ? undefined : BASIC_CODES[said.code];
  if (basic !== undefined) return { class: basic, by: 'code' };
  return { class: lasting === 'temporary' ? 'greylist/policy-temporary' : 'permanent-policy', by: 'guess' };
}

function byWordsAlone(meaning: Meaning | undefined): Finding {
  // A line without any code comes from a sender that had no reply to quote: most likely there was none.
  if (meaning === undefined) return { class: 'connection', by: 'guess' };
  return { class: CLASSES[meaning].unsaid, by: 'words', meaning };
}

type PerLasting = Readonly<Record<Lasting, OutcomeClass>>;

// Up to MAIL no recipient is known yet: a server that puts us off there does so for itself, one that refuses refuses us.
const AT_STAGE: Readonly<Partial<Record<Stage, PerLasting>>> = {
  connect: { temporary: 'server-down', permanent: 'permanent-policy' },
  banner: { temporary: 'server-down', permanent: 'permanent-policy' },
  ehlo: { temporary: 'server-down', permanent: 'permanent-policy' },
  tls: { temporary: 'tls', permanent: 'tls' },
  auth: { temporary: 'server-down', permanent: 'permanent-policy' },
  mail: { temporary: 'server-down', permanent: 'permanent-policy' },
};

// `unsaid`: no code at all, so nobody said whether it will pass.
const POLICY = {
  temporary: 'greylist/policy-temporary',
  permanent: 'permanent-policy',
  unsaid: 'permanent-policy',
} as const;
const MAILBOX = { temporary: 'mailbox-level', permanent: 'permanent-mailbox', unsaid: 'permanent-mailbox' } as const;
const always = (one: OutcomeClass) => ({ temporary: one, permanent: one, unsaid: one }) as const;

const CLASSES: Readonly<Record<Meaning, PerLasting & { readonly unsaid: OutcomeClass }>> = {
  limit: always('server-busy'),
  exhausted: always('server-busy'),
  rate: { temporary: 'server-busy', permanent: 'permanent-policy', unsaid: 'server-busy' },
  'recipient-rate': always('mailbox-level'),
  greylist: { ...POLICY, unsaid: 'greylist/policy-temporary' },
  peer: POLICY,
  sender: POLICY,
  content: POLICY,
  tls: always('tls'),
  'unknown-recipient': MAILBOX,
  'disabled-recipient': MAILBOX,
  'full-mailbox': { ...MAILBOX, unsaid: 'mailbox-level' },
  'refused-recipient': MAILBOX,
  'name-lookup': always('dns'),
  loop: POLICY,
  trouble: always('server-down'),
  silence: always('connection'),
  policy: POLICY,
  later: { ...POLICY, unsaid: 'greylist/policy-temporary' },
};
