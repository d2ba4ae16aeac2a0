/**
 * One message comes in: find its client, read it once, filter, route, deliver or spool.
 * The accept contract lives here: a receipt that takes the message is returned only when the gateway answered 2xx, or the
 * bytes are in R2 and the row is committed in the client object, or the client's own rule decided (P1). Anything else is
 * `not-taken` or a throw, and either way the sender keeps the message (P2). Nothing here may read D1.
 */
import type { Address, ReversePath } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import type { LogEvent } from '../core/event.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { NewEntry, Origin } from '../core/ledger.ts';
import type { Place } from '../core/place.ts';
import { problemOf } from '../core/problem-of.ts';
import { quarantining } from '../core/quarantine.ts';
import { formatReply, type Reply } from '../core/reply.ts';
import { afterAttempt, route } from '../core/route.ts';
import type { Verdict } from '../core/rules/rule.ts';
import { judge } from '../core/rules.ts';
import type { HeaderFacts } from '../mime/facts.ts';
import { isLoop } from '../mime/loop-guard.ts';
import type { ClientView, Placement, Spooled, SystemMessage } from './client-port.ts';
import { type Delivery, type Dial, deliver } from './deliver.ts';
import { parcelOf } from './parcel.ts';
import { type Content, readOnce } from './read-once.ts';
import type { Gateways } from './standings.ts';
import { summarise } from './summary.ts';
import { retryOf, systemMeaning, whyNoDeclaration } from './system-message.ts';

export type Incoming = {
  readonly reversePath: ReversePath;
  readonly recipient: Address;
  /** exact, as the front announced it */
  readonly sizeBytes: number;
  readonly raw: ReadableStream<Uint8Array>;
  readonly origin: Origin;
  /** how many recipients hear the one answer to this message */
  readonly recipients: number;
  /** where it came in, as far as the platform says */
  readonly place?: Place;
};

export type Receipt =
  | { readonly kind: 'delivered'; readonly id: MessageId; readonly reply: Reply }
  | { readonly kind: 'spooled' | 'quarantined' | 'discarded'; readonly id: MessageId }
  | { readonly kind: 'refused'; readonly by: 'gateway' | 'rule'; readonly reply: Reply }
  | { readonly kind: 'not-taken'; readonly why: string };

export type ContentStore = {
  /** resolves when the bytes are durable; a stream must hold exactly `sizeBytes` */
  put(key: string, content: Uint8Array | ReadableStream<Uint8Array>, sizeBytes: number): Promise<void>;
  get(key: string): Promise<ReadableStream<Uint8Array> | undefined>;
  delete(key: string): Promise<void>;
};

/** `expired` resolves after the time given, unless cancelled before. */
export type Timer = { readonly expired: Promise<void>; readonly cancel: () => void };

export type ReceiveNeeds = {
  readonly serviceHost: string;
  /** the client of a domain, without D1 */
  findClient(domain: string): Promise<ClientId | undefined>;
  /** at most seconds old; an older one is returned while the client object cannot be asked */
  view(clientId: ClientId): Promise<ClientView>;
  forgetDomain(domain: string): void;
  holds(clientId: ClientId, retryKey: string): Promise<boolean>;
  spool(entry: NewEntry, placement: Placement): Promise<Spooled>;
  /** the gateway has taken mail for this recipient before; `recipient`: an address's key */
  knowsRecipient(clientId: ClientId, recipient: string): Promise<boolean>;
  /** forgets a spool call that may have failed; `held` when it was committed after all */
  abandon(clientId: ClientId, id: MessageId): Promise<'held' | 'not-held'>;
  /** obeyed once, however often it comes */
  declareByMessage(clientId: ClientId, message: SystemMessage): Promise<unknown>;
  /** counted in memory and told to the client object in bulk */
  noteDelivered(clientId: ClientId, recipient: Address, view: ClientView): void;
  noteRejected(clientId: ClientId): void;
  readonly contents: ContentStore;
  /** the client's gateways with what is remembered of them here */
  gateways(snapshot: ClientSnapshot, place: Place | undefined): Gateways;
  readonly dial: Dial;
  readonly now: () => number;
  readonly startTimer: (ms: number) => Timer;
  readonly newMessageId: () => MessageId;
  readonly log: (event: LogEvent) => void;
};

// With several gateways that keep silent, so long is spent on finding one that speaks; then there is still time to spool.
const DIAL_MS = 6_000;
// The platform ends a handler after some 30 s without a word (platform.md 5). Ours ends first, so that the sender is told to keep the
// message. What is still under way then may yet be committed; the sender's retry is recognised.
const RECEIVE_MS = 25_000;

export async function receive(incoming: Incoming, needs: ReceiveNeeds): Promise<Receipt> {
  const { expired, cancel } = needs.startTimer(RECEIVE_MS);
  try {
    return await Promise.race([
      take(incoming, needs),
      expired.then((): Receipt => ({ kind: 'not-taken', why: 'it took too long' })),
    ]);
  } finally {
    cancel();
  }
}

