/**
 * Planned work on the client's gateway, as the client object goes through it: edges are acted on when their time has come, people
 * extend and end it. What was done is stored in the same turn as what follows from it, so a restart finds both or neither.
 */
import type { ClientSnapshot } from '../core/client.ts';
import type { Health, HealthEvent, HealthPlan } from '../core/health-state.ts';
import { type OpenWindow, planDuring } from '../core/maintenance.ts';
import { type CourseStep, endEarly, extend, type Happening, type Planned, reckon } from '../core/maintenance-course.ts';
import type { TimelineKind } from '../core/timeline.ts';
import type { ExtensionResult } from '../pipeline/client-port.ts';
import type { Meta } from './meta.ts';
import type { Timeline } from './timeline.ts';

type Happened = (event: HealthEvent) => void;

const MINUTE_MS = 60_000;

export class PlannedWork {
  readonly #meta: Meta;
  readonly #timeline: Timeline;

  constructor(meta: Meta, timeline: Timeline) {
    this.#meta = meta;
    this.#timeline = timeline;
  }

  get open(): OpenWindow | undefined {
    return this.#meta.get('course')?.open;
  }

  /** What health is judged by at present. */
  planOf(snapshot: ClientSnapshot): HealthPlan {
    return planDuring(snapshot, this.open);
  }

  /** Nobody is woken before: planned work goes on in which mail is only kept, and nobody has said that it is more than that. */
  quietUntil(health: Health): number | undefined {
    const { open } = this;
    const isEmergency = health.state === 'down' || health.state === 'recovering';
    return open?.meaning === 'keep' && !isEmergency ? open.end : undefined;
  }

  dueAt(now: number): number | undefined {
    const { version, windows } = this.#planned();
    const course = this.#meta.get('course');
    if (course === undefined) return windows.length === 0 ? undefined : now;
    return course.version === version ? course.dueAt : now;
  }

  /** Acts on every edge that has passed. */
  turn(now: number, happened: Happened): void {
    this.#follow(reckon(this.#meta.get('course'), this.#planned(), now), now, happened);
  }

  extend(
    minutes: number,
    by: string,
    { now, happened }: { readonly now: number; readonly happened: Happened },
  ): ExtensionResult {
    const isStillFelt = this.#isDownFromIt();
    const step = extend(this.#meta.get('course'), minutes * MINUTE_MS, { now, isStillFelt });
    if (step === undefined) {
      return {
        kind: 'not-possible',
        why: 'no maintenance is under way, and none that ended in the last half hour is still felt',
      };
    }
    const window = step.course.open;
    const until = window?.end ?? now;
    this.#note('maintenance-extended', `${by} extended ${quoted(window)} by ${minutes} min, until ${utc(until)}`, now);
    this.#follow(step, now, happened);
    return { kind: 'done', until };
  }

  /** The work is done before its time. False when none was under way. */
  endEarly(now: number, happened: Happened): boolean {
    const step = endEarly(this.#meta.get('course'), this.#planned(), now);
    if (step !== undefined) this.#follow(step, now, happened);
    return step !== undefined;
  }

  #follow({ course, happenings }: CourseStep, now: number, happened: Happened): void {
    this.#meta.set('course', course);
    for (const happening of happenings) {
      if (happening.window.meaning === 'failover') this.#passOn(happening, now, happened);
      else this.#keep(happening, now, happened);
    }
  }

  /** Mailboxes open and close with it: that is a turn of the gateway's health. */
  #passOn({ kind, window }: Happening, now: number, happened: Happened): void {
    const { title, end: until } = window;
    switch (kind) {
      case 'begins': {
        const before = this.#health()?.state;
        happened({ kind: 'maintenance-begins', title, until });
        const words = `${quoted(window)} begins, until ${utc(until)}; the outage that is on already goes on`;
        if (this.#health()?.state === before) this.#note('maintenance-begins', words, now);
        return;
      }
      case 'continues':
        // An emergency that has ended meanwhile, or that a person has begun, is not begun again by a later end.
        if (this.#isDownFromIt()) happened({ kind: 'maintenance-begins', title, until });
        return;
      case 'ends': {
        const then = this.#isDownFromIt() ? ': probes find out whether the server is back' : '';
        this.#note('maintenance-ends', `${quoted(window)} is over${then}`, now);
        happened({ kind: 'maintenance-ends', title });
      }
    }
  }

  #keep({ kind, window }: Happening, now: number, happened: Happened): void {
    switch (kind) {
      case 'begins': {
        const words = `${quoted(window)} begins, until ${utc(window.end)}: mail that cannot be delivered is kept, and nobody is alarmed`;
        this.#note('maintenance-begins', words, now);
        return;
      }
      case 'continues':
        return;
      case 'ends':
        this.#note('maintenance-ends', `${quoted(window)} is over: what fails from here on counts`, now);
        // What was crossed meanwhile, and still is, is judged by the client's own plan now.
        happened({ kind: 'time-passed' });
    }
  }

  #note(kind: TimelineKind, words: string, at: number): void {
    this.#timeline.note({ at, kind, words });
  }

  #isDownFromIt(): boolean {
    const health = this.#health();
    return health?.state === 'down' && health.cause.kind === 'maintenance';
  }

  #health(): Health | undefined {
    return this.#meta.get('health');
  }

  #planned(): Planned {
    const snapshot = this.#meta.get('snapshot');
    return { version: snapshot?.version ?? 0, windows: snapshot?.maintenance ?? [] };
  }
}

function quoted(window: OpenWindow | undefined): string {
  return `planned maintenance “${window?.title ?? ''}”`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 16)} UTC`;
}
