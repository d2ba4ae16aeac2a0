/** Hand one message to the client's gateways, in the order chosen. Decides nothing about what the outcome means. */
import type { Peer } from '../core/client.ts';
import type { Outcome } from '../core/outcome.ts';
import { isPassedOver } from '../core/standing.ts';
import type { Envelope, Opened, Outgoing, Session } from '../smtp/session-types.ts';
import type { Gateways } from './standings.ts';

/** Opens a session to a configured peer: its password unsealed, the time-outs of the place it is called from. Never throws. */
export type Dial = (peer: Peer) => Promise<Opened>;

export type Body = Uint8Array | ReadableStream<Uint8Array>;

/** The headers we prepend and the body come when they are asked for; undefined when the store does not have the body. */
export type Parcel = {
  readonly envelope: Envelope;
  readonly content: () => Promise<Outgoing | undefined>;
};

export type Delivery = {
  readonly outcome: Outcome;
  readonly peer: string;
  /** `some`: the time was up before every gateway had been asked, so the outcome says nothing about the client's service */
  readonly asked: 'enough' | 'some';
};

export type Dialling = { readonly dial: Dial; readonly mayTry: () => boolean };

/**
 * A gateway that gives no session, or has trouble of its own before any content was sent, is passed over for the next, while `mayTry`.
 * One that judged the message, or may have some of it, has had the word: no message goes to two gateways.
 */
export async function deliver(parcel: Parcel, gateways: Gateways, { dial, mayTry }: Dialling): Promise<Delivery> {
  let last = NO_DELIVERY;
  for (const { peer } of gateways.choices()) {
    if (last !== NO_DELIVERY && !mayTry()) return { ...last, asked: 'some' };
    last = await attempt(parcel, await openOne(peer, gateways, dial));
    if (!isPassedOver(last.outcome)) return last;
  }
  return last;
}

async function attempt(parcel: Parcel, opened: OpenedPeer): Promise<Delivery> {
  const { peer } = opened;
  if (opened.kind === 'failed') return { outcome: { kind: 'deferred', cause: opened.cause }, peer, asked: 'enough' };
  try {
    const content = await parcel.content();
    // Ours, not the gateway's: it must be no evidence against it (P10). The sender keeps the message.
    if (content === undefined) throw new Error('the bytes just stored cannot be found');
    const outcome = await opened.session.send(parcel.envelope, content);
    return { outcome, peer, asked: 'enough' };
  } finally {
    await opened.session.close();
  }
}

export type OpenedPeer = Opened & { readonly peer: string };

const NO_GATEWAY: OpenedPeer = {
  kind: 'failed',
  cause: { kind: 'fault', stage: 'connect', fault: { kind: 'unclassified', problem: 'no gateway is configured' } },
  peer: 'none',
};

const NO_DELIVERY: Delivery = {
  outcome: { kind: 'deferred', cause: NO_GATEWAY.cause },
  peer: NO_GATEWAY.peer,
  asked: 'enough',
};

/** For many messages, one after another: the first gateway that gives a session. */
export async function openFirst(gateways: Gateways, dial: Dial): Promise<OpenedPeer> {
  let last = NO_GATEWAY;
  for (const { peer } of gateways.choices()) {
    last = await openOne(peer, gateways, dial);
    if (last.kind === 'open') return last;
  }
  return last;
}

export function peerName({ host, port }: Pick<Peer, 'host' | 'port'>): string {
  return `${host}:${port}`;
}

/** What comes of the session is remembered for the next choice. */
export async function openOne(peer: Peer, gateways: Gateways, dial: Dial): Promise<OpenedPeer> {
  const opened = await dial(peer);
  const name = peerName(peer);
  if (opened.kind === 'failed') {
    gateways.dealt(peer, { kind: 'no-session' });
    return { ...opened, peer: name };
  }
  const { session } = opened;
  const heard = (outcome: Outcome) => gateways.dealt(peer, { kind: 'message', outcome });
  const isBetterLeft = () => gateways.isBetterLeft(peer);
  gateways.dealt(peer, { kind: 'session', roundTripMs: session.roundTripMs });
  return { kind: 'open', session: watched(session, { heard, isBetterLeft }), peer: name };
}

type Watch = { readonly heard: (outcome: Outcome) => void; readonly isBetterLeft: () => boolean };

function watched(session: Session, { heard, isBetterLeft }: Watch): Session {
  return {
    async send(envelope, outgoing) {
      const outcome = await session.send(envelope, outgoing);
      heard(outcome);
      return outcome;
    },
    probe: (recipients) => session.probe(recipients),
    get usable() {
      return session.usable && !isBetterLeft();
    },
    roundTripMs: session.roundTripMs,
    get facts() {
      return session.facts;
    },
    close: () => session.close(),
  };
}
