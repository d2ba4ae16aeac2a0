/** Admins hear of what their rules want them to hear of, in a line of the timeline, once an hour at most. */
import { type GatheredNotices, noticesDueAt, noticeWordsOf, type RuleNotice, summed } from '../core/rule-notices.ts';
import type { Meta } from './meta.ts';
import type { Timeline } from './timeline.ts';

// What comes within a minute of what is written down already is written with it later; an eviction forgets no more than that.
const KEEP_AFTER_MS = 60_000;
const NOTHING_YET: GatheredNotices = { toldAt: 0, waiting: [] };

export class RuleNotices {
  readonly #meta: Meta;
  readonly #timeline: Timeline;
  #keptAt = 0;

  constructor(meta: Meta, timeline: Timeline) {
    this.#meta = meta;
    this.#timeline = timeline;
  }

  add(notices: readonly RuleNotice[], now: number): void {
    if (notices.length === 0) return;
    const { toldAt, waiting } = this.#gathered;
    this.#keep({ toldAt, waiting: summed([...waiting, ...notices]) }, now);
    if ((this.dueAt() ?? now) <= now) this.tell(now);
  }

  dueAt(): number | undefined {
    return noticesDueAt(this.#gathered);
  }

  tell(now: number): void {
    const { waiting } = this.#gathered;
    if (waiting.length === 0) return;
    this.#meta.set('ruleNotices', { toldAt: now, waiting: [] });
    this.#timeline.note({ at: now, kind: 'rule-notice', words: noticeWordsOf(waiting) });
  }

  #keep(gathered: GatheredNotices, now: number): void {
    if (now - this.#keptAt < KEEP_AFTER_MS) {
      this.#meta.hold('ruleNotices', gathered);
      return;
    }
    this.#keptAt = now;
    this.#meta.set('ruleNotices', gathered);
  }

  get #gathered(): GatheredNotices {
    return this.#meta.get('ruleNotices') ?? NOTHING_YET;
  }
}
