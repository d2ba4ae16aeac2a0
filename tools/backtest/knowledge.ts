/** What a record knows of a gateway at a moment nobody asked in: the answer a probe would have had. */
import type { HealthEvent } from '../../src/core/health-state.ts';
import { isGood, type Recorded } from '../../src/core/record.ts';

type Probed = Extract<HealthEvent, { kind: 'probe' }>;

// A gateway that fails is probed by the same plan whatever the thresholds: the real probe was about then. It goes before the messages
// around it, for where some fail and some do not, the probe after a failure need not.
const SAME_PROBE_MS = 15_000;
// Probes of a gateway in trouble are a minute apart; what is older than this has been overtaken by what came next.
const FRESH_MS = 300_000;

const WELL: Probed = {
  kind: 'probe',
  evidence: { scope: 'none', weight: 0, alive: 'yes' },
  what: 'well',
  taken: 'yes',
};

export type Knowledge = { answerAt(at: number): Probed };

/**
 * The answer of the probe that was made about then; where there was none, the last answer at or before the moment. A good one holds until something else is recorded, for whatever goes wrong is; a bad one holds
 * for five minutes, and after that the next answer counts. Before the first all was well.
 */
export function knowledgeOf(record: readonly Recorded[]): Knowledge {
  const answers = record.filter(speaksOfHost);
  const probes = record.filter(({ kind }) => kind === 'probe');
  return {
    answerAt(at) {
      const probe = nearest(probes, at);
      if (probe !== undefined && Math.abs(probe.at - at) <= SAME_PROBE_MS) return answerOf(probe);
      const next = firstAfter(answers, at);
      const last = answers[next - 1];
      if (last === undefined || isGood(last)) return WELL;
      if (at - last.at <= FRESH_MS) return answerOf(last);
      return answerOf(answers[next] ?? last);
    },
  };
}

function nearest(record: readonly Recorded[], at: number): Recorded | undefined {
  const next = firstAfter(record, at);
  const [before, after] = [record[next - 1], record[next]];
  if (before === undefined || after === undefined) return before ?? after;
  return at - before.at <= after.at - at ? before : after;
}

/** A message or a mailbox that is refused says nothing of what a probe would hear. */
function speaksOfHost(recorded: Recorded): boolean {
  return recorded.kind !== 'failed' || recorded.evidence.scope !== 'message';
}

function answerOf(recorded: Recorded): Probed {
  switch (recorded.kind) {
    case 'answered':
      return WELL;
    case 'failed':
      return { kind: 'probe', evidence: recorded.evidence, what: recorded.words, taken: 'no' };
    case 'probe':
      return { kind: 'probe', evidence: recorded.evidence, what: recorded.words, taken: recorded.taken };
  }
}

/** The place of the first that is later; a record of a bad year has millions. */
export function firstAfter(record: readonly Recorded[], at: number): number {
  let [low, high] = [0, record.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((record[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
