/**
 * A lane gives waiting rows to one kind of peer at a pace, over as many connections as it may have: the replay to the gateway, the
 * canary before it, retries, and users' mail to the relay are all lanes. The bytes are in hand before the row is claimed, and the
 * attempt is recorded before it is made (P6); a session that does not open ages no row (P7).
 */
import type { LedgerEntry } from '../core/ledger.ts';
import type { Cause, Outcome } from '../core/outcome.ts';
import type { Outgoing } from '../smtp/session-types.ts';
import type { OpenedPeer, Parcel } from './deliver.ts';
import { Connections } from './lane-connections.ts';
import type { Timer } from './receive.ts';

export type LaneNeeds = {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly startTimer: (ms: number) => Timer;
  /** to whatever is configured at this moment */
  open(): Promise<OpenedPeer>;
  /** how many connections there may be at this moment, at least 1 */
  connections(): number;
  /** a connection to this peer may go on being used: it is still one of those configured */
  isCurrent(peer: string): boolean;
  /** the next row to give; undefined when there is none, or the client's state does not allow it now. `busy`: keys of recipients */
  next(busy: ReadonlySet<string>): LedgerEntry | undefined;
  /** epoch ms before which the next row may not leave */
  paceAt(): number;
  /** a row's turn has come: the pace goes on from here */
  left(entry: LedgerEntry): void;
  parcel(entry: LedgerEntry): Parcel;
  /** the store says it does not have the row's bytes: nothing any peer could mend */
  missing(entry: LedgerEntry): void;
  /** the store could not be asked: the row goes later, so that it does not stand before the others */
  unreadable(entry: LedgerEntry): void;
  /** records the attempt, durably, before anything is sent; undefined when the row is not to be had any more */
  claim(entry: LedgerEntry, peer: string): LedgerEntry | undefined;
  /** stores the outcome; `stop` when the lane should end. `tookMs`: from MAIL to the outcome */
  settle(entry: LedgerEntry, outcome: Outcome, tookMs: number): 'go-on' | 'stop';
  /** no session could be had, and none is open; may throw */
  unreachable(cause: Cause): void;
  /** one more was not to be had while `open` others are: the lane goes on with those */
  crowded(open: number, cause: Cause): void;
};

// A message that hangs at its final dot may take ten minutes (smtp/timeouts.ts): the others do not wait for it, the next run goes on.
const GRACE_MS = 5_000;
const LONGEST_WAIT_MS = 1_000;

/**
 * Runs until there is nothing to do, the peer fails, or `until` (epoch ms). Throws when the store or the peer fails, with no row left
 * claimed by a connection that has ended. A message that is still under way some seconds after `until` is left to end by itself.
 */
export async function runLane(needs: LaneNeeds, until: number): Promise<void> {
  const lane = new Lane(needs);
  while (await lane.turn(until));
  await lane.end();
}

type Ended = { readonly kind: 'go-on' | 'stop' } | { readonly kind: 'broken'; readonly cause: unknown };

class Lane {
  readonly #needs: LaneNeeds;
  readonly #connections: Connections;
  readonly #active = new Map<string, Promise<Ended>>();
  #ending: Ended | undefined;

  constructor(needs: LaneNeeds) {
    this.#needs = needs;
    this.#connections = new Connections(needs);
  }

  /** One row sent on its way, or one waited for; false when the run is over. */
  async turn(until: number): Promise<boolean> {
    if (this.#ending !== undefined) return false;
    if (this.#active.size >= this.#needs.connections()) return this.#oneEnded(until);
    const busy = new Set(this.#active.keys());
    if (this.#needs.next(busy) === undefined) return this.#active.size > 0 && this.#oneEnded(until);
    if (!(await inTime(this.#needs, until))) return false;
    // Asked again: while the pace was waited for, a failure may have been declared, or something more urgent have come.
    const entry = this.#ending === undefined ? this.#needs.next(new Set(this.#active.keys())) : undefined;
    if (entry !== undefined) this.#start(entry);
    return true;
  }

  async end(): Promise<void> {
    const grace = this.#needs.startTimer(GRACE_MS);
    await Promise.race([Promise.all(this.#active.values()), grace.expired]);
    grace.cancel();
    // Those that are still at work close when they have ended.
    await this.#connections.close();
    if (this.#ending?.kind === 'broken') throw this.#ending.cause;
  }

  /** False when none did in time: what hangs must not keep the run from its end. */
  async #oneEnded(until: number): Promise<boolean> {
    const time = this.#needs.startTimer(Math.max(0, until - this.#needs.now()));
    const ended = [...this.#active.values()].map((one) => one.then(() => true));
    const isInTime = await Promise.race([...ended, time.expired.then(() => false)]);
    time.cancel();
    return isInTime;
  }

  #start(entry: LedgerEntry): void {
    const { key } = entry.recipient;
    this.#needs.left(entry);
    const ended = this.#give(entry)
      .catch((cause: unknown): Ended => ({ kind: 'broken', cause }))
      .then((how) => {
        this.#active.delete(key);
        if (how.kind !== 'go-on') this.#ending ??= how;
        return how;
      });
    this.#active.set(key, ended);
  }

  async #give(entry: LedgerEntry): Promise<Ended> {
    const parcel = this.#needs.parcel(entry);
    const content = await load(parcel, entry, this.#needs);
    if (content === undefined) {
      this.#needs.missing(entry);
      return { kind: 'go-on' };
    }
    const had = await this.#connections.take();
    if (had.kind !== 'connection') {
      await discard(content);
      if (had.kind === 'crowded') this.#needs.crowded(had.open, had.cause);
      else this.#needs.unreachable(had.cause);
      return { kind: had.kind === 'crowded' ? 'go-on' : 'stop' };
    }
    const { connection } = had;
    const claimed = this.#ending === undefined ? this.#needs.claim(entry, connection.peer) : undefined;
    try {
      if (claimed === undefined) {
        await discard(content);
        return { kind: 'go-on' };
      }
      const startedAt = this.#needs.now();
      const outcome = await connection.session.send(parcel.envelope, content);
      return { kind: this.#needs.settle(claimed, outcome, this.#needs.now() - startedAt) };
    } finally {
      await this.#connections.giveBack(connection);
    }
  }
}

async function load(parcel: Parcel, entry: LedgerEntry, needs: LaneNeeds): Promise<Outgoing | undefined> {
  try {
    return await parcel.content();
  } catch (cause) {
    needs.unreadable(entry);
    throw new Error('the stored bytes could not be fetched', { cause });
  }
}

async function discard({ body }: Outgoing): Promise<void> {
  if (body instanceof ReadableStream) await body.cancel().catch(() => undefined);
}

/** Waits for the pace; false when the next row belongs to a later run. Waits in short steps, so that a faster pace counts at once. */
async function inTime(needs: LaneNeeds, until: number): Promise<boolean> {
  for (let now = needs.now(); now < until; now = needs.now()) {
    const at = needs.paceAt();
    if (at <= now) return true;
    if (at > until) return false;
    await needs.wait(Math.min(at - now, LONGEST_WAIT_MS));
  }
  return false;
}
