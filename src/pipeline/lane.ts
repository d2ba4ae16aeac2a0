/**
 * A lane gives waiting rows to one kind of peer, one after another over one connection, at a pace: the replay to the gateway,
 * the canary before it, retries, and users' mail to the relay are all lanes. The attempt is recorded before it is made (P6);
 * a session that does not open is evidence about the peer and ages no row (P7).
 */
import type { Peer } from '../core/client.ts';
import type { LedgerEntry } from '../core/ledger.ts';
import type { Cause, Outcome } from '../core/outcome.ts';
import { type Dial, type OpenedPeer, openFirst, type Parcel, sendParcel } from './deliver.ts';

export type LaneNeeds = {
  readonly dial: Dial;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** where to, at this moment: configuration may change while the lane runs */
  peers(): readonly Peer[];
  /** true while there is a row to give and the client's state allows it */
  hasWork(): boolean;
  /** epoch ms before which the next row may not leave */
  paceAt(): number;
  /** takes the next row and records the attempt, durably, before anything is sent */
  claim(peer: string): LedgerEntry | undefined;
  parcel(entry: LedgerEntry): Parcel;
  /** stores the outcome; `stop` when the lane should end */
  settle(entry: LedgerEntry, outcome: Outcome): 'go-on' | 'stop';
  /** no session could be had */
  unreachable(cause: Cause): void;
};

/** Runs until there is nothing to do, the peer fails, or `until` (epoch ms). Never throws for what the peer does. */
export async function runLane(needs: LaneNeeds, until: number): Promise<void> {
  let opened: OpenedPeer | undefined;
  try {
    while (needs.hasWork() && (await inTime(needs, until))) {
      if (opened?.kind !== 'open' || !opened.session.usable) {
        if (opened?.kind === 'open') await opened.session.close();
        opened = await openFirst(needs.peers(), needs.dial);
        if (opened.kind === 'failed') return needs.unreachable(opened.cause);
      }
      const entry = needs.hasWork() ? needs.claim(opened.peer) : undefined;
      if (entry === undefined) return;
      const outcome = await sendParcel(needs.parcel(entry), opened.session);
      if (needs.settle(entry, outcome) === 'stop') return;
    }
  } finally {
    if (opened?.kind === 'open') await opened.session.close();
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
