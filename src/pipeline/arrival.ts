/** A message that has come in: what the front hands over, what is asked on its way, what its sender is told. */
import type { Address, ReversePath } from '../core/address.ts';
import type { ClientSnapshot } from '../core/client.ts';
import type { LogEvent } from '../core/event.ts';
import type { ClientId, MessageId } from '../core/ids.ts';
import type { NewEntry, Origin } from '../core/ledger.ts';
import type { Marks } from '../core/marks.ts';
import type { Place } from '../core/place.ts';
import type { Reply } from '../core/reply.ts';
import type { ClientView, Placement, Spooled, SystemMessage } from './client-port.ts';
import type { ContentStore } from './contents.ts';
import type { Dial } from './deliver.ts';
import type { Filtered, FilterSubject } from './filter.ts';
import type { Content } from './read-once.ts';
import type { Gateways } from './standings.ts';
import type { StartTimer } from './timer.ts';

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
  /** ISO 3166-1 alpha-2 of the sending address, where the front knows it */
  readonly country?: string;
};

export type Receipt =
  | { readonly kind: 'delivered'; readonly id: MessageId; readonly reply: Reply }
  | { readonly kind: 'spooled' | 'quarantined' | 'discarded'; readonly id: MessageId }
  | { readonly kind: 'refused'; readonly by: 'gateway' | 'rule'; readonly reply: Reply }
  | { readonly kind: 'not-taken'; readonly why: string };

export type ReceiveNeeds = {
  readonly serviceHost: string;
  /** the client of a domain, without D1 */
  findClient(domain: string): Promise<ClientId | undefined>;
  /** at most seconds old; an older one is returned while the client object cannot be asked */
  view(clientId: ClientId): Promise<ClientView>;
  forgetDomain(domain: string): void;
  /** throws only when nobody knows the client's plan: what comes of the message itself is in the answer */
  filter(subject: FilterSubject, view: ClientView): Promise<Filtered>;
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
  noteFiltered(clientId: ClientId, id: MessageId, filtered: Filtered): void;
  readonly contents: ContentStore;
  /** the client's gateways with what is remembered of them here */
  gateways(snapshot: Pick<ClientSnapshot, 'clientId' | 'gateways' | 'choice'>, place: Place | undefined): Gateways;
  readonly dial: Dial;
  readonly now: () => number;
  readonly startTimer: StartTimer;
  readonly newMessageId: () => MessageId;
  readonly log: (event: LogEvent) => void;
};

/** Read, and not yet judged. */
export type Arrival = {
  readonly incoming: Incoming;
  readonly clientId: ClientId;
  readonly id: MessageId;
  readonly view: ClientView;
  readonly content: Content;
  readonly receivedAt: number;
  readonly passage: Passage;
};

/** Where it goes and what is put on it, as the client's filter has it; until that has been asked, to whom it was written. */
export type Passage = { readonly recipient: Address; readonly marks?: Marks };

/**
 * Equal for a sender's own retry. Without a Message-ID nothing tells a retry from a machine that sends the same words again an
 * hour later, and two of one are better than one of two: such a message is never taken for a retry (P6).
 */
export function retryKey({ content: { facts }, id, incoming }: Arrival): string {
  return facts.headers.messageId === undefined ? id : `${facts.retryHash} ${incoming.recipient.key}`;
}
