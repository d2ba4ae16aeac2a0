/** What a client object answers when it is asked how things stand: read and put together, nothing changed. */
import { connectionsNow } from '../core/flow.ts';
import { explain } from '../core/gateway-choice.ts';
import type { OutageId } from '../core/ids.ts';
import { outageReport } from '../core/ledger.ts';
import { messagesThisMinute } from '../core/standing.ts';
import type { ClientStatus, GatewayView, OutageView, ReplayView } from '../pipeline/client-port.ts';
import type { ClientState } from './client-state.ts';

export function statusOf(state: ClientState): ClientStatus {
  const { snapshot, views, health, easing = null } = state;
  const outage = state.outages.current();
  const counts = outage === undefined ? undefined : views.counts(outage.id);
  const replayed = counts === undefined ? 0 : counts.inbound.delivered + counts.sentCopies.delivered;
  const waiting =
    counts === undefined
      ? 0
      : counts.inbound.waiting + counts.inbound.sending + counts.sentCopies.waiting + counts.sentCopies.sending;
  const inMailboxes = outage === undefined ? 0 : views.projectedCount(outage.id, outage.projectedSeq);
  return {
    health,
    easing,
    outage: outage ?? null,
    maintenance: state.work.open ?? null,
    snapshotVersion: snapshot.version,
    spool: { ...views.totals(), inMailboxes },
    replay: { waiting, replayed, messagesPerMinute: snapshot.replay.messagesPerMinute },
    relayTrouble: state.relayTroubles.current(),
  };
}

/** The replay that runs or will: of the outage that has not closed. */
export function replayOf(state: ClientState, now: number): ReplayView {
  const { snapshot, views, replay, flow, easing } = state;
  const outage = state.outages.current();
  const counts = outage && views.counts(outage.id);
  const { waiting, bytes, paused, delayed } = outage ? views.waitingOf(outage.id, now) : NOTHING_WAITS;
  return {
    plan: snapshot.replay,
    hold: replay.hold ?? null,
    waiting,
    waitingBytes: bytes,
    paused,
    delayed,
    replayed: counts ? counts.inbound.delivered + counts.sentCopies.delivered : 0,
    held: counts ? counts.inbound.held + counts.sentCopies.held : 0,
    connections: connectionsNow(flow, snapshot.replay.connections),
    ceiling: flow.ceiling ?? null,
    easedBy: easing?.level ?? 0,
    progress: replay.progress(waiting, now),
    turns: state.waiting.turns(),
  };
}

const NOTHING_WAITS = { waiting: 0, bytes: 0, paused: 0, delayed: 0 };

export function gatewaysOf(state: ClientState, now: () => number): readonly GatewayView[] {
  const gateways = state.gateways(now);
  const vantage = gateways.vantage();
  return gateways.choices().map((choice) => ({
    ...choice,
    messagesThisMinute: messagesThisMinute(choice.standing, vantage.at),
    reasons: explain(choice, vantage),
  }));
}

/** `shown`: inbound messages the mailbox index knows, by outage; undefined while D1 cannot be asked. */
export function outagesOf(
  { outages, views }: ClientState,
  shown: ReadonlyMap<OutageId, number> | undefined,
): readonly OutageView[] {
  return outages.all().map(({ rejectedByRule, projectedSeq: _, ...record }) => {
    const known = shown?.get(record.id);
    const counts = { ...views.counts(record.id), rejectedByRule, ...(known === undefined ? {} : { shown: known }) };
    return { ...record, report: outageReport(counts) };
  });
}
