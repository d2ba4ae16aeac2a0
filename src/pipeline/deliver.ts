/** Hand one message to the first gateway that opens a session. Decides nothing about what the outcome means. */
import type { Peer } from '../core/client.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Envelope, Opened } from '../smtp/session-types.ts';

/** Opens a session to a configured peer: its password unsealed, the time-outs of the place it is called from. */
export type Dial = (peer: Peer) => Promise<Opened>;

export type Parcel = {
  readonly envelope: Envelope;
  readonly head: Uint8Array;
  /** asked for once a session is open; undefined when the store does not have the bytes */
  readonly body: () => Promise<Uint8Array | ReadableStream<Uint8Array> | undefined>;
};

export type Delivery = { readonly outcome: Outcome; readonly peer: string };

/** A gateway that gives no session is passed over for the next; one that judged the message has had the word. */
export async function deliver(parcel: Parcel, gateways: readonly Peer[], dial: Dial): Promise<Delivery> {
  const opened = await openFirst(gateways, dial);
  if (opened.kind === 'failed') return { outcome: { kind: 'deferred', cause: opened.cause }, peer: opened.peer };
  try {
    return { outcome: await sendParcel(parcel, opened.session), peer: opened.peer };
  } finally {
    await opened.session.close();
  }
}

export type OpenedPeer = Opened & { readonly peer: string };

export async function openFirst(gateways: readonly Peer[], dial: Dial): Promise<OpenedPeer> {
  let last: OpenedPeer = {
    kind: 'failed',
    cause: { kind: 'fault', stage: 'connect', fault: { kind: 'unclassified', problem: 'no gateway is configured' } },
    peer: 'none',
  };
  for (const gateway of gateways) {
    last = { ...(await dial(gateway)), peer: peerName(gateway) };
    if (last.kind === 'open') return last;
  }
  return last;
}

export async function sendParcel(
  parcel: Parcel,
  session: Extract<Opened, { kind: 'open' }>['session'],
): Promise<Outcome> {
  const body = await parcel.body();
  if (body === undefined) {
    return {
      kind: 'deferred',
      cause: {
        kind: 'fault',
        stage: 'data',
        fault: { kind: 'unclassified', problem: 'the stored bytes are not there' },
      },
    };
  }
  return session.send(parcel.envelope, { head: parcel.head, body });
}

export function peerName(peer: Peer): string {
  return `${peer.host}:${peer.port}`;
}
