/**
 * What becomes of a message that has been read: the client's filter decides first, the same in every state of its gateway; what it lets
 * through goes to the gateway, or is kept. The only place from which a refusal or a discard can come.
 */
import { parseAddress } from '../core/address.ts';
import type { ClientId } from '../core/ids.ts';
import { marksOf } from '../core/marks.ts';
import { quarantining } from '../core/quarantine.ts';
import { formatReply, type Reply } from '../core/reply.ts';
import { afterAttempt, route } from '../core/route.ts';
import type { Decision, Verdict } from '../core/rules/rule.ts';
import type { HeaderFacts } from '../mime/facts.ts';
import { isLoop } from '../mime/loop-guard.ts';
import { type Arrival, type Receipt, type ReceiveNeeds, retryKey } from './arrival.ts';
import type { Placement } from './client-port.ts';
import { type Delivery, deliver } from './deliver.ts';
import type { Filtered, FilterSubject } from './filter.ts';
import { entryOf, forgetContent, orForget, spool } from './keep.ts';
import { parcelOf } from './parcel.ts';

export async function dispose(arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { clientId, view, content, id } = arrival;
  if (
    view.remembersUntil > arrival.receivedAt &&
    (await orForget(needs.holds(clientId, retryKey(arrival)), arrival, needs))
  ) {
    await forgetContent(arrival, needs);
    return { kind: 'spooled', id };
  }
  const suspicion = whyHeld(content.facts.headers, clientId);
  if (suspicion !== undefined) return spool(arrival, { kind: 'held', detail: suspicion, shown: 'in-mailbox' }, needs);
  const filtered = await orForget(needs.filter(subjectOf(arrival, needs), view), arrival, needs);
  needs.noteFiltered(clientId, id, filtered);
  const passing: Arrival = { ...arrival, passage: passageOf(filtered.decision, arrival) };
  const { verdict } = filtered.decision;
  if (verdict.kind !== 'accept') return obey(verdict, { arrival: passing, filtered }, needs);
  if (route(view) === 'spool') return spool(passing, { kind: 'waiting' }, needs);
  return attempt(passing, needs);
}

/** What nobody but a person should let through: our own fields in it would mislead the client's server. */
function whyHeld(headers: HeaderFacts, clientId: ClientId): string | undefined {
  if (isLoop(headers, clientId))
    return 'mail loop: this message has been through here before; the gateway sends it back';
  // We would hand it on with our login, and the client's rule (docs/sent-copies.md) would file a stranger's message under Sent, as seen.
  if (headers.isMarkedSent) return 'it bears X-Breakwater-Sent, the mark of our own copies of sent mail';
  return undefined;
}

function subjectOf(arrival: Arrival, { contents }: Pick<ReceiveNeeds, 'contents'>): FilterSubject {
  const { clientId, id, incoming, content, receivedAt } = arrival;
  const { reversePath, recipient, origin, country } = incoming;
  return {
    clientId,
    id,
    direction: 'inbound',
    receivedAt,
    envelope: { reversePath, recipient: recipient.key, ...origin, ...(country === undefined ? {} : { country }) },
    sizeBytes: content.facts.sizeBytes,
    inspected: content.inspected,
    content: async () => content.buffer ?? contents.get(content.key),
  };
}

function passageOf(decision: Decision, { incoming }: Arrival): Arrival['passage'] {
  const redirect = decision.redirect === undefined ? undefined : parseAddress(decision.redirect);
  const marks = marksOf(decision);
  return { recipient: redirect ?? incoming.recipient, ...(marks === undefined ? {} : { marks }) };
}

type Filtering = { readonly arrival: Arrival; readonly filtered: Filtered };

