/**
 * Every message passes its client's filter here, on a good day and in the storm, from outside and from the webmail alike: facts, score,
 * rules, decision. It reads and decides, and changes nothing. It never throws and ends in bounded time: whatever fails is itself a fact, and
 * the message goes on by what its client has said for that (core/filter-conclusion.ts).
 */
import type { LogEvent } from '../core/event.ts';
import { concluded, withinOwnDomains } from '../core/filter-conclusion.ts';
import { BAD_HASHES, type FilterPlan } from '../core/filter-plan.ts';
import type { ClientId } from '../core/ids.ts';
import {
  type AuthenticationFacts,
  type InspectedFacts,
  type MessageFacts,
  NOT_AUTHENTICATED,
  type ScanFacts,
  type Unscanned,
} from '../core/message-facts.ts';
import { problemOf } from '../core/problem-of.ts';
import { rulesOf } from '../core/rules/built-in.ts';
import { evaluate } from '../core/rules/evaluate.ts';
import { ownNames } from '../core/rules/impersonation.ts';
import type { Decision, Rule, RuleContext } from '../core/rules/rule.ts';
import type { SpamModel } from '../core/spam/model.ts';
import { scoreSpam } from '../core/spam/score.ts';
import { BUILT_IN, scanBuiltIn } from '../filter/virus.ts';
import type { AuthenticationSubject } from './authenticate.ts';
import type { Scanner, ScannersOf, ScanSubject } from './scanner.ts';
import type { StartTimer } from './timer.ts';

export type FilterSubject = ScanSubject & {
  readonly clientId: ClientId;
  readonly receivedAt: number;
  readonly inspected: InspectedFacts;
};

/** `rules`: those that were tried, in their order */
export type Filtered = {
  readonly facts: MessageFacts;
  readonly decision: Decision;
  readonly rules: readonly Rule[];
};

/** What the client has said, and what its people have taught. */
export type FilterTerms = {
  readonly plan: FilterPlan;
  readonly ownDomains: readonly string[];
  readonly model: SpamModel;
};

export type FilterNeeds = {
  /** never throws, as a scanner */
  readonly authenticate: (subject: AuthenticationSubject) => Promise<AuthenticationFacts>;
  readonly scannersOf: ScannersOf;
  /** SHA-256 of what is bad for every client */
  readonly badHashes: () => Promise<ReadonlySet<string>>;
  readonly startTimer: StartTimer;
  readonly log: (event: LogEvent) => void;
};

// The accept path has some ten seconds, of which a delivery needs its part (pipeline/dispose.ts). Who has not answered by then has not.
const FILTER_MS = 5_000;

export async function filter(subject: FilterSubject, terms: FilterTerms, needs: FilterNeeds): Promise<Filtered> {
  const looked = await lookAt(subject, terms, needs);
  return decide(looked, subject, terms, needs);
}

/** One message to several: looked at once, judged for each, in their order. */
export async function filterEach(
  subject: FilterSubject,
  recipients: readonly string[],
  terms: FilterTerms,
  needs: FilterNeeds,
): Promise<readonly Filtered[]> {
  const looked = await lookAt(subject, terms, needs);
  return recipients.map((recipient) => {
    const facts = { ...looked.facts, envelope: { ...looked.facts.envelope, recipient } };
    return decide({ ...looked, facts }, subject, terms, needs);
  });
}

type Looked = {
  readonly facts: MessageFacts;
  readonly prepared: Prepared;
  readonly scanners: readonly Scanner[];
  readonly faults: readonly Fault[];
};

/** A fault of ours, which is no reason to lose a message: it is noted, and what it spoiled is left out. */
type Fault = Decision['failed'][number];

async function lookAt(subject: FilterSubject, { plan, model }: FilterTerms, needs: FilterNeeds): Promise<Looked> {
  const faults: Fault[] = [];
  const prepared = guarded('plan', faults, () => preparedOf(plan)) ?? NOTHING_PREPARED;
  const scanners = guarded('scanners', faults, () => needs.scannersOf(plan)) ?? [];
  const { authentication, scans, late } = await ask(subject, { ...prepared, scanners }, needs);
  const { inspected, direction, receivedAt } = subject;
  // A front has seen the peer itself; of `email()` only the platform has, and its word comes with the sender's authentication.
  const remoteIp = subject.envelope.remoteIp || authentication.remoteIp || '';
  const envelope = { ...subject.envelope, remoteIp };
  const asked: MessageFacts = {
    ...inspected,
    direction,
    receivedAt,
    envelope,
    authentication,
    scans,
    unscanned: [...inspected.unscanned, ...late],
  };
  // In either direction: with a stolen password it is a stranger who writes in the webmail.
  const spam = guarded('score', faults, () => scoreSpam(asked, model));
  const facts = { ...asked, ...(spam === undefined ? {} : { spam }), unscanned: unscannedOf(asked, faults) };
  return { facts, prepared, scanners, faults };
}

