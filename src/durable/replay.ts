/**
 * The replay as people steer it: held, paused, taken up again; and what is noticed of it while it runs. The giving back itself is a
 * lane (durable/lanes.ts).
 */
import type { LedgerEntry } from '../core/ledger.ts';
import { describeOutcome, type Outcome } from '../core/outcome.ts';
import { isHalfRepaired } from '../core/people-met.ts';
import { type Given, lately, type Progress, progressOf } from '../core/progress.ts';
import type { Reach } from '../core/turn.ts';
import type { ReplayHold, ReplayPaused } from '../pipeline/client-port.ts';
import type { Meta } from './meta.ts';
import type { Outages } from './outages.ts';
import type { PeopleMet } from './people-met.ts';
import type { Recipients } from './recipients.ts';
import type { Timeline } from './timeline.ts';
import type { Waiting } from './waiting.ts';

type Parts = {
  readonly meta: Meta;
  readonly outages: Outages;
  readonly peopleMet: PeopleMet;
  readonly recipients: Recipients;
  readonly timeline: Timeline;
  readonly waiting: Waiting;
};

export class Replay {
  readonly #parts: Parts;
  /** oldest first, and some that do not count any more */
  #given: Given[] = [];

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
    const { meta, timeline, peopleMet } = this.#parts;
    peopleMet.meetAnew();
    const paused = meta.get('replayHold');
    if (paused === undefined && meta.get('snapshot')?.replay.start !== 'hold') return;
    const hold = paused ?? {
      at,
      by: 'the setting "hold"',
      reason: 'what was kept waits until somebody says so',
    };
    meta.set('replayHold', hold);
    const why = paused === undefined ? 'as is set' : `as ${paused.by} has said: ${paused.reason}`;
    const words = `new mail goes to the gateway; what was kept waits until somebody starts the replay, ${why}`;
    timeline.note({ at, kind: 'replay-waits', words });
  }

  /** Before the repair as well: what is kept then waits from the first instant on. */
  pause(hold: ReplayHold): ReplayPaused {
    const { meta, outages, timeline } = this.#parts;
    const outage = outages.current();
    if (outage === undefined) return 'nothing-to-pause';
    if (meta.get('replayHold') !== undefined) return 'paused-before';
    meta.set('replayHold', hold);
    const newMail = outage.repairedAt === null ? 'will go to the gateway from the repair on' : 'goes on to the gateway';
    const words = `the replay was paused by ${hold.by}: ${hold.reason}. New mail ${newMail}`;
    timeline.note({ at: hold.at, kind: 'replay-paused', words });
    return 'paused';
  }

  resume(by: string, at: number): 'resumed' | 'not-paused' {
    const { meta, outages, timeline } = this.#parts;
    if (meta.get('replayHold') === undefined) return 'not-paused';
    meta.forget('replayHold');
    const isBefore = outages.current()?.repairedAt === null;
    const words = isBefore ? `${by} has taken the pause of the replay back` : `the replay was started by ${by}`;
    timeline.note({ at, kind: 'replay-resumed', words });
    return 'resumed';
  }

  /** Nothing waits any more: what was said of this replay is over with it. */
  ended(): void {
    if (this.hold !== undefined) this.#parts.meta.forget('replayHold');
    this.#parts.peopleMet.meetAnew();
    this.#parts.waiting.forgetTurns();
    this.#given = [];
  }

  given({ sizeBytes }: LedgerEntry, at: number): void {
    // Not with every message: at full speed the last minute is thousands.
    if ((this.#given[0]?.at ?? at) < at - KEPT_MS) this.#given = [...lately(this.#given, at)];
    this.#given.push({ at, sizeBytes });
  }

  progress(waiting: number, now: number): Progress {
    return progressOf(this.#given, waiting, now);
  }

  /**
   * A repaired server that refuses people it knew has come back without them. Answers what to say when the emergency must reopen; what
   * it has refused since the repair waits again then.
   */
  met(entry: Pick<LedgerEntry, 'recipient'>, outcome: Outcome, now: number): string | undefined {
    const { outages, peopleMet, recipients, waiting } = this.#parts;
    const outage = outages.current();
    if (outage === undefined || outage.repairedAt === null) return undefined;
    const met = peopleMet.heard(entry, outcome, outage);
    if (met === undefined || !isHalfRepaired({ refused: met.refused.size, taken: met.taken.size })) return undefined;
    const words = `${met.refused.size} people it knew are refused: ${describeOutcome(outcome)}`;
    // Next time their refusal is believed: people do leave, and the emergency must end.
    recipients.forget([...met.refused]);
    peopleMet.meetAnew();
    waiting.releaseHeld(outage.id, outage.repairedAt, now);
    return words;
  }
}

// Twice what is asked for.
const KEPT_MS = 120_000;
