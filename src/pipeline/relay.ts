/** By which way mail leaves for the world. Each client's object opens connections of its own: two clients never share one. */
import type { ClientSnapshot } from '../core/client.ts';
import type { Dial, OpenedPeer } from './deliver.ts';

export type OpenWay = () => Promise<OpenedPeer>;

export type Ways = {
  readonly dial: Dial;
  /** to the deployment's smarthost; absent when it has none */
  readonly openRelay: OpenWay | undefined;
  /** the platform's own sending: for notices only, and to verified addresses only */
  readonly openPlatform: OpenWay | undefined;
};

type Client = Pick<ClientSnapshot, 'outbound'>;

/** For what people write, and for what has to be said to senders: by the client's own smarthost, or else by the deployment's. */
export function wayOut(client: Client, ways: Pick<Ways, 'dial' | 'openRelay'>): OpenWay | undefined {
  return ownWay(client, ways) ?? ways.openRelay;
}

/**
 * For notices: by the deployment's way first. The client's own smarthost is often the server that has failed, and may refuse a sender
 * that is not the client's (P9); it is better than none.
 */
export function noticeWay(client: Client, ways: Ways): OpenWay | undefined {
  return ways.openRelay ?? ways.openPlatform ?? ownWay(client, ways);
}

function ownWay({ outbound: { relay } }: Client, { dial }: Pick<Ways, 'dial'>): OpenWay | undefined {
  if (relay === undefined) return undefined;
  return async () => ({ ...(await dial(relay)), peer: `${relay.host}:${relay.port}` });
}
