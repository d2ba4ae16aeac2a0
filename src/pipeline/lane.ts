/**
 * A lane gives waiting rows to one kind of peer, one after another over one connection, at a pace: the replay to the gateway,
 * the canary before it, retries, and users' mail to the relay are all lanes. The bytes are in hand before the row is claimed, and
 * the attempt is recorded before it is made (P6); a session that does not open ages no row (P7).
 */
import type { LedgerEntry } from '../core/ledger.ts';
import type { Cause, Outcome } from '../core/outcome.ts';
import type { Body, OpenedPeer, Parcel } from './deliver.ts';

export type LaneNeeds = {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** to whatever is configured at this moment */
  open(): Promise<OpenedPeer>;
  /** the next row to give; undefined when there is none or the client's state does not allow it now */
  next(): LedgerEntry | undefined;
  /** epoch ms before which the next row may not leave */
  paceAt(): number;
  parcel(entry: LedgerEntry): Parcel;
  /** the store says it does not have the row's bytes: nothing any peer could mend */
  missing(entry: LedgerEntry): void;
  /** the store could not be asked: the row goes later, so that it does not stand before the others */
  unreadable(entry: LedgerEntry): void;
  /** records the attempt, durably, before anything is sent; undefined when the row is not to be had any more */
  claim(entry: LedgerEntry, peer: string): LedgerEntry | undefined;
  /** stores the outcome; `stop` when the lane should end */
  settle(entry: LedgerEntry, outcome: Outcome): 'go-on' | 'stop';
  /** no session could be had */
  unreachable(cause: Cause): void;
};

/** Runs until there is nothing to do, the peer fails, or `until` (epoch ms). Throws when the store fails, with no row left claimed. */
export async function runLane(needs: LaneNeeds, until: number): Promise<void> {
  const connection = new Connection(needs);
  try {
    for (let entry = needs.next(); entry !== undefined && (await inTime(needs, until)); entry = needs.next()) {
      if ((await give(entry, connection, needs)) === 'stop') return;
    }
  } finally {
    await connection.close();
  }
}

async function give(entry: LedgerEntry, connection: Connection, needs: LaneNeeds): Promise<'go-on' | 'stop'> {
  const parcel = needs.parcel(entry);
  const body = await load(parcel, entry, needs);
  if (body === undefined) {
    needs.missing(entry);
    return 'go-on';
  }
  const opened = await connection.get();
  const claimed = opened.kind === 'open' ? needs.claim(entry, opened.peer) : undefined;
  if (opened.kind === 'failed' || claimed === undefined) {
    await discard(body);
    if (opened.kind === 'failed') needs.unreachable(opened.cause);
    return opened.kind === 'failed' ? 'stop' : 'go-on';
  }
  return needs.settle(claimed, await opened.session.send(parcel.envelope, { head: parcel.head, body }));
}

async function load(parcel: Parcel, entry: LedgerEntry, needs: LaneNeeds): Promise<Body | undefined> {
  try {
    return await parcel.body();
  } catch (cause) {
    needs.unreadable(entry);
    throw new Error('the stored bytes could not be fetched', { cause });
  }
}

async function discard(body: Body): Promise<void> {
  if (body instanceof ReadableStream) await body.cancel().catch(() => undefined);
}

/** One session, opened when the first row needs it and again when it has become unusable. */
class Connection {
  readonly #needs: LaneNeeds;
  #opened: OpenedPeer | undefined;

  constructor(needs: LaneNeeds) {
    this.#needs = needs;
  }

  async get(): Promise<OpenedPeer> {
    if (this.#opened?.kind === 'open' && this.#opened.session.usable) return this.#opened;
    await this.close();
    this.#opened = await this.#needs.open();
    return this.#opened;
  }

  async close(): Promise<void> {
    if (this.#opened?.kind === 'open') await this.#opened.session.close();
    this.#opened = undefined;
  }
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

const LONGEST_WAIT_MS = 1_000;
