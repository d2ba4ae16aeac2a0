/** What a client object answers when it is asked how things stand: read and put together, nothing changed. */
import { explain } from '../core/gateway-choice.ts';
import type { OutageId } from '../core/ids.ts';
import { outageReport } from '../core/ledger.ts';
import { messagesThisMinute } from '../core/standing.ts';
import type { ClientStatus, GatewayView, OutageView } from '../pipeline/client-port.ts';
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
