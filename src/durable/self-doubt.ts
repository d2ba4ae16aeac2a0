/** One client's part in the watch over the deployment: when it asks whether the others fail as well, and what it hears. SQL only. */
import type { Health, Transition } from '../core/health-state.ts';
import { beginAsking, heardDoubt, isGivenUp, isTrouble, type SelfDoubt } from '../core/self-doubt.ts';
import type { Meta } from './meta.ts';
import type { Timeline } from './timeline.ts';

export class SelfDoubts {
  readonly #meta: Meta;
  readonly #timeline: Timeline;

  constructor(meta: Meta, timeline: Timeline) {
    this.#meta = meta;
    this.#timeline = timeline;
  }

  follow(transition: Transition, health: Health): void {
    if (isTrouble(transition, health)) this.#meta.set('asking', beginAsking(transition.at));
  }

  dueAt(): number | undefined {
    return this.#meta.get('asking')?.askAt;
  }

  /** When the trouble that is asked about began; undefined when there is nothing (any more) to ask. */
  troubleAt(now: number): number | undefined {
    const asking = this.#meta.get('asking');
    if (asking === undefined) return undefined;
    if (!isGivenUp(asking, now)) return asking.at;
    this.#meta.forget('asking');
    return undefined;
  }

  heard(doubt: SelfDoubt, now: number): void {
    const asking = this.#meta.get('asking');
    if (asking === undefined) return;
    const { next, say } = heardDoubt(asking, doubt);
    if (say !== undefined) this.#timeline.note({ at: now, kind: 'self-doubt', words: say });
    if (next === undefined) this.#meta.forget('asking');
    else this.#meta.set('asking', next);
  }
}
