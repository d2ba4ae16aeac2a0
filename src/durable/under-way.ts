/**
 * What the lanes of one client have begun and not ended: from the first look at a row's bytes until its connection is given back. In
 * memory only: after a restart nothing is under way. A message may outlive the run of the lane that sent it: it counts all the same.
 */
import type { LedgerEntry } from '../core/ledger.ts';
import type { LaneName } from './waiting.ts';

type Begun = { readonly lane: LaneName; readonly key: string; isLeft: boolean };

// An object without work stays in memory for longer than this, and an alarm costs something.
const PAUSE_MS = 5_000;
const NOBODY: ReadonlySet<string> = new Set();

export class UnderWay {
  readonly #begun = new Map<number, Begun>();
  #ended: (() => void)[] = [];
  #awaitedAt = 0;

  began(lane: LaneName, { seq, recipient }: Pick<LedgerEntry, 'seq' | 'recipient'>): void {
    this.#begun.set(seq, { lane, key: recipient.key, isLeft: false });
  }

  /** True when the run that began it was over. */
  ended({ seq }: Pick<LedgerEntry, 'seq'>): boolean {
    const wasLeft = this.#begun.get(seq)?.isLeft === true;
    this.#begun.delete(seq);
    const waiting = this.#ended;
    this.#ended = [];
    for (const resolve of waiting) resolve();
    return wasLeft;
  }

  /** The lane's run is over, and these are not. */
  left(lane: LaneName): void {
    for (const one of this.#begun.values()) if (one.lane === lane) one.isLeft = true;
  }

  /** keys of the recipients for whom something is on its way: what is behind it waits; and of `others` */
  busy(lane: LaneName, others = NOBODY): ReadonlySet<string> {
    const keys = [...this.#begun.values()].filter((one) => one.lane === lane).map(({ key }) => key);
    return keys.length === 0 ? others : new Set([...keys, ...others]);
  }

  /** of runs that are over */
  leftOf(lane: LaneName): number {
    return [...this.#begun.values()].filter((one) => one.lane === lane && one.isLeft).length;
  }

  /** When somebody should wait for those of runs that are over: a socket lives while a handler runs (docs/platform.md 21). */
  awaitAt(now: number): number | undefined {
    const isAnyLeft = [...this.#begun.values()].some(({ isLeft }) => isLeft);
    return isAnyLeft ? Math.max(now, this.#awaitedAt + PAUSE_MS) : undefined;
  }

  awaited(now: number): void {
    this.#awaitedAt = now;
  }

  /** The next of them to end, whichever it is. */
  nextEnded(): Promise<void> {
    return new Promise((resolve) => this.#ended.push(resolve));
  }
}
