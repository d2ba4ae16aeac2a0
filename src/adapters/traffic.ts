/**
 * What has happened at the edge, told to the client object in bulk: the healthy path writes no row per message. What an isolate forgets
 * when it is stopped is learned again from the next message; while suspicion is about, a success is told at once.
 */
import { type Address, mailboxCandidates } from '../core/address.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { MessageFacts } from '../core/message-facts.ts';
import { keptMessage } from '../core/recent-facts.ts';
import { noticesOf, type RuleNotice, summed } from '../core/rule-notices.ts';
import type { KeptMessage } from '../core/rules/dry-run.ts';
import type { ClientPorts, ClientView, TrafficReport } from '../pipeline/client-port.ts';
import type { Filtered } from '../pipeline/filter.ts';

export type Traffic = {
  readonly delivered: (clientId: ClientId, recipient: Address, view: ClientView) => void;
  readonly rejected: (clientId: ClientId) => void;
  readonly filtered: (clientId: ClientId, id: MessageId, filtered: Filtered) => void;
};

type Count = {
  delivered: number;
  lastDeliveredAt: number;
  rejectedByRule: number;
  readonly recipients: Set<string>;
  readonly facts: KeptMessage[];
  notices: readonly RuleNotice[];
};

const REPORT_AFTER_MS = 2_000;
// Of a burst the last: as many as the object writes into one row.
const MAX_FACTS = 50;
// Each is somebody to be told; a storm of mail must not become one of letters.
const MAX_NOTICES = 50;

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
    try {
      await clients(clientId).report(report);
    } catch {
      // A lost report costs a little knowledge, never a message.
    }
  };

  const countFor = (clientId: ClientId): { readonly count: Count; readonly isNew: boolean } => {
    const known = counts.get(clientId);
    const count = known ?? nothingYet();
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
    filtered(clientId, id, { facts, decision, rules }) {
      const { count, isNew } = countFor(clientId);
      const kept = keptOrNone(id, facts);
      if (kept !== undefined) count.facts.push(kept);
      if (count.facts.length > MAX_FACTS) count.facts.shift();
      if (decision.notify.length > 0)
        count.notices = summed([...count.notices, ...noticesOf(decision, rules, facts)]).slice(0, MAX_NOTICES);
      if (isNew) later(tell(clientId, REPORT_AFTER_MS));
    },
  };
}

/** Whatever is in a message: that it cannot be noted is no reason not to take it. */
function keptOrNone(id: MessageId, facts: MessageFacts): KeptMessage | undefined {
  try {
    return keptMessage(id, facts);
  } catch {
    return undefined;
  }
}

function nothingYet(): Count {
  return { delivered: 0, lastDeliveredAt: 0, rejectedByRule: 0, recipients: new Set(), facts: [], notices: [] };
}