async function take(incoming: Incoming, needs: ReceiveNeeds): Promise<Receipt> {
  const clientId = await needs.findClient(incoming.recipient.domain);
  if (clientId === undefined) {
    needs.log({ kind: 'unknown-domain', domain: incoming.recipient.domain });
    return { kind: 'not-taken', why: 'this domain is not set up here yet' };
  }
  const view = await needs.view(clientId);
  if (!view.snapshot.domains.includes(incoming.recipient.domain)) {
    // What an isolate remembers of a domain may be half a minute old: it must not take mail to a client that gave the domain up (P8).
    needs.forgetDomain(incoming.recipient.domain);
    return { kind: 'not-taken', why: 'this domain is being moved; please try again' };
  }
  const id = needs.newMessageId();
  const content = await readOnce(incoming, contentKey(clientId, id), needs.contents);
  const arrival: Arrival = { incoming, clientId, id, view, content, receivedAt: needs.now() };
  const meaning = systemMeaning(incoming.recipient, view.snapshot);
  if (meaning !== undefined) return declare(meaning, arrival, needs);
  const receipt = await dispose(arrival, needs);
  needs.log(
    receipt.kind === 'refused'
      ? { kind: 'refused', clientId, id, why: formatReply(receipt.reply) }
      : { kind: 'received', clientId, id, sizeBytes: incoming.sizeBytes, disposition: receipt.kind },
  );
  return receipt;
}

type Arrival = {
  readonly incoming: Incoming;
  readonly clientId: ClientId;
  readonly id: MessageId;
  readonly view: ClientView;
  readonly content: Content;
  readonly receivedAt: number;
};

/** The client's own word: obeyed in every state, and nothing of it is kept but what it says. */
async function declare(meaning: SystemMessage['meaning'], arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { clientId, id, incoming, content } = arrival;
  const { reversePath, recipient, sizeBytes } = incoming;
  const why = whyNoDeclaration(content.facts.headers, { reversePath, clientId, serviceHost: needs.serviceHost });
  if (why === undefined) {
    const message = { meaning, from: reversePath, ...retryOf(content.facts, recipient) };
    await orForget(needs.declareByMessage(clientId, message), arrival, needs);
  }
  await forgetContent(arrival, needs);
  const disposition = why === undefined ? `declared ${meaning}` : `no declaration of ${meaning}: ${why}`;
  needs.log({ kind: 'received', clientId, id, sizeBytes, disposition });
  return { kind: 'discarded', id };
}

async function dispose(arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { clientId, view, content, incoming, id } = arrival;
  if (
    view.remembersUntil > arrival.receivedAt &&
    (await orForget(needs.holds(clientId, retryKey(arrival)), arrival, needs))
  ) {
    await forgetContent(arrival, needs);
    return { kind: 'spooled', id };
  }
  const suspicion = whyHeld(content.facts.headers, clientId);
  if (suspicion !== undefined) return spool(arrival, { kind: 'held', detail: suspicion, shown: 'in-mailbox' }, needs);
  const verdict = judge(view.snapshot.filter.rules, {
    reversePath: incoming.reversePath,
    recipient: incoming.recipient,
  });
  if (verdict.kind !== 'accept') return obey(verdict, arrival, needs);
  if (route(view) === 'spool') return spool(arrival, { kind: 'waiting' }, needs);
  return attempt(arrival, needs);
}

/** What nobody but a person should let through: our own fields in it would mislead the client's server. */
function whyHeld(headers: HeaderFacts, clientId: ClientId): string | undefined {
  if (isLoop(headers, clientId))
    return 'mail loop: this message has been through here before; the gateway sends it back';
  // We would hand it on with our login, and the client's rule (docs/sent-copies.md) would file a stranger's message under Sent, as seen.
  if (headers.isMarkedSent) return 'it bears X-Breakwater-Sent, the mark of our own copies of sent mail';
  return undefined;
}

/** The client's own rule decided: the only place besides the gateway's 5xx from which a refusal or a discard can come. */
async function obey(
  verdict: Exclude<Verdict, { kind: 'accept' }>,
  arrival: Arrival,
  needs: ReceiveNeeds,
): Promise<Receipt> {
  switch (verdict.kind) {
    case 'quarantine':
      return spool(
        arrival,
        { kind: 'quarantined', ...quarantining(verdict, arrival.view.snapshot.filter.rules, {}) },
        needs,
      );
    case 'hold':
      return spool(arrival, { kind: 'held', detail: verdict.reason, shown: 'nobody' }, needs);
    case 'reject':
      await forgetContent(arrival, needs);
      needs.noteRejected(arrival.clientId);
      return { kind: 'refused', by: 'rule', reply: { code: 550, enhanced: '5.7.1', text: verdict.reason } };
    case 'discard':
      await forgetContent(arrival, needs);
      return { kind: 'discarded', id: arrival.id };
  }
}

