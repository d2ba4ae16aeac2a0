/**
 * A lane gives waiting rows to one kind of peer at a pace, over as many connections as it may have: the replay to the gateway, the
 * canary before it, retries, and users' mail to the relay are all lanes. The bytes are in hand before the row is claimed, and the
 * attempt is recorded before it is made (P6); a session that does not open ages no row (P7).
 */
import type { LedgerEntry } from '../core/ledger.ts';
import type { Cause, Outcome } from '../core/outcome.ts';
import { problemOf } from '../core/problem-of.ts';
import type { Outgoing } from '../smtp/session-types.ts';
import type { OpenedPeer, Parcel } from './deliver.ts';
import { Ahead } from './lane-ahead.ts';
import { type Connection, Connections } from './lane-connections.ts';
import type { Timer } from './timer.ts';

export type LaneNeeds = {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly startTimer: (ms: number) => Timer;
  /** to whatever is configured at this moment */
  open(): Promise<OpenedPeer>;
  /** how many connections this run may have at this moment, at least 1 */
  connections(): number;
  /** a connection to this peer may go on being used: it is still one of those configured */
  isCurrent(peer: string): boolean;
  /**
   * the next row to give; undefined when there is none, or the client's state does not allow it now. Nobody for whom one is begun, and
   * nobody of `passedOver` (address keys)
   */
  next(passedOver: ReadonlySet<string>): LedgerEntry | undefined;
  /** epoch ms before which this row may not leave */
  paceAt(entry: LedgerEntry): number;
  /** a row's turn has come: the pace goes on from here, and nothing else is begun for its recipient */
  began(entry: LedgerEntry): void;
  /** whatever has become of it, and its connection is free again */
  ended(entry: LedgerEntry): void;
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

/** `left`: rows that were begun and have not ended: each ends by itself, and its outcome is stored then. */
export type LaneRun = { readonly left: number };

// A message that hangs at its final dot may take ten minutes (smtp/timeouts.ts): the others do not wait for it, the next run goes on.
const STUCK_MS = 30_000;
const GRACE_MS = 5_000;
const LONGEST_WAIT_MS = 1_000;
const NOBODY: ReadonlySet<string> = new Set();

/** Runs until there is nothing to do, nothing moves, the peer fails, or `until` (epoch ms). Throws when the store or the peer fails. */
export async function runLane(needs: LaneNeeds, until: number): Promise<LaneRun> {
  const lane = new Lane(needs);
  while (await lane.turn(until));
  return lane.end();
}

type Ended = { readonly kind: 'go-on' | 'stop' } | { readonly kind: 'broken'; readonly cause: unknown };

class Lane {
  readonly #needs: LaneNeeds;
  readonly #connections: Connections;
  readonly #active = new Set<Promise<void>>();
  readonly #ahead: Ahead;
  #ending: Ended | undefined;

  constructor(needs: LaneNeeds) {
    this.#needs = needs;
    this.#connections = new Connections(needs);
    this.#ahead = new Ahead(needs);
  }

  /** One row sent on its way, or a moment waited; false when the run is over. */
  async turn(until: number): Promise<boolean> {
    const now = this.#needs.now();
    if (this.#ending !== undefined || now >= until) return false;
    const most = this.#needs.connections();
    if (this.#active.size >= most) {
      this.#ahead.look(most);
      return this.#oneEnded(Math.min(STUCK_MS, until - now));
    }
    const entry = this.#needs.next(NOBODY);
    if (entry === undefined) return this.#active.size > 0 && this.#oneEnded(Math.min(STUCK_MS, until - now));
    const leavesAt = this.#needs.paceAt(entry);
    if (leavesAt <= now) this.#start(entry);
    else if (leavesAt > until) return false;
    // In short steps, and asked again after each: a new pace counts at once, and something more urgent may have come.
    else await this.#needs.wait(Math.min(leavesAt - now, LONGEST_WAIT_MS));
    return true;
  }

  async end(): Promise<LaneRun> {
    if (this.#active.size > 0) {
      const grace = this.#needs.startTimer(GRACE_MS);
      await Promise.race([Promise.all(this.#active), grace.expired]);
      grace.cancel();
    }
    const { size: left } = this.#active;
    const ending = this.#ending;
    // Whoever is still on the way to a connection finds none any more, and claims nothing.
    this.#ending ??= { kind: 'stop' };
    await this.#connections.close();
    if (ending?.kind === 'broken') throw ending.cause;
    return { left };
  }

  /** False when none did in time: what hangs must not keep the run from its end. */
  async #oneEnded(withinMs: number): Promise<boolean> {
    const time = this.#needs.startTimer(withinMs);
    const ended = [...this.#active].map((one) => one.then(() => true));
    const isInTime = await Promise.race([...ended, time.expired.then(() => false)]);
    time.cancel();
    return isInTime;
  }

  #start(entry: LedgerEntry): void {
    this.#needs.began(entry);
    const active = this.#give(entry)
      .catch((cause: unknown): Ended => ({ kind: 'broken', cause }))
      .then((how) => {
        this.#needs.ended(entry);
        this.#active.delete(active);
        if (how.kind !== 'go-on') this.#ending ??= how;
      });
    this.#active.add(active);
  }

  async #give(entry: LedgerEntry): Promise<Ended> {
    const parcel = this.#ahead.parcel(entry);
    const content = await load(parcel, entry, this.#needs);
    if (content === undefined) {
      this.#needs.missing(entry);
      return { kind: 'go-on' };
    }
    const had = await this.#connections.take();
    switch (had.kind) {
      case 'closed':
        await discard(content);
        return { kind: 'go-on' };
      case 'crowded':
        await discard(content);
        this.#needs.crowded(had.open, had.cause);
        return { kind: 'go-on' };
      case 'unreachable':
        await discard(content);
        this.#needs.unreachable(had.cause);
        return { kind: 'stop' };
      case 'connection':
        return this.#send(entry, { envelope: parcel.envelope, content, connection: had.connection });
    }
  }

  async #send(entry: LedgerEntry, { envelope, content, connection }: Sending): Promise<Ended> {
    let claimed: LedgerEntry | undefined;
    try {
      claimed = this.#ending === undefined ? this.#needs.claim(entry, connection.peer) : undefined;
      if (claimed === undefined) {
        await discard(content);
        return { kind: 'go-on' };
      }
      const startedAt = this.#needs.now();
      const outcome = await connection.session.send(envelope, content).catch(brokenOff);
      return { kind: this.#needs.settle(claimed, outcome, this.#needs.now() - startedAt) };
    } finally {
      await this.#connections.giveBack(connection);
    }
  }
}

type Sending = {
  readonly envelope: Parcel['envelope'];
  readonly content: Outgoing;
  readonly connection: Connection;
};

/** A fault of ours after the attempt was recorded: the peer may have the message. */
function brokenOff(cause: unknown): Outcome {
  return { kind: 'uncertain', fault: { kind: 'unclassified', problem: `our side broke off: ${problemOf(cause)}` } };
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
