/** A backtest in words a mail admin understands. */
import type { Numbers } from './settings.ts';
import type { JudgedFailover, Verdict } from './verdict.ts';

// A hundred failovers say one thing: these settings are too eager.
const SHOWN = 20;

export function describeVerdict(what: string, days: string, settings: Numbers, verdict: Verdict): string {
  const { failovers } = verdict;
  const shown = failovers.slice(0, SHOWN).map(describeFailover);
  const rest = failovers.length > SHOWN ? [`  and ${failovers.length - SHOWN} more`] : [];
  return [
    `with ${what} ${days} would have had ${summary(verdict)}`,
    `  (${describeNumbers(settings)})`,
    ...shown,
    ...rest,
    '',
  ].join('\n');
}

export function describeDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 < 0.5 ? `${minutes} min` : `${minutes} min ${Math.round(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

function summary({ failovers, falseFailovers, medianFoundAfterSeconds }: Verdict): string {
  const count = failovers.length === 1 ? '1 failover' : `${failovers.length} failovers`;
  if (medianFoundAfterSeconds === null) return `${count}, ${falseFailovers} false`;
  const typically = failovers.length - falseFailovers === 1 ? '' : ' (half of them sooner)';
  return `${count}, ${falseFailovers} false, found after ${describeDuration(medianFoundAfterSeconds)}${typically}`;
}

function describeNumbers({ amount, durationSeconds, frequency, confirmSeconds }: Numbers): string {
  const share = Math.round(frequency.share * 1000) / 10;
  return [
    `amount ${amount}`,
    `duration ${durationSeconds} s`,
    `frequency ${frequency.deferrals} in ${frequency.perSeconds} s or ${share} % of the messages`,
    `confirm ${confirmSeconds} s`,
  ].join(', ');
}

function describeFailover({
  atMs,
  why,
  replies,
  foundAfterSeconds,
  endedAtMs,
  lastedSeconds,
  isFalse,
}: JudgedFailover) {
  const lasted = `${describeDuration(lastedSeconds)}${endedAtMs === null ? ', and not over yet' : ''}`;
  const when = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  const head = `  ${when} UTC  ${isFalse ? 'FALSE: the gateway took mail within a minute. ' : ''}found after ${describeDuration(foundAfterSeconds)}, lasted ${lasted}`;
  return [head, `      ${why}`, ...replies.map((line) => `      ${line}`)].join('\n');
}
