/**
 * The bytes of what a lane gives next, fetched while all its connections are busy: a store takes as long as a server, and would else be
 * waited for with every message. Nothing is decided by it: what comes next is asked again when a connection is free.
 */
import type { LedgerEntry } from '../core/ledger.ts';
import type { Parcel } from './deliver.ts';

export type AheadNeeds = {
  next(passedOver: ReadonlySet<string>): LedgerEntry | undefined;
  parcel(entry: LedgerEntry): Parcel;
};

// What is held whole (pipeline/vouch.ts). A larger one is a stream, which the store does not keep open for whoever does not read.
const MAX_AHEAD_BYTES = 262_144;

type Fetched = { readonly entry: LedgerEntry; readonly parcel: Parcel };

export class Ahead {
  readonly #needs: AheadNeeds;
  readonly #fetched = new Map<number, Fetched>();

  constructor(needs: AheadNeeds) {
    this.#needs = needs;
  }

  /** Fetches until it has `most`. */
  look(most: number): void {
    while (this.#fetched.size < most) {
      const entry = this.#needs.next(
        new Set([...this.#fetched.values()].map(({ entry: { recipient } }) => recipient.key)),
      );
      if (entry === undefined || entry.sizeBytes > MAX_AHEAD_BYTES) return;
      const parcel = this.#needs.parcel(entry);
      const content = parcel.content();
      // Whoever wants it hears of it; nobody may.
      content.catch(() => undefined);
      this.#fetched.set(entry.seq, { entry, parcel: { ...parcel, content: () => content } });
    }
  }

  /** With its bytes, if they were fetched for the row as it is now. What was foreseen and does not come keeps its place until the run ends. */
  parcel(entry: LedgerEntry): Parcel {
    const fetched = this.#fetched.get(entry.seq);
    this.#fetched.delete(entry.seq);
    return fetched !== undefined && isSame(fetched.entry, entry) ? fetched.parcel : this.#needs.parcel(entry);
  }
}

/** A row that waits is changed in no other way. */
function isSame(one: LedgerEntry, other: LedgerEntry): boolean {
  return one.attempts === other.attempts && one.recipient.text === other.recipient.text;
}
