/**
 * Every message passes its client's filter here, on a good day and in the storm, from outside and from the webmail alike: facts, score,
 * rules, decision. It reads and decides, and changes nothing. It never throws and ends in bounded time: whatever fails is itself a fact, and
 * the message goes on by what its client has said for that (core/filter-conclusion.ts).
 */
import type { LogEvent } from '../core/event.ts';
import { concluded, withinOwnDomains } from '../core/filter-conclusion.ts';
import type { FilterPlan } from '../core/filter-plan.ts';
import type { ClientId } from '../core/ids.ts';
import {
  type AuthenticationFacts,
  type InspectedFacts,
  type MessageFacts,
  NOT_AUTHENTICATED,
  type ScanFacts,
} from '../core/message-facts.ts';
import { problemOf } from '../core/problem-of.ts';
import type { Decision, Rule } from '../core/rules/rule.ts';
import { judge } from '../core/rules.ts';
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
};

export type FilterNeeds = {
  /** never throws, as a scanner; asked only about what came from outside */
  authenticate(subject: FilterSubject): Promise<AuthenticationFacts>;
  readonly scannersOf: ScannersOf;
  readonly startTimer: StartTimer;
  readonly log: (event: LogEvent) => void;
};

// The accept path has some ten seconds, of which a delivery needs its part (pipeline/attempt.ts). Who has not answered by then has not.
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
  readonly scanners: readonly Scanner[];
  readonly faults: readonly Fault[];
};

async function lookAt(subject: FilterSubject, { plan }: FilterTerms, needs: FilterNeeds): Promise<Looked> {
  const faults: Fault[] = [];
  const scanners = guarded('scanners', faults, () => needs.scannersOf(plan.scanners)) ?? [];
  const asked = await ask(subject, scanners, needs);
  return { facts: asked, scanners, faults };
}

function decide(
  { facts, scanners, faults: before }: Looked,
  { clientId, id }: FilterSubject,
  { plan, ownDomains }: FilterTerms,
  needs: FilterNeeds,
): Filtered {
  const faults = [...before];
  const { rules } = plan;
  const verdict = guarded('rules', faults, () => judge(rules, facts.envelope));
  const judged = { ...ACCEPTED, ...(verdict === undefined ? {} : { verdict }) };
  const decision = withinOwnDomains({ ...judged, failed: [...judged.failed, ...faults] }, ownDomains);
  for (const why of troublesOf(facts, decision)) needs.log({ kind: 'filter-trouble', clientId, id, why });
  const { whenNotFullyScanned } = plan;
  return { facts, rules, decision: concluded({ decision, facts, rules }, { whenNotFullyScanned, scanners }) };
}

/** A fault of ours, which is no reason to lose a message: it is noted in `faults`, and what it spoiled is left out. */
type Fault = Decision['failed'][number];

function guarded<T>(what: string, faults: Fault[], work: () => T): T | undefined {
  try {
    return work();
  } catch (problem) {
    faults.push({ ruleId: what, why: problemOf(problem) });
    return undefined;
  }
}

/** Side by side, each until it answers or the time of all is up. */
async function ask(subject: FilterSubject, scanners: readonly Scanner[], needs: FilterNeeds): Promise<MessageFacts> {
  const { inspected, direction, receivedAt, envelope } = subject;
  const { expired, cancel } = needs.startTimer(FILTER_MS);
  const inTime = <T>(work: Promise<T>, otherwise: (why: string) => T): Promise<T> =>
    Promise.race([
      work.catch((problem: unknown) => otherwise(problemOf(problem))),
      expired.then(() => otherwise(`no answer within ${FILTER_MS / 1000} s`)),
    ]);
  try {
    const [authentication, ...scans] = await Promise.all([
      inTime<AuthenticationFacts | undefined>(authenticated(subject, needs), () => undefined),
      ...scanners.map((scanner) => inTime(scanned(scanner, subject), (why) => silent(scanner, why))),
    ]);
    const unscanned: MessageFacts['unscanned'] =
      authentication === undefined ? [...inspected.unscanned, 'out-of-time'] : inspected.unscanned;
    return {
      ...inspected,
      direction,
      receivedAt,
      envelope,
      unscanned,
      authentication: authentication ?? NOT_AUTHENTICATED,
      scans,
    };
  } finally {
    cancel();
  }
}

/** What our own people write has come by no server that could be asked about. */
async function authenticated(subject: FilterSubject, needs: FilterNeeds): Promise<AuthenticationFacts> {
  return subject.direction === 'outbound' ? NOT_AUTHENTICATED : needs.authenticate(subject);
}

async function scanned(scanner: Scanner, subject: FilterSubject): Promise<ScanFacts> {
  return scanner.scan(subject);
}

function silent({ name }: Scanner, why: string): ScanFacts {
  return { scanner: name, kind: 'failed', why };
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
