/**
 * Preflights of one client: by themselves while all is well, or when somebody asks. Never by themselves in an outage, in planned work
 * or while a replay runs: the gateway has better things to do then. What comes out is told when it has changed, and is no evidence.
 */
import { changeSince, type Preflight, preflightLines } from '../core/preflight.ts';
import type { PreflightStart, PreflightsView } from '../pipeline/client-port.ts';
import { preflightRecipient, runPreflight } from '../pipeline/preflight.ts';
import type { ClientState } from './client-state.ts';
import type { ErrandNeeds } from './errand-needs.ts';

/** Who asked, where nobody did. */
const BY_ITSELF = 'schedule';

// Each opens connections and leaves a message: pressed without end it would be an attack in our name.
const BETWEEN_MS = 60_000;
// The object was restarted in the middle: soon again, but not at once, should the run itself have been the reason.
const AFTER_INTERRUPTION_MS = 3_600_000;

/** Epoch ms; undefined for never, as things are. */
export function preflightDueAt(state: ClientState, now: number): number | undefined {
  const { snapshot, preflights } = state;
  const last = preflights.newest();
  if (last?.state === 'asked' || last?.state === 'running') return now;
  const { everyMs } = snapshot.preflight;
  if (everyMs === 0 || !isPeaceful(state) || whyNot(state) !== undefined) return undefined;
  const gapMs = last?.state === 'interrupted' ? Math.min(AFTER_INTERRUPTION_MS, everyMs) : everyMs;
  const from = last?.at ?? state.meta.get('preflightsFrom');
  return from === undefined ? now : Math.max(from + gapMs, state.easing?.until ?? 0);
}

/** Somebody asks: it begins at once, beside everything else. */
export function askForPreflight(state: ClientState, by: string, now: number): PreflightStart {
  const last = state.preflights.newest();
  if (last?.state === 'asked' || last?.state === 'running') return { kind: 'running', number: last.number };
  const why = whyNot(state) ?? (isGivingBack(state) ? GIVING_BACK : undefined);
  if (why !== undefined) return { kind: 'not-possible', why };
  const waitMs = (last?.at ?? 0) + BETWEEN_MS - now;
  if (waitMs > 0) return { kind: 'too-soon', waitMs };
  return { kind: 'begun', number: state.preflights.add(now, by, 'asked') };
}

export function preflightsOf(state: ClientState, now: number, limit: number): PreflightsView {
  return {
    recipient: preflightRecipient(state.snapshot)?.text ?? null,
    nextAt: preflightDueAt(state, now) ?? null,
    runs: state.preflights.views(limit),
  };
}

/** Throws when a store fails; the run then stands there as interrupted. */
export async function performPreflight(state: ClientState, needs: ErrandNeeds): Promise<void> {
  const number = claim(state, needs.now());
  if (number === undefined) return;
  try {
    conclude(state, { number, preflight: await runPreflight(state.snapshot, needs) }, needs);
  } catch (problem) {
    state.preflights.set(number, { state: 'interrupted', endedAt: needs.now() });
    throw problem;
  }
}

/** The run to be made, written down before it is; undefined when there is none. */
function claim({ preflights, meta }: ClientState, now: number): number | undefined {
  const last = preflights.newest();
  switch (last?.state) {
    case 'asked':
      preflights.set(last.number, { state: 'running' });
      return last.number;
    case 'running':
      // Errands run one of a kind: whoever began this one is gone.
      preflights.set(last.number, { state: 'interrupted', endedAt: now });
      return undefined;
    case 'interrupted':
    case 'done':
      return preflights.add(now, BY_ITSELF, 'running');
    case undefined:
      if (meta.get('preflightsFrom') !== undefined) return preflights.add(now, BY_ITSELF, 'running');
      // Enrolled by an earlier version: its weeks are counted from now on.
      meta.set('preflightsFrom', now);
      return undefined;
  }
}

type Done = { readonly number: number; readonly preflight: Preflight };

function conclude(state: ClientState, { number, preflight }: Done, needs: ErrandNeeds): void {
  const at = needs.now();
  const during = state.health.state;
  const before = state.preflights.lastInPeace();
  state.preflights.set(number, { state: 'done', endedAt: at, during, preflight });
  needs.log({ kind: 'preflight', clientId: state.snapshot.clientId, verdict: preflight.verdict });
  // In an outage everybody knows.
  if (during !== 'up') return;
  const evidence = preflightLines(preflight);
  switch (changeSince(before, preflight)) {
    case 'worse':
      state.timeline.note({ at, kind: 'preflight-failed', words: `preflight: ${evidence.join('; ')}`, evidence });
      return;
    case 'better':
      state.timeline.note({
        at,
        kind: 'preflight-passed',
        words: 'preflight: every gateway takes what a replay brings',
      });
      return;
    case 'same':
  }
}

function whyNot({ snapshot }: ClientState): string | undefined {
  if (snapshot.gateways.length === 0) return 'no gateway is configured';
  return preflightRecipient(snapshot) === undefined
    ? 'there is nobody to write to: this client has neither a domain nor an address for preflights'
    : undefined;
}

const GIVING_BACK = 'a replay is under way, which shows more than a preflight';

function isGivingBack({ health, outages }: ClientState): boolean {
  return health.state === 'recovering' || (health.state === 'up' && outages.current() !== undefined);
}

function isPeaceful({ health, outages, work }: ClientState): boolean {
  return health.state === 'up' && outages.current() === undefined && work.open === undefined;
}