function unscannedOf({ unscanned }: MessageFacts, faults: readonly Fault[]): readonly Unscanned[] {
  return [...new Set([...unscanned, ...(faults.length === 0 ? [] : (['fault'] as const))])];
}

function decide(
  { facts, prepared, scanners, faults: before }: Looked,
  { clientId, id }: FilterSubject,
  { plan, ownDomains }: FilterTerms,
  needs: FilterNeeds,
): Filtered {
  const faults = [...before];
  const { rules, lists, isOwnName } = prepared;
  const judged = guarded('rules', faults, () => evaluate(rules, facts, { lists, isOwnName, ownDomains })) ?? ACCEPTED;
  const decision = withinOwnDomains({ ...judged, failed: [...judged.failed, ...faults] }, ownDomains);
  for (const why of troublesOf(facts, decision)) needs.log({ kind: 'filter-trouble', clientId, id, why });
  const { whenNotFullyScanned, whenScannerFailed } = plan;
  const asked = [{ name: BUILT_IN, whenFailed: whenScannerFailed }, ...scanners];
  return { facts, rules, decision: concluded({ decision, facts, rules }, { whenNotFullyScanned, scanners: asked }) };
}

function guarded<T>(what: string, faults: Fault[], work: () => T): T | undefined {
  try {
    return work();
  } catch (problem) {
    faults.push({ ruleId: what, why: problemOf(problem) });
    return undefined;
  }
}

type Answers = Pick<MessageFacts, 'authentication' | 'scans'> & { readonly late: readonly Unscanned[] };

/** Side by side, each until it answers or the time of all is up. */
async function ask(subject: FilterSubject, asked: Asked, needs: FilterNeeds): Promise<Answers> {
  const { expired, cancel } = needs.startTimer(FILTER_MS);
  const inTime = <T>(work: () => Promise<T>, otherwise: (why: string) => T): Promise<T> =>
    Promise.race([
      // In a turn of its own: what throws at once has failed as well.
      Promise.resolve()
        .then(work)
        .catch((problem: unknown) => otherwise(problemOf(problem))),
      expired.then(() => otherwise(`no answer within ${FILTER_MS / 1000} s`)),
    ]);
  try {
    const [authentication, ...scans] = await Promise.all([
      inTime<AuthenticationFacts | undefined>(
        () => needs.authenticate(subject),
        () => undefined,
      ),
      ...scansOf(subject, asked, needs).map(({ scanner, scan }) =>
        inTime<ScanFacts>(scan, (why) => ({ scanner, kind: 'failed', why })),
      ),
    ]);
    return {
      authentication: authentication ?? NOT_AUTHENTICATED,
      scans,
      late: authentication === undefined ? ['out-of-time'] : [],
    };
  } finally {
    cancel();
  }
}

type Asked = Pick<RuleContext, 'lists'> & { readonly scanners: readonly Scanner[] };

type Scan = { readonly scanner: string; readonly scan: () => Promise<ScanFacts> };

function scansOf(subject: FilterSubject, { scanners, lists }: Asked, needs: FilterNeeds): readonly Scan[] {
  const builtIn = async () => {
    const bad = { deployment: await needs.badHashes(), client: lists[BAD_HASHES] ?? new Set() };
    return scanBuiltIn(subject.inspected, bad);
  };
  const others = scanners.map((scanner) => ({ scanner: scanner.name, scan: () => scanner.scan(subject) }));
  return [{ scanner: BUILT_IN, scan: builtIn }, ...others];
}

type Prepared = Pick<RuleContext, 'lists' | 'isOwnName'> & { readonly rules: readonly Rule[] };

const NOTHING_PREPARED: Prepared = { rules: [], lists: {}, isOwnName: () => false };

// A plan is remembered for as long as it is in force (adapters/filter-memory.ts): what is made of it is made once.
const preparedPlans = new WeakMap<FilterPlan, Prepared>();

function preparedOf(plan: FilterPlan): Prepared {
  const known = preparedPlans.get(plan);
  if (known !== undefined) return known;
  const lists = Object.fromEntries(Object.entries(plan.lists).map(([name, entries]) => [name, new Set(entries)]));
  const prepared = { rules: rulesOf(plan), lists, isOwnName: ownNames(plan.nameKeys) };
  preparedPlans.set(plan, prepared);
  return prepared;
}

const ACCEPTED: Decision = {
  verdict: { kind: 'accept' },
  headers: [],
  subjectPrefix: '',
  notify: [],
  matched: [],
  failed: [],
};

/** Names and causes only: nothing of what a message says. */
function troublesOf({ scans }: MessageFacts, { failed }: Decision): readonly string[] {
  return [
    ...scans.flatMap((scan) => (scan.kind === 'failed' ? [`${scan.scanner}: ${scan.why}`] : [])),
    ...failed.map(({ ruleId, why }) => `rule ${ruleId}: ${why}`),
  ];
}
