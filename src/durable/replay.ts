/**
 * The replay as people steer it: held, paused, taken up again; and what is noticed of it while it runs. The giving back itself is a
 * lane (durable/lanes.ts).
 */
import type { LedgerEntry } from '../core/ledger.ts';
import { describeOutcome, type Outcome } from '../core/outcome.ts';
import { answerAbout, isHalfRepaired } from '../core/people-met.ts';
import { type Given, lately, type Progress, progressOf } from '../core/progress.ts';
import type { Reach } from '../core/turn.ts';
import type { ReplayHold } from '../pipeline/client-port.ts';
import type { Meta } from './meta.ts';
import type { Outages } from './outages.ts';
import type { Recipients } from './recipients.ts';
import type { Timeline } from './timeline.ts';
import type { Waiting } from './waiting.ts';

type Parts = {
  readonly meta: Meta;
  readonly outages: Outages;
  readonly recipients: Recipients;
  readonly timeline: Timeline;
  readonly waiting: Waiting;
};

export class Replay {
  readonly #parts: Parts;
  /** people the gateway knew before the outage, by its last word about each since the repair */
  readonly #refused = new Set<string>();
  readonly #taken = new Set<string>();
  readonly #underWay = new Set<number>();
  #given: readonly Given[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What a lane may take: a replay that is held lets new mail through. */
  get reach(): Reach {
    const { meta } = this.#parts;
    const isHeld = meta.get('replayHold') !== undefined;
    // The canary comes before anybody can say so.
    const willBeHeld = meta.get('health')?.state === 'recovering' && meta.get('snapshot')?.replay.start === 'hold';
    return isHeld || willBeHeld ? 'live' : 'all';
  }

  get hold(): ReplayHold | undefined {
    return this.#parts.meta.get('replayHold');
  }

  /** The gateway is trusted again, and the client wants to be asked before what was kept goes to it. */
  begins(at: number): void {
    const { meta, timeline } = this.#parts;
    this.#meetAnew();
    if (meta.get('snapshot')?.replay.start !== 'hold') return;
    meta.set('replayHold', { at, by: 'the setting "hold"', reason: 'what was kept waits until somebody says so' });
    const words = 'new mail goes to the gateway; what was kept waits until somebody starts the replay, as is set';
    timeline.note({ at, kind: 'replay-waits', words });
  }

  pause(hold: ReplayHold): 'paused' | 'paused-before' {
    const { meta, timeline } = this.#parts;
    if (meta.get('replayHold') !== undefined) return 'paused-before';
    meta.set('replayHold', hold);
    const words = `the replay was paused by ${hold.by}: ${hold.reason}. New mail goes on to the gateway`;
    timeline.note({ at: hold.at, kind: 'replay-paused', words });
    return 'paused';
  }

  resume(by: string, at: number): 'resumed' | 'not-paused' {
    const { meta, timeline } = this.#parts;
    if (meta.get('replayHold') === undefined) return 'not-paused';
    meta.forget('replayHold');
    timeline.note({ at, kind: 'replay-resumed', words: `the replay was started by ${by}` });
    return 'resumed';
  }

  /** Nothing waits any more: what was said of this replay is over with it. */
  ended(): void {
    if (this.hold !== undefined) this.#parts.meta.forget('replayHold');
    this.#parts.waiting.forgetTurns();
    this.#given = [];
  }

  /** A claimed row, until its outcome is known: it may outlast the run of the lane that sent it. */
  sent({ seq }: LedgerEntry): void {
    this.#underWay.add(seq);
  }

  heard({ seq }: LedgerEntry): void {
    this.#underWay.delete(seq);
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** As many as there may be hang: more would be more connections than the client wants, and the server is not at its best. */
  get isStuck(): boolean {
    return this.underWay >= (this.#parts.meta.get('snapshot')?.replay.connections ?? 1);
  }

  given({ sizeBytes }: LedgerEntry, at: number): void {
    this.#given = [...lately(this.#given, at), { at, sizeBytes }];
  }

  progress(waiting: number, now: number): Progress {
    return progressOf(this.#given, waiting, now);
  }

  /**
   * A repaired server that refuses people it knew has come back without them. Answers what to say when the emergency must reopen; what
   * it has refused since the repair waits again then.
   */
  met(entry: Pick<LedgerEntry, 'recipient'>, outcome: Outcome, now: number): string | undefined {
    const { outages, recipients, waiting } = this.#parts;
    const [outage, answer, { key }] = [outages.current(), answerAbout(outcome), entry.recipient];
    if (outage === undefined || outage.repairedAt === null || answer === undefined || !recipients.knows(key))
      return undefined;
    const [refused, taken] = [this.#refused, this.#taken];
    (answer === 'taken' ? taken : refused).add(key);
    (answer === 'taken' ? refused : taken).delete(key);
    if (!isHalfRepaired({ refused: refused.size, taken: taken.size })) return undefined;
    const words = `${refused.size} people it knew are refused: ${describeOutcome(outcome)}`;
    // Next time their refusal is believed: people do leave, and the emergency must end.
    recipients.forget([...refused]);
    this.#meetAnew();
    waiting.releaseHeld(outage.id, outage.repairedAt, now);
    return words;
  }

  #meetAnew(): void {
    this.#refused.clear();
    this.#taken.clear();
  }
}
