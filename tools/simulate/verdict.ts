/** What a run amounts to, and whether it is what the scenario expects. */
import type { Run } from './engine.ts';
import type { Scenario } from './scenario.ts';

export type Verdict = {
  readonly name: string;
  readonly transitions: readonly {
    readonly atSeconds: number;
    readonly from: string;
    readonly to: string;
    readonly why: string;
  }[];
  readonly failovers: number;
  readonly firstDownAtSeconds: number | null;
  /** the last return to the gateway */
  readonly failbackAtSeconds: number | null;
  /** a failover that the scenario does not want, or one while nothing was wrong with the gateway */
  readonly falseFailover: boolean;
  readonly met: boolean;
  readonly unmet: readonly string[];
  readonly notes: readonly { readonly atSeconds: number; readonly kind: string; readonly words: string }[];
  readonly mail: Run['mail'];
};

export function judgeRun(scenario: Scenario, run: Run): Verdict {
  const { transitions, notes, mail } = run;
  const downs = transitions.filter(({ to, from }) => to === 'down' && from !== 'recovering').map(({ at }) => at);
  const ups = transitions.filter(({ to, from }) => to === 'up' && from === 'recovering').map(({ at }) => at);
  const firstDownAt = downs[0];
  const failbackAt = ups.at(-1);
  const unmet = shortfalls(scenario, run, { firstDownAt, failbackAt });
  return {
    name: scenario.name,
    transitions: transitions.map(({ at, from, to, why }) => ({ atSeconds: seconds(at), from, to, why })),
    failovers: downs.length,
    firstDownAtSeconds: firstDownAt === undefined ? null : seconds(firstDownAt),
    failbackAtSeconds: failbackAt === undefined ? null : seconds(failbackAt),
    falseFailover:
      (scenario.expect.failover === false && downs.length > 0) || downs.some((at) => !isInTrouble(scenario, at)),
    met: unmet.length === 0,
    unmet,
    notes: notes.map(({ at, kind, words }) => ({ atSeconds: seconds(at), kind, words })),
    mail,
  };
}

type Times = { readonly firstDownAt: number | undefined; readonly failbackAt: number | undefined };

function shortfalls(scenario: Scenario, run: Run, times: Times): readonly string[] {
  return [
    ...failoverShortfall(scenario, times),
    ...findingShortfall(scenario, run, times),
    ...failbackShortfall(scenario, times),
    ...otherShortfalls(scenario, run),
  ];
}

function failoverShortfall({ expect: { failover } }: Scenario, { firstDownAt }: Times): readonly string[] {
  if (failover === undefined || failover === (firstDownAt !== undefined)) return [];
  return [failover ? 'there was no failover' : `there was a failover after ${seconds(firstDownAt ?? 0)} s`];
}

function findingShortfall(scenario: Scenario, run: Run, { firstDownAt }: Times): readonly string[] {
  const { withinSeconds } = scenario.expect;
  if (withinSeconds === undefined) return [];
  if (firstDownAt === undefined) return [`down was never found, not within ${withinSeconds} s`];
  const foundMs = firstDownAt - troubleSince(scenario, run, firstDownAt);
  return foundMs <= withinSeconds * 1000
    ? []
    : [`down was found after ${seconds(foundMs)} s, not within ${withinSeconds} s`];
}

function failbackShortfall(scenario: Scenario, { failbackAt }: Times): readonly string[] {
  const { failbackWithinSeconds } = scenario.expect;
  if (failbackWithinSeconds === undefined) return [];
  if (failbackAt === undefined) return [`failback never came, not within ${failbackWithinSeconds} s`];
  const tookMs = failbackAt - Math.max(0, ...scenario.gateway.map((span) => span.toSeconds * 1000));
  if (tookMs < 0) return [`the last failback came ${seconds(-tookMs)} s before the repair`];
  return tookMs <= failbackWithinSeconds * 1000
    ? []
    : [`failback came ${seconds(tookMs)} s after the repair, not within ${failbackWithinSeconds} s`];
}

function otherShortfalls({ expect: { bouncedAtMost, reaches = [] } }: Scenario, run: Run): readonly string[] {
  const missed = reaches.filter((state) => !run.transitions.some(({ to }) => to === state));
  const lines = missed.map((state) => `${state} was never reached`);
  if (bouncedAtMost === undefined || run.mail.bounced <= bouncedAtMost) return lines;
  return [...lines, `${run.mail.bounced} messages were refused to their senders, more than ${bouncedAtMost}`];
}

/** The first message that failed in the trouble that led there; where none did, the beginning of the trouble itself. */
function troubleSince(scenario: Scenario, run: Run, downAt: number): number {
  const spans = scenario.gateway.filter((span) => span.fromSeconds * 1000 <= downAt);
  const began = Math.min(...spans.map((span) => span.fromSeconds * 1000));
  return run.failuresAt.find((at) => at >= began && at <= downAt) ?? began;
}

function isInTrouble(scenario: Scenario, at: number): boolean {
  return scenario.gateway.some((span) => span.fromSeconds * 1000 <= at && at <= span.toSeconds * 1000);
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
