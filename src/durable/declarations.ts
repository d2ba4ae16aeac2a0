/**
 * What people say themselves: that the server has failed or is repaired, that work takes longer; by the API, by a message to a system
 * address, or by the link in a notice. Their word goes before what probes find (core/health.ts).
 */
import { describeCause } from '../core/down-cause.ts';
import type { Health, HealthEvent } from '../core/health-state.ts';
import type {
  Declaration,
  DeclarationResult,
  ExtensionResult,
  LinkResult,
  LinkView,
  SystemMessage,
} from '../pipeline/client-port.ts';
import type { ClientState } from './client-state.ts';
import type { LinkPurpose } from './links.ts';

// Each is a declaration by somebody who holds the token; nobody declares fifty in five days, and a program gone wild stays small.
const MAX_OBEYED = 50;

export class Declarations {
  readonly #state: ClientState;
  readonly #now: () => number;
  readonly #happened: (event: HealthEvent) => void;

  constructor(state: ClientState, now: () => number, happened: (event: HealthEvent) => void) {
    this.#state = state;
    this.#now = now;
    this.#happened = happened;
  }

  failure(declaration: Declaration): DeclarationResult {
    const { health, timeline } = this.#state;
    const why = whyNoFailure(health, declaration);
    if (why !== undefined) return { kind: 'not-possible', why };
    this.#happened({ kind: 'declared-failure', ...declaration });
    if (health.state === 'down') {
      const words = `declared by ${declaration.by} as well: ${declaration.reason}. From here on a person ends it`;
      const at = this.#now();
      timeline.note({ at, kind: this.#state.becomes('declared', at) ? 'down' : 'declared', words });
    }
    return this.#done();
  }

  /** Also the end of planned work, before its time. */
  repair({ by, reason }: Declaration): DeclarationResult {
    const { state: before } = this.#state.health;
    if (before === 'down') this.#happened({ kind: 'declared-repair', by, reason });
    const endsWork = this.#state.work.endEarly(this.#now(), this.#happened);
    if (before === 'down' || endsWork) return this.#done();
    return { kind: 'not-possible', why: `the gateway is ${before}, not down: there is no failure to end` };
  }

  extend(minutes: number, by: string): ExtensionResult {
    return this.#state.work.extend(minutes, by, { now: this.#now(), happened: this.#happened });
  }

  /** A message that comes again is the sender's retry, not a second word. */
  byMessage({ meaning, from, retryKey, knownForMs }: SystemMessage): 'done' | 'not-possible' | 'known' {
    const { meta } = this.#state;
    const now = this.#now();
    const obeyed = (meta.get('obeyed') ?? []).filter(({ until }) => now < until);
    if (obeyed.some(({ key }) => key === retryKey)) return 'known';
    meta.set('obeyed', [...obeyed, { key: retryKey, until: now + knownForMs }].slice(-MAX_OBEYED));
    const declaration = { by: `a message that says it is from ${from}`, reason: 'sent to the system address' };
    return (meaning === 'failure' ? this.failure(declaration) : this.repair(declaration)).kind;
  }

  /** What the link would do; nothing is done. */
  peekLink(token: string): LinkView {
    const found = this.#state.links.find(token, this.#now());
    if (found.kind === 'unknown') return found;
    return { kind: found.kind, action: found.action, ...this.#standing() };
  }

  pressLink(token: string): LinkResult {
    const found = this.#state.links.find(token, this.#now());
    if (found.kind === 'unknown') return found;
    if (found.kind !== 'usable') return { ...found, ...this.#standing() };
    const why = this.#whyOver(found);
    // Not used up: the alarm may come back, and the answer to it is still this link.
    if (why !== undefined) return { kind: 'not-possible', why, action: found.action, ...this.#standing() };
    this.#state.links.use(token, this.#now());
    const { action, recipient } = found;
    const result = this.#obey(found);
    const standing = { action, ...this.#standing() };
    return result.kind === 'done' ? { ...result, ...standing, by: recipient } : { ...result, ...standing };
  }

  /** Yesterday's question must not be answered today: nobody asks any more, and the server may be well. */
  #whyOver({ action, occurrence }: LinkPurpose): string | undefined {
    const overAt = action === 'acknowledge' ? undefined : this.#state.notices.overAt(occurrence);
    if (overAt === undefined) return undefined;
    const ended = new Date(overAt).toISOString().replace('T', ' ').slice(0, 16);
    return `it is over: what that notice asked about ended at ${ended} UTC, and the gateway is ${this.#state.health.state} now`;
  }

  #obey({ action, occurrence, recipient }: LinkPurpose): DeclarationResult {
    const declaration = { by: `${recipient}, by a link`, reason: 'the answer to that notice' };
    switch (action) {
      case 'declare-failure':
        return this.failure(declaration);
      case 'declare-repair':
        return this.repair(declaration);
      case 'acknowledge':
        if (this.#state.notices.acknowledge(declaration.by, this.#now(), occurrence) === 0)
          return {
            kind: 'not-possible',
            why: 'that alarm does not wait to be seen: it is over, or somebody has seen it',
          };
        return this.#done();
    }
  }

  #standing() {
    const { snapshot, health } = this.#state;
    return { clientName: snapshot.name, state: health.state };
  }

  #done(): DeclarationResult {
    return { kind: 'done', state: this.#state.health.state };
  }
}

function whyNoFailure(health: Health, { isDrill }: Declaration): string | undefined {
  if (isDrill && health.state !== 'up') {
    const cause = health.state === 'down' ? ` (${describeCause(health.cause)})` : '';
    return `the gateway is ${health.state}${cause}, and a drill is for a day on which nothing is wrong`;
  }
  if (health.state !== 'down' || health.cause.kind !== 'declared') return undefined;
  return `the failure is declared already, by ${health.cause.by}: ${health.cause.reason}`;
}