async function obey(
  verdict: Exclude<Verdict, { kind: 'accept' }>,
  { arrival, filtered }: Filtering,
  needs: ReceiveNeeds,
): Promise<Receipt> {
  const { clientId, id } = arrival;
  needs.log({ kind: 'filtered', clientId, id, verdict: verdict.kind, by: verdict.ruleId });
  switch (verdict.kind) {
    case 'quarantine':
      return quarantine(verdict, { arrival, filtered }, needs);
    case 'hold':
      return spool(arrival, { kind: 'held', detail: verdict.reason, shown: 'nobody' }, needs);
    case 'reject':
      if (arrival.incoming.recipients > 1) {
        const reason = `a rule rejects it with "${verdict.reason}", which one answer for several recipients cannot tell its sender`;
        return quarantine({ ...verdict, kind: 'quarantine', reason }, { arrival, filtered }, needs);
      }
      await forgetContent(arrival, needs);
      needs.noteRejected(clientId);
      return { kind: 'refused', by: 'rule', reply: { code: 550, enhanced: '5.7.1', text: verdict.reason } };
    case 'discard':
      await forgetContent(arrival, needs);
      return { kind: 'discarded', id };
  }
}

function quarantine(
  verdict: Extract<Verdict, { kind: 'quarantine' }>,
  { arrival, filtered: { rules, facts } }: Filtering,
  needs: ReceiveNeeds,
): Promise<Receipt> {
  const placement: Placement = { kind: 'quarantined', ...quarantining(verdict, rules, facts) };
  return spool(arrival, placement, needs);
}

// With several gateways that keep silent, so long is spent on finding one that speaks; then there is still time to spool.
const DIAL_MS = 6_000;

async function attempt(arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { incoming, view, clientId, id, passage } = arrival;
  const startedAt = needs.now();
  const parcel = parcelOf(entryOf(arrival), {
    serviceHost: needs.serviceHost,
    body: async () => arrival.content.buffer ?? (await needs.contents.get(arrival.content.key)),
  });
  const mayTry = () => needs.now() - startedAt < DIAL_MS;
  const gateways = needs.gateways(view.snapshot, incoming.place);
  const delivering = deliver(parcel, gateways, { dial: needs.dial, mayTry });
  const delivery = await orForget(delivering, arrival, needs);
  const { state, isReplaying } = view;
  const after = afterAttempt(delivery.outcome, { state, isReplaying, recipients: incoming.recipients });
  switch (after.kind) {
    case 'refuse-strangers': {
      const isKnown = await orForget(needs.knowsRecipient(clientId, passage.recipient.key), arrival, needs);
      if (isKnown) return spool(arrival, { kind: 'waiting', ...firstAttempt(delivery, startedAt) }, needs);
      return refuse(after.reply, arrival, needs);
    }
    case 'delivered':
      await forgetContent(arrival, needs);
      needs.noteDelivered(clientId, passage.recipient, view);
      return { kind: 'delivered', id, reply: after.reply };
    case 'refuse':
      return refuse(after.reply, arrival, needs);
    case 'spool':
      return spool(arrival, { kind: 'waiting', ...firstAttempt(delivery, startedAt) }, needs);
  }
}

/** Of a person whom a rule chose its sender knows nothing, and the fault is the rule's: it is kept for whoever can mend it. */
async function refuse(reply: Reply, arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { recipient } = arrival.passage;
  if (recipient.key !== arrival.incoming.recipient.key) {
    const detail = `a rule redirects it to ${recipient.text}, and the gateway says: ${formatReply(reply)}`;
    return spool(arrival, { kind: 'held', detail, shown: 'in-mailbox' }, needs);
  }
  await forgetContent(arrival, needs);
  return { kind: 'refused', by: 'gateway', reply };
}

/** Evidence is what all gateways said. When the time was up before that, the object asks on at once, and hears it itself. */
function firstAttempt({ outcome, peer, asked }: Delivery, startedAt: number): Pick<Waiting, 'attempted'> {
  return asked === 'some' ? {} : { attempted: { outcome, gateway: peer, startedAt } };
}

type Waiting = Extract<Placement, { kind: 'waiting' }>;
