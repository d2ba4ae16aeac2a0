/** Hand one message to the first gateway that opens a session. Decides nothing about what the outcome means. */
import type { Peer } from '../core/client.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Envelope, Opened } from '../smtp/session-types.ts';

/** Opens a session to a configured peer: its password unsealed, the time-outs of the place it is called from. Never throws. */
export type Dial = (peer: Peer) => Promise<Opened>;

export type Body = Uint8Array | ReadableStream<Uint8Array>;

/** `head`: the headers we prepend. The body comes when it is asked for; undefined when the store does not have it. */
export type Parcel = {
  readonly envelope: Envelope;
  readonly head: Uint8Array;
  readonly body: () => Promise<Body | undefined>;
};

export type Delivery = { readonly outcome: Outcome; readonly peer: string };

/** A gateway that gives no session is passed over for the next, while `mayTry`; one that judged the message has had the word. */
export async function deliver(
  parcel: Parcel,
  gateways: readonly Peer[],
  dialling: { readonly dial: Dial; readonly mayTry: () => boolean },
): Promise<Delivery> {
  const opened = await openFirst(gateways, dialling);
  if (opened.kind === 'failed') return { outcome: { kind: 'deferred', cause: opened.cause }, peer: opened.peer };
  try {
    const body = await parcel.body();
    // Ours, not the gateway's: it must be no evidence against it (P10). The sender keeps the message.
    if (body === undefined) throw new Error('the bytes just stored cannot be found');
    return { outcome: await opened.session.send(parcel.envelope, { head: parcel.head, body }), peer: opened.peer };
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

export async function openFirst(
  gateways: readonly Peer[],
  { dial, mayTry }: { readonly dial: Dial; readonly mayTry: () => boolean },
): Promise<OpenedPeer> {
  let last = NO_GATEWAY;
  for (const gateway of gateways) {
    if (last !== NO_GATEWAY && !mayTry()) return last;
    last = { ...(await dial(gateway)), peer: `${gateway.host}:${gateway.port}` };
    if (last.kind === 'open') return last;
  }
  return last;
}
