/**
 * Successes at the edge, told to the client object in bulk: the healthy path writes no row per message. What an isolate forgets
 * when it is stopped is learned again from the next message; while suspicion is about, a success is told at once.
 */
import { type Address, mailboxCandidates } from '../core/address.ts';
import type { ClientId } from '../core/ids.ts';
import type { ClientPorts, ClientView, TrafficReport } from '../pipeline/client-port.ts';

export type Traffic = {
  readonly delivered: (clientId: ClientId, recipient: Address, view: ClientView) => void;
  readonly rejected: (clientId: ClientId) => void;
};

type Count = { delivered: number; lastDeliveredAt: number; rejectedByRule: number; readonly recipients: Set<string> };

const REPORT_AFTER_MS = 2_000;

/** `later` keeps the isolate alive for what it is given (ctx.waitUntil). */
export function createTraffic(
  clients: ClientPorts,
  clock: { readonly now: () => number; readonly wait: (ms: number) => Promise<void> },
  later: (work: Promise<unknown>) => void,
): Traffic {
  const counts = new Map<ClientId, Count>();

  const tell = async (clientId: ClientId, afterMs: number): Promise<void> => {
    if (afterMs > 0) await clock.wait(afterMs);
    const count = counts.get(clientId);
    if (count === undefined) return;
    counts.delete(clientId);
    const report: TrafficReport = { ...count, recipients: [...count.recipients] };
    // A lost report costs a little knowledge, never a message.
    await clients(clientId)
      .report(report)
      .catch(() => undefined);
  };

  const countFor = (clientId: ClientId): { readonly count: Count; readonly isNew: boolean } => {
    const known = counts.get(clientId);
    const count = known ?? { delivered: 0, lastDeliveredAt: 0, rejectedByRule: 0, recipients: new Set<string>() };
    if (known === undefined) counts.set(clientId, count);
    return { count, isNew: known === undefined };
  };

  return {
    delivered(clientId, recipient, view) {
      const { count, isNew } = countFor(clientId);
      count.delivered += 1;
      count.lastDeliveredAt = clock.now();
      // The person, not the sub-address: an account of its own for every tag would catch the mail meant for its owner.
      count.recipients.add(mailboxCandidates(recipient).at(-1) ?? recipient.key);
      if (view.attentive) later(tell(clientId, 0));
      else if (isNew) later(tell(clientId, REPORT_AFTER_MS));
    },
    rejected(clientId) {
      const { count, isNew } = countFor(clientId);
      count.rejectedByRule += 1;
      if (isNew) later(tell(clientId, REPORT_AFTER_MS));
    },
  };
}
