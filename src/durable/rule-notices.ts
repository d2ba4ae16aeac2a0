/** Whom rules want to tell: admins by a line of the timeline, people by a letter into their own mailbox, each once an hour at most. */
import { type Gathered, gathered, noticesDueAt, noticeWordsOf, type RuleNotice, told } from '../core/rule-notices.ts';
import type { Meta } from './meta.ts';
import type { Timeline } from './timeline.ts';

// What comes within a minute of what is written down already is written with it later; an eviction forgets no more than that.
const KEEP_AFTER_MS = 60_000;
const ADMINS = '';

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
    this.#keep(gathered(this.#gathered, notices, now), now);
    this.tellAdmins(now);
  }

  dueAt(): number | undefined {
    const times = this.#gathered.map(noticesDueAt).filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  tellAdmins(now: number): void {
    const due = this.#due(now).find(({ recipient }) => recipient === ADMINS);
    if (due === undefined) return;
    this.told(due, now);
    this.#timeline.note({ at: now, kind: 'rule-notice', words: noticeWordsOf(due.waiting) });
  }

  people(now: number): readonly Gathered[] {
    return this.#due(now).filter(({ recipient }) => recipient !== ADMINS);
  }

  told({ recipient }: Gathered, now: number): void {
    this.#meta.set('ruleNotices', told(this.#gathered, recipient, now));
  }

  #due(now: number): readonly Gathered[] {
    return this.#gathered.filter((one) => (noticesDueAt(one) ?? Number.POSITIVE_INFINITY) <= now);
  }

  #keep(all: readonly Gathered[], now: number): void {
    if (now - this.#keptAt < KEEP_AFTER_MS) {
      this.#meta.hold('ruleNotices', all);
      return;
    }
    this.#keptAt = now;
    this.#meta.set('ruleNotices', all);
  }

  get #gathered(): readonly Gathered[] {
    return this.#meta.get('ruleNotices') ?? [];
  }
}
