/** Whether mail to the world goes out: kept for the status, told once while it does not, and once when it does again. */
import type { RelayTrouble } from '../pipeline/client-port.ts';
import type { Meta } from './meta.ts';
import type { Timeline } from './timeline.ts';

// A relay that restarts is away for a minute or two; nobody is to be told of that.
const PATIENCE_MS = 300_000;

export class RelayTroubles {
  readonly #meta: Meta;
  readonly #timeline: Timeline;

  constructor(meta: Meta, timeline: Timeline) {
    this.#meta = meta;
    this.#timeline = timeline;
  }

  current(): RelayTrouble | null {
    const trouble = this.#meta.get('relayTrouble');
    return trouble === undefined ? null : { since: trouble.since, words: trouble.words };
  }

  failed(words: string, at: number): void {
    const before = this.#meta.get('relayTrouble');
    const since = before?.since ?? at;
    const wasTold = before?.isTold === true;
    const isTold = wasTold || at - since >= PATIENCE_MS;
    if (before === undefined || before.words !== words || isTold !== wasTold)
      this.#meta.set('relayTrouble', { since, words, isTold });
    if (isTold && !wasTold) this.#timeline.note({ at, kind: 'relay-failed', words: `${FAILED}: ${words}` });
  }

  worked(at: number): void {
    const before = this.#meta.get('relayTrouble');
    if (before === undefined) return;
    this.#meta.forget('relayTrouble');
    if (before.isTold)
      this.#timeline.note({ at, kind: 'relay-works', words: 'the relay takes mail to the world again' });
  }
}

const FAILED = 'the relay takes no mail to the world, which waits here meanwhile';
