/** What a scanner's answer means. Its words are a stranger's: bounded and printable before anybody reads them. Pure. */
import type { ScanFacts } from './message-facts.ts';

type WithoutName<Facts> = Facts extends unknown ? Omit<Facts, 'scanner'> : never;

export type ScanAnswer = WithoutName<ScanFacts>;

/** One answer to INSTREAM (clamd(8)), without its end. */
export function clamdAnswer(line: string): ScanAnswer {
  if (line === 'stream: OK') return { kind: 'clean' };
  const name = /^stream: (.+) FOUND$/.exec(line)?.[1];
  if (name !== undefined) return { kind: 'found', names: [printable(name)] };
  if (line.startsWith('INSTREAM size limit exceeded')) return failed('the message is larger than its StreamMaxLength');
  return failed(`it answered "${printable(line)}"`);
}

export type RspamdSaid = {
  readonly score: number;
  /** from here on it says "reject" */
  readonly required: number;
  readonly action: string;
  readonly symbols: readonly { readonly name: string; readonly score: number }[];
};

/** Its points depend on its configuration; what it would do with the message does not. */
export function rspamdAnswer(said: RspamdSaid): ScanAnswer {
  const score = Math.min(ceilingOf(said.action), Math.max(floorOf(said.action), hundredths(said)));
  return { kind: 'scored', score, reasons: reasonsOf(said.symbols) };
}

// rspamd's own default marks at 6 of 15 points; ours at 60 and quarantines at 90 of 100 (core/filter-plan.ts).
const MARK_SHARE = 0.4;
const MARK = 60;
const REJECT = 90;

function hundredths({ score, required }: RspamdSaid): number {
  if (!(required > 0) || !(score > 0)) return 0;
  const share = score / required;
  if (share <= MARK_SHARE) return Math.round((share / MARK_SHARE) * MARK);
  if (share <= 1) return Math.round(MARK + ((share - MARK_SHARE) / (1 - MARK_SHARE)) * (REJECT - MARK));
  return Math.min(100, Math.round(REJECT + (share - 1) * (100 - REJECT)));
}

/** A forced action has no points behind it. */
function floorOf(action: string): number {
  if (action === 'reject') return REJECT;
  return action === 'add header' || action === 'rewrite subject' ? MARK : 0;
}

function ceilingOf(action: string): number {
  if (action === 'no action' || action === 'greylist') return MARK - 1;
  return action === 'add header' || action === 'rewrite subject' ? REJECT - 1 : 100;
}

/** The weightiest first; where none has a weight (a message cut short by a pattern), whatever it has seen. */
function reasonsOf(symbols: RspamdSaid['symbols']): readonly string[] {
  const weighty = symbols.filter(({ score }) => score !== 0);
  return (weighty.length > 0 ? weighty : symbols)
    .toSorted((one, other) => Math.abs(other.score) - Math.abs(one.score))
    .slice(0, MAX_NAMES)
    .map(({ name, score }) => `${printable(name)} ${score.toFixed(1)}`);
}

/** The generic contract: docs/filtering.md. */
export type HttpSaid = { readonly verdict: 'clean' | 'found'; readonly names: readonly string[] };

export function httpAnswer({ verdict, names }: HttpSaid): ScanAnswer {
  if (verdict === 'clean') return { kind: 'clean' };
  const given = names.map(printable).filter((name) => name !== '');
  return { kind: 'found', names: given.length > 0 ? given.slice(0, MAX_NAMES) : ['unnamed'] };
}

export function failed(why: string): Extract<ScanAnswer, { readonly kind: 'failed' }> {
  return { kind: 'failed', why };
}

// Facts are stored with the message and shown in a list: a scanner that talks without end must fill neither.
const MAX_NAMES = 12;
const MAX_NAME = 120;

function printable(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, MAX_NAME);
}