async function attempt(arrival: Arrival, needs: ReceiveNeeds): Promise<Receipt> {
  const { incoming, view, clientId, id } = arrival;
  const parcel = parcelOf(entryOf(arrival), {
    serviceHost: needs.serviceHost,
    body: async () => arrival.content.buffer ?? (await needs.contents.get(arrival.content.key)),
  });
  const mayTry = () => needs.now() - arrival.receivedAt < DIAL_MS;
  const gateways = needs.gateways(view.snapshot, incoming.place);
  const delivering = deliver(parcel, gateways, { dial: needs.dial, mayTry });
  const delivery = await orForget(delivering, arrival, needs);
  const { state, isReplaying } = view;
  const after = afterAttempt(delivery.outcome, { state, isReplaying, recipients: incoming.recipients });
  switch (after.kind) {
    case 'refuse-strangers': {
      const isKnown = await orForget(needs.knowsRecipient(clientId, incoming.recipient.key), arrival, needs);
      if (isKnown) return spool(arrival, { kind: 'waiting', ...firstAttempt(delivery, arrival) }, needs);
      await forgetContent(arrival, needs);
      return { kind: 'refused', by: 'gateway', reply: after.reply };
    }
    case 'delivered':
      await forgetContent(arrival, needs);
      needs.noteDelivered(clientId, incoming.recipient, view);
      return { kind: 'delivered', id, reply: after.reply };
    case 'refuse':
      await forgetContent(arrival, needs);
      return { kind: 'refused', by: 'gateway', reply: after.reply };
    case 'spool':
      return spool(arrival, { kind: 'waiting', ...firstAttempt(delivery, arrival) }, needs);
  }
}

/** Evidence is what all gateways said. When the time was up before that, the object asks on at once, and hears it itself. */
function firstAttempt({ outcome, peer, asked }: Delivery, arrival: Arrival): Pick<Waiting, 'attempted'> {
  if (asked === 'some') return {};
  return { attempted: { outcome, gateway: peer, startedAt: arrival.receivedAt } };
}

type Waiting = Extract<Placement, { kind: 'waiting' }>;

/** Bytes first, then the row: the row never speaks of bytes that are not there. */
async function spool(arrival: Arrival, placement: Placement, needs: ReceiveNeeds): Promise<Receipt> {
  const { content, id } = arrival;
  if (content.buffer !== undefined) await needs.contents.put(content.key, content.buffer, content.buffer.byteLength);
  const spooled = await commit(arrival, placement, needs);
  if (spooled.kind === 'already-held') await needs.contents.delete(content.key);
  return { kind: placement.kind === 'quarantined' ? 'quarantined' : 'spooled', id };
}

/**
 * When the commit fails we throw, but it may have happened all the same. Only a definite "not held" lets the bytes go;
 * without one they stay, because a row may speak of them.
 */
async function commit(arrival: Arrival, placement: Placement, needs: ReceiveNeeds): Promise<Spooled> {
  try {
    return await needs.spool(entryOf(arrival), placement);
  } catch (cause) {
    const verdict = await needs.abandon(arrival.clientId, arrival.id).catch(() => 'held' as const);
    if (verdict === 'not-held') await needs.contents.delete(arrival.content.key).catch(() => undefined);
    throw new Error('the message could not be committed', { cause });
  }
}

function entryOf(arrival: Arrival): NewEntry {
  const { incoming, content, clientId, id } = arrival;
  return {
    id,
    clientId,
    kind: 'inbound',
    retryKey: retryKey(arrival),
    reversePath: incoming.reversePath,
    recipient: incoming.recipient,
    contentKey: content.key,
    sizeBytes: content.facts.sizeBytes,
    sha256: content.facts.sha256,
    receivedAt: arrival.receivedAt,
    origin: incoming.origin,
    summary: summarise(content.facts),
  };
}

/** Before any row was asked for: when this fails, the message stays with its sender and its bytes with nobody. */
async function orForget<Result>(work: Promise<Result>, arrival: Arrival, needs: ReceiveNeeds): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    await forgetContent(arrival, needs);
    throw cause;
  }
}

/** A large message is in R2 before its fate is known; where it is not ours to keep, it leaves again. A failure leaves bytes nobody refers to. */
async function forgetContent(arrival: Arrival, needs: ReceiveNeeds): Promise<void> {
  if (arrival.content.buffer !== undefined) return;
  await needs.contents.delete(arrival.content.key).catch((problem: unknown) => {
    needs.log({ kind: 'trouble', clientId: arrival.clientId, where: 'forget-content', problem: problemOf(problem) });
  });
}

export function contentKey(clientId: ClientId, id: MessageId): string {
  return `raw/${clientId}/${id}`;
}

/**
 * Equal for a sender's own retry. Without a Message-ID nothing tells a retry from a machine that sends the same words again an
 * hour later, and two of one are better than one of two: such a message is never taken for a retry (P6).
 */
function retryKey(arrival: Arrival): string {
  const { facts } = arrival.content;
  return facts.headers.messageId === undefined ? arrival.id : `${facts.retryHash} ${arrival.incoming.recipient.key}`;
}
